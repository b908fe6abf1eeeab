"""The fruit: who the customers are, and beside it where the money is.

Two concentric rings in one colour and order, the inner by customers, the outer by money, joined by ribbons, so that one
sees how few customers carry how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carpel.charts.charts import Data, Drawing
from carpel.charts.fruit_drawing import Figures, Slice, draw
from carpel.charts.notes import beneath, nothing, tied
from carpel.charts.numbers import Brief, Share
from carpel.charts.rings import arcs, facing
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Rendered, Text, text


@dataclass(frozen=True, kw_only=True)
class Carpel:
    """One segment in the fruit.

    Attributes:
        key: The segment.
        label: What people call it.
        colour: Its number among the colours.
        customers: How many it holds.
        money: Their money in minor units; a loss is negative, None is unknown.
        href: Where a click leads.
    """

    key: str
    label: Labels
    colour: int
    customers: int
    money: int | None
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fruit:
    """The segments of a company, or the parts of one.

    Attributes:
        carpels: In the scheme's order.
        currency: Of their money.
    """

    carpels: tuple[Carpel, ...]
    currency: Currency

    @property
    def customers(self) -> int:
        """All of them."""
        return sum(each.customers for each in self.carpels)

    @property
    def money(self) -> int | None:
        """All of it; None where none is known."""
        known = [each.money for each in self.carpels if each.money is not None]
        return sum(known) if known else None

    @property
    def caption(self) -> Text:
        """Which segments bring the first half of all money that comes in, and how many customers they are."""
        if not self.customers:
            return text("charts.fruit-nobody")
        gains = sum(each.money for each in self.carpels if each.money and each.money > 0)
        losers = [each for each in self.carpels if (each.money or 0) < 0]
        if gains:
            return self._carried(gains, losers)
        if losers:
            return text("charts.fruit-losing", losers=_named(losers), loss=self._loss(losers))
        largest = max(self.carpels, key=lambda each: each.customers)
        others = sum(each.customers == largest.customers for each in self.carpels) - 1
        share = Share(largest.customers / self.customers)
        return tied("charts.fruit-customers", others, segment=largest.label, share=share)

    def data(self, language: str) -> Data:
        """Each segment with its customers and money."""
        columns = (text("charts.segment"), text("charts.customers"), text("charts.money", currency=self.currency.code))
        rows = [
            (
                each.label.render(language),
                each.customers,
                None if each.money is None else self.currency.major(each.money),
            )
            for each in self.carpels
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """Wide enough, names stand beside the fruit; else below it."""
        slices = self.slices(language)
        if not slices:
            return nothing(self.caption, language, width)
        return beneath(draw(slices, self._figures(language), width), tuple(_notes(slices)), language)

    def slices(self, language: str) -> tuple[Slice, ...]:
        """Every segment that holds anything, with its part of both rings."""
        there = [each for each in self.carpels if each.customers or each.money]
        inner = arcs([each.customers for each in there])
        outer = facing(inner, arcs([abs(each.money or 0) for each in there]))
        return tuple(
            Slice(
                label=each.label.render(language),
                figures=self._brief(each, language),
                said=self._said(each).render(language),
                colour=each.colour,
                href=each.href,
                is_loss=(each.money or 0) < 0,
                inner=one,
                outer=other,
            )
            for each, one, other in zip(there, inner, outer, strict=True)
        )

    def _carried(self, gains: int, losers: Sequence[Carpel]) -> Text:
        few = _carrying_half(self.carpels, gains)
        if few[0].customers == self.customers:
            return text("charts.fruit-all", segment=few[0].label)
        key = "charts.fruit-gains" if losers else "charts.fruit-money"
        said: dict[str, Rendered] = {
            "first": few[0].label,
            "customers": Share(sum(each.customers for each in few) / self.customers),
            "money": Share(sum(each.money or 0 for each in few) / gains),
        }
        # One alone is another sentence, also where a language has one form for any number.
        alone = len(few) == 1
        kind = "-alone" if alone else "-alike" if few[0].money == few[1].money else ""
        carried = text(f"{key}{kind}", **said, **({} if alone else {"count": len(few)}))
        if not losers:
            return carried
        return text("charts.fruit-losses", carried=carried, losers=_named(losers), loss=self._loss(losers))

    def _loss(self, losers: Sequence[Carpel]) -> Brief:
        return Brief(-sum(each.money or 0 for each in losers), self.currency)

    def _figures(self, language: str) -> Figures:
        money = None if self.money is None else Brief(self.money, self.currency).render(language)
        customers = text("charts.people", count=self.customers).render(language)
        return Figures(customers=customers, money=money)

    def _brief(self, carpel: Carpel, language: str) -> str:
        people = Share(carpel.customers / self.customers).render(language) if self.customers else "–"
        if carpel.money is None:
            return people
        return f"{people} · {Brief(carpel.money, self.currency).render(language)}"

    def _said(self, carpel: Carpel) -> Text:
        """What a carpel is when pointed at."""
        people = text("charts.people", count=carpel.customers)
        if carpel.money is None:
            return text("charts.carpel", segment=carpel.label, customers=people)
        money = self.currency.money(carpel.money)
        return text("charts.carpel-money", segment=carpel.label, customers=people, money=money)


def _notes(slices: Sequence[Slice]) -> list[Text]:
    """How to read the rings, as far as they show it."""
    found = []
    if any(each.outer.is_there for each in slices):
        found.append(text("charts.fruit-rings"))
    if any(each.is_loss for each in slices):
        found.append(text("charts.fruit-hatched"))
    if any(arc.widened for each in slices for arc in (each.inner, each.outer)):
        found.append(text("charts.fruit-widened"))
    return found


def _named(carpels: Sequence[Carpel]) -> Rendered:
    return carpels[0].label if len(carpels) == 1 else text("charts.segments", count=len(carpels))


def _carrying_half(carpels: Sequence[Carpel], total: int) -> list[Carpel]:
    """The fewest segments that bring half of the money or more, the largest first."""
    few: list[Carpel] = []
    for each in sorted(carpels, key=lambda each: -(each.money or 0)):
        few.append(each)
        if 2 * sum(one.money or 0 for one in few) >= total:
            break
    return few
