"""How an attribute is distributed among some customers, and how far that is from others.

**Strength** says how far apart two distributions lie, from 0 (the same) to 1 (nothing in common), alike for numbers and
words, so that attributes of every kind can be ranked together. It is the largest difference of shares:

- of numbers, days and moments the largest over all thresholds: how much more often one group lies below some value than
  the other (the two-sample distance of Kolmogorov 1933 and Smirnov 1939). It needs no scale, and no few large accounts
  can stretch it;
- of words and truth values the largest over all choices of words: half the sum of the differences of their shares (the
  total variation distance);
- of sets, whose elements do not exclude each other, the largest over single elements.

Small groups differ by chance alone; what chance alone would give on average is taken off, so that a strength above 0 is
more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import pi, sqrt
from typing import Final

from carpel.kernel.texts import Labels, Text
from carpel.profiles import Attribute

_MEAN_OF_LARGEST: Final = 0.8687
"""The mean of Kolmogorov's distribution: sqrt(pi / 2) ln 2."""


class Shape(StrEnum):
    """How the bars of a distribution stand to each other."""

    ORDERED = "ordered"
    """By size: numbers, days, moments."""
    WORDS = "words"
    """Side by side: categories, truth values."""
    SETS = "sets"
    """Side by side, and a customer may be in several: their shares need not add up to 1."""


@dataclass(frozen=True, kw_only=True)
class Bin:
    """One bar of a distribution.

    Attributes:
        key: Its name in addresses; stable within a run.
        label: What people call it.
        customers: How many of the group are in it.
        share: Their part of those whose value is known, 0 to 1.
        reference: The same of those compared with; None where nobody is.
        low: Numbers and days: from this value on, as stored (money in minor units); None: from the least.
        high: Numbers and days: below this value; None: to the most.
        value: Words: the value; None in the bar of all other words.
    """

    key: str
    label: Text | Labels
    customers: int
    share: float
    reference: float | None = None
    low: float | date | None = None
    high: float | date | None = None
    value: str | bool | None = None

    @property
    def difference(self) -> float:
        """By how much its share is larger than that of those compared with."""
        return self.share - (self.reference or 0.0)


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """An attribute among some customers, beside others where they are compared.

    Attributes:
        attribute: Which.
        shape: How its bars stand to each other.
        bins: In the order of size; words by how frequent they are among everyone, all others last.
        customers: How many the group has.
        known: Of how many the value is known.
        reference_customers: How many those compared with are; None where nobody is.
        reference_known: Of how many of them it is known.
    """

    attribute: Attribute
    shape: Shape
    bins: tuple[Bin, ...]
    customers: int
    known: int
    reference_customers: int | None = None
    reference_known: int | None = None

    @property
    def known_share(self) -> float:
        """Of which part of the group the value is known, 0 to 1."""
        return self.known / self.customers if self.customers else 0.0

    @property
    def reference_known_share(self) -> float | None:
        """The same of those compared with."""
        return (self.reference_known or 0) / self.reference_customers if self.reference_customers else None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One attribute that sets a segment apart.

    Attributes:
        distribution: The segment's, beside those it is compared with.
        strength: How far apart they lie, 0 to 1, beyond chance; see the module.
        sentence: The difference in one true sentence.
        bins: The keys of the bars that the sentence speaks of.
        by_rule: Whether the rules that made the segment ask for it: it differs because it was told to.
    """

    distribution: Distribution
    strength: float
    sentence: Text
    bins: tuple[str, ...]
    by_rule: bool

    @property
    def attribute(self) -> Attribute:
        """Which attribute."""
        return self.distribution.attribute


def ordered_distance(one: Sequence[int], other: Sequence[int]) -> float:
    """The largest difference of shares below any of the bounds."""
    totals = sum(one), sum(other)
    if not all(totals):
        return 0.0
    below, largest = [0.0, 0.0], 0.0
    for counts in zip(one, other, strict=True):
        below = [sofar + count / total for sofar, count, total in zip(below, counts, totals, strict=True)]
        largest = max(largest, abs(below[0] - below[1]))
    return largest


def words_distance(one: Sequence[int], other: Sequence[int]) -> float:
    """Half the sum of the differences of shares."""
    totals = sum(one), sum(other)
    if not all(totals):
        return 0.0
    return sum(abs(a / totals[0] - b / totals[1]) for a, b in zip(one, other, strict=True)) / 2


def sets_distance(one: Sequence[int], other: Sequence[int], known: tuple[int, int]) -> float:
    """The largest difference of shares of those who have an element."""
    if not all(known):
        return 0.0
    return max((abs(a / known[0] - b / known[1]) for a, b in zip(one, other, strict=True)), default=0.0)


def chance_of_ordered(one: int, other: int) -> float:
    """The distance that two samples of the same distribution have on average, at most (Kolmogorov's distribution)."""
    return _MEAN_OF_LARGEST / sqrt(_harmonic(one, other)) if one and other else 1.0


def chance_of_words(shares: Sequence[float], one: int, other: int) -> float:
    """The same for words: half the sum of each share's mean absolute deviation, taken as normal."""
    if not one or not other:
        return 1.0
    return sum(sqrt(2 * share * (1 - share) / (pi * _harmonic(one, other))) for share in shares) / 2


def _harmonic(one: int, other: int) -> float:
    return one * other / (one + other)
