"""Numbers that people say: a bound near a quantile, rounded until it is one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Unit

_MANTISSAS: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_DAYS: Final = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 545, 730, 1095)
_WHOLE: Final = frozenset({ValueType.INTEGER})


def bounds(attribute: Attribute, quantiles: Iterable[float | None], digits: int) -> tuple[Decimal, ...]:
    """Speakable bounds near some quantiles of an attribute, ascending, in the unit that rules are written in.

    Args:
        attribute: Whose values.
        quantiles: As profiles store them, money in minor units; None and not finite ones are left out.
        digits: Decimal places of the currency.
    """
    scale = 10**digits if attribute.type is ValueType.MONEY else 1
    known = (each / scale for each in quantiles if each is not None and math.isfinite(each))
    return tuple(sorted({_bound(attribute, each) for each in known}))


def _bound(attribute: Attribute, value: float) -> Decimal:
    if attribute.unit is Unit.DAYS and 0 < value <= _DAYS[-1]:
        return Decimal(min(_DAYS, key=lambda days: abs(days - value)))
    rounded = Decimal(repr(speakable(value)))
    if attribute.type in _WHOLE:
        rounded = rounded.to_integral_value()
    return rounded.normalize() + 0


def speakable(value: float) -> float:
    """The nearest number with a short name: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten."""
    if value == 0:
        return 0.0
    power = math.floor(math.log10(abs(value)))
    mantissa = abs(value) / 10.0**power
    nearest = min(_MANTISSAS, key=lambda each: abs(each - mantissa))
    # By way of text, so that 6 x 10^-2 is 0.06 and not 0.060000000000000005.
    return math.copysign(float(f"{nearest}e{power}"), value)
