"""What dividing one segment in two would be worth, as later money says.

Customers of the segment as of an earlier day are put into two halves at random. Of each attribute, the first half
chooses the division and says which part brings more; the second half, which had no say in that, says how much.

**Worth** is the money of a period that a common treatment puts into the wrong part: customers of one part times how
much more each of them brings than the segment's mean. What one part brings too much, the other brings too little, so
it is counted once: `n x p x (1 - p) x difference`, n being the segment's customers today and p the part of them for
whom the rule holds. It is not profit, but what attention and budget follow wrongly while the two are served as one. It
may be negative, where the second half contradicts the first, and is nothing on average where an attribute says nothing.

A division is called worthwhile only if even the lower end of its interval is above the cost of serving one more
segment. Intervals hold for all divisions that are judged together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from carpel.schemes.suggesting.options import Option
from carpel.schemes.suggesting.sums import Estimate, Sums, difference, together

JUDGED: Final = 10
"""The most attributes that the second half judges: the more there are, the surer each must be."""
FEWEST: Final = 30
"""The fewest customers of a part, where the scheme's limits do not say."""

_SURE: Final = 1.0
LEAST_IN_HALF: Final = 8
"""Fewer than that say nothing of a mean."""

Halves = tuple[Mapping[Any, Sums], Mapping[Any, Sums]]
"""Sums of later money by cell: of the half that chooses, and of the half that judges."""


@dataclass(frozen=True)
class Chosen:
    """The division by one attribute that the first half prefers, and what the second half says of it.

    Attributes:
        option: The rule.
        promise: What the first half made of it, in money of all customers there.
        holds: Of the second half, those for whom the rule holds.
        others: Of the second half, the others.
        brings_more: Whether the first half says that those for whom it holds bring more.
    """

    option: Option
    promise: float
    holds: Sums
    others: Sums
    brings_more: bool

    @property
    def difference(self) -> Estimate:
        """How much more a customer of the better part brings in a period; the second half's word alone."""
        return difference(self.holds, self.others).times(1 if self.brings_more else -1)

    def worth(self, holds: int, others: int) -> Estimate:
        """What it is worth for so many customers of either part."""
        everyone = holds + others
        return self.difference.times(holds * others / everyone if everyone else 0.0)


def choose(options: Iterable[Option], halves: Halves, *, least: int = LEAST_IN_HALF) -> Chosen | None:
    """The option that the first half prefers: the most misplaced money, one standard error off; None: none can be.

    Args:
        options: Divisions by one attribute.
        halves: Their sums.
        least: The fewest customers of a part in either half.
    """
    first, second = halves
    found = [each for option in options if (each := _chosen(option, first, second, max(least, LEAST_IN_HALF)))]
    return max(found, key=lambda each: each.promise, default=None)


def _chosen(option: Option, first: Mapping[Any, Sums], second: Mapping[Any, Sums], least: int) -> Chosen | None:
    holds, judged = option.holds(first), option.holds(second)
    others, judged_others = together(first.values()) - holds, together(second.values()) - judged
    if min(each.customers for each in (holds, others, judged, judged_others)) < least:
        return None
    apart = difference(holds, others)
    weight = holds.customers * others.customers / (holds.customers + others.customers)
    promise = (abs(apart.value) - _SURE * apart.error) * weight
    return Chosen(option, promise, judged, judged_others, apart.value >= 0)


def promising(chosen: Iterable[Chosen]) -> tuple[Chosen, ...]:
    """Those that are worth judging, the most promising first; a promise below nothing is none."""
    best = sorted((each for each in chosen if each.promise > 0), key=lambda each: (-each.promise, each.option.rule))
    return tuple(best[:JUDGED])


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the two parts.

    Attributes:
        rule: Who is in it; None for the others.
        customers: How many today.
        revenue: Their money until today, in minor units.
        next_money: What a customer of it brought in the later period on average, in minor units.
    """

    rule: str | None
    customers: int
    revenue: int
    next_money: float


@dataclass(frozen=True, kw_only=True)
class Split:
    """A division of one segment, judged.

    Attributes:
        option: The rule and what it says.
        parts: Those for whom it holds, and the others.
        worth: Money of a period, in minor units.
        low: The lower end of its interval.
        high: The upper end.
        cost: What serving one more segment costs in a period, in minor units.
    """

    option: Option
    parts: tuple[Part, Part]
    worth: float
    low: float
    high: float
    cost: int

    @property
    def gain(self) -> float:
        """Worth less cost, in minor units."""
        return self.worth - self.cost

    @property
    def worthwhile(self) -> bool:
        """Whether even the lower end of its worth pays for one more segment."""
        return self.low > self.cost


def judge(chosen: Chosen, now: Mapping[bool, tuple[int, int]], *, looks: int, cost: int) -> Split:
    """What the second half says of a division.

    Args:
        chosen: The division.
        now: By whether the rule holds: customers today and their money in minor units.
        looks: How many divisions are judged together.
        cost: Of one more segment.
    """
    (holds, revenue), (others, other_revenue) = now[True], now[False]
    worth = chosen.worth(holds, others)
    low, high = worth.interval(looks=looks)
    part = Part(rule=chosen.option.rule, customers=holds, revenue=revenue, next_money=chosen.holds.mean)
    rest = Part(rule=None, customers=others, revenue=other_revenue, next_money=chosen.others.mean)
    return Split(option=chosen.option, parts=(part, rest), worth=worth.value, low=low, high=high, cost=cost)


def ranked(splits: Iterable[Split], *, fewest: int) -> tuple[Split, ...]:
    """Worthwhile ones first, then by worth less cost; none with a part that is too small to serve."""
    large = [each for each in splits if min(part.customers for part in each.parts) >= fewest]
    return tuple(sorted(large, key=lambda each: (not each.worthwhile, -each.gain, each.option.rule)))
