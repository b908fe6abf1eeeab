"""Charts on a page: drawn for laptop and phone, with their sentence and their downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self, TypeAlias

from fastapi import Response

from carpel.charts import (
    NARROW,
    WIDE,
    Arrow,
    Bar,
    Bars,
    Carpel,
    Column,
    Columns,
    Flow,
    Fruit,
    Line,
    Lines,
    Side,
    Sparkline,
    Subject,
    embedded,
    standalone,
)
from carpel.kernel.money import Currency
from carpel.kernel.texts import Rendered, Text, text
from carpel.runs.planning.plans import Flow as Moved
from carpel.runs.views.distributions import Distribution, Shape
from carpel.runs.views.overview import Overview, Point
from carpel.runs.views.portrait import Bar as Purchases
from carpel.runs.views.portrait import Earnings, SegmentPart, SegmentPortrait
from carpel.schemes import Scheme
from carpel.web import links
from carpel.web.links import Ending
from carpel.web.movements import Movements, behind, title_of
from carpel.web.reader import Reader

WHOLE: Final = 1000
"""Width of a chart that has the page's width to itself, in pixels."""
SPARK: Final = 90
"""Width of a line within a table, in pixels."""


AnyChart: TypeAlias = Bars | Columns | Flow | Fruit | Lines | Sparkline


_TYPES: Final = {Ending.SVG: "image/svg+xml", Ending.CSV: "text/csv; charset=utf-8"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart as `figures.figure` takes it.

    Attributes:
        caption: What it shows, in one true sentence.
        drawn: SVG for laptop and phone; the style sheet shows one of them.
        downloads: What each download is called, and where it is.
    """

    caption: str
    drawn: str
    downloads: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, chart: AnyChart, reader: Reader, address: str, query: str = "", *, wide: int = WIDE) -> Self:
        """A chart for a reader; its downloads are at the address with an ending."""
        large = _drawn(chart, reader.language, wide, "chart--wide")
        small = _drawn(chart, reader.language, NARROW, "chart--narrow")
        return cls(caption=reader.shown(chart.caption), drawn=large + small, downloads=links.downloads(address, query))


@lru_cache(maxsize=512)
def _drawn(chart: AnyChart, language: str, width: int, class_: str) -> str:
    """Drawn once for all readers of a language; a chart is a value, so an equal one has the same picture."""
    return embedded(chart, language, width=width, class_=class_)


def kept(chart: AnyChart, ending: Ending, reader: Reader, name: str) -> Response:
    """A chart as a file to keep."""
    if ending is Ending.SVG:
        content = standalone(chart, reader.language)
    else:
        # Spreadsheets take a file for UTF-8 by its first three bytes.
        content = "\ufeff" + chart.data(reader.language).csv(reader.language)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content.encode(), media_type=_TYPES[ending], headers=headers)


def fruit(overview: Overview, colours: Mapping[str, int]) -> Fruit:
    """The company's segments; their parts come on entering one."""
    rows = [line.row for line in overview.segments if line.row.depth == 0 and not line.row.is_idle]
    parts = [SegmentPart(key=row.key, label=row.label, customers=row.customers, revenue=row.revenue) for row in rows]
    return fruit_of(parts, overview.currency, colours)


def fruit_of(parts: Sequence[SegmentPart], currency: Currency, colours: Mapping[str, int]) -> Fruit:
    """Some segments as a fruit."""
    carpels = tuple(
        Carpel(
            key=part.key,
            label=part.label,
            colour=colours[part.key],
            customers=part.customers,
            money=part.revenue,
            href=links.segment(part.key),
        )
        for part in parts
    )
    return Fruit(carpels=carpels, currency=currency)


def flow(moved: Movements, currency: Currency, colours: Mapping[str, int]) -> Flow:
    """Who went where."""

    def arrow(each: Moved) -> Arrow:
        return _arrow(each, moved.scheme, colours, moved.behind(each))

    return Flow(arrows=tuple(map(arrow, moved.moves.moved)), currency=currency, since=moved.since)


def comings_and_goings(portrait: SegmentPortrait, scheme: Scheme, colours: Mapping[str, int]) -> Flow | None:
    """Who came to one segment and who left it since the run before; None where there is none."""
    found = portrait.movements
    if found is None:
        return None
    arrows = [_arrow(each, scheme, colours, behind(each)) for each in (*found.came, *found.left)]
    keys = {*(each.after for each in found.came), *(each.before for each in found.left)}
    subject = Subject(portrait.title, frozenset(key for key in keys if key is not None))
    return Flow(arrows=tuple(arrows), currency=portrait.currency, since=found.since, subject=subject)


def _arrow(moved: Moved, scheme: Scheme, colours: Mapping[str, int], href: str) -> Arrow:
    before, after = (Side(key, title_of(key, scheme), colours.get(key or "")) for key in (moved.before, moved.after))
    return Arrow(before=before, after=after, customers=moved.customers, money=moved.revenue, href=href)


def past(portrait: SegmentPortrait, colour: int | None) -> Lines:
    """How many customers a segment had in past runs."""
    points = tuple((point.as_of, point.customers) for point in portrait.history)
    line = Line(label=portrait.title, points=points, colour=colour)
    return Lines(name=text("web.segments.customers"), lines=(line,))


def shares(
    found: Distribution,
    segment: str | None = None,
    *,
    colour: int | None = None,
    subject: Rendered | None = None,
    reference: Rendered | None = None,
) -> Bars:
    """How an attribute is distributed, perhaps beside others; each bar leads to its customers."""
    key, is_words = found.attribute.key, found.shape is not Shape.ORDERED
    bars = tuple(
        Bar(
            label=each.label,
            customers=each.customers,
            share=each.share,
            reference=each.reference,
            href=links.customers(segment, attribute=key, bar=each.key),
            is_rest=each.value is None and is_words,
        )
        for each in found.bins
    )
    return Bars(
        name=found.attribute.label,
        bars=bars,
        colour=colour,
        subject=subject,
        reference=reference,
        of_ranges=not is_words,
    )


def purchases_by(name: Text, bars: Sequence[Purchases], labels: Sequence[Rendered], colour: int | None) -> Bars:
    """On which days of the week, or in which months of the year, purchases fall, beside everyone's."""
    drawn = tuple(
        Bar(label=label, customers=each.orders, share=each.share, reference=each.reference)
        for each, label in zip(bars, labels, strict=True)
    )
    return Bars(name=name, bars=drawn, colour=colour, of_orders=True)


def sparks(overview: Overview, colours: Mapping[str, int], reader: Reader) -> dict[str, str]:
    """The same for each segment, as small as a word."""
    return {
        line.row.key: _drawn(_spark(line.history, colours.get(line.row.key)), reader.language, SPARK, "")
        for line in overview.segments
        if len(line.history) > 1
    }


def _spark(history: Sequence[Point], colour: int | None) -> Sparkline:
    return Sparkline(points=tuple((point.as_of, point.customers) for point in history), colour=colour)


def months(earned: Earnings, currency: Currency, colour: int | None) -> Columns:
    """Money by month."""
    columns = tuple(Column(month.month, month.revenue, is_whole=month.whole) for month in earned.months)
    return Columns(columns=columns, currency=currency, colour=colour)
