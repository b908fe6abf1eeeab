"""The flow: who went from which segment to which, as bands between two columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from carpel.charts.charts import Data, Drawing
from carpel.charts.flow_drawing import Band, End, draw
from carpel.charts.notes import nothing
from carpel.charts.numbers import Brief, brief
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Rendered, Text, text

MOST: Final = 11
MOST_NARROW: Final = 7
"""Segments drawn one by one at each side, on a laptop and on a phone; the smaller ones are drawn as one."""
OTHERS: Final = "*"
_NARROW: Final = 520


@dataclass(frozen=True)
class Side:
    """A segment at one end of an arrow.

    Attributes:
        key: The segment; None is outside the base.
        label: What people call it.
        colour: Its number among the colours; None is grey.
    """

    key: str | None
    label: Labels | Text
    colour: int | None = None


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """Customers who went from one segment to another.

    Attributes:
        before: Where they were.
        after: Where they are.
        customers: How many.
        money: What they are worth, in minor units; None where unknown.
        href: Where a click leads.
    """

    before: Side
    after: Side
    customers: int
    money: int | None = None
    href: str | None = None


@dataclass(frozen=True)
class Subject:
    """A segment with its parts.

    Attributes:
        label: What people call it.
        keys: It and its parts, as arrows name them.
    """

    label: Rendered
    keys: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """All movements between two dates, or all that touch one segment.

    Attributes:
        arrows: From each segment to each other; none with nobody on it.
        currency: Of their money.
        since: The earlier date.
        subject: The segment that the arrows lead to or from; None where they are everybody's.
    """

    arrows: tuple[Arrow, ...]
    currency: Currency
    since: date
    subject: Subject | None = None

    @property
    def caption(self) -> Text:
        """Who lost the most customers, and to whom; of one segment, whether more came to it or left."""
        if self.subject:
            return self._of(self.subject)
        gone = [each for each in self.arrows if each.before.key is not None]
        come = [each for each in self.arrows if each.after.key is not None]
        if gone:
            return self._told("lost", gone, lambda each: each.before, lambda each: each.after)
        if come:
            return self._told("gained", come, lambda each: each.after, lambda each: each.before)
        return text("charts.flow-nobody", since=self.since)

    def _of(self, subject: Subject) -> Text:
        come = [each for each in self.arrows if each.after.key in subject.keys]
        gone = [each for each in self.arrows if each.before.key in subject.keys]
        if not come and not gone:
            return text("charts.flow-nobody", since=self.since)
        gained = _customers(come) > _customers(gone)
        what, those = ("gained", come) if gained else ("lost", gone)
        others = _by(those, (lambda each: each.before) if gained else (lambda each: each.after))
        return text(
            f"charts.flow-{what}",
            segment=subject.label,
            customers=self._people(those),
            since=self.since,
            where=_where(what, others),
        )

    def gathered(self, most: int = MOST) -> tuple[Arrow, ...]:
        """The arrows of so many segments at each side, the smaller segments as one, so that nobody is left out."""
        before = _gathering([(each.before, each.customers) for each in self.arrows], most)
        after = _gathering([(each.after, each.customers) for each in self.arrows], most)
        found: dict[tuple[str | None, str | None], list[Arrow]] = {}
        for each in self.arrows:
            moved = replace(each, before=before[each.before.key], after=after[each.after.key])
            found.setdefault((moved.before.key, moved.after.key), []).append(moved)
        return tuple(_ranked(map(_as_one, found.values())))

    def data(self, language: str) -> Data:
        """Every arrow, the largest first."""
        columns = (
            *(text("charts.from"), text("charts.to"), text("charts.customers")),
            text("charts.money", currency=self.currency.code),
        )
        rows = [
            (
                each.before.label.render(language),
                each.after.label.render(language),
                each.customers,
                None if each.money is None else self.currency.major(each.money),
            )
            for each in _ranked(self.arrows)
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """Where they were at the left, where they are at the right."""
        arrows = self.gathered(MOST if width >= _NARROW else MOST_NARROW)
        if not arrows:
            return nothing(self.caption, language, width)
        return draw([self._band(each, language) for each in arrows], language, width)

    def _band(self, arrow: Arrow, language: str) -> Band:
        before, after = (
            End(side.key or "", side.label.render(language), side.colour, is_last=side.key == OTHERS)
            for side in (arrow.before, arrow.after)
        )
        return Band(
            before=before,
            after=after,
            customers=arrow.customers,
            figures="" if arrow.money is None else brief(arrow.money, self.currency, language),
            said=self._said(arrow).render(language),
            href=arrow.href,
        )

    def _said(self, arrow: Arrow) -> Text:
        """What an arrow is when pointed at."""
        people = text("charts.people", count=arrow.customers)
        ends = {"before": arrow.before.label, "after": arrow.after.label, "customers": people}
        if arrow.money is None:
            return text("charts.arrow", **ends)
        return text("charts.arrow-money", **ends, money=self.currency.money(arrow.money))

    def _told(
        self, what: str, arrows: Iterable[Arrow], own: Callable[[Arrow], Side], other: Callable[[Arrow], Side]
    ) -> Text:
        """The segment with the most customers on these arrows, and where most of them went or came from."""
        of = _by(arrows, own)
        segment, mine = max(of, key=lambda each: _customers(each[1]))
        return text(
            f"charts.flow-{what}",
            segment=segment.label,
            customers=self._people(mine),
            since=self.since,
            where=_where(what, _by(mine, other)),
        )

    def _people(self, arrows: Sequence[Arrow]) -> Text:
        customers, money = _customers(arrows), _known(arrows)
        if money is None:
            return text("charts.people", count=customers)
        return text("charts.people-worth", count=customers, money=Brief(money, self.currency))


def _gathering(ends: Iterable[tuple[Side, int]], most: int) -> dict[str | None, Side]:
    """What each segment is drawn as: itself, or all smaller ones together. Outside the base stays itself."""
    sizes: dict[str | None, int] = {}
    sides: dict[str | None, Side] = {}
    for side, customers in ends:
        sizes[side.key] = sizes.get(side.key, 0) + customers
        sides[side.key] = side
    segments = sorted((key for key in sides if key is not None), key=lambda key: -sizes[key])
    small = segments[most:] if len(segments) > most + 1 else []
    together = Side(OTHERS, text("charts.flow-others", count=len(small)))
    return {**sides, **dict.fromkeys(small, together)}


def _as_one(arrows: Sequence[Arrow]) -> Arrow:
    """Arrows between the same two ends; one alone keeps where it leads."""
    if len(arrows) == 1:
        return arrows[0]
    return replace(arrows[0], customers=_customers(arrows), money=_known(arrows), href=None)


def _where(what: str, others: Sequence[tuple[Side, Sequence[Arrow]]]) -> Rendered | str:
    """To or from whom, as far as one stands out."""
    sizes = sorted((_customers(arrows) for _, arrows in others), reverse=True)
    largest, _ = max(others, key=lambda each: _customers(each[1]))
    if len(sizes) == 1:
        return text(f"charts.flow-{what}-all", other=largest.label)
    if 2 * sizes[0] > sum(sizes):
        return text(f"charts.flow-{what}-most", other=largest.label)
    return text(f"charts.flow-{what}-largest", other=largest.label) if sizes[0] > sizes[1] else ""


def _by(arrows: Iterable[Arrow], side: Callable[[Arrow], Side]) -> list[tuple[Side, list[Arrow]]]:
    found: dict[str | None, tuple[Side, list[Arrow]]] = {}
    for each in arrows:
        found.setdefault(side(each).key, (side(each), []))[1].append(each)
    return list(found.values())


def _ranked(arrows: Iterable[Arrow]) -> list[Arrow]:
    return sorted(arrows, key=lambda each: -each.customers)


def _customers(arrows: Iterable[Arrow]) -> int:
    return sum(each.customers for each in arrows)


def _known(arrows: Sequence[Arrow]) -> int | None:
    """All of their money; None where that of some is unknown."""
    known = [each.money for each in arrows if each.money is not None]
    return sum(known) if len(known) == len(arrows) else None
