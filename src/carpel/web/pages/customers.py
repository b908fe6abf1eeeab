"""Customers: a list that can be searched, and one customer with why they are where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from carpel.api.asking import AskedWorkspace
from carpel.kernel.texts import text
from carpel.runs.views.customers import CustomerCard, CustomersPage
from carpel.runs.views.listing import LONGEST
from carpel.web.colours import colours
from carpel.web.page import AskedPage
from carpel.web.reader import Reader
from carpel.web.tables import Column
from carpel.workspace import Workspace

router = APIRouter()

LIST: Final = (
    Column(key="customer", label=text("web.customers.column.customer"), is_number=False),
    Column(key="segment", label=text("web.customers.column.segment"), is_number=False),
    Column(key="money", label=text("web.customers.column.money")),
    Column(key="last", label=text("web.customers.column.last-purchase"), is_number=False),
)
EVENTS: Final = 20
"""Events on one page."""


@router.get("/customers")
def customers(
    page: AskedPage,
    workspace: AskedWorkspace,
    segment: str | None = None,
    q: str | None = None,
    where: Annotated[list[str] | None, Query()] = None,
    came_from: str | None = None,
    since: date | None = None,
    after: str | None = None,
) -> Response:
    """Customers of a segment, found by a search, or behind a bar of a distribution; those of the most money first."""
    bars = dict(each.partition(":")[::2] for each in where or () if each)
    is_too_long = len(q or "") > LONGEST
    found = workspace.customers_page(
        segment or None,
        search=None if is_too_long else q or None,
        where=bars,
        came_from=came_from or None,
        since=since,
        after=after or None,
    )
    if is_too_long:
        found = replace(found, rows=(), after=None, total=0, search=q)
    table = workspace.segments()
    return page.show(
        "customers.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_too_long else HTTPStatus.OK,
        too_long=is_too_long,
        longest=LONGEST,
        found=found,
        columns=_columns(found),
        colours=colours(table),
        options=[(row.key, "\u2003" * row.depth + page.reader.shown(row.label)) for row in table.rows],
        asked=list(_asked(workspace, page.reader, bars, came_from, since)),
        where=where or [],
        came_from=came_from,
        since=since.isoformat() if since else None,
        matched=lambda row: [page.reader.shown(text(f"web.customers.matched.{by}")) for by in row.matched],
    )


@router.get("/customers/{customer:path}")
def customer(page: AskedPage, workspace: AskedWorkspace, customer: str, after: str | None = None) -> Response:
    """One customer: why they are in their segment, what would move them, what is known, what happened."""
    card = workspace.profile(customer, events=0)
    asked = workspace.customer(customer)
    timeline = workspace.timeline(customer, after=after or None, limit=EVENTS)
    return page.show(
        "customer.html",
        card=card,
        timeline=timeline,
        why=asked.why(),
        label=asked.label,
        outlooks=workspace.outlook(customer),
        consent=_consent(card, page.reader),
        happened=[(each.day, page.reader.shown(each.text), each.said, None) for each in timeline.events],
        colours=colours(workspace.segments()),
        after=after,
    )


def _columns(found: CustomersPage) -> tuple[Column, ...]:
    """Those that say something of anybody on the page; of nobody at all, every one."""
    empty = {
        "money": all(row.money is None for row in found.rows),
        "last": all(row.last_purchase is None for row in found.rows),
    }
    return tuple(column for column in LIST if not found.rows or not empty.get(column.key))


def _asked(
    workspace: Workspace, reader: Reader, bars: Mapping[str, str], came_from: str | None, since: date | None
) -> Iterator[str]:
    """What a list is narrowed to, beside segment and search, in words."""
    for key, keys in bars.items():
        page = workspace.attribute(key)
        labels = {each.key: each.label for each in page.distribution.bins} if page.distribution else {}
        values = [reader.shown(labels.get(each, text("web.value.unknown"))) for each in keys.split(",")]
        name = reader.shown(page.attribute.label)
        yield reader.shown(text("web.customers.where", attribute=name, value=reader.listed(values)))
    if came_from:
        scheme = workspace.current.scheme
        label = scheme.title(came_from) if came_from in scheme.paths else text("web.customers.outside")
        came = text("web.customers.came-from", segment=label)
        yield reader.shown(text("web.customers.came-since", segment=label, day=since) if since else came)


def _consent(card: CustomerCard, reader: Reader) -> str:
    """By which ways the customer may be approached, in words; nothing where nobody knows."""
    answers = {
        text("web.customer.way.phone"): card.consent.phone,
        text("web.customer.way.email"): card.consent.email,
        text("web.customer.way.message"): card.consent.message,
    }
    agreed = [reader.shown(way) for way, answer in answers.items() if answer]
    if agreed:
        return reader.listed(agreed)
    return reader.shown(text("web.customer.no-consent")) if False in answers.values() else ""
