"""Bounds are numbers that people say, near where the customers are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.texts import Labels
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Family, Unit
from carpel.schemes.suggesting.rounding import bounds, speakable

NAME = Labels({"en": "It"})


def attribute(of: ValueType, unit: Unit = Unit.NONE) -> Attribute:
    return Attribute(key="it", family=Family.VALUE, type=of, unit=unit, label=NAME, description=NAME)


@given(st.floats(1e-6, 1e12))
def test_a_speakable_number_is_near_and_short(value: float) -> None:
    found = speakable(value)
    assert abs(found - value) <= 0.26 * value
    assert len(Decimal(repr(found)).normalize().as_tuple().digits) <= 2
    assert speakable(-value) == -found


@pytest.mark.parametrize(
    ("of", "unit", "quantiles", "expected"),
    [
        (ValueType.MONEY, Unit.MONEY, [123_456, 123_400, 0, None], ["0", "1000"]),
        (ValueType.INTEGER, Unit.DAYS, [13, 31, 88, 400], ["14", "30", "90", "365"]),
        (ValueType.INTEGER, Unit.COUNT, [1.4, 2.6, 9.2], ["2", "10"]),
        (ValueType.SHARE, Unit.SHARE, [0.051, 0.33, 0.97], ["0.05", "0.3", "1"]),
    ],
)
def test_bounds_are_in_the_unit_of_rules(
    of: ValueType, unit: Unit, quantiles: list[float | None], expected: list[str]
) -> None:
    assert [f"{each:f}" for each in bounds(attribute(of, unit), quantiles, 2)] == expected
