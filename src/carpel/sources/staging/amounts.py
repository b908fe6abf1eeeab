"""Exact arithmetic on money: decimals until the one moment at which a row is cut to whole minor units.

Halves are cut away from zero, so that a return takes back exactly what its purchase gave. Widths are chosen so that
engines compute in 64 bits where they can, and in 128 bits where they must not overflow.
"""

from __future__ import annotations

from typing import Any, Final

import ibis

SOURCE: Final = "decimal(18, 6)"
"""Money as a source has it, in major units: below a million million, more than anybody meant."""

STORED: Final = "decimal(38, 6)"
"""The same as facts keep it."""

EXACT: Final = "decimal(24, 10)"
"""Money in the reporting currency before it is cut, in major units; its minor units fit in 64 bits."""

RATE: Final = "decimal(19, 10)"
"""Reporting currency for one unit of another."""

_FACTOR: Final = "decimal(19, 6)"
"""Nineteen digits and not eighteen: DuckDB multiplies up to eighteen in 64 bits, which overflow."""


def money(value: Any) -> Any:
    """A number from a source as money; null where it is larger than any amount."""
    return value if value.type() == _SOURCE_TYPE else value.try_cast(SOURCE)


def times(one: Any, other: Any) -> Any:
    """The product, to six decimals; null where it is larger than any amount."""
    return (one.try_cast(_FACTOR) * other.try_cast(_FACTOR)).try_cast(SOURCE)


def less(one: Any, other: Any) -> Any:
    """The difference; what is unknown of the other takes nothing away."""
    return (one.cast(_FACTOR) - other.fill_null(0).cast(_FACTOR)).try_cast(SOURCE)


def converted(value: Any, rate: Any | None) -> Any:
    """An amount in the reporting currency, uncut. No rate means that it is in it already."""
    return money(value) if rate is None else (value.try_cast(_FACTOR) * rate).try_cast(EXACT)


def minor(exact: Any, digits: int) -> Any:
    """Whole minor units of an exact amount, halves away from zero."""
    return (exact.round(digits) * 10**digits).cast("int64")


def total(exact: Any) -> Any:
    """The exact sum."""
    return exact.sum().cast("decimal(38, 10)")


def whole_sum(column: Any, where: Any = None) -> Any:
    """The exact sum of whole numbers."""
    return column.sum(where=where).cast("decimal(38, 0)").cast("int64")


_SOURCE_TYPE: Final = ibis.dtype(SOURCE)
