"""Expected movement: calibrated where nothing unusual happens, and a planted surge is found."""

import numpy as np
import pytest

from carpel.runs import Flow
from carpel.runs.moves.expecting import Movement, at_least, expected_of

KEYS = ("a", "b", "c", "d")
MATRIX = np.array(
    [
        [0.90, 0.05, 0.03, 0.01, 0.01],
        [0.10, 0.80, 0.05, 0.03, 0.02],
        [0.02, 0.08, 0.85, 0.04, 0.01],
        [0.00, 0.01, 0.09, 0.88, 0.02],
    ]
)
SIZES = (400, 300, 900, 150)


def drawn(chance: np.random.Generator, matrix: np.ndarray = MATRIX) -> dict[tuple[str | None, str | None], int]:
    """One period's moves by a Markov chain."""
    to = (*KEYS, None)
    return {
        (old, new): int(customers)
        for old, size, row in zip(KEYS, SIZES, matrix, strict=True)
        for new, customers in zip(to, chance.multinomial(size, row), strict=True)
    }


def flows(counts: dict[tuple[str | None, str | None], int]) -> list[Flow]:
    return [Flow(before=old, after=new, customers=n, revenue=None) for (old, new), n in counts.items() if n]


@pytest.mark.parametrize("periods", [1, 4, 12])
def test_where_nothing_unusual_happens_hardly_anything_is_named(periods):
    chance = np.random.default_rng(11)
    trials, alarms = 200, 0
    for _ in range(trials):
        earlier = [Movement(days=30, counts=drawn(chance)) for _ in range(periods)]
        alarms += bool(expected_of(flows(drawn(chance)), 30, earlier).exceeding)
    # Of 200 fair trials at 5 %, more than 18 false alarms would come up once in a hundred times.
    assert alarms <= 18


def test_two_periods_at_once_are_expected_as_the_chain_says():
    chance = np.random.default_rng(3)
    earlier = [Movement(days=30, counts=drawn(chance)) for _ in range(60)]
    whole = np.vstack([MATRIX, [0, 0, 0, 0, 1]])
    twice = np.linalg.matrix_power(whole, 2)
    found = expected_of(flows(drawn(chance, twice[:4])), 60, earlier)
    assert not found.exceeding
    places = {key: place for place, key in enumerate((*KEYS, None))}
    for each in found.arrows:
        size = SIZES[places[each.before]]
        assert each.expected == pytest.approx(size * twice[places[each.before], places[each.after]], rel=0.2, abs=3)
        assert each.low <= each.expected <= each.high


@pytest.mark.parametrize(("old", "new"), [("c", "a"), ("a", None), ("d", "a")])
def test_a_planted_surge_is_found_and_nothing_else(old, new):
    chance = np.random.default_rng(5)
    earlier = [Movement(days=30, counts=drawn(chance)) for _ in range(6)]
    counts = drawn(chance)
    counts[old, new] += 60
    counts[old, old] -= 60
    found = expected_of(flows(counts), 30, earlier)
    assert [(each.before, each.after) for each in found.exceeding] == [(old, new)]
    assert found.arrows[0].customers > found.arrows[0].high


def test_a_handful_of_customers_is_not_named_however_unlikely():
    still: dict[tuple[str | None, str | None], int] = {("a", "a"): 5_000, ("b", "b"): 5_000}
    earlier = [Movement(days=30, counts=still) for _ in range(20)]
    moved = {customers: {**still, ("a", "b"): customers, ("a", "a"): 5_000 - customers} for customers in (4, 5)}
    named = {customers: expected_of(flows(counts), 30, earlier).exceeding for customers, counts in moved.items()}
    assert all(arrow.chance < 0.001 for arrow in named[5])
    assert (len(named[4]), len(named[5])) == (0, 1)


def test_the_tail_of_a_beta_binomial_against_its_own_definition():
    chance = np.random.default_rng(1)
    a, b, size = 4.0, 60.0, 80
    simulated = chance.binomial(size, chance.beta(a, b, 400_000))
    for customers in (6, 8, 12, 16):
        assert at_least(customers, size, a, b) == pytest.approx(float((simulated >= customers).mean()), abs=0.003)
    assert at_least(0, size, a, b) == 1.0
    assert 0 < at_least(size, size, a, b) < 1e-20
