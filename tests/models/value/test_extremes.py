"""What once overflowed, cancelled or was not a number stays finite and makes sense."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.models.value import BGNBD, MBGCNBD, MBGNBD, NBD, GammaGamma, Histories, ParetoNBD, ShiftedBetaGeometric

HEAVY: dict[str, Any] = {
    "frequency": [221, 254, 161, 204],
    "recency": [51.0, 52.0, 50.0, 51.5],
    "age": [52.0, 52.5, 51.0, 52.0],
}
"""Customers whose number of orders once gave no number; the parameters below are those they gave it with."""


@pytest.mark.parametrize(
    "model",
    [
        ParetoNBD().given(r=0.5143, alpha=2.8845, s=0.2856, beta=14.1087),
        BGNBD().given(r=0.5143, alpha=2.8845, a=0.2856, b=14.1087),
        MBGNBD().given(r=0.5143, alpha=2.8845, a=0.2856, b=14.1087),
    ],
    ids=lambda model: model.title,
)
def test_hundreds_of_orders_are_as_likely_as_they_are(model):
    known = Histories.of(**HEAVY)
    assert np.isfinite(model.log_likelihood(known)).all()
    alive = model.alive_probability(**HEAVY)
    assert ((alive >= 0) & (alive <= 1)).all()
    weekly = model.conditional_orders(1, **HEAVY) / alive
    assert weekly == pytest.approx(known.frequency / known.age, rel=0.1)


@pytest.mark.parametrize("model", [BGNBD(), MBGNBD(), ParetoNBD()], ids=lambda model: model.title)
def test_nothing_jumps_at_132_orders(model):
    """Where the powers of some implementations leave the range of numbers."""
    names = dict(zip(model.names, (0.34, 0.29, 1.13, 5.9), strict=True))
    known = model.given(**names)
    orders = np.arange(120, 145)
    same = np.full_like(orders, 4, dtype=np.float64)
    alive = known.alive_probability(orders, same, same + 0.02)
    steps = np.diff(np.log(alive))
    assert np.abs(np.diff(steps)).max() < 1e-3
    assert np.isfinite(alive).all()


def test_thousands_of_orders_and_long_silence():
    for model in (
        ParetoNBD().given(r=0.5, alpha=10, s=0.6, beta=11),
        BGNBD().given(r=0.24, alpha=4.4, a=0.8, b=2.4),
        MBGCNBD(3).given(r=0.24, alpha=4.4, a=0.8, b=2.4),
    ):
        for recency in (1.0, 500.0, 999.0):
            answers = [
                model.conditional_orders(1e6, [5000], [recency], [1000]),
                model.alive_probability([5000], [recency], [1000]),
                model.discounted_orders(np.inf, 1e-4, [5000], [recency], [1000]),
                model.return_probability(1e6, [5000], [recency], [1000]),
            ]
            assert np.isfinite(answers).all()
            assert (np.array(answers) >= 0).all()


def test_no_seam_at_one():
    """Formulas with a - 1 or s - 1 in a divisor have a hole there; these have none."""
    for name in ("a", "s"):
        near = [_at_one(name, value) for value in (1 - 1e-9, 1.0, 1 + 1e-9)]
        assert near == pytest.approx([near[1]] * 3, rel=1e-6)


def _at_one(name, value):
    if name == "a":
        return BGNBD().given(r=0.24, alpha=4.4, a=value, b=2.4).conditional_orders(52, [3], [20], [30])[0]
    return ParetoNBD().given(r=0.55, alpha=10.6, s=value, beta=11.7).conditional_orders(52, [3], [20], [30])[0]


def test_nothing_changes_where_alpha_passes_beta():
    alive = [
        ParetoNBD().given(r=0.55, alpha=alpha, s=0.6, beta=10).alive_probability([7], [20], [39])[0]
        for alpha in (10 - 1e-7, 10, 10 + 1e-7)
    ]
    assert alive == pytest.approx([alive[1]] * 3, rel=1e-6)


SIZES = st.floats(-4, 4).map(lambda exponent: 10**exponent)


@given(st.lists(SIZES, min_size=4, max_size=4), st.integers(0, 2000), SIZES, st.floats(0.001, 1), SIZES)
def test_any_parameters_give_numbers_in_range(sizes, orders, age, share, horizon):
    recency = age * share if orders else 0.0
    columns = ([orders], [recency], [age])
    for model in (BGNBD(), MBGNBD(), ParetoNBD(), MBGCNBD(2)):
        known = model.given(**dict(zip(model.names, sizes, strict=True)))
        alive = known.alive_probability(*columns)[0]
        assert 0 <= alive <= 1
        back = known.return_probability(horizon, *columns)[0]
        assert 0 <= back <= alive + 1e-9
        sooner, later = (known.conditional_orders(each, *columns)[0] for each in (horizon, 2 * horizon))
        assert 0 <= sooner <= later * (1 + 1e-6) + 1e-9
        assert np.isfinite(later)


def test_learning_from_heavy_customers_gives_numbers():
    chance = np.random.default_rng(3)
    frequency = chance.integers(0, 900, 300)
    age = chance.uniform(300, 400, 300)
    recency = np.where(frequency > 0, age * chance.uniform(0.5, 1, 300), 0)
    for model in (BGNBD(), MBGNBD(), ParetoNBD(), NBD()):
        result = model.fit(frequency, recency, age).result
        assert np.isfinite(result.log_likelihood)
        assert all(np.isfinite(value) and value > 0 for value in result.parameters.values())


def test_extreme_spend_and_contracts_stay_finite():
    spend = GammaGamma().given(p=6.25, q=3.74, gamma=15.44)
    assert np.isfinite(spend.expected_spend([1, 10**6, 0], [1e12, 1e-9, 0])).all()
    contracts = ShiftedBetaGeometric().given(alpha=1e-4, beta=1e4)
    assert np.isfinite(contracts.expected_renewals(np.inf, [0, 10**6], 0.001)).all()
