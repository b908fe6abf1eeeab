"""Segments: all beside each other, and one with its parts."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from carpel.api.asking import AskedWorkspace
from carpel.charts import WIDE, Bars, Fruit
from carpel.kernel.texts import LANGUAGES, Labels, Text, text
from carpel.runs.views.distributions import Distribution
from carpel.runs.views.portrait import SegmentPortrait
from carpel.web import links, pictures
from carpel.web.colours import colours
from carpel.web.links import Ending
from carpel.web.movements import MOVEMENTS, behind, title_of
from carpel.web.page import AskedPage, Page
from carpel.web.pictures import AnyChart, Picture
from carpel.web.reader import month_name, weekday
from carpel.web.segments import SegmentsTable
from carpel.web.tables import Column
from carpel.workspace import Workspace

router = APIRouter()

MOST: Final = 12
"""Differences that are drawn; the others are told."""
FEWEST: Final = 5
"""Of fewer customers or purchases no shares are drawn: one alone would be all."""

_CUSTOMERS: Final = Column(key="customers", label=text("web.segments.customers"))
_REVENUE: Final = Column(key="revenue", label=text("web.segments.revenue"))


class Drawn(StrEnum):
    """Charts of a segment."""

    PAST = "past"
    """Its customers over past runs."""
    FRUIT = "fruit"
    """Its parts."""
    FLOW = "flow"
    """Who came and who left."""
    MONTHS = "months"
    """Its money by month."""


class When(StrEnum):
    """When purchases fall; in words that are no attribute's key."""

    WEEKDAYS = "by-weekday"
    MONTHS = "by-month"


def _words(key: str, label: str) -> Column:
    return Column(key=key, label=Text(f"web.{label}"), is_number=False)


PARTS: Final = (_words("name", "segments.segment"), _CUSTOMERS, _REVENUE)
PAST: Final = (_words("day", "segment.day"), _CUSTOMERS, _REVENUE)
MONTHS: Final = (_words("month", "money.month"), Column(key="orders", label=text("web.money.orders")), _REVENUE)
FORECASTS: Final = (
    _words("attribute", "segment.forecast"),
    Column(key="mean", label=text("web.segment.on-average")),
    Column(key="total", label=text("web.segment.in-all"), rank=2),
    Column(key="customers", label=text("web.segments.customers"), rank=3),
)
OFFERS: Final = (
    _words("name", "segment.product"),
    _CUSTOMERS,
    Column(key="share", label=text("web.segment.share")),
)
CAME: Final = (_words("from", "movements.from"), _CUSTOMERS, _REVENUE)
LEFT: Final = (_words("to", "movements.to"), _CUSTOMERS, _REVENUE)
BOUGHT: Final = (
    _words("name", "needs.name"),
    Column(key="share", label=text("web.needs.buyers")),
    Column(key="reference", label=text("web.compare.everyone")),
    _REVENUE,
    Column(key="money-share", label=text("web.segments.money-share")),
)


@router.get("/segments")
def segments(page: AskedPage, workspace: AskedWorkspace) -> Response:
    """All segments beside each other."""
    seen = workspace.overview()
    table, hues = SegmentsTable.of(page, seen), colours(workspace.segments())
    sparks = pictures.sparks(seen, hues, page.reader)
    return page.show("segments.html", overview=seen, table=table, colours=hues, sparks=sparks)


@router.get("/segments/{segment}")
def summary(page: AskedPage, workspace: AskedWorkspace, segment: str) -> Response:
    """Who they are, who answers for them, how customers come here."""
    portrait = workspace.segment(segment)
    since = portrait.movements.since if portrait.movements else None
    hues, address = colours(workspace.segments()), links.segment(segment)
    drawn = {
        "past": _picture(page, pictures.past(portrait, hues.get(segment)), f"{address}/past"),
        "fruit": _picture(page, pictures.fruit_of(portrait.parts, portrait.currency, hues), f"{address}/fruit"),
    }
    tables = {
        "part_columns": PARTS,
        "past_columns": PAST,
        "forecast_columns": FORECASTS,
        "offer_columns": OFFERS,
    }
    return _show(page, workspace, "summary", portrait, since=since, **tables, **drawn)


@router.get("/segments/{segment}/apart")
def apart(page: AskedPage, workspace: AskedWorkspace, segment: str, versus: str | None = None) -> Response:
    """What sets them apart from everyone, or from another segment."""
    portrait = workspace.segment(segment, versus=versus or None)
    others = [row for row in workspace.segments().rows if row.key != segment and not row.is_idle]
    named = [(row.key, "\u2003" * row.depth + page.reader.shown(row.label)) for row in others]
    options = [("", page.reader.shown(text("web.compare.everyone"))), *named]
    return _show(page, workspace, "apart", portrait, options=options, most=MOST)


@router.get("/segments/{segment}/needs")
def needs(page: AskedPage, workspace: AskedWorkspace, segment: str) -> Response:
    """What, when and how often they buy, and how content they are."""
    portrait = workspace.segment(segment)
    when = {each.name.lower(): _when(each, portrait, None).caption for each in When}
    return _show(
        page, workspace, "needs", portrait, bought_columns=BOUGHT, when_told=when, when_keys=When, fewest=FEWEST
    )


# Before the others, which have one part less.
@router.get("/segments/{segment}/apart/{attribute}.{ending}")
def kept_difference(
    page: AskedPage,
    workspace: AskedWorkspace,
    segment: str,
    attribute: str,
    ending: Ending,
    versus: str | None = None,
) -> Response:
    """A difference to keep."""
    portrait = workspace.segment(segment, versus=versus or None)
    found = [each.distribution for each in portrait.apart if each.attribute.key == attribute]
    return _kept_shares(page, workspace, portrait, found, ending)


@router.get("/segments/{segment}/needs/{attribute}.{ending}")
def kept_need(page: AskedPage, workspace: AskedWorkspace, segment: str, attribute: str, ending: Ending) -> Response:
    """What, when or how often they buy, to keep."""
    portrait = workspace.segment(segment)
    when = next((each for each in When if each == attribute), None)
    if when:
        chart = _when(when, portrait, colours(workspace.segments()).get(segment))
        return pictures.kept(chart, ending, page.reader, f"{quote(segment, safe='')}-{attribute}")
    found = [each for each in portrait.needs.distributions if each.attribute.key == attribute]
    return _kept_shares(page, workspace, portrait, found, ending)


@router.get("/segments/{segment}/movements")
def movements(page: AskedPage, workspace: AskedWorkspace, segment: str) -> Response:
    """Who came and who left since the run before."""
    portrait, scheme, hues = workspace.segment(segment), workspace.current.scheme, colours(workspace.segments())
    chart = pictures.comings_and_goings(portrait, scheme, hues)
    drawn = {
        "flow": _picture(page, chart, f"{links.segment(segment)}/flow") if chart and chart.arrows else None,
        "columns": {"came": CAME, "left": LEFT, "all": MOVEMENTS},
        "behind": behind,
        "title": lambda key: title_of(key, scheme),
    }
    return _show(page, workspace, "movements", portrait, **drawn)


@router.get("/segments/{segment}/money")
def money(page: AskedPage, workspace: AskedWorkspace, segment: str) -> Response:
    """Their money so far, by month."""
    portrait, hues = workspace.segment(segment), colours(workspace.segments())
    drawn = None
    if portrait.earnings:
        chart = pictures.months(portrait.earnings, portrait.currency, hues.get(segment))
        drawn = _picture(page, chart, f"{links.segment(segment)}/months")
    return _show(page, workspace, "money", portrait, month_columns=MONTHS, months=drawn)


@router.get("/segments/{segment}/{chart}.{ending}")
def kept(page: AskedPage, workspace: AskedWorkspace, segment: str, chart: Drawn, ending: Ending) -> Response:
    """A chart of the segment to keep."""
    found = _drawn(chart, workspace.segment(segment), workspace)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return pictures.kept(found, ending, page.reader, f"{quote(segment, safe='')}-{chart}")


def _kept_shares(
    page: Page, workspace: Workspace, portrait: SegmentPortrait, found: list[Distribution], ending: Ending
) -> Response:
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    hue = colours(workspace.segments()).get(portrait.key)
    chart = _shares(portrait, found[0], hue)
    return pictures.kept(chart, ending, page.reader, f"{quote(portrait.key, safe='')}-{found[0].attribute.key}")


def _shares(portrait: SegmentPortrait, found: Distribution, hue: int | None) -> Bars:
    """A distribution of a segment's, beside those it is compared with."""
    beside = portrait.versus_title if found.reference_customers else None
    return pictures.shares(found, portrait.key, colour=hue, subject=portrait.title, reference=beside)


def _when(when: When, portrait: SegmentPortrait, hue: int | None) -> Bars:
    needs = portrait.needs
    if when is When.WEEKDAYS:
        labels = [Labels({each: weekday(bar.number, each) for each in LANGUAGES}) for bar in needs.weekdays]
        return pictures.purchases_by(text("web.needs.weekdays"), needs.weekdays, labels, hue)
    labels = [Labels({each: month_name(bar.number, each) for each in LANGUAGES}) for bar in needs.months]
    return pictures.purchases_by(text("web.needs.months"), needs.months, labels, hue)


def _drawn(chart: Drawn, portrait: SegmentPortrait, workspace: Workspace) -> AnyChart | None:
    hues = colours(workspace.segments())
    match chart:
        case Drawn.PAST:
            return pictures.past(portrait, hues.get(portrait.key))
        case Drawn.FRUIT:
            return pictures.fruit_of(portrait.parts, portrait.currency, hues)
        case Drawn.FLOW:
            return pictures.comings_and_goings(portrait, workspace.current.scheme, hues)
        case Drawn.MONTHS:
            earned = portrait.earnings
            return pictures.months(earned, portrait.currency, hues.get(portrait.key)) if earned else None


def _show(page: Page, workspace: Workspace, part: str, portrait: SegmentPortrait, **values: Any) -> Response:
    table = workspace.segments()
    hues = colours(table)

    def told(found: Distribution) -> Text:
        return _shares(portrait, found, hues.get(portrait.key)).caption

    return page.show(f"segment_{part}.html", portrait=portrait, colours=hues, told=told, **values)


def _picture(page: Page, chart: AnyChart, address: str) -> Picture:
    return Picture.of(chart, page.reader, address, wide=WIDE if isinstance(chart, Fruit) else pictures.WHOLE)
