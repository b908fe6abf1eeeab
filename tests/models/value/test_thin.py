"""Where data are too thin or impossible, models say so in words; where they settle little, they say that."""

import numpy as np
import pytest

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES
from carpel.models.value import (
    BGCNBD,
    BGNBD,
    MBGNBD,
    NBD,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
    wheat_morrison,
)

MODELS = [BGNBD, MBGNBD, ParetoNBD, NBD]


def refused(key, action):
    with pytest.raises(CarpelError) as caught:
        action()
    assert caught.value.text.key == f"models.{key}"
    for language in LANGUAGES:
        assert "{" not in caught.value.text.render(language)
        assert caught.value.text.render(language) != caught.value.text.key


@pytest.mark.parametrize("model", MODELS)
def test_one_customer_tells_nothing_of_the_others(model):
    refused("too-few-customers", lambda: model().fit([3], [20], [30]))


@pytest.mark.parametrize("model", MODELS)
def test_nobody_who_came_back(model):
    refused("nobody-returned", lambda: model().fit([0] * 50, [0] * 50, range(10, 60)))


@pytest.mark.parametrize("model", MODELS)
def test_equal_customers_are_foretold_and_the_parameters_doubted(model):
    found = model().fit([3] * 40, [22] * 40, [30] * 40)
    assert not found.result.converged
    assert found.result.remarks
    for remark in found.result.remarks:
        assert all("{" not in remark.render(language) for language in LANGUAGES)
    assert np.isfinite(found.result.log_likelihood)
    orders = found.conditional_orders(10, [3], [22], [30])[0]
    assert 0 <= orders < 2


def test_histories_that_nobody_can_have():
    fit = BGNBD().fit
    refused("no-customers", lambda: fit([], [], []))
    refused("lengths-differ", lambda: fit([1, 2], [3], [4, 5]))
    refused("not-a-number", lambda: fit([1, 2], [3, np.nan], [4, 5]))
    refused("negative", lambda: fit([1, -2], [3, 4], [4, 5]))
    refused("frequency-not-whole", lambda: fit([1.5], [3], [4]))
    refused("recency-without-orders", lambda: fit([0], [3], [4]))
    refused("orders-without-recency", lambda: fit([2], [0], [4]))
    refused("recency-after-age", lambda: fit([2], [5], [4]))


def test_the_row_at_fault_is_named():
    with pytest.raises(CarpelError, match="Row 2 has a recency of 9"):
        BGNBD().fit([1, 1], [2, 9], [4, 5])


def test_wishes_that_cannot_be_met():
    model = NBD().given(r=1.0, alpha=2.0)
    refused("not-fitted", lambda: NBD().result)
    refused("parameters-wanted", lambda: NBD().given(r=1.0))
    refused("parameters-wanted", lambda: NBD().given(r=1.0, alpha=-1.0))
    refused("horizon-wanted", lambda: model.expected_orders(-1))
    refused("horizon-wanted", lambda: model.expected_orders(np.inf))
    refused("discount-wanted", lambda: model.discounted_orders(np.inf, 0, [1], [1], [1]))
    refused("discount-wanted", lambda: model.discounted_orders(5, -0.5, [1], [1], [1]))
    refused("regularity-wanted", lambda: BGCNBD(13))


def test_thin_spend_and_contracts():
    refused("too-few-customers", lambda: GammaGamma().fit([1, 2, 0], [10, 20, 30]))
    refused("negative", lambda: GammaGamma().fit([-1], [10]))
    refused("no-mean-spend", lambda: GammaGamma().given(p=1, q=0.5, gamma=3).expected_spend(0, 0))
    refused("too-few-customers", lambda: ShiftedBetaGeometric().fit([1], [1]))
    refused("nothing-renewed", lambda: ShiftedBetaGeometric().fit([0] * 9, [0] * 9))
    refused("ended-or-not", lambda: ShiftedBetaGeometric().fit([1], [2]))
    model = ShiftedBetaGeometric().given(alpha=1, beta=2)
    refused("discount-wanted", lambda: model.expected_renewals(np.inf))
    refused("horizon-wanted", lambda: model.expected_renewals(10**9))


def test_contracts_that_all_end_or_all_stay_are_doubted():
    for ended in (0, 1):
        result = ShiftedBetaGeometric().fit([3] * 20, [ended] * 20).result
        assert not result.converged
        assert np.isfinite(list(result.parameters.values())).all()


def test_orders_without_a_positive_value_are_left_out():
    kept = GammaGamma().fit([1, 2, 3, 4, 5], [10, 20, 15, 30, 12])
    more = GammaGamma().fit([1, 2, 3, 4, 5, 2, 0], [10, 20, 15, 30, 12, -4, 0])
    assert more.result.customers == kept.result.customers == 5
    assert more.expected_spend([2, 0], [-4, 0]) == pytest.approx(kept.expected_spend([0, 0], [0, 0]))


def test_spend_that_goes_with_frequency_is_remarked():
    orders = np.arange(1, 60)
    result = GammaGamma().fit(orders, orders * 10.0).result
    assert "models.spend-depends" in {remark.key for remark in result.remarks}


def test_regularity_wants_gaps():
    refused("too-few-gaps", lambda: wheat_morrison([1, 1, 2], [3, 4, 5]))
    refused("gap-of-nothing", lambda: wheat_morrison([1, 1], [3, 0]))
    refused("clockwork", lambda: wheat_morrison([1, 1, 2, 2], [3, 3, 5, 5]))
    refused("lengths-differ", lambda: wheat_morrison([1, 1, 2], [3, 3]))


def test_random_orders_have_a_regularity_of_one():
    gaps = np.random.default_rng(4).exponential(9, 40_000)
    found = wheat_morrison(np.repeat(np.arange(20_000), 2), gaps)
    assert abs(found.k - 1) < 3 * found.standard_error
