"""What is learned depends on the customers alone: not on rows, their order, their grouping or the unit of time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.models.value import (
    BGCNBD,
    BGNBD,
    MBGCNBD,
    MBGNBD,
    NBD,
    GammaGamma,
    Histories,
    ParetoNBD,
    ShiftedBetaGeometric,
)
from tests.models.value import samples

CUSTOMERS = samples.mbg_customers(700)
WEEKS = Histories.of(CUSTOMERS.frequency, np.ceil(CUSTOMERS.recency), np.ceil(CUSTOMERS.age))
MODELS = [BGNBD, MBGNBD, ParetoNBD, NBD]
FEW = settings(max_examples=5)


def columns(histories):
    return histories.frequency, histories.recency, histories.age


def same(found, wanted):
    assert found.log_likelihood == pytest.approx(wanted.log_likelihood, abs=1e-6)
    for name, value in wanted.parameters.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_grouping_customers_changes_nothing(model):
    groups, _ = WEEKS.grouped()
    assert len(groups.age) < len(WEEKS.age)
    same(model().fit(*columns(groups), weights=groups.weights).result, model().fit(*columns(WEEKS)).result)


@FEW
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random):
    rows = np.array(random.sample(range(len(WEEKS.age)), len(WEEKS.age)))
    same(MBGNBD().fit(*columns(WEEKS.take(rows))).result, MBGNBD().fit(*columns(WEEKS)).result)


@pytest.mark.parametrize("model", MODELS)
@FEW
@given(scale=st.floats(0.01, 100))
def test_another_unit_of_time_scales_what_is_a_time(model, scale):
    weeks, other = model().fit(*columns(WEEKS)), model().fit(WEEKS.frequency, WEEKS.recency * scale, WEEKS.age * scale)
    for name, value in weeks.result.parameters.items():
        expected = value * scale if name in {"alpha", "beta"} else value
        assert other.result.parameters[name] == pytest.approx(expected, rel=1e-3)
    assert other.expected_orders(10 * scale) == pytest.approx(weeks.expected_orders(10), rel=1e-4)


def test_a_known_truth_is_found_within_its_errors():
    model = MBGNBD().fit(*columns(samples.mbg_customers(4000)))
    truth = {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 2.0}
    assert model.result.converged
    assert model.result.agreeing == model.result.starts
    for name, value in truth.items():
        assert abs(model.result.parameters[name] - value) < 3 * model.result.standard_errors[name]


def test_intervals_hold_the_value_and_narrow_with_customers():
    widths = []
    for size in (500, 4000):
        model = MBGNBD().fit(*columns(samples.mbg_customers(size)))
        orders = model.estimate(lambda each: each.conditional_orders(26, [0, 1, 8], [0, 5, 40], [50, 50, 50]))
        assert (orders.low < orders.value).all()
        assert (orders.value < orders.high).all()
        widths.append(np.log(orders.high / orders.low))
    assert (widths[1] < widths[0] * 0.6).all()


@given(st.integers(0, 40), st.floats(0.01, 0.99))
def test_an_interval_of_a_probability_stays_one(orders, share):
    model = _fitted_once()
    recency = 50 * share if orders else 0
    alive = model.estimate(lambda each: each.alive_probability([orders], [recency], [50]), scale="probability")
    assert 0 <= alive.low[0] <= alive.value[0] <= alive.high[0] <= 1


def _fitted_once(kept=[]):  # noqa: B006 (fitted once for all examples)
    if not kept:
        kept.append(MBGNBD().fit(*columns(WEEKS)))
    return kept[0]


def test_given_parameters_are_certain():
    model = NBD().given(r=0.5, alpha=6.0)
    orders = model.estimate(lambda each: each.conditional_orders(9, [3], [5], [9]))
    assert orders.low == pytest.approx(orders.value)
    assert orders.high == pytest.approx(orders.value)


def test_what_was_learned_is_kept_with_its_uncertainty():
    for learned, empty in ((MBGNBD(), MBGNBD()), (MBGCNBD(2), MBGCNBD())):
        learned.fit(*columns(WEEKS))
        kept = empty.restored(learned.result)
        for model in (learned, kept):
            assert model.estimate(lambda each: each.expected_orders(9)).high[0] > model.expected_orders(9)
        high = [model.estimate(lambda each: each.expected_orders(9)).high[0] for model in (learned, kept)]
        assert high[0] == high[1]


def test_slopes_are_those_of_the_likelihood():
    known, _ = WEEKS.grouped()
    for model in (BGNBD(), MBGNBD(), ParetoNBD(), NBD(), BGCNBD(3)):
        theta = np.array([0.6, 5.0, 0.8, 3.0])[: len(model.names)]
        _, slopes = model._sloped(theta, known)
        for place, step in enumerate(np.eye(len(theta)) * 1e-6):
            change = (model._density(theta + step, known) - model._density(theta - step, known)) / 2e-6
            assert slopes[place] == pytest.approx(change, rel=1e-4, abs=1e-6)


def test_regularity_is_seen_in_frequency_and_recency_alone():
    """Of clockwork customers even the moment of the latest order tells that they are no random ones."""
    chance = np.random.default_rng(5)
    every, age = chance.gamma(5, 1, 500), 60.0
    frequency = np.floor(age / every)
    recency = frequency * every * chance.uniform(0.97, 1.0, 500)
    assert BGCNBD().fit(frequency, recency, np.full(500, age)).result.parameters["k"] > 1


def test_spend_and_contracts_are_grouped_too():
    chance = np.random.default_rng(2)
    orders, mean = chance.integers(1, 9, 300), np.round(chance.gamma(4, 9, 300)) + 1
    twice = GammaGamma().fit(np.repeat(orders, 2), np.repeat(mean, 2)).result
    same(GammaGamma().fit(orders, mean, np.full(300, 2)).result, twice)
    renewals, ended = chance.geometric(0.3, 300) - 1, chance.integers(0, 2, 300)
    twice = ShiftedBetaGeometric().fit(np.repeat(renewals, 2), np.repeat(ended, 2)).result
    same(ShiftedBetaGeometric().fit(renewals, ended, np.full(300, 2)).result, twice)


@given(st.floats(0.01, 50), st.floats(0.01, 50), st.integers(0, 60))
def test_retention_rises_with_tenure(alpha, beta, renewals):
    model = ShiftedBetaGeometric().given(alpha=alpha, beta=beta)
    now, later = model.renewal_probability([renewals, renewals + 1])
    assert 0 <= now <= later <= 1
    more = model.staying_probability(2, [renewals])
    assert more == pytest.approx([now * later], rel=1e-6, abs=1e-12)
