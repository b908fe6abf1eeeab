"""Sums, shares and means that are exact and the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis


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
    """Part over whole, kept within 0 and 1; unknown unless the whole is positive.

    For columns, not for aggregates: each is named several times.
    """
    nothing = ibis.null("float64")
    return ibis.cases(
        (whole.isnull() | (whole <= 0), nothing),
        (part.isnull() | (part <= 0), 0.0),
        (part >= whole, 1.0),
        else_=ratio(part, whole),
    )


def growth(now: Any, before: Any) -> Any:
    """How much more than before, as a part of before; unknown unless there was something before."""
    return (before > 0).ifelse(ratio(now - before, before), None)


def rank(columns: Mapping[str, Any], *, unknown: str) -> Any:
    """What the largest is chosen by: the columns in order. An unknown value of one of them ranks above all others.

    Said beside the value itself, as some engines would put an unknown one below.
    """
    return ibis.struct(
        {key: each for name, column in columns.items() for key, each in _told(name, column, tell=name == unknown)}
    )


def _told(name: str, column: Any, *, tell: bool) -> list[tuple[str, Any]]:
    return [(f"{name}_unknown", column.isnull()), (name, column)] if tell else [(name, column)]


def whole(number: Any) -> Any:
    """The nearest whole number, halves away from zero."""
    return number.round().cast("int64")


def finite(number: Any) -> Any:
    """A sum of measured quantities, without the dust that the order of adding leaves."""
    return number.cast("float64").round(6)
