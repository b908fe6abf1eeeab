"""How ways to rank did on the last days of the past, and what came of the products that the best one named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import text
from carpel.models.cards import Band, Contender
from carpel.models.frames.moments import sampled
from carpel.models.learning import Ground
from carpel.models.next_product.assortment import products_of
from carpel.models.next_product.baskets import Baskets, Whole, bought_products
from carpel.models.next_product.chances import Chances
from carpel.models.next_product.ranking import Judged, Purchases, Rankers, baseline, gain, judged
from carpel.models.next_product.shelf import Shelf

SHORTEST: Final = 14
"""Days; nobody can be judged by less."""
FOR_A_MODEL: Final = 50
"""Customers with a past who bought in the days that judge."""
_TENTHS: Final = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """What was bought until a moment, and what was learned of it.

    Attributes:
        shelf: The products.
        numbers: The customers.
        bought: What they have bought.
        rankers: What was learned of products.
    """

    shelf: Shelf
    numbers: Whole
    bought: Purchases
    rankers: Rankers


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """One earlier moment, and what was bought in the days after it.

    Attributes:
        start: The moment.
        told: What was learned of what came before it.
        after: What the same customers bought then.
    """

    start: AsOf
    told: Told
    after: Purchases

    def judged(self) -> tuple[Judged, ...]:
        """Every way, best first."""
        told = self.told
        return judged(told.rankers, told.bought, self.after, np.ones(len(told.shelf.codes), dtype=bool))

    def came_true(self, way: str) -> tuple[np.ndarray, np.ndarray]:
        """How much spoke for the product that was named, and whether it was bought; of customers with a past."""
        told = self.told
        offered = np.ones(len(told.shelf.codes), dtype=bool)
        places, scores = told.rankers.best(way, told.bought, offered)
        hits = np.asarray(self.after.matrix[np.arange(len(places)), places]).ravel() > 0
        known = np.diff(told.bought.matrix.indptr) > 0
        return scores[known], hits[known]


def told_as_of(ground: Ground, at: AsOf, horizon: int) -> Told | None:
    """What there is to learn from as of a moment; None where nothing was bought."""
    bindings = ground.facts.bindings(sampled(ground.facts))
    baskets = Baskets.of(ground.engine.read(bought_products(ground.facts, at), bindings))
    shelf = Shelf.of(baskets, products_of(ground.facts, at, ground.engine), at)
    numbers = np.unique(baskets.numbers)
    if not shelf.codes or not len(numbers):
        return None
    bought = shelf.purchases(baskets, numbers, at.day.toordinal())
    return Told(shelf=shelf, numbers=numbers, bought=bought, rankers=Rankers.learned(bought, horizon))


def trial(ground: Ground, start: AsOf, horizon: int) -> Trial | None:
    """Learn until a moment, and see what came after; None where nothing was bought before it."""
    told = told_as_of(ground, start, horizon)
    if told is None:
        return None
    end = AsOf.start_of(start.day + timedelta(days=horizon), start.time_zone)
    bindings = ground.facts.bindings(sampled(ground.facts))
    later = Baskets.of(ground.engine.read(bought_products(ground.facts, end, start), bindings))
    after = told.shelf.purchases(later, told.numbers, end.day.toordinal())
    return Trial(start=start, told=told, after=after)


def horizon_of(ground: Ground, wished: int) -> int | None:
    """Days that can judge: those wished for, or a third of what is known; None where that is too short."""
    first = ground.facts.first_event
    known = (ground.as_of.day - first).days if first else 0
    days = min(wished, known // 3)
    return days if days >= SHORTEST else None


def earlier(at: AsOf, days: int) -> AsOf:
    """So many days before a moment."""
    return AsOf.start_of(at.day - timedelta(days=days), at.time_zone)


def contenders(found: tuple[Judged, ...]) -> tuple[Contender, ...]:
    """As the card shows them."""
    behind = [gain(found[0], each) for each in found]
    return tuple(
        Contender(name=each.way, score=each.mean, behind=apart, low=low, high=high)
        for each, (apart, low, high) in zip(found, behind, strict=True)
    )


def better_than(found: tuple[Judged, ...]) -> tuple[float, float, float]:
    """By how much the best is above the better of popularity and item neighbours, with its interval."""
    return gain(found[0], baseline(found))


def bands(chances: Chances, scores: np.ndarray, hits: np.ndarray) -> tuple[Band, ...]:
    """Tenths of customers by the chance that was foretold, beside what happened."""
    expected = chances.of(scores)[0]
    order = np.argsort(-scores, kind="stable")
    return tuple(
        Band(
            of=text("models.band-tenth", number=number),
            customers=len(rows),
            expected=float(expected[rows].mean()),
            actual=float(hits[rows].mean()),
        )
        for number, rows in enumerate(np.array_split(order, _TENTHS), start=1)
        if len(rows)
    )
