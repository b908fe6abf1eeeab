"""Numbers of customers summed up, and what their means say about a difference."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
_FEW: Final = 2


@dataclass(frozen=True)
class Sums:
    """One number of some customers, such as the money of a period.

    Attributes:
        customers: How many.
        total: Its sum.
        squares: The sum of its squares.
    """

    customers: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.customers + other.customers, self.total + other.total, self.squares + other.squares)

    def __sub__(self, other: Sums) -> Sums:
        return Sums(self.customers - other.customers, self.total - other.total, self.squares - other.squares)

    @property
    def mean(self) -> float:
        """The mean; 0 of nobody."""
        return self.total / self.customers if self.customers else 0.0

    @property
    def variance(self) -> float:
        """The variance as estimated from a sample; 0 of fewer than two."""
        if self.customers < _FEW:
            return 0.0
        return max(self.squares - self.total * self.mean, 0.0) / (self.customers - 1)

    def around(self, centre: float) -> float:
        """The sum of squared distances from a value."""
        return max(self.squares - 2 * centre * self.total + self.customers * centre * centre, 0.0)


def together(parts: Iterable[Sums]) -> Sums:
    """Several groups as one."""
    return sum(parts, Sums())


@dataclass(frozen=True)
class Estimate:
    """A number with its uncertainty.

    Attributes:
        value: The number.
        error: Its standard error.
        freedom: Degrees of freedom of that error.
    """

    value: float
    error: float
    freedom: float = math.inf

    def times(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.error * abs(factor), self.freedom)

    def interval(self, *, looks: int = 1, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """From where to where it may lie.

        Args:
            looks: How many such numbers are looked at together; the interval is widened so that all hold at once
                with the stated confidence (Bonferroni).
            confidence: How sure it is.
        """
        reach = student(1 - (1 - confidence) / (2 * max(looks, 1)), self.freedom) * self.error
        return self.value - reach, self.value + reach


def difference(one: Sums, other: Sums) -> Estimate:
    """How far the mean of one group lies above that of another, their spreads being unlike (Welch 1947)."""
    parts = [(each.variance / each.customers, each.customers - 1) for each in (one, other) if each.customers > 1]
    square = sum(part for part, _ in parts)
    lower = sum(part * part / freedom for part, freedom in parts)
    return Estimate(one.mean - other.mean, math.sqrt(square), square * square / lower if lower else math.inf)


def effect(one: Sums, other: Sums) -> float:
    """The difference of two means in standard deviations (Cohen's d); 0 where nothing differs at all."""
    freedom = one.customers + other.customers - 2
    if freedom <= 0:
        return math.inf
    pooled = (one.variance * (one.customers - 1) + other.variance * (other.customers - 1)) / freedom
    apart = abs(one.mean - other.mean)
    if not pooled:
        return math.inf if apart else 0.0
    return apart / math.sqrt(pooled)


def student(probability: float, freedom: float) -> float:
    """The quantile of Student's t, by its expansion around the normal (Abramowitz and Stegun 26.7.5)."""
    z = NormalDist().inv_cdf(probability)
    if math.isinf(freedom):
        return z
    v = max(freedom, 1.0)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3
