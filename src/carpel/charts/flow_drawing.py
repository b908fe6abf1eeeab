"""How a flow is drawn: two columns of nodes and the bands between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carpel.charts import numbers
from carpel.charts.charts import Drawing
from carpel.charts.elements import clean, coloured, element, linked, path, words
from carpel.charts.measuring import SMALL, fitted, width_of, wrapped

_BAR: Final = 12.0
_SPACE: Final = 8.0
_TALL: Final = 260.0
"""What all customers on arrows are high together."""
_THIN: Final = 1.0
"""The thinnest band."""
_NARROW: Final = 520
_LINE: Final = 19.0
_TWO_LINES: Final = 32.0
_LEADING: Final = 14.0
_TOLD_FROM: Final = 15.0
"""A band of this height has room for its figures."""


@dataclass(frozen=True)
class End:
    """What a band begins or ends at.

    Attributes:
        key: Names it within its column.
        label: What people call it.
        colour: Its number among the colours; None is grey.
        is_last: Whether it stands below all others.
    """

    key: str
    label: str
    colour: int | None
    is_last: bool = False


@dataclass(frozen=True, kw_only=True)
class Band:
    """Customers on their way, ready to be drawn.

    Attributes:
        before: Where they were.
        after: Where they are.
        customers: How many.
        figures: Their money in short; empty where unknown.
        said: All of it in words, for whoever points at it.
        href: Where a click leads.
    """

    before: End
    after: End
    customers: int
    figures: str
    said: str
    href: str | None


@dataclass(frozen=True)
class Node:
    """One end, as high as the bands at it are together.

    Attributes:
        end: What it is.
        customers: On all bands at it.
        y: Its upper edge.
        height: Of all bands at it.
    """

    end: End
    customers: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Laid:
    """A band with where it leaves its first node and reaches its second.

    Attributes:
        band: Which.
        start: Its upper edge at the left.
        end: Its upper edge at the right.
        thick: Its height at both.
    """

    band: Band
    start: float
    end: float
    thick: float


@dataclass(frozen=True)
class Layout:
    """Where everything lies.

    Attributes:
        left: Nodes by key, from the top down.
        right: The same at the other side.
        bands: In the order given.
    """

    left: Mapping[str, Node]
    right: Mapping[str, Node]
    bands: tuple[Laid, ...]

    @property
    def height(self) -> float:
        """Down to the last node."""
        return max(node.y + node.height for node in (*self.left.values(), *self.right.values()))


def laid_out(bands: Sequence[Band], slot: float) -> Layout:
    """Nodes in the order of their largest band, the right ones level with where their customers come from."""
    total = sum(each.customers for each in bands)
    thick = [max(_TALL * each.customers / total, _THIN) for each in bands]
    befores, afters = [each.before for each in bands], [each.after for each in bands]
    left = _column(befores, befores, bands, thick, slot)
    came = [(each.after, left[each.before.key].middle * each.customers) for each in bands]
    people = _sums([(each.after, float(each.customers)) for each in bands])
    level = {key: weight / people[key] for key, weight in _sums(came).items()}
    right = _column(sorted(afters, key=lambda end: level[end.key]), afters, bands, thick, slot)
    starts = _stacked(left, [(each.before.key, right[each.after.key].middle) for each in bands], thick)
    ends = _stacked(right, [(each.after.key, left[each.before.key].middle) for each in bands], thick)
    return Layout(left, right, tuple(map(Laid, bands, starts, ends, thick)))


def draw(bands: Sequence[Band], language: str, width: int) -> Drawing:
    """Where they were at the left, where they are at the right."""
    is_narrow = width < _NARROW
    room = width * 0.36 if is_narrow else min(width * 0.3, 250.0)
    layout = laid_out(bands, _TWO_LINES if is_narrow else _LINE)
    drawn = [_band(each, room + _BAR, width - room - _BAR) for each in layout.bands]
    nodes = [
        _node(node, x, anchor, room - 8, language, is_narrow=is_narrow)
        for column, x, anchor in ((layout.left, room, "end"), (layout.right, width - room - _BAR, "start"))
        for node in column.values()
    ]
    return Drawing(width, layout.height + 12, "".join((*drawn, *nodes)))


def _sums(weights: Sequence[tuple[End, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for end, weight in weights:
        found[end.key] = found.get(end.key, 0.0) + weight
    return found


def _column(
    order: Sequence[End], at: Sequence[End], bands: Sequence[Band], thick: Sequence[float], slot: float
) -> dict[str, Node]:
    """Each end once, the last ones last, none so close to the next that their names would touch.

    Args:
        order: From the top down.
        at: The end of each band in this column.
        bands: All of them.
        thick: How high each band is.
        slot: What a name needs.
    """
    heights = _sums(list(zip(at, thick, strict=True)))
    people = _sums([(end, float(each.customers)) for end, each in zip(at, bands, strict=True)])
    found: dict[str, Node] = {}
    y = 4.0
    for end in sorted({end.key: end for end in order}.values(), key=lambda end: end.is_last):
        taken = max(heights[end.key], slot)
        found[end.key] = Node(end, int(people[end.key]), y + (taken - heights[end.key]) / 2, heights[end.key])
        y += taken + _SPACE
    return found


def _stacked(nodes: Mapping[str, Node], ends: Sequence[tuple[str, float]], thick: Sequence[float]) -> list[float]:
    """Where each band begins at its node; those that lead upwards above those that lead down."""
    used = {key: node.y for key, node in nodes.items()}
    found = [0.0 for _ in ends]
    for number in sorted(range(len(ends)), key=lambda number: ends[number][1]):
        key = ends[number][0]
        found[number] = used[key]
        used[key] += thick[number]
    return found


def _band(laid: Laid, x: float, to_x: float) -> str:
    half, band = (x + to_x) / 2, laid.band
    below, to_below = laid.start + laid.thick, laid.end + laid.thick
    drawn = path(
        [
            *("M", (x, laid.start), "C", (half, laid.start, half, laid.end, to_x, laid.end), "L", (to_x, to_below)),
            *("C", (half, to_below, half, below, x, below), "Z"),
        ],
        class_="chart-band",
    )
    return linked(band.href, band.said, drawn, _told(laid, x, half - x), class_=coloured(band.before.colour))


def _told(laid: Laid, x: float, room: float) -> str:
    """The money on a band, where the band has room for it."""
    figures = laid.band.figures
    if not figures or laid.thick < _TOLD_FROM or width_of(figures, SMALL) > room - 12:
        return ""
    return words(figures, x=x + 8, y=laid.start + laid.thick / 2 + 4, class_="chart-soft")


def _node(node: Node, x: float, anchor: str, room: float, language: str, *, is_narrow: bool) -> str:
    figure = numbers.count(node.customers, language)
    bar = element("rect", x=x, y=node.y, width=_BAR, height=node.height, rx=2, class_="chart-mark")
    at = x - 6 if anchor == "end" else x + _BAR + 6
    lines = _on_two_lines(node.end.label, figure, room) if is_narrow else [_beside(node.end.label, figure, room)]
    top = node.middle + (4 if len(lines) == 1 else -2)
    shown = (
        element("text", line, x=at, y=top + place * _LEADING, text_anchor=anchor) for place, line in enumerate(lines)
    )
    title = element("title", clean(f"{node.end.label}: {figure}"))
    return element("g", title, bar, *shown, class_=coloured(node.end.colour))


def _beside(label: str, figure: str, room: float) -> str:
    """A name and its figure on one line."""
    name = clean(fitted(label, room - width_of(figure, SMALL) - 8)) if label else ""
    return name + element("tspan", figure, class_="chart-soft", dx=6 if label else None)


def _on_two_lines(label: str, figure: str, room: float) -> list[str]:
    """A name and its figure; what is left of a long name stands before the figure."""
    first = next(iter(wrapped(label, room)), "")
    rest = label.strip()[len(first) :].strip() if label.strip().startswith(first) else ""
    return [clean(first), _beside(rest, figure, room)]
