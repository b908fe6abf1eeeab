"""Means, differences and intervals agree with the rows that they summarise, and with published quantiles."""

from __future__ import annotations

import math
from statistics import mean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.schemes.suggesting.sums import Estimate, Sums, difference, effect, student

MONEY = st.lists(st.integers(-5_000, 90_000), min_size=2, max_size=40)


def summed(values: list[int]) -> Sums:
    return Sums(len(values), float(sum(values)), float(sum(each * each for each in values)))


@given(MONEY, MONEY)
def test_sums_say_what_the_rows_say(one: list[int], other: list[int]) -> None:
    both = summed(one) + summed(other)
    assert both.mean == pytest.approx(mean(one + other))
    assert both.variance == pytest.approx(variance(one + other), abs=1)
    assert both - summed(other) == summed(one)


@given(MONEY, st.integers(-100, 100))
def test_distances_from_a_value(values: list[int], centre: int) -> None:
    assert summed(values).around(centre) == pytest.approx(sum((each - centre) ** 2 for each in values))


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980), (math.inf, 1.960)]
)
def test_students_quantiles_are_those_of_the_tables(freedom: float, quantile: float) -> None:
    assert student(0.975, freedom) == pytest.approx(quantile, abs=0.01)


def test_welchs_example() -> None:
    """The third example of Wikipedia's page on Welch's t-test: t = -2.22 with 24.5 degrees of freedom."""
    one = [19.8, 20.4, 19.6, 17.8, 18.5, 18.9, 18.3, 18.9, 19.5, 22.0]
    other = [28.2, 26.6, 20.1, 23.3, 25.2, 22.1, 17.7, 27.6, 20.6, 13.7, 23.2, 17.5, 20.6, 18.0, 23.9, 21.6, 24.3]
    other += [20.4, 24.0, 13.2]
    found = difference(*(Sums(len(each), sum(each), sum(x * x for x in each)) for each in (one, other)))
    assert found.value / found.error == pytest.approx(-2.22, abs=0.01)
    assert found.freedom == pytest.approx(24.5, abs=0.1)


def test_more_looks_make_wider_intervals() -> None:
    estimate = Estimate(10.0, 1.0)
    assert estimate.interval() == pytest.approx((8.04, 11.96), abs=0.01)
    assert estimate.interval(looks=10)[0] < estimate.interval()[0]


def test_an_effect_is_in_standard_deviations() -> None:
    assert effect(summed([1, 2, 3]), summed([2, 3, 4])) == pytest.approx(1.0)
    assert effect(summed([5, 5]), summed([5, 5])) == 0.0
    assert math.isinf(effect(summed([5, 5]), summed([6, 6])))
