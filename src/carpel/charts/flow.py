"""The flow: who went from which segment to which, as bands between two columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from carpel.charts import numbers
from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import clean, element, fitted, linked, path, words
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text, text

MOST: Final = 16
"""Arrows drawn one by one; the smaller ones are drawn as one."""
OTHERS: Final = "*"
_BAR: Final = 12.0
_SPACE: Final = 10.0
_LEAST: Final = 16.0
_SCALE: Final = 260.0


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


@dataclass(frozen=True, kw_only=True)
class Flow:
    """All movements between two dates.

    Attributes:
        arrows: From each segment to each other; none with nobody on it.
        currency: Of their money.
        since: The earlier date.
    """

    arrows: tuple[Arrow, ...]
    currency: Currency
    since: date

    @property
    def caption(self) -> Text:
        """How many moved, and the largest arrow."""
        if not self.arrows:
            return text("charts.flow-nobody", since=self.since)
        largest = max(self.arrows, key=lambda each: each.customers)
        return text(
            "charts.flow",
            count=sum(each.customers for each in self.arrows),
            since=self.since,
            before=largest.before.label,
            after=largest.after.label,
            most=largest.customers,
        )

    @property
    def drawn_arrows(self) -> tuple[Arrow, ...]:
        """The largest one by one and the smaller ones as one, so that nobody is left out."""
        ranked = sorted(self.arrows, key=lambda each: -each.customers)
        first, rest = ranked[:MOST], ranked[MOST:]
        if len(rest) <= 1:
            return tuple(ranked)
        side = Side(OTHERS, text("charts.flow-others", count=len(rest)))
        known = [each.money for each in rest if each.money is not None]
        money = sum(known) if known else None
        gathered = Arrow(before=side, after=side, customers=sum(each.customers for each in rest), money=money)
        return (*first, gathered)

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
                None if each.money is None else str(self.currency.major(each.money)),
            )
            for each in sorted(self.arrows, key=lambda each: -each.customers)
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """Where they were at the left, where they are at the right."""
        arrows = self.drawn_arrows
        if not arrows:
            return Drawing(width, 8, "")
        room = min(width * 0.3, 220.0)
        left, right = _columns(arrows, (room, width - room - _BAR))
        height = max(node.y + node.height for node in (*left.values(), *right.values())) + 4
        bands = _bands(arrows, left, right, self.currency, language)
        nodes = [_node(node, room - 10, language, is_left=True) for node in left.values()]
        nodes += [_node(node, room - 10, language, is_left=False) for node in right.values()]
        return Drawing(width, height, "".join((*bands, *nodes)))


@dataclass(frozen=True)
class _Node:
    """A segment at one side, as high as it has customers on arrows."""

    side: Side
    customers: int
    x: float
    y: float = 0.0
    height: float = 0.0


def _columns(
    arrows: Sequence[Arrow], at: tuple[float, float]
) -> tuple[dict[str | None, _Node], dict[str | None, _Node]]:
    total = sum(each.customers for each in arrows)
    left = _column(((each.before, each.customers) for each in arrows), at[0], total)
    right = _column(((each.after, each.customers) for each in arrows), at[1], total)
    return left, right


def _column(ends: Iterable[tuple[Side, int]], x: float, total: int) -> dict[str | None, _Node]:
    found: dict[str | None, _Node] = {}
    for side, customers in ends:
        before = found.get(side.key)
        found[side.key] = _Node(side, customers + (before.customers if before else 0), x)
    y = 2.0
    for key, node in found.items():
        height = max(_SCALE * node.customers / total, _LEAST)
        found[key] = replace(node, y=y, height=height)
        y += height + _SPACE
    return found


def _bands(
    arrows: Sequence[Arrow],
    left: Mapping[str | None, _Node],
    right: Mapping[str | None, _Node],
    currency: Currency,
    language: str,
) -> list[str]:
    used_left: dict[str | None, float] = {}
    used_right: dict[str | None, float] = {}
    drawn = []
    for arrow in arrows:
        one, other = left[arrow.before.key], right[arrow.after.key]
        start, end = used_left.get(one.side.key, one.y), used_right.get(other.side.key, other.y)
        thick_start = one.height * arrow.customers / one.customers
        thick_end = other.height * arrow.customers / other.customers
        used_left[one.side.key], used_right[other.side.key] = start + thick_start, end + thick_end
        band = _band((one.x + _BAR, start, thick_start), (other.x, end, thick_end))
        class_ = f"segment-{arrow.before.colour}" if arrow.before.colour else None
        drawn.append(linked(arrow.href, _said(arrow, currency, language), band, class_=class_))
    return drawn


def _band(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    (x, y, thick), (to_x, to_y, to_thick) = start, end
    half = (x + to_x) / 2
    return path(
        [
            *("M", (x, y), "C", (half, y, half, to_y, to_x, to_y), "L", (to_x, to_y + to_thick)),
            *("C", (half, to_y + to_thick, half, y + thick, x, y + thick), "Z"),
        ],
        class_="chart-band",
    )


def _node(node: _Node, room: float, language: str, *, is_left: bool) -> str:
    class_ = f"segment-{node.side.colour}" if node.side.colour else None
    bar = element("rect", x=node.x, y=node.y, width=_BAR, height=node.height, rx=2, class_="chart-mark")
    figure = numbers.count(node.customers, language)
    label = node.side.label.render(language)
    x, anchor = (node.x - 6, "end") if is_left else (node.x + _BAR + 6, "start")
    middle = node.y + node.height / 2 + 4
    shown = fitted(label, room - len(figure) * 7 - 6)
    name = words(f"{shown} {figure}", x=x, y=middle, text_anchor=anchor)
    return element("g", element("title", clean(f"{label} {figure}")), bar, name, class_=class_)


def _said(arrow: Arrow, currency: Currency, language: str) -> str:
    """What an arrow is when pointed at."""
    known: dict[str, str] = {
        "before": arrow.before.label.render(language),
        "after": arrow.after.label.render(language),
        "customers": numbers.count(arrow.customers, language),
    }
    if arrow.money is None:
        return text("charts.arrow", **known).render(language)
    return text("charts.arrow-money", **known, money=currency.shown(arrow.money, language, whole=True)).render(language)
