"""Strength is a distance between distributions, alike for numbers and words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.runs.views.distributions import (
    chance_of_ordered,
    chance_of_words,
    ordered_distance,
    sets_distance,
    words_distance,
)

COUNTS = st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 1_000)), min_size=1, max_size=12)


@given(COUNTS)
def test_a_distance_lies_between_0_and_1_and_is_the_same_from_both_sides(pairs: list[tuple[int, int]]) -> None:
    one, other = ([pair[side] for pair in pairs] for side in (0, 1))
    for distance in (ordered_distance, words_distance):
        assert 0 <= distance(one, other) <= 1 + 1e-9
        assert distance(one, other) == pytest.approx(distance(other, one))
        assert distance(one, one) == 0


@given(COUNTS)
def test_a_threshold_says_no_more_than_any_choice_of_bars(pairs: list[tuple[int, int]]) -> None:
    one, other = ([pair[side] for pair in pairs] for side in (0, 1))
    assert ordered_distance(one, other) <= words_distance(one, other) + 1e-9


def test_groups_with_nothing_in_common_lie_1_apart() -> None:
    assert ordered_distance([5, 0], [0, 7]) == words_distance([5, 0], [0, 7]) == 1.0
    assert sets_distance([5, 0], [0, 7], (5, 7)) == 1.0


def test_the_ordered_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    chance = np.random.default_rng(1)
    one, other = chance.normal(0, 1, 400), chance.normal(0.5, 1, 300)
    edges = np.sort(np.concatenate([one, other]))
    by_hand = max(abs((one <= edge).mean() - (other <= edge).mean()) for edge in edges)
    counts = [np.bincount(np.searchsorted(edges, side), minlength=len(edges)).tolist() for side in (one, other)]
    assert ordered_distance(*counts) == pytest.approx(by_hand)


@pytest.mark.parametrize(("one", "other"), [(40, 4_000), (400, 400)])
def test_chance_is_what_two_samples_of_the_same_differ_by_on_average(one: int, other: int) -> None:
    chance = np.random.default_rng(2)
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    words, numbers = [], []
    for _ in range(300):
        words.append(words_distance(*(chance.multinomial(size, shares).tolist() for size in (one, other))))
        sides = [np.sort(chance.random(size)) for size in (one, other)]
        both = np.concatenate(sides)
        below = [np.searchsorted(side, both, side="right") / len(side) for side in sides]
        numbers.append(np.abs(below[0] - below[1]).max())
    assert np.mean(words) == pytest.approx(chance_of_words(shares.tolist(), one, other), rel=0.1)
    assert np.mean(numbers) == pytest.approx(chance_of_ordered(one, other), rel=0.1)
    assert math.isclose(chance_of_ordered(0, 5), 1.0)
