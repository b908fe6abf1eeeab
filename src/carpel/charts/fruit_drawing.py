"""How a fruit is drawn: its rings, its ribbons, and the names beside or below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from carpel.charts.charts import Drawing
from carpel.charts.elements import HATCH, coloured, element, linked, path, words
from carpel.charts.measuring import SMALL, fitted, width_of
from carpel.charts.placing import apart
from carpel.charts.rings import FULL, Arc

_GAP: Final = 0.008
_RINGS: Final = (0.40, 0.60, 0.80, 1.0)
"""The inner ring from and to, then the outer, as parts of the radius."""
_LINE: Final = 34.0
_SIDE: Final = 215.0
_LARGEST: Final = 190.0
_LARGEST_NARROW: Final = 150.0
_ROW: Final = 26.0
_SHORT: Final = 0.001
"""An arc from a point to itself is nothing at all, so a whole ring stays just this short of it."""
_STEPS: Final = 24
_LONG: Final = 8
"""A number of so many characters needs smaller type."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One segment, ready to be drawn.

    Attributes:
        label: Its name.
        figures: Its part of the customers, and its money.
        said: The same in full, for whoever points at it.
        colour: Its number among the colours.
        href: Where a click leads.
        is_loss: Whether its money is less than nothing.
        inner: By customers.
        outer: By money.
    """

    label: str
    figures: str
    said: str
    colour: int
    href: str | None
    is_loss: bool
    inner: Arc
    outer: Arc

    @property
    def angle(self) -> float:
        """Where its name points: to its money, or to its customers where they bring none."""
        return (self.outer if self.outer.is_there else self.inner).middle % FULL

    @property
    def is_right(self) -> bool:
        """Whether its name stands at the right."""
        return self.angle < pi


@dataclass(frozen=True)
class Figures:
    """What stands in the middle.

    Attributes:
        customers: How many.
        money: What they bring; None where unknown.
    """

    customers: str
    money: str | None


@dataclass(frozen=True)
class _Place:
    """Where the fruit lies.

    Attributes:
        x: Its middle.
        y: Its middle.
        radius: To its outer edge.
    """

    x: float
    y: float
    radius: float

    def at(self, part: float, angle: float, further: float = 0.0) -> tuple[float, float]:
        """A point at a part of the radius and some pixels further, at an angle from the top, clockwise."""
        radius = self.radius * part + further
        return (self.x + radius * sin(angle), self.y - radius * cos(angle))


def draw(slices: Sequence[Slice], figures: Figures, width: int) -> Drawing:
    """Wide enough, names stand beside the fruit; else below it."""
    if width >= 2 * (_SIDE + 110):
        return _with_names_beside(slices, figures, width)
    return _with_names_below(slices, figures, width)


def _with_names_beside(slices: Sequence[Slice], figures: Figures, width: int) -> Drawing:
    radius = min((width - 2 * _SIDE) / 2, _LARGEST)
    right = sum(each.is_right for each in slices)
    height = max(2 * radius + 24, max(right, len(slices) - right) * _LINE + _LINE / 2)
    place = _Place(width / 2, height / 2, radius)
    ends = _ends(slices, place)
    carpels = [_carpel(each, place, _name(each, end, width)) for each, end in zip(slices, ends, strict=True)]
    leaders = [_leader(each, end, place) for each, end in zip(slices, ends, strict=True)]
    return Drawing(width, height, "".join((*carpels, _middle(figures, place), *leaders)))


def _with_names_below(slices: Sequence[Slice], figures: Figures, width: int) -> Drawing:
    radius = min(width / 2 - 8, _LARGEST_NARROW)
    place, top = _Place(width / 2, radius + 8, radius), 2 * radius + 24
    carpels = [_carpel(each, place, _row(each, top + number * _ROW, width)) for number, each in enumerate(slices)]
    return Drawing(width, top + len(slices) * _ROW, "".join((*carpels, _middle(figures, place))))


def _carpel(each: Slice, place: _Place, name: str) -> str:
    """Both arcs, the ribbon between them and the name, as one link."""
    inner_from, inner_to, outer_from, outer_to = _RINGS
    parts = (
        _ribbon(each.inner, each.outer, place),
        _arc(each.inner, place, inner_from, inner_to, is_loss=False),
        _arc(each.outer, place, outer_from, outer_to, is_loss=each.is_loss),
        name,
    )
    return linked(each.href, each.said, *parts, class_=coloured(each.colour))


def _arc(arc: Arc, place: _Place, near: float, far: float, *, is_loss: bool) -> str:
    if not arc.is_there:
        return ""
    gap = min(_GAP, (arc.end - arc.start) / 6)
    start, end = arc.start + gap, min(arc.end - gap, arc.start + FULL - _SHORT)
    return path(
        [
            *("M", place.at(far, start), *_along(place, far, start, end)),
            *("L", place.at(near, end), *_along(place, near, end, start), "Z"),
        ],
        class_=_class(arc, is_loss=is_loss),
        fill=HATCH if is_loss else None,
    )


def _class(arc: Arc, *, is_loss: bool) -> str:
    if is_loss:
        return "chart-loss chart-widened" if arc.widened else "chart-loss"
    return "chart-hollow-mark chart-widened" if arc.widened else "chart-mark"


def _along(place: _Place, part: float, start: float, end: float) -> tuple[str, tuple[float, ...]]:
    """Along a ring from one angle to another."""
    radius = part * place.radius
    return ("A", (radius, radius, 0, int(abs(end - start) > pi), int(end > start), *place.at(part, end)))


def _ribbon(inner: Arc, outer: Arc, place: _Place) -> str:
    if not (inner.is_there and outer.is_there):
        return ""
    near, far = _RINGS[1], _RINGS[2]
    there = _turning(inner.start, outer.start, near, far)
    back = _turning(outer.end - _SHORT, inner.end - _SHORT, far, near)
    return path(
        [
            *("M", place.at(near, inner.start)),
            *(step for part, angle in there for step in ("L", place.at(part, angle))),
            *_along(place, far, outer.start, outer.end - _SHORT),
            *(step for part, angle in back for step in ("L", place.at(part, angle))),
            *(*_along(place, near, inner.end - _SHORT, inner.start), "Z"),
        ],
        class_="chart-band",
    )


def _turning(start: float, end: float, near: float, far: float) -> Iterator[tuple[float, float]]:
    """Radius and angle on the way from one ring to the other, turning within the space between them."""
    for step in range(1, _STEPS + 1):
        way = step / _STEPS
        yield near + (far - near) * way, start + (end - start) * way * way * (3 - 2 * way)


def _middle(figures: Figures, place: _Place) -> str:
    number, _, rest = figures.customers.partition(" ")
    size = "chart-big" if len(number) < _LONG else "chart-big chart-long"
    lines = [words(number, x=place.x, y=place.y - 4, text_anchor="middle", class_=size)]
    if rest:
        lines.append(words(rest, x=place.x, y=place.y + 13, text_anchor="middle", class_="chart-soft"))
    if figures.money is not None:
        lines.append(words(figures.money, x=place.x, y=place.y + 33, text_anchor="middle"))
    return "".join(lines)


def _ends(slices: Sequence[Slice], place: _Place) -> list[tuple[float, float]]:
    """Where the line to each name ends, none so near the next that names would cover each other."""
    found = [(0.0, 0.0) for _ in slices]
    for is_right in (True, False):
        numbers = [number for number, each in enumerate(slices) if each.is_right == is_right]
        numbers.sort(key=lambda number: -cos(slices[number].angle))
        levels = apart([place.at(1.0, slices[number].angle)[1] for number in numbers], _LINE, 2 * place.y)
        x = place.x + (place.radius + 26) * (1 if is_right else -1)
        for number, y in zip(numbers, levels, strict=True):
            found[number] = (x, y)
    return found


def _name(each: Slice, end: tuple[float, float], width: int) -> str:
    x, anchor = (end[0] + 5, "start") if each.is_right else (end[0] - 5, "end")
    room = (width - x if each.is_right else x) - 4
    title = words(fitted(each.label, room), x=x, y=end[1] - 2, text_anchor=anchor)
    told = words(fitted(each.figures, room, SMALL), x=x, y=end[1] + 13, text_anchor=anchor, class_="chart-soft")
    return title + told


def _leader(each: Slice, end: tuple[float, float], place: _Place) -> str:
    """From the arc straight outwards, then to the name."""
    # Who brings no money is in the inner ring alone.
    edge = place.at(1.0, each.angle, 2) if each.outer.is_there else place.at(_RINGS[1], each.angle, -3)
    elbow = (place.x + (place.radius + 16) * (1 if each.is_right else -1), end[1])
    line = path(["M", edge, "L", place.at(1.0, each.angle, 8), "L", elbow, "L", end], class_="chart-axis")
    return line + element("circle", cx=edge[0], cy=edge[1], r=1.5, class_="chart-axis")


def _row(each: Slice, y: float, width: int) -> str:
    room = width - 34 - width_of(each.figures, SMALL)
    swatch = element("rect", x=2, y=y, width=12, height=12, rx=3, class_="chart-mark")
    title = words(fitted(each.label, room), x=22, y=y + 11)
    return swatch + title + words(each.figures, x=width - 2, y=y + 11, text_anchor="end", class_="chart-soft")
