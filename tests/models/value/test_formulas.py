"""What models foretell agrees with the formulas of the literature, worked out another way."""

import numpy as np
import pytest
from scipy import special  # type: ignore[import-untyped]

from carpel.models.value import BGCNBD, BGNBD, MBGCNBD, MBGNBD, NBD, ParetoNBD, ShiftedBetaGeometric

HISTORIES = [(0, 0.0, 30.0), (1, 5.0, 31.0), (4, 20.0, 22.0), (26, 30.857, 31.0)]


def counted(model, horizon, x, recency, age):
    """Orders as the sum over n of the probability of an n-th one, from the beta and gamma-ratio distributions."""
    k = model.k
    r, alpha, a, b = (model.result.parameters[name] for name in model.names)
    last = x + 1 if model.modified else x
    j = np.arange(k)
    survive = (
        special.xlogy(j, age - recency)
        - special.gammaln(j + 1)
        + special.gammaln(r + k * x + j)
        - (r + k * x + j) * np.log(alpha + age)
        + special.betaln(a, b + last)
    )
    gone = -np.inf
    if model.modified or x:
        gone = special.gammaln(r + k * x) - (r + k * x) * np.log(alpha + recency) + special.betaln(a + 1, b + last - 1)
    chances = np.exp(survive - np.logaddexp(gone, special.logsumexp(survive)))
    n = np.arange(1, 4000)
    staying = np.exp(special.betaln(a, b + last + n - 1) - special.betaln(a, b + last))
    share = horizon / (alpha + age + horizon)
    return sum(
        chance * (staying * special.betainc(k * n - step, r + k * x + step, share)).sum()
        for step, chance in zip(j, chances, strict=True)
    )


@pytest.mark.parametrize(
    "model",
    [
        BGNBD().given(r=0.243, alpha=4.414, a=0.793, b=2.426),
        MBGNBD().given(r=0.525, alpha=6.183, a=0.891, b=1.614),
        BGCNBD(3).given(r=0.36, alpha=1.13, a=0.52, b=2.79),
        MBGCNBD(2).given(r=1.33, alpha=2.81, a=0.425, b=0.79),
        MBGCNBD(5).given(r=1.33, alpha=1.1, a=0.02, b=0.79),
    ],
    ids=lambda model: f"{model.title}{model.k}",
)
@pytest.mark.parametrize("known", HISTORIES)
def test_conditional_orders_are_the_sum_of_all_chances_of_one_more(model, known):
    x, recency, age = known
    found = model.conditional_orders(20, [x], [recency], [age])[0]
    assert found == pytest.approx(counted(model, 20, *known), rel=1e-5)
    n_or_more = model.return_probability(20, [x], [recency], [age])[0]
    assert n_or_more <= found


def test_bg_nbd_has_its_closed_form():
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    model = BGNBD().given(r=r, alpha=alpha, a=a, b=b)
    for time in (0.1, 1, 10, 100, 1000):
        gauss = special.hyp2f1(r, b, a + b - 1, time / (alpha + time))
        closed = (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + time)) ** r * gauss)
        assert model.expected_orders(time) == pytest.approx(closed, rel=1e-7)


def test_erlang_1_is_orders_at_random():
    parameters = {"r": 0.5, "alpha": 6.0, "a": 0.9, "b": 1.6}
    plain, regular = MBGNBD().given(**parameters), MBGCNBD(1).given(**parameters)
    columns = tuple(zip(*HISTORIES, strict=True))
    assert regular.conditional_orders(9, *columns) == pytest.approx(plain.conditional_orders(9, *columns))


def test_pareto_nbd_lifetimes_have_their_closed_form():
    """Discounted expected residual transactions, Fader, Hardie and Lee (2005), with Tricomi's function."""
    r, alpha, s, beta = 0.553, 10.578, 0.606, 11.669
    model = ParetoNBD().given(r=r, alpha=alpha, s=s, beta=beta)
    discount = 0.0027
    rate = np.log1p(discount)
    for x, recency, age in HISTORIES:
        alive = model.alive_probability([x], [recency], [age])[0]
        tricomi = special.hyperu(s, s, rate * (beta + age))
        closed = alive * (r + x) / (alpha + age) * (rate * (beta + age)) ** (s - 1) * tricomi * (beta + age)
        found = model.discounted_orders(np.inf, discount, [x], [recency], [age])[0]
        assert found == pytest.approx(closed, rel=1e-5)


def test_without_a_discount_value_is_orders():
    model = NBD().given(r=0.5, alpha=6.0)
    assert model.discounted_orders(10, 0, [3], [5], [9]) == pytest.approx(model.conditional_orders(10, [3], [5], [9]))


def test_nbd_customers_never_leave():
    model = NBD().given(r=0.5, alpha=6.0)
    assert model.alive_probability([3], [5], [900]) == pytest.approx([1])
    assert model.conditional_orders(10, [3], [5], [9]) == pytest.approx([3.5 / 15 * 10])


def test_pareto_nbd_returns_are_first_orders():
    """The chance of an order in a short time is the orders to expect in it."""
    model = ParetoNBD().given(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    returning = model.return_probability(1e-4, [3], [20], [25])
    assert returning == pytest.approx(model.conditional_orders(1e-4, [3], [20], [25]), rel=1e-4)


def test_contract_lifetimes_have_their_closed_form():
    alpha, beta, discount = 0.7041, 1.182, 0.1
    model = ShiftedBetaGeometric().given(alpha=alpha, beta=beta)
    gauss = special.hyp2f1(1, beta + 3, alpha + beta + 3, 1 / (1 + discount))
    found = model.expected_renewals(np.inf, [2], discount)
    # The source counts the renewal at hand as certain and undiscounted.
    assert 1 + model.expected_renewals(np.inf, [3], discount) == pytest.approx([gauss], rel=1e-9)
    assert found == pytest.approx(model.renewal_probability([2]) / (1 + discount) * gauss, rel=1e-9)
