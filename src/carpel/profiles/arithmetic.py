"""Sums, shares and means that are exact and the same on every engine."""

from __future__ import annotations

from typing import Any


def whole_sum(column: Any, where: Any = None) -> Any:
    """The exact sum of whole numbers, as int64.

    The detour by decimal keeps an engine's wider sum from being stored as an inexact number.
    """
    return column.sum(where=where).cast("decimal(38, 0)").cast("int64")


def count(rows: Any, where: Any = None) -> Any:
    """How many rows."""
    return rows.count(where=where).cast("int64")


def ratio(part: Any, whole: Any) -> Any:
    """Part over whole; unknown where the whole is nothing."""
    return part.cast("float64") / whole.cast("float64").nullif(0)


def share(part: Any, whole: Any) -> Any:
    """Part over whole, kept within 0 and 1; unknown unless the whole is positive."""
    found = part.cast("float64") / (whole > 0).ifelse(whole, None).cast("float64")
    return found.clip(lower=0, upper=1)


def growth(now: Any, before: Any) -> Any:
    """How much more than before, as a part of before; unknown unless there was something before."""
    return (now - before).cast("float64") / (before > 0).ifelse(before, None).cast("float64")


def whole(number: Any) -> Any:
    """The nearest whole number, halves away from zero."""
    return number.round().cast("int64")


def finite(number: Any) -> Any:
    """A sum of measured quantities, without the dust that the order of adding leaves."""
    return number.cast("float64").round(6)
