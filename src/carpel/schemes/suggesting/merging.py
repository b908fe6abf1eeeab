"""Which siblings behave so much alike that serving them apart buys nothing.

What divides two segments differs between them, or they would not be two; what counts is what their customers do next.
In the period after an earlier moment, two siblings are alike where

- the difference of their mean money lies, with its whole 95 % interval, within a bound: a tenth of what a customer of
  the base brings on average, or so little that the money misplaced by serving them as one is below the cost of a
  segment;
- orders, and the share who bought at all, differ by at most 0.2 standard deviations, which is called small (Cohen
  1988).

A difference that is merely not proven is not called likeness: too few customers make no pair alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carpel.schemes.suggesting.sums import Estimate, Sums, difference, effect

SMALL_EFFECT: Final = 0.2
SMALL_SHARE: Final = 0.1
_FEWEST: Final = 30
"""Where nobody of a few bought anything, there is no spread, and their interval would be too short."""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What the customers of one segment did in the period.

    Attributes:
        money: What they brought, in minor units.
        orders: How often they ordered; None where nothing tells.
        bought: Whether they brought anything.
    """

    money: Sums
    orders: Sums | None
    bought: Sums


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two siblings.

    Attributes:
        key: The segment.
        customers: How many today.
        revenue: Their money until today, in minor units; None where nothing has money.
        next_money: What a customer of it brought in the period on average, in minor units.
    """

    key: str
    customers: int
    revenue: int | None
    next_money: float


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Two siblings that behave alike.

    Attributes:
        sides: The two, in the scheme's order.
        low: The lower end of the interval of what the first brings more than the second, per customer, minor units.
        high: The upper end.
        bound: Within which a difference is small.
        effects: Differences in standard deviations, by what was measured.
        misplaced: The most money of a period that serving them as one would put into the wrong part, in minor units.
        cost: What serving one segment costs in such a period, in minor units.
    """

    sides: tuple[Side, Side]
    low: float
    high: float
    bound: float
    effects: Mapping[str, float]
    misplaced: float
    cost: int


def compare(
    sides: tuple[Side, Side], behaviours: tuple[Behaviour, Behaviour], *, base: float, cost: int
) -> Merge | None:
    """Whether two siblings behave alike; None where they do not, or where that cannot be told.

    Args:
        sides: The two.
        behaviours: What they did.
        base: What a customer of the base brings on average, in minor units.
        cost: Of serving one segment.
    """
    one, other = behaviours
    if min(one.money.customers, other.money.customers) < _FEWEST:
        return None
    apart = difference(one.money, other.money)
    low, high = apart.interval()
    weight = _weight(sides)
    bound = max(SMALL_SHARE * abs(base), cost / weight if weight else 0.0)
    effects = _effects(one, other)
    if not _within(apart, bound) or max(effects.values()) > SMALL_EFFECT:
        return None
    misplaced = weight * max(abs(low), abs(high))
    return Merge(sides=sides, low=low, high=high, bound=bound, effects=effects, misplaced=misplaced, cost=cost)


def _within(apart: Estimate, bound: float) -> bool:
    low, high = apart.interval()
    return -bound <= low and high <= bound


def _weight(sides: tuple[Side, Side]) -> float:
    one, other = (side.customers for side in sides)
    return one * other / (one + other) if one + other else 0.0


def _effects(one: Behaviour, other: Behaviour) -> dict[str, float]:
    found = {"money": effect(one.money, other.money), "bought": effect(one.bought, other.bought)}
    if one.orders and other.orders:
        found["orders"] = effect(one.orders, other.orders)
    return found
