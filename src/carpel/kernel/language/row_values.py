"""A stored value as expressions see it: unknown is None, money is in major units, times are UTC without a zone."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Final

from carpel.kernel.types import ValueType


def stored_reader(of: ValueType, digits: int) -> Callable[[Any], Any]:
    """What makes a stored value of a type a value of the language."""
    if of is ValueType.MONEY:
        scale = float(10**digits)
        return lambda value: None if _unknown(value) else float(value) / scale
    return _READERS[of]


def as_float(value: int) -> float:
    """A whole number as the nearest float64."""
    return float(value)


def as_day(value: date) -> date:
    """The day of a moment; a day as it is."""
    return value.date() if isinstance(value, datetime) else value


def as_moment(value: date) -> datetime:
    """The moment at which a day begins; a moment as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time.min)


def _unknown(value: Any) -> bool:
    # Tables on request hold NaN and NaT for null; neither equals itself.
    return value is None or value != value  # noqa: PLR0124  only NaN differs from itself


def _known(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if _unknown(value) else read(value)


def _finite(value: Any) -> float | None:
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) else None


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


def _set(value: Any) -> Any:
    return None if value is None or isinstance(value, float) else value


_READERS: Final = {
    ValueType.ID: _known(str),
    ValueType.TEXT: _known(str),
    ValueType.CATEGORY: _known(str),
    ValueType.INTEGER: _known(int),
    ValueType.NUMBER: _finite,
    ValueType.SHARE: _finite,
    ValueType.BOOLEAN: _known(bool),
    ValueType.DATE: _known(as_day),
    ValueType.INSTANT: _known(_utc),
    ValueType.SET: _set,
}
