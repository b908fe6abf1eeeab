"""A later period decides which model is used."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from carpel.kernel.errors import CarpelError
from carpel.models.value import BGCNBD, BGNBD, MBGCNBD, MBGNBD, NBD, Histories, ParetoNBD, choose
from tests.models.value import samples


def test_grocery_customers_leave_and_order_regularly(data: Path):
    days = samples.grocery_days(data)
    before = samples.histories(days, samples.GROCERY_END)
    whole = samples.histories(days, date(2007, 12, 30))
    choice = choose([NBD(), BGNBD(), BGCNBD(2), MBGCNBD(2)], before, whole)
    assert choice.model.title == "MBG/CNBD-k"
    assert choice.clear
    assert choice.scores[-1].model == "NBD"
    assert choice.scores[0].behind == 0
    likelihoods = [score.log_likelihood for score in choice.scores]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert choice.scores[1].behind == pytest.approx(likelihoods[0] - likelihoods[1])


def test_a_lead_within_chance_is_not_clear(data: Path):
    days = samples.cdnow_days(data).rename(columns={"sample_id": "customer"})
    before, whole = samples.histories(days, samples.CDNOW_END), samples.histories(days, date(1998, 6, 30))
    choice = choose([NBD(), BGNBD(), ParetoNBD(), MBGNBD()], before, whole)
    assert [score.model for score in choice.scores] == ["MBG/NBD", "BG/NBD", "Pareto/NBD", "NBD"]
    assert [score.low > 0 for score in choice.scores] == [False, False, False, True]
    assert not choice.clear


def split(histories, at):
    """Histories as they stood when each customer was that old; those who had not returned since are kept."""
    settled = histories.recency <= at
    kept = histories.take(np.flatnonzero(settled & (histories.age > at)))
    return Histories.of(kept.frequency, kept.recency, np.full_like(kept.age, at)), kept


def test_what_comes_later_is_likely_as_a_whole_is_over_its_beginning():
    before, whole = split(samples.mbg_customers(300), 25.0)
    model = MBGNBD().given(r=0.8, alpha=6, a=0.9, b=2)
    later = model.later_log_likelihood(before, whole)
    silent = 1 - model.return_probability(1.0, before.frequency, before.recency, before.age)
    week = Histories.of(before.frequency, before.recency, before.age + 1)
    assert model.later_log_likelihood(before, week) == pytest.approx(np.log(silent), rel=1e-6, abs=1e-9)
    assert (later <= 1e-12).all()


def test_a_silent_stretch_has_one_probability_in_every_model():
    known = Histories.of([3, 1], [20, 4], [25, 30])
    later = Histories.of([3, 1], [20, 4], [33, 38])
    for model in (
        NBD().given(r=0.8, alpha=6),
        ParetoNBD().given(r=0.55, alpha=10.6, s=0.6, beta=11.7),
        MBGCNBD(3).given(r=0.8, alpha=2, a=0.9, b=2),
    ):
        silent = 1 - model.return_probability(8, known.frequency, known.recency, known.age)
        assert np.exp(model.later_log_likelihood(known, later)) == pytest.approx(silent, rel=1e-6)


def test_a_candidate_that_cannot_be_fitted_is_told():
    few = Histories.of([1, 2, 0, 1], [5, 6, 0, 3], [9, 9, 9, 9])
    later = Histories.of([1, 3, 0, 1], [5, 12, 0, 3], [14, 14, 14, 14])
    choice = choose([NBD(), BGNBD()], few, later)
    assert choice.model.title == "NBD"
    assert not choice.clear
    assert [(title, why.key) for title, why in choice.failed] == [("BG/NBD", "models.too-few-customers")]


def test_there_must_be_something_to_choose_from():
    one = Histories.of([1], [5], [9])
    for candidates, key in (([], "models.no-candidates"), ([NBD()], "models.too-few-customers")):
        with pytest.raises(CarpelError) as caught:
            choose(candidates, one, one)
        assert caught.value.text.key == key


def test_a_later_period_cannot_hold_less():
    with pytest.raises(CarpelError) as caught:
        NBD().given(r=1, alpha=1).later_log_likelihood(Histories.of([2], [5], [9]), Histories.of([1], [5], [19]))
    assert caught.value.text.key == "models.not-later"
