"""What two schemes said of one period's money, from sums by pairs of their segments.

Customers are put into two halves at random. Each half gives every segment its mean, and the other half is predicted by
it, so nobody's money takes part in predicting itself. R² is the part of the money's variation that segments predict,
measured against predicting everyone's mean; out of sample it can be below zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from carpel.schemes.suggesting.sums import Sums, together

BEST: Final = 0.2
"""The part of customers who are called the best."""

_ENOUGH: Final = 5

Cell: TypeAlias = tuple[str | None, str | None, bool]
"""A segment of either scheme, None outside its base, and the half."""


@dataclass(frozen=True)
class Round:
    """One period: the money of all customers by both schemes' segments and by half.

    Attributes:
        cells: Sums of money, in minor units.
    """

    cells: Mapping[Cell, Sums] = field(default_factory=dict)

    def customers(self) -> int:
        """How many took part."""
        return together(self.cells.values()).customers

    def variation(self) -> float:
        """The sum of squared distances from the other half's mean."""
        return sum(each.around(self._mean(not half)) for (*_, half), each in self.cells.items())

    def left(self, lane: int) -> float:
        """What a scheme's segments leave unexplained of it."""
        means = self._means(lane)
        return sum(each.around(self._predicted(means, cell, lane)) for cell, each in self.cells.items())

    def difference(self) -> tuple[float, float]:
        """How much less the second scheme leaves than the first, with its standard error.

        The error is that of a sum of paired differences of squared errors, one a customer.
        """
        means = self._means(0), self._means(1)
        total = squares = 0.0
        for cell, each in self.cells.items():
            first, second = (self._predicted(means[lane], cell, lane) for lane in (0, 1))
            # (y - first)^2 - (y - second)^2 is constant + slope * y.
            constant, slope = first * first - second * second, 2 * (second - first)
            total += each.customers * constant + slope * each.total
            squares += (
                each.customers * constant * constant + 2 * constant * slope * each.total + slope * slope * each.squares
            )
        customers = self.customers()
        spread = max(squares - total * total / customers, 0.0) if customers else 0.0
        return total, math.sqrt(spread)

    def best_share(self, lane: int) -> float:
        """The part of the money that the best fifth of customers brought, segments being ranked by the other half."""
        taken, money = 0.0, 0.0
        for half in (True, False):
            money += together(self._of_half(half).values()).total
            taken += self._taken(lane, half)
        return taken / money if money > 0 else 0.0

    def _taken(self, lane: int, half: bool) -> float:  # noqa: FBT001  half is which, not whether
        means = self._means(lane)
        groups: dict[str | None, Sums] = {}
        for cell, each in self._of_half(half).items():
            key = _segment(cell, lane)
            groups[key] = groups.get(key, Sums()) + each
        rank = sorted(groups, key=lambda key: (-means.get((key, not half), 0.0), str(key)))
        places, taken = BEST * together(groups.values()).customers, 0.0
        for best in rank:
            # Of the segment in which the places end, a part as large as the places that are left.
            part = min(1.0, places / groups[best].customers) if groups[best].customers else 0.0
            taken, places = taken + part * groups[best].total, places - part * groups[best].customers
        return taken

    def _of_half(self, half: bool) -> dict[Cell, Sums]:  # noqa: FBT001  as above
        return {cell: each for cell, each in self.cells.items() if cell[2] == half}

    def _mean(self, half: bool) -> float:  # noqa: FBT001  as above
        return together(self._of_half(half).values()).mean

    def _means(self, lane: int) -> dict[tuple[str | None, bool], float]:
        """Each segment's mean in each half; the half's own where too few say anything."""
        groups: dict[tuple[str | None, bool], Sums] = {}
        for cell, each in self.cells.items():
            key = (_segment(cell, lane), cell[2])
            groups[key] = groups.get(key, Sums()) + each
        return {key: each.mean if each.customers >= _ENOUGH else self._mean(key[1]) for key, each in groups.items()}

    def _predicted(self, means: Mapping[tuple[str | None, bool], float], cell: Cell, lane: int) -> float:
        other = not cell[2]
        found = means.get((_segment(cell, lane), other))
        return self._mean(other) if found is None else found


def _segment(cell: Cell, lane: int) -> str | None:
    return cell[1] if lane else cell[0]


def stayed(pairs: Iterable[tuple[str | None, str | None, int]]) -> tuple[int, int]:
    """Of customers who were in a segment on both of two dates: how many are in the same one, and how many in all."""
    both = [(before, after, customers) for before, after, customers in pairs if before and after]
    return sum(customers for before, after, customers in both if before == after), sum(row[2] for row in both)
