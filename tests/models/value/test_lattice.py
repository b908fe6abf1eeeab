"""What is interpolated is what would have been computed, for whoever is asked about at the same time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.models.value import MBGCNBD
from carpel.models.value.lattice import Lattice

WITHIN = 1e-4
SMALL = 1e-6
"""Orders; a smaller error matters to nobody."""
HORIZONS = (0.5, 90 / 7, 365 / 7, 5 * 365 / 7, 20_000.0)

parameters = st.tuples(st.floats(0.2, 20), st.floats(0.5, 60), st.floats(0.1, 5), st.floats(0.1, 8))
pasts = st.tuples(st.integers(0, 400), st.floats(1, 600), st.floats(0.01, 1))


@settings(max_examples=40, deadline=None)
@given(theta=parameters, k=st.integers(2, 5), past=pasts)
def test_orders_are_those_of_the_exact_integral(
    theta: tuple[float, ...], k: int, past: tuple[int, float, float]
) -> None:
    model = MBGCNBD(k=k).given(**dict(zip(("r", "alpha", "a", "b"), theta, strict=True)))
    orders, age, share = past
    recency = age * share if orders else 0.0
    found = model.orders_within(HORIZONS, [orders], [recency], [age])[0]
    columns = model.alive_by_steps([orders], [recency], [age])[0]
    for horizon, near in zip(HORIZONS, found, strict=True):
        exact = model.given_steps(np.array([float(orders)]), np.array([horizon / (theta[1] + age)]))[0]
        assert near == pytest.approx(max(float(columns @ exact), 0.0), rel=WITHIN, abs=SMALL)


def test_a_customer_asked_alone_is_answered_as_among_others() -> None:
    random = np.random.default_rng(4)
    orders = random.integers(0, 30, 500)
    ages = random.uniform(1, 200, 500)
    recency = np.where(orders > 0, ages * random.uniform(0, 1, 500), 0.0)
    model = MBGCNBD(k=3).given(r=1.3, alpha=2.8, a=0.4, b=0.8)
    together = model.orders_within(HORIZONS, orders, recency, ages)
    for place in range(0, 500, 50):
        some = slice(place, place + 1)
        alone = model.orders_within(HORIZONS, orders[some], recency[some], ages[some])
        assert alone[0].tolist() == pytest.approx(together[place].tolist(), rel=1e-12)


def test_nothing_is_computed_twice() -> None:
    asked: list[tuple[float, float]] = []

    def exact(orders: np.ndarray, times: np.ndarray) -> np.ndarray:
        asked.extend(zip(orders, times, strict=True))
        return np.stack([times**2, orders + times], axis=1)

    lattice = Lattice(exact)
    orders, times = np.array([1.0, 1.0, 4.0]), np.array([0.3, 0.31, 7.0])
    first = lattice(orders, times)
    assert first == pytest.approx(np.stack([times**2, orders + times], axis=1), rel=1e-5)
    many = len(asked)
    assert lattice(orders, times) == pytest.approx(first, rel=0)
    assert len(asked) == many == len(set(asked))
