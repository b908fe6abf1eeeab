"""What a race says of sums is what the customers' own rows say."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.texts import LANGUAGES, Labels
from carpel.schemes.racing import Lane, Race, Round, judged
from carpel.schemes.racing.measuring import Cell, stayed
from carpel.schemes.suggesting.sums import Sums

ROWS = st.lists(
    st.tuples(st.sampled_from("pq"), st.sampled_from(["u", "v", None]), st.booleans(), st.integers(-50, 900)),
    min_size=40,
    max_size=120,
)
Row = tuple[str | None, str | None, bool, int]


def summed(rows: list[Row]) -> Round:
    cells: dict[Cell, Sums] = defaultdict(Sums)
    for first, second, half, money in rows:
        cells[first, second, half] += Sums(1, float(money), float(money * money))
    return Round(cells)


def predicted(rows: list[Row], lane: int) -> np.ndarray:
    """Each row by the mean of its segment in the other half."""
    found = []
    for row in rows:
        other = [each[3] for each in rows if each[2] != row[2]]
        mine = [each[3] for each in rows if each[2] != row[2] and each[lane] == row[lane]]
        found.append(np.mean(mine) if len(mine) >= 5 else np.mean(other) if other else 0.0)
    return np.array(found)


@given(ROWS)
def test_sums_say_what_rows_say(rows: list[Row]) -> None:
    found, money = summed(rows), np.array([row[3] for row in rows], dtype=float)
    left = [((money - predicted(rows, lane)) ** 2) for lane in (0, 1)]
    for lane in (0, 1):
        assert found.left(lane) == pytest.approx(left[lane].sum())
    difference, error = found.difference()
    paired = left[0] - left[1]
    assert difference == pytest.approx(paired.sum(), abs=1e-3)
    assert error == pytest.approx(paired.std() * np.sqrt(len(rows)), rel=1e-3, abs=5)


def test_all_is_explained_where_segments_are_all_there_is() -> None:
    rows: list[Row] = []
    for half in (True, False):
        rows.extend([("p", None, half, 0), ("q", None, half, 100)] * 9)
    (first, second), difference, low, high = judged([summed(rows)])
    assert (first, second) == (1.0, 0.0)
    assert (difference, low, high) == pytest.approx((-1.0, -1.0, -1.0))


def test_the_best_fifth_holds_what_the_best_segments_hold() -> None:
    rows: list[Row] = [("best", "all", half, 90) for half in (True, False) for _ in range(10)]
    rows += [("rest", "all", half, 10) for half in (True, False) for _ in range(40)]
    found = summed(rows)
    assert found.best_share(0) == pytest.approx(1800 / 2600)
    assert found.best_share(1) == pytest.approx(0.2)


def test_who_stayed_was_in_a_segment_on_both_dates() -> None:
    assert stayed([("a", "a", 5), ("a", "b", 3), (None, "a", 9), ("b", None, 2)]) == (5, 8)


def lane(name: str, explained: float, stays: float | None = None, known_today: tuple[Labels, ...] = ()) -> Lane:
    return Lane(
        name=name,
        label=Labels({}),
        explained=explained,
        best_share=0.5,
        stays=stays,
        segments=2,
        smallest=0.1,
        largest=0.9,
        empty=0,
        known_today=known_today,
    )


@pytest.mark.parametrize(
    ("low", "high", "winner"), [(0.02, 0.09, "new"), (-0.09, -0.02, "old"), (-0.02, 0.09, None), (0.0, 0.0, None)]
)
def test_nobody_wins_by_what_chance_could_do(low: float, high: float, winner: str | None) -> None:
    race = Race(lanes=(lane("old", 0.1), lane("new", 0.15)), difference=(low + high) / 2, low=low, high=high)
    assert (race.winner.name if race.winner else None) == winner
    for language in LANGUAGES:
        said = race.verdict.render(language)
        assert "{" not in said
        assert ("2" in said and "9" in said) or high == 0


def cautions(first: Lane, second: Lane, low: float) -> list[str]:
    race = Race(lanes=(first, second), difference=0.1, low=low, high=0.2)
    return [each.render() for each in race.cautions]


def test_a_winner_that_moves_more_customers_is_told_so():
    def told(first: float | None, second: float | None, low: float) -> list[str]:
        return cautions(lane("a", 0.1, first), lane("b", 0.2, second), low)

    assert told(0.9, 0.6, 0.05) == [
        "But b keeps 60 % of customers in their segments from one date to the next, a 90 %."
    ]
    assert told(0.6, 0.9, 0.05) == []
    assert told(0.9, 0.6, -0.05) == []
    assert told(None, 0.6, 0.05) == []


def test_a_winner_that_may_know_what_came_later_is_told_so():
    knowing = (Labels({"en": "City"}), Labels({"en": "Kind"}))
    (said,) = cautions(lane("a", 0.1), lane("b", 0.2, known_today=knowing), 0.05)
    assert "City" in said
    assert "Kind" in said
    assert cautions(lane("a", 0.1, known_today=knowing), lane("b", 0.2), 0.05) == []
