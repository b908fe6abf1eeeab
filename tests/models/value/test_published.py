"""Fitted models meet the figures that their sources print."""

from pathlib import Path

import numpy as np
import pytest

from carpel.models.value import (
    BGCNBD,
    BGNBD,
    MBGCNBD,
    MBGNBD,
    NBD,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
    pyramid,
    wheat_morrison,
)
from tests.models.value import samples

BG = BGNBD().given(r=0.2425945, alpha=4.4136019, a=0.7929199, b=2.4258881)
PARETO = ParetoNBD().given(r=0.553, alpha=10.578, s=0.606, beta=11.669)
KNOWN = ([26], [30.857], [31])
PARADOX = ([10, 15, 20, 25], [20] * 4, [39] * 4)


def parameters(model):
    return [model.result.parameters[name] for name in model.names]


def test_bg_nbd_on_cdnow(data: Path):
    model = BGNBD().fit_histories(samples.cdnow(data))
    assert parameters(model) == pytest.approx([0.2425945, 4.4136019, 0.7929199, 2.4258881], rel=1e-3)
    assert model.result.log_likelihood == pytest.approx(-9582.429, abs=0.01)
    assert model.result.converged


def test_what_bg_nbd_foretells():
    assert BG.expected_orders(52) == pytest.approx(1.444004, rel=1e-3)
    assert BG.conditional_orders(52, *KNOWN) == pytest.approx([25.75659], rel=1e-3)
    assert BG.alive_probability(*KNOWN) == pytest.approx([0.9688523], rel=1e-3)
    printed = [0.3474606, 0.04283391, 0.004158973, 0.0003585]
    assert BG.conditional_orders(52, *PARADOX) == pytest.approx(printed, rel=1e-3)


def test_pareto_nbd_on_cdnow(data: Path):
    model = ParetoNBD().fit_histories(samples.cdnow(data))
    assert parameters(model) == pytest.approx([0.553, 10.578, 0.606, 11.669], rel=2e-3)
    errors = [model.result.standard_errors[name] for name in model.names]
    assert errors == pytest.approx([0.0476, 0.8427, 0.1873, 6.2105], rel=2e-3)
    assert model.result.log_likelihood == pytest.approx(-9594.976, abs=0.01)


def test_what_pareto_nbd_foretells():
    assert PARETO.expected_orders(52) == pytest.approx(1.473434, rel=1e-3)
    assert PARETO.conditional_orders(52, *KNOWN) == pytest.approx([25.45647], rel=1e-3)
    assert PARETO.alive_probability(*KNOWN) == pytest.approx([0.997874], rel=1e-3)
    printed = [0.7062289, 0.1442396, 0.02250658, 0.00309267]
    assert PARETO.conditional_orders(52, *PARADOX) == pytest.approx(printed, rel=1e-3)


def test_the_next_39_weeks_of_cdnow(data: Path):
    known, days = samples.cdnow(data), samples.cdnow_days(data)
    later = days[days["day"] > samples.CDNOW_END].groupby("sample_id")["day"].count()
    customers = np.sort(days["sample_id"].unique())
    actual = later.reindex(customers).fillna(0).to_numpy()
    columns = (known.frequency, known.recency, known.age)
    often = np.minimum(known.frequency, 7)

    def by_frequency(values):
        return [values[often == each].mean() for each in range(8)]

    assert [(often == each).sum() for each in range(8)] == [1411, 439, 214, 100, 62, 38, 29, 64]
    printed = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    assert by_frequency(actual) == pytest.approx(printed, abs=0.001)
    pareto = [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403]
    assert by_frequency(PARETO.conditional_orders(39, *columns)) == pytest.approx(pareto, abs=0.01)
    bg = [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]
    assert by_frequency(BG.conditional_orders(39, *columns)) == pytest.approx(bg, abs=0.01)


def test_gamma_gamma_on_cdnow(data: Path):
    days = samples.cdnow_days(data)
    days = days[days["day"] <= samples.CDNOW_END]
    repeats = days[days["day"] > days.groupby("sample_id")["day"].transform("min")]
    spend = repeats.groupby("sample_id")["dollar_value"].agg(["count", "mean"])
    spend = spend.reindex(np.sort(days["sample_id"].unique())).fillna(0)
    model = GammaGamma().fit(spend["count"], spend["mean"])
    assert model.result.customers == 946
    assert parameters(model) == pytest.approx([6.25, 3.74, 15.44], abs=0.01)
    assert model.result.log_likelihood == pytest.approx(-4055.9177, abs=0.01)
    printed = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert model.expected_spend(spend["count"], spend["mean"])[:10] == pytest.approx(printed, abs=0.1)


def test_mbg_nbd_on_cdnow(data: Path):
    model = MBGNBD().fit_histories(samples.cdnow(data))
    assert parameters(model) == pytest.approx([0.5248, 6.183, 0.8914, 1.614], rel=0.005)
    assert model.result.log_likelihood == pytest.approx(-9582.13, abs=0.01)


GROCERY = [
    (NBD(), [0.420, 5.245], -16376.86),
    (ParetoNBD(), [0.786, 5.679, 0.386, 5.717], -15782.39),
    (BGNBD(), [0.349, 2.581, 0.504, 3.644], -15837),
    (BGCNBD(2), [0.359, 1.129, 0.523, 2.785], -15054),
    (MBGNBD(), [1.257, 6.038, 0.368, 0.716], -15782),
    (MBGCNBD(2), [1.329, 2.813, 0.425, 0.790], -14978),
]


@pytest.mark.parametrize(("model", "printed", "likelihood"), GROCERY, ids=lambda each: getattr(each, "title", ""))
def test_grocery_customers(data: Path, model, printed, likelihood):
    known = samples.histories(samples.grocery_days(data), samples.GROCERY_END)
    assert known.customers == 1525
    model.fit_histories(known)
    assert parameters(model) == pytest.approx(printed, rel=0.001, abs=0.001)
    assert model.result.log_likelihood == pytest.approx(likelihood, abs=0.5)


def test_grocery_customers_order_at_erlang_2_intervals(data: Path):
    model = MBGCNBD().fit_histories(samples.histories(samples.grocery_days(data), samples.GROCERY_END))
    assert model.result.parameters["k"] == 2
    assert list(model.likelihood_by_k) == [1, 2, 3, 4]


def test_grocery_regularity(data: Path):
    gaps = samples.with_gaps(samples.grocery_days(data)).dropna()
    assert wheat_morrison(gaps["customer"], gaps["gap"]).k == pytest.approx(1.824, rel=0.02)


def test_regular_customers_of_a_contract():
    active = np.array([1000, 631, 468, 382, 326, 289, 262, 241])
    model = ShiftedBetaGeometric().fit(range(8), [1] * 7 + [0], [*-np.diff(active), active[-1]])
    assert parameters(model) == pytest.approx([0.7041, 1.1820], rel=1e-3)
    assert model.result.log_likelihood == pytest.approx(-1680.27, abs=0.01)


def test_the_pyramid_of_cdnow(data: Path):
    sales = samples.cdnow_days(data).groupby("sample_id")["dollar_value"].sum()
    layers = pyramid(sales)[:3]
    assert [layer.customers for layer in layers] == [24, 118, 472]
    assert [round(100 * layer.value, 2) for layer in layers] == [14.55, 36.07, 67.46]
