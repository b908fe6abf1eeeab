"""Lifetime value is orders times spend, discounted, with what is uncertain of both."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.models.value import MBGNBD, GammaGamma, Outlook, ShiftedBetaGeometric, contract_value, lifetime_value
from tests.models.value import samples

KNOWN: dict[str, Any] = {
    "frequency": [0, 3, 12],
    "recency": [0, 20, 48],
    "age": [50, 50, 50],
    "mean_value": [0, 30, 45],
}
ORDERS = MBGNBD().given(r=0.8, alpha=6, a=0.9, b=2)
SPEND = GammaGamma().given(p=6.25, q=3.74, gamma=15.44)


def value(outlook, orders=ORDERS, spend=SPEND):
    return lifetime_value(outlook, orders, spend, **KNOWN)


def test_value_is_orders_times_spend():
    columns = (KNOWN["frequency"], KNOWN["recency"], KNOWN["age"])
    orders = ORDERS.conditional_orders(52, *columns)
    spend = SPEND.expected_spend(KNOWN["frequency"], KNOWN["mean_value"])
    assert value(Outlook(horizon=52)).value == pytest.approx(orders * spend)
    assert value(Outlook(horizon=52, margin=0.4)).value == pytest.approx(orders * spend * 0.4)


@given(st.floats(1, 500), st.floats(1e-4, 0.05))
def test_more_time_is_worth_more_and_discount_less(horizon, discount):
    year = value(Outlook(horizon=horizon, discount=discount)).value
    assert (year <= value(Outlook(horizon=horizon)).value * (1 + 1e-9)).all()
    assert (year <= value(Outlook(horizon=2 * horizon, discount=discount)).value * (1 + 1e-6)).all()
    assert (year <= value(Outlook(horizon=np.inf, discount=discount)).value * (1 + 1e-6)).all()


def test_discounting_agrees_with_many_small_steps():
    times = np.linspace(0, 104, 2081)
    columns = (KNOWN["frequency"], KNOWN["recency"], KNOWN["age"])
    orders = np.array([ORDERS.conditional_orders(time, *columns) for time in times])
    middle = (times[1:] + times[:-1]) / 2
    summed = (np.diff(orders, axis=0) * 1.002 ** -middle[:, None]).sum(axis=0)
    assert ORDERS.discounted_orders(104, 0.002, *columns) == pytest.approx(summed, rel=1e-5)


def test_uncertainty_of_both_models_adds_up():
    known = samples.mbg_customers(600)
    orders = MBGNBD().fit(known.frequency, known.recency, known.age)
    chance = np.random.default_rng(1)
    spend = GammaGamma().fit(chance.integers(1, 8, 200), chance.gamma(6, 1 / chance.gamma(4, 0.01, 200)))
    both = value(Outlook(horizon=52), orders, spend)
    orders_only, spend_only = value(Outlook(horizon=52), orders), value(Outlook(horizon=52), spend=spend)
    spread = np.log(both.high / both.value)
    assert spread == pytest.approx(
        np.hypot(np.log(orders_only.high / orders_only.value), np.log(spend_only.high / spend_only.value)), rel=0.01
    )
    assert (both.low < both.value).all()


def test_margin_below_nothing_keeps_its_bounds_in_order():
    known = samples.mbg_customers(600)
    orders = MBGNBD().fit(known.frequency, known.recency, known.age)
    loss = value(Outlook(horizon=52, margin=-0.2), orders)
    assert (loss.low < loss.value).all()
    assert (loss.value < loss.high).all()


def test_a_contract_is_worth_its_renewals():
    contracts = ShiftedBetaGeometric().fit(range(8), [1] * 7 + [0], [369, 163, 86, 56, 37, 27, 21, 241])
    worth = contract_value(Outlook(horizon=5, margin=0.5), contracts, renewals=[0, 4], amount=[100, 100])
    steps = [contracts.staying_probability(step, [0, 4]) for step in range(1, 6)]
    assert worth.value == pytest.approx(np.sum(steps, axis=0) * 50)
    assert (worth.low < worth.value).all()
    assert (worth.value < worth.high).all()
