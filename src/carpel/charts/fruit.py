"""The fruit: who the customers are, and beside it where the money is.

Two concentric rings in one colour and order, the inner by customers, the outer by money, joined by ribbons, so that one
sees how few customers carry how much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin
from typing import Final

from carpel.charts import numbers
from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import element, fitted, linked, path, words
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text, text

FULL: Final = 2 * pi
LEAST: Final = FULL / 150
"""Anything at all is drawn at least this wide, and marked where it had to be widened."""
_GAP: Final = 0.008
_SHORT: Final = 0.001
"""An arc from a point to itself is nothing at all, so a whole ring stays just short of it."""
_STEPS: Final = 60
_RINGS: Final = (0.40, 0.60, 0.80, 1.0)
"""The inner ring from and to, then the outer, as parts of the radius."""
_LINE: Final = 17.0
_SIDE: Final = 215.0


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


@dataclass(frozen=True)
class Arc:
    """A part of a ring, from the top clockwise, in radians.

    Attributes:
        start: Where it begins.
        end: Where it ends; the same where there is nothing.
        widened: Whether it is drawn wider than it is.
    """

    start: float
    end: float
    widened: bool = False

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.start + self.end) / 2


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
        if not gains:
            largest = max(self.carpels, key=lambda each: each.customers)
            return text(
                "charts.fruit-customers", segment=largest.label, share=_Share(largest.customers / self.customers)
            )
        few = _carrying_half(self.carpels, gains)
        return text(
            "charts.fruit-money",
            count=len(few),
            customers=_Share(sum(each.customers for each in few) / self.customers),
            money=_Share(sum(each.money or 0 for each in few) / gains),
            first=few[0].label,
        )

    def data(self, language: str) -> Data:
        """Each segment with its customers and money."""
        columns = (text("charts.segment"), text("charts.customers"), text("charts.money", currency=self.currency.code))
        rows = [
            (
                each.label.render(language),
                each.customers,
                None if each.money is None else str(self.currency.major(each.money)),
            )
            for each in self.carpels
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """Wide enough, names stand beside the fruit; else below it."""
        carpels = [each for each in self.carpels if each.customers or each.money]
        is_wide = width >= 2 * _SIDE + 220
        radius = min((width - 2 * _SIDE) / 2, 190.0) if is_wide else min(width / 2 - 8, 150.0)
        inner = arcs([each.customers for each in carpels])
        outer = arcs([abs(each.money or 0) for each in carpels])
        right = sum(_angle(*pair) < pi for pair in zip(inner, outer, strict=True))
        names = max(right, len(carpels) - right) * 2 * _LINE
        height = max(2 * radius + 24, names + _LINE) if is_wide else 2 * radius + 16
        centre = (width / 2, height / 2)
        rings = [
            _carpel(each, one, other, centre, radius, self, language)
            for each, one, other in zip(carpels, inner, outer, strict=True)
        ]
        middle = _middle(self, centre, language)
        if is_wide:
            beside = _beside(carpels, inner, outer, centre, radius, width, self, language)
            return Drawing(width, height, "".join(rings) + middle + beside)
        below = _below(carpels, height + 8, width, self, language)
        return Drawing(width, height + 16 + len(carpels) * 26, "".join(rings) + middle + below)


def arcs(values: Sequence[int]) -> tuple[Arc, ...]:
    """A ring divided in proportion; slivers are widened and the others give way, so that the ring stays full."""
    total = sum(values)
    if not total:
        return tuple(Arc(0.0, 0.0) for _ in values)
    exact = [FULL * value / total for value in values]
    small = [0 < angle < LEAST for angle in exact]
    # What the slivers take the others give, in proportion to what they have.
    room = FULL - LEAST * sum(small)
    large = sum(angle for angle, is_small in zip(exact, small, strict=True) if not is_small)
    drawn = [LEAST if is_small else angle * room / large for angle, is_small in zip(exact, small, strict=True)]
    found, at = [], 0.0
    for angle, is_small in zip(drawn, small, strict=True):
        found.append(Arc(at, at + angle, is_small))
        at += angle
    return tuple(found)


def _carrying_half(carpels: Sequence[Carpel], total: int) -> list[Carpel]:
    """The fewest segments that bring half of the money or more, the largest first."""
    few: list[Carpel] = []
    for each in sorted(carpels, key=lambda each: -(each.money or 0)):
        few.append(each)
        if 2 * sum(one.money or 0 for one in few) >= total:
            break
    return few


def _carpel(
    carpel: Carpel, inner: Arc, outer: Arc, centre: tuple[float, float], radius: float, fruit: Fruit, language: str
) -> str:
    """Both arcs and the ribbon between them, as one link."""
    from_inner, to_inner, from_outer, to_outer = (part * radius for part in _RINGS)
    is_loss = (carpel.money or 0) < 0
    parts = [
        _ribbon(inner, outer, centre, to_inner, from_outer),
        _ring(inner, centre, from_inner, to_inner, "chart-mark"),
        _ring(outer, centre, from_outer, to_outer, "chart-loss" if is_loss else "chart-mark"),
    ]
    return linked(carpel.href, _said(carpel, fruit, language), *parts, class_=f"segment-{carpel.colour}")


def _ring(arc: Arc, centre: tuple[float, float], near: float, far: float, class_: str) -> str:
    if arc.end <= arc.start:
        return ""
    gap = min(_GAP, (arc.end - arc.start) / 4)
    start, end = arc.start + gap, min(arc.end - gap, arc.start + FULL - _SHORT)
    large = 1 if end - start > pi else 0
    return path(
        [
            *("M", _at(centre, far, start), "A", (far, far, 0, large, 1, *_at(centre, far, end))),
            *("L", _at(centre, near, end), "A", (near, near, 0, large, 0, *_at(centre, near, start)), "Z"),
        ],
        class_=f"{class_} chart-widened" if arc.widened else class_,
    )


def _ribbon(inner: Arc, outer: Arc, centre: tuple[float, float], near: float, far: float) -> str:
    if inner.end <= inner.start or outer.end <= outer.start:
        return ""
    there = _turning(inner.start, outer.start, near, far)
    back = _turning(outer.end - _SHORT, inner.end - _SHORT, far, near)
    large_out, large_in = (1 if arc.end - arc.start > pi else 0 for arc in (outer, inner))
    return path(
        [
            *("M", _at(centre, near, inner.start)),
            *(step for radius, angle in there for step in ("L", _at(centre, radius, angle))),
            *("A", (far, far, 0, large_out, 1, *_at(centre, far, outer.end - _SHORT))),
            *(step for radius, angle in back for step in ("L", _at(centre, radius, angle))),
            *("A", (near, near, 0, large_in, 0, *_at(centre, near, inner.start)), "Z"),
        ],
        class_="chart-band",
    )


def _turning(start: float, end: float, near: float, far: float) -> Iterator[tuple[float, float]]:
    """Radius and angle on the way from one ring to the other, turning within the space between them."""
    for step in range(1, _STEPS + 1):
        way = step / _STEPS
        yield near + (far - near) * way, start + (end - start) * way * way * (3 - 2 * way)


def _middle(fruit: Fruit, centre: tuple[float, float], language: str) -> str:
    x, y = centre
    total = fruit.money
    lines = [words(numbers.count(fruit.customers, language), x=x, y=y - 6, text_anchor="middle", class_="chart-big")]
    lines.append(
        words(text("charts.customers").render(language), x=x, y=y + 12, text_anchor="middle", class_="chart-soft")
    )
    if total is not None:
        shown = numbers.money(total, fruit.currency, language)
        lines.append(words(shown, x=x, y=y + 32, text_anchor="middle"))
    return "".join(lines)


@dataclass(frozen=True)
class _Name:
    """A name beside the fruit: where its arc is, and on which line it stands."""

    carpel: Carpel
    angle: float
    y: float


def _beside(
    carpels: Sequence[Carpel],
    inner: Sequence[Arc],
    outer: Sequence[Arc],
    centre: tuple[float, float],
    radius: float,
    width: int,
    fruit: Fruit,
    language: str,
) -> str:
    """Names at both sides with a line to their arc, none over another."""
    sides: dict[bool, list[_Name]] = {True: [], False: []}
    for carpel, by_customers, by_money in zip(carpels, inner, outer, strict=True):
        angle = _angle(by_customers, by_money)
        sides[angle < pi].append(_Name(carpel, angle, centre[1] - cos(angle) * radius))
    drawn = []
    for is_right, names in sides.items():
        apart = _apart(names, 2 * _LINE, centre[1] * 2)
        drawn += [_name(each, centre, radius, width, fruit, language, is_right=is_right) for each in apart]
    return "".join(drawn)


def _angle(by_customers: Arc, by_money: Arc) -> float:
    """Where a carpel's name points: to its money, or to its customers where they bring none."""
    return by_money.middle if by_money.end > by_money.start else by_customers.middle


def _apart(names: Sequence[_Name], distance: float, height: float) -> list[_Name]:
    """From the top down, each far enough below the one before; then up again from the bottom."""
    placed = sorted(names, key=lambda name: name.y)
    least = distance / 2
    for place, name in enumerate(placed):
        y = max(name.y, least)
        placed[place], least = replace(name, y=y), y + distance
    most = height - distance / 2
    for place in range(len(placed) - 1, -1, -1):
        y = min(placed[place].y, most)
        placed[place], most = replace(placed[place], y=y), y - distance
    return placed


def _name(
    name: _Name, centre: tuple[float, float], radius: float, width: int, fruit: Fruit, language: str, *, is_right: bool
) -> str:
    # Who brings no money is in the inner ring alone.
    edge = _at(centre, radius + 2 if name.carpel.money else _RINGS[1] * radius - 3, name.angle)
    side = 1 if is_right else -1
    elbow = (centre[0] + side * (radius + 18), name.y)
    end = (elbow[0] + side * 8, name.y)
    x, anchor = end[0] + side * 5, "start" if is_right else "end"
    room = (width - x if is_right else x) - 4
    line = path(["M", edge, "L", elbow, "L", end], class_="chart-axis")
    line += element("circle", cx=edge[0], cy=edge[1], r=1.5, class_="chart-axis")
    title = words(fitted(name.carpel.label.render(language), room), x=x, y=name.y - 2, text_anchor=anchor)
    figures = fitted(_figures(name.carpel, fruit, language), room, 12)
    told = words(figures, x=x, y=name.y + 13, text_anchor=anchor, class_="chart-soft")
    return line + linked(name.carpel.href, _said(name.carpel, fruit, language), title, told)


def _below(carpels: Sequence[Carpel], top: float, width: int, fruit: Fruit, language: str) -> str:
    rows = []
    for place, carpel in enumerate(carpels):
        y = top + place * 26
        figures = _figures(carpel, fruit, language)
        room = width - 24 - len(figures) * 6.6 - 8
        rows.append(
            linked(
                carpel.href,
                _said(carpel, fruit, language),
                element("rect", x=2, y=y, width=12, height=12, rx=3, class_="chart-mark"),
                words(fitted(carpel.label.render(language), room), x=22, y=y + 11),
                words(figures, x=width - 2, y=y + 11, text_anchor="end", class_="chart-soft"),
                class_=f"segment-{carpel.colour}",
            )
        )
    return "".join(rows)


def _figures(carpel: Carpel, fruit: Fruit, language: str) -> str:
    people = numbers.share(carpel.customers / fruit.customers, language) if fruit.customers else "–"
    if carpel.money is None:
        return people
    return f"{people} · {numbers.money(carpel.money, fruit.currency, language)}"


def _said(carpel: Carpel, fruit: Fruit, language: str) -> str:
    """What a carpel is when pointed at."""
    label, people = carpel.label.render(language), numbers.count(carpel.customers, language)
    if carpel.money is None:
        return text("charts.carpel", segment=label, customers=people).render(language)
    money = fruit.currency.shown(carpel.money, language, whole=True)
    return text("charts.carpel-money", segment=label, customers=people, money=money).render(language)


def _at(centre: tuple[float, float], radius: float, angle: float) -> tuple[float, float]:
    """A point at an angle from the top, clockwise."""
    return (centre[0] + radius * sin(angle), centre[1] - radius * cos(angle))


@dataclass(frozen=True)
class _Share:
    """A share in a sentence."""

    part: float

    def render(self, language: str = "en") -> str:
        """As a reader of the language writes it."""
        return numbers.share(self.part, language)
