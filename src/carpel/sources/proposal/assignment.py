"""The assignment problem: each column to at most one place, each place at most one column, the most belief in all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import inf
from typing import TypeVar

Left = TypeVar("Left", bound=Hashable)
Right = TypeVar("Right", bound=Hashable)


def best_assignment(scores: Mapping[tuple[Left, Right], float]) -> dict[Left, Right]:
    """The pairs whose scores add up to the most; pairs without a score are never made.

    Between equal sums the pairs given first are preferred, so that the answer is always the same.

    Args:
        scores: Positive scores of the pairs that may be made.
    """
    lefts = list(dict.fromkeys(left for left, _ in scores))
    rights = list(dict.fromkeys(right for _, right in scores))
    # A column of zero cost for each row lets every left stay alone.
    costs = [[-scores.get((left, right), 0.0) for right in rights] + [0.0] * len(lefts) for left in lefts]
    chosen = _cheapest(costs)
    pairs = ((left, rights[place]) for left, place in zip(lefts, chosen, strict=True) if place < len(rights))
    return {left: right for left, right in pairs if (left, right) in scores}


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """The Hungarian method by shortest augmenting paths (Kuhn 1955, Munkres 1957): for each row its column.

    There are at least as many columns as rows.
    """
    width = len(costs[0]) if costs else 0
    row_price, column_price = [0.0] * len(costs), [0.0] * width
    row_of = [-1] * width
    for start in range(len(costs)):
        _augment(start, costs, row_price, column_price, row_of)
    chosen = [-1] * len(costs)
    for column, row in enumerate(row_of):
        if row >= 0:
            chosen[row] = column
    return chosen


def _augment(
    start: int,
    costs: Sequence[Sequence[float]],
    row_price: list[float],
    column_price: list[float],
    row_of: list[int],
) -> None:
    """Give one more row a column, moving the others where that is cheaper."""
    width = len(row_of)
    distance, before, done = [inf] * width, [-1] * width, [False] * width
    row, column, reached = start, -1, 0.0
    while True:
        for each in range(width):
            if not done[each]:
                through = reached + costs[row][each] - row_price[row] - column_price[each]
                if through < distance[each]:
                    distance[each], before[each] = through, column
        column = min((each for each in range(width) if not done[each]), key=lambda each: (distance[each], each))
        reached, done[column] = distance[column], True
        if row_of[column] < 0:
            break
        row = row_of[column]
    _update_prices(start, reached, distance, done, row_price, column_price, row_of)
    while column >= 0:
        previous = before[column]
        row_of[column] = row_of[previous] if previous >= 0 else start
        column = previous


def _update_prices(
    start: int,
    reached: float,
    distance: Sequence[float],
    done: Sequence[bool],
    row_price: list[float],
    column_price: list[float],
    row_of: Sequence[int],
) -> None:
    row_price[start] += reached
    for column, finished in enumerate(done):
        if finished and distance[column] < reached:
            column_price[column] -= reached - distance[column]
            row_price[row_of[column]] += reached - distance[column]
