"""The one product to offer each customer: learned on what was bought, chosen by what was bought after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.texts import Text, text
from carpel.models.attributes import HIGH, LOW
from carpel.models.cards import Card, Supply
from carpel.models.declared.next_product import CHANCE, DAY, NAME, PRODUCT
from carpel.models.frames.moments import NUMBER
from carpel.models.learning import Customers, Ground, Model
from carpel.models.next_product.baskets import Baskets, bought_products
from carpel.models.next_product.beginners import Beginners
from carpel.models.next_product.chances import Chances
from carpel.models.next_product.ranking import Judged, Purchases, Rankers
from carpel.models.next_product.saying import Sayer
from carpel.models.next_product.shelf import MOST, Shelf
from carpel.models.next_product.trying import (
    FOR_A_MODEL,
    Told,
    Trial,
    bands,
    better_than,
    contenders,
    earlier,
    horizon_of,
    told_as_of,
    trial,
)
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

FOR_RHYTHMS: Final = 20
"""Customers who bought a product again, from which on rhythms say more than what is popular."""
_BY_RUNG: Final = {Rung.RULE: "popularity", Rung.POOLED: "repurchase"}
_NAMED: Final = 5
_SILENT: Final = 3.0
"""Usual gaps of silence, beyond which nobody can say when a product is due."""


def learn(model: Model, ground: Ground) -> LearnedNextProduct:
    """Choose a way to rank by what came later, then learn it from everything."""
    told = told_as_of(ground, ground.as_of, model.horizon or 0)
    if told is None:
        return _nothing(model, ground)
    days = horizon_of(ground, model.horizon or 0)
    last = trial(ground, earlier(ground.as_of, days), days) if days else None
    found = last.judged() if last else ()
    again = int((told.bought.days > 1).sum())
    rung = _rung(found, again)
    way = found[0].way if rung is Rung.MODEL else _BY_RUNG[rung]
    card = _card(model, ground, told, found, last, again, rung)
    chances, before = None, None
    if last and days:
        chances = Chances.learned(*last.came_true(way))
        before = trial(ground, earlier(last.start, days), days)
    card = _with_bands(card, way, last, before)
    offered = told.shelf.may_be_offered
    return LearnedNextProduct(
        card=replace(card, method=way, remarks=tuple(_remarks(model, told, days, chances))),
        shelf=told.shelf,
        rankers=told.rankers.kept(way),
        way=way,
        chances=chances,
        beginners=Beginners.learned(ground, told.bought, told.numbers, offered.astype(np.float64)),
    )


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedNextProduct:
    """What learned before."""
    return LearnedNextProduct(
        card=card,
        shelf=Shelf.from_json(kept["shelf"]),
        rankers=Rankers.from_json(kept["rankers"], model.horizon or 0),
        way=kept["way"],
        chances=Chances.from_json(kept["chances"]) if kept["chances"] else None,
        beginners=Beginners(label=None, **kept["beginners"]),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedNextProduct:
    """What was learned of products.

    Attributes:
        card: What is told of it.
        shelf: The products.
        rankers: What goes with what, and when it is bought again.
        way: How products are ranked.
        chances: How likely a product that is named is bought; None where nothing later could tell.
        beginners: What those who have not bought are offered.
    """

    card: Card
    shelf: Shelf
    rankers: Rankers
    way: str
    chances: Chances | None
    beginners: Beginners

    @property
    def needs(self) -> frozenset[str]:
        """What tells kinds of newcomers apart."""
        return frozenset({self.beginners.attribute} if self.beginners.attribute else ())

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The product, its name, how likely it is bought, and when."""
        if not self.shelf.may_be_offered.any():
            return {}
        bought = self._bought(customers)
        places, scores, known = self._named(bought, customers)
        codes = [None if place is None else self.shelf.codes[place] for place in places]
        names = [None if place is None else self.shelf.names[place] for place in places]
        said = {PRODUCT.key: pa.array(codes, pa.string()), NAME.key: pa.array(names, pa.string())}
        said[DAY.key] = pa.array(self._days(bought, places, known), pa.date32())
        return said | self._chance(scores, known)

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """Why that product."""
        if not self.shelf.may_be_offered.any():
            return tuple(() for _ in range(customers.profiles.num_rows))
        bought = self._bought(customers)
        places, _, known = self._named(bought, customers)
        sayer = Sayer(shelf=self.shelf, rankers=self.rankers, bought=bought)
        kinds = self.beginners.kinds(customers.profiles)
        return tuple(
            () if place is None else sayer.reasons(row, place) if has else self._begins(place, kinds[row], customers)
            for row, (place, has) in enumerate(zip(places, known, strict=True))
        )

    def _begins(self, place: int, kind: str | None, customers: Customers) -> tuple[Reason, ...]:
        name, attribute = self.shelf.names[place], self.beginners.attribute
        if attribute and kind and kind in self.beginners.best:
            word = customers.ground.catalogue.available[attribute].word(kind)
            said = text("models.next-product-kind", product=name, kind=word)
        else:
            said = text("models.next-product-popular", product=name)
        return (Reason(of=PRODUCT.key, said=said, supports=True, weight=1.0),)

    def _bought(self, customers: Customers) -> Purchases:
        as_of = customers.ground.as_of
        baskets = Baskets.of(customers.read(bought_products(customers.ground.facts, as_of)))
        numbers = np.asarray(customers.profiles[NUMBER], dtype=np.int64)
        return self.shelf.purchases(baskets, numbers, as_of.day.toordinal())

    def _named(
        self, bought: Purchases, customers: Customers
    ) -> tuple[list[int | None], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """The product of each customer, how much speaks for it, and whether their own purchases do."""
        best, scores = self.rankers.best(self.way, bought, self.shelf.may_be_offered)
        known = np.diff(bought.matrix.indptr) > 0
        begin = self.beginners.places(customers.profiles)
        places = [int(own) if has else other for own, has, other in zip(best, known, begin, strict=True)]
        return places, scores, known

    def _chance(self, scores: npt.NDArray[np.float64], known: npt.NDArray[np.bool_]) -> dict[str, pa.Array]:
        if self.chances is None:
            return {}
        value, low, high = self.chances.of(scores)
        ends = {CHANCE.key: value, CHANCE.key + LOW: low, CHANCE.key + HIGH: high}
        return {key: pa.array(each, mask=~known) for key, each in ends.items()}

    def _days(self, bought: Purchases, places: list[int | None], known: npt.NDArray[np.bool_]) -> Iterator[date | None]:
        """When those who have bought the product before are due again; today where that has just gone by."""
        due = dict[tuple[int, int], date]()
        cycles = self.rankers.timing.cycle(bought.items, bought.days, bought.last - bought.first)
        days = np.maximum(np.rint(bought.last + cycles), bought.until).astype(np.int64)
        current = bought.until - bought.last <= _SILENT * cycles
        for customer, item, day in zip(bought.customers[current], bought.items[current], days[current], strict=True):
            due[int(customer), int(item)] = date.fromordinal(min(int(day), date.max.toordinal()))
        for customer, (place, has) in enumerate(zip(places, known, strict=True)):
            yield due.get((customer, place)) if has and place is not None else None

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        return {
            "shelf": self.shelf.to_json(),
            "rankers": self.rankers.to_json(self.way),
            "way": self.way,
            "chances": self.chances.to_json() if self.chances else None,
            "beginners": self.beginners.to_json(),
        }


def _rung(found: tuple[Judged, ...], again: int) -> Rung:
    if found and len(found[0].each) >= FOR_A_MODEL:
        return Rung.MODEL
    return Rung.POOLED if again >= FOR_RHYTHMS else Rung.RULE


def _nothing(model: Model, ground: Ground) -> LearnedNextProduct:
    """Nobody has bought a product yet."""
    nothing = Baskets.of(
        pa.table(
            {
                NUMBER: pa.array([], pa.int64()),
                "product_id": pa.array([], pa.string()),
                **{name: pa.array([], pa.date32()) for name in ("first", "last")},
                **{name: pa.array([], pa.int64()) for name in ("days", "paid")},
            }
        )
    )
    shelf = Shelf.of(nothing, {}, ground.as_of)
    bought = shelf.purchases(nothing, np.empty(0, np.int64), ground.as_of.day.toordinal())
    card = Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=Rung.RULE,
        wanted=text("models.wanted-more", had=0, count=FOR_A_MODEL, of=text("models.supply-later-buyers")),
        method=None,
        supplies=(Supply(of=text("models.supply-buyers"), had=0, needed=FOR_A_MODEL),),
        remarks=(text("models.next-product-nothing"),),
    )
    return LearnedNextProduct(
        card=card,
        shelf=shelf,
        rankers=Rankers.learned(bought, model.horizon or 0).kept("popularity"),
        way="popularity",
        chances=None,
        beginners=Beginners(attribute=None, label=None, best={}, usual=None),
    )


def _card(
    model: Model,
    ground: Ground,
    told: Told,
    found: tuple[Judged, ...],
    last: Trial | None,
    again: int,
    rung: Rung,
) -> Card:
    later = len(found[0].each) if found else 0
    supplies = (
        Supply(of=text("models.supply-buyers"), had=len(told.numbers), needed=FOR_A_MODEL),
        Supply(of=text("models.supply-bought-again"), had=again, needed=FOR_RHYTHMS),
        Supply(of=text("models.supply-later-buyers"), had=later, needed=FOR_A_MODEL),
    )
    card = Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=rung,
        wanted=_wanted(rung, supplies),
        method=None,
        supplies=supplies,
        measure=text("models.measure-ndcg"),
        customers=len(told.numbers),
    )
    if last is None or rung is not Rung.MODEL:
        return card
    gain, low, high = better_than(found)
    return replace(
        card,
        baseline=text("models.next-product-baseline"),
        gain=gain,
        gain_low=low,
        gain_high=high,
        judged_from=last.start.day,
        judged_until=ground.as_of.day,
        contenders=contenders(found),
    )


def _wanted(rung: Rung, supplies: tuple[Supply, ...]) -> Text | None:
    if rung is Rung.MODEL:
        return None
    short = supplies[1] if rung is Rung.RULE else supplies[2]
    return text("models.wanted-more", had=short.had, count=short.needed, of=short.of)


def _with_bands(card: Card, way: str, last: Trial | None, before: Trial | None) -> Card:
    """Chances learned on the days before those that judge, beside what happened in those."""
    if last is None or before is None:
        return card
    chances = Chances.learned(*before.came_true(way))
    scores, hits = last.came_true(way)
    if chances is None or not len(scores):
        return card
    return replace(card, bands=bands(chances, scores, hits), counted=text("models.next-product-counted"))


def _remarks(model: Model, told: Told, days: int | None, chances: Chances | None) -> Iterator[Text]:
    shelf = told.shelf
    yield text("models.next-product-metric")
    if days and days < (model.horizon or 0):
        yield text("models.next-product-shortened", count=days)
    if chances is None:
        yield text("models.next-product-no-chance")
    if shelf.left_out:
        examples = ", ".join(shelf.left_out[:_NAMED])
        yield text("models.next-product-left-out", count=len(shelf.left_out), examples=examples)
    gone = len(shelf.codes) - int(shelf.may_be_offered.sum())
    if gone:
        yield text("models.next-product-not-offered", count=gone)
    if shelf.others:
        yield text("models.next-product-most", count=MOST, others=shelf.others)
    yield text("models.next-product-newcomers")
