"""Customers as points: numbers on a common scale, and categories by the places of their levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from carpel.models.frames.frame import Rows

Matrix: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """Customers in the space in which they are near or far.

    Attributes:
        numbers: Shape (customers, numbers), each of spread about 1; what is unknown is 0, the middle.
        codes: Shape (customers, categories), the place of each value.
        levels: How many values each category has.
        mismatch: What two different values of a category add to a squared distance; gamma in Huang (1998).
    """

    numbers: Matrix
    codes: Codes
    levels: tuple[int, ...]
    mismatch: float

    @property
    def rows(self) -> int:
        """How many customers."""
        return len(self.numbers)

    def take(self, rows: Rows) -> Points:
        """Only some customers; one may come more than once."""
        return self.with_values(self.numbers[rows], self.codes[rows])

    def with_values(self, numbers: Matrix, codes: Codes) -> Points:
        """Other customers in the same space."""
        return Points(numbers=numbers, codes=codes, levels=self.levels, mismatch=self.mismatch)

    def shares(self, place: int) -> Matrix:
        """A category as one column of 0 and 1 for each of its values."""
        return np.eye(self.levels[place])[self.codes[:, place]]

    def embedded(self) -> Matrix:
        """Numbers alone, in which two different values of a category are as far apart as `mismatch` says."""
        spread = np.sqrt(self.mismatch / 2)
        return np.hstack([self.numbers, *(spread * self.shares(place) for place in range(len(self.levels)))])

    def distinct(self) -> int:
        """How many different points there are."""
        return len(np.unique(np.hstack([self.numbers, self.codes]), axis=0))


def usual_mismatch(numbers: Matrix) -> float:
    """Half of what the numbers spread on average; 1 where there is none.

    Huang, Z. (1998), Extensions to the k-means algorithm for clustering large data sets with categorical values:
    between a third and two thirds of the average standard deviation.
    """
    spread = float(numbers.std(axis=0).mean()) if numbers.size else 0.0
    return spread / 2 if spread > 0 else 1.0
