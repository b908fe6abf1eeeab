"""Exact arithmetic on money: decimals until the one moment at which a row is cut to whole minor units.

Halves are cut away from zero, so that a return takes back exactly what its purchase gave.
"""

from __future__ import annotations

from typing import Any, Final

SOURCE: Final = "decimal(38, 6)"
"""Money as a source has it, in major units."""

EXACT: Final = "decimal(38, 10)"
"""Money in the reporting currency before it is cut, in major units."""

FACTOR: Final = "decimal(19, 6)"
"""What may be multiplied: below ten million million. Anything larger is not an amount that anybody meant.

Nineteen digits and not eighteen: DuckDB multiplies up to eighteen in 64 bits, which overflow.
"""

RATE: Final = "decimal(19, 10)"
"""Reporting currency for one unit of another."""


def money(value: Any) -> Any:
    """A number from a source as money; null where it is larger than any amount."""
    return value.try_cast(FACTOR).cast(SOURCE)


def times(one: Any, other: Any) -> Any:
    """The product, to six decimals."""
    return (one.try_cast(FACTOR) * other.try_cast(FACTOR)).cast(SOURCE)


def converted(value: Any, rate: Any | None) -> Any:
    """An amount in the reporting currency, uncut. No rate means that it is in it already."""
    if rate is None:
        return value.cast(EXACT)
    return (value.try_cast(FACTOR) * rate).cast(EXACT)


def minor(exact: Any, digits: int) -> Any:
    """Whole minor units of an exact amount, halves away from zero."""
    return (exact.round(digits).cast(EXACT) * 10**digits).cast("int64")


def total(exact: Any) -> Any:
    """The exact sum."""
    return exact.sum().cast(EXACT)


def whole_sum(column: Any, where: Any = None) -> Any:
    """The exact sum of whole numbers."""
    return column.sum(where=where).cast("decimal(38, 0)").cast("int64")
