"""When something is said, and how good that is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score  # type: ignore[import-untyped]

from carpel.models.voice.judging import COVERAGE, Figures, Voting, judged, macro_f1

FLAGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


def scores(rows=4_000, rate=0.5, seed=3):
    random = np.random.default_rng(seed)
    there = random.random(rows) < rate
    return np.where(there, 1.0, -1.0) + random.normal(size=rows) * 1.3, there


@given(FLAGS)
def test_macro_f1_is_scikit_learns(pairs):
    guess, truth = (np.array(each, dtype=bool) for each in zip(*pairs, strict=True))
    wanted = f1_score(truth, guess, average="macro", labels=[False, True], zero_division=0)
    assert macro_f1(guess, truth) == pytest.approx(wanted)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.95])
def test_on_other_texts_something_is_said_of_four_in_five_and_it_is_right_more_often(rate):
    voting = Voting.fit(*scores(rate=rate))
    figures = judged(voting, *scores(rate=rate, seed=4))
    assert figures.coverage >= COVERAGE
    assert figures.accuracy > figures.accuracy_of_all
    assert figures.macro_f1 > figures.macro_f1_of_all
    assert figures.calibration_error < 0.03


@given(
    st.lists(st.tuples(st.floats(-30, 30), st.booleans()), min_size=2, max_size=80).filter(
        lambda rows: len({there for _, there in rows}) == 2
    )
)
def test_confidence_rises_with_the_odds_and_edges_lie_around_the_middle(rows):
    odds, there = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    voting = Voting.fit(odds, there)
    assert voting.low <= voting.high
    assert (np.diff(voting.probability(np.sort(odds))) >= 0).all()
    assert voting.said(odds).mean() >= COVERAGE
    assert (voting.probability(odds[odds <= voting.low]) <= 0.5 + 1e-9).all()
    assert (voting.probability(odds[odds >= voting.high]) >= 0.5 - 1e-9).all()
    assert isinstance(judged(voting, odds, there), Figures)


def test_what_is_no_better_than_the_commonest_is_not_worth_listening_to():
    odds, there = scores(rate=0.05)
    chance = np.random.default_rng(1).permutation(odds)
    assert not judged(Voting.fit(chance, there), chance, there).beats_the_majority
