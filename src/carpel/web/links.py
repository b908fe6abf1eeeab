"""Addresses of pages, so that every number can lead to the customers behind it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from urllib.parse import quote, urlencode

from carpel.runs.views.overview import Attention, Destination


class Ending(StrEnum):
    """What a chart is kept as."""

    SVG = "svg"
    """The picture."""
    CSV = "csv"
    """Its table, for a spreadsheet."""


def downloads(address: str, query: str = "") -> tuple[tuple[str, str], ...]:
    """What each download of a chart is called, and where it is."""
    return tuple((each.upper(), f"{address}.{each}{query}") for each in Ending)


def customer(key: str) -> str:
    """One customer's page."""
    return f"/customers/{quote(key, safe='')}"


def customers(
    segment: str | None = None,
    *,
    search: str | None = None,
    attribute: str | None = None,
    bar: str | None = None,
    came_from: str | None = None,
    since: date | None = None,
) -> str:
    """A list of customers: of a segment, found by a search, in one bar of a distribution, or from where they came."""
    where = f"{attribute}:{bar}" if attribute and bar else None
    pairs = (("segment", segment), ("came_from", came_from), ("since", since), ("q", search), ("where", where))
    asked = {name: value for name, value in pairs if value}
    return f"/customers?{urlencode(asked)}" if asked else "/customers"


def segment(key: str, tab: str | None = None) -> str:
    """One segment's page."""
    return f"/segments/{quote(key, safe='')}" + (f"/{tab}" if tab else "")


def attribute(key: str) -> str:
    """One attribute's page."""
    return f"/attributes/{quote(key, safe='')}"


def model(key: str) -> str:
    """One model's card."""
    return f"/models/{quote(key, safe='')}"


def run(key: str) -> str:
    """One run's page."""
    return f"/data/runs/{quote(key, safe='')}"


def mending(item: Attention) -> str:
    """Where one goes to mend what needs attention."""
    if item.segment and item.goes_to in {Destination.SEGMENT, Destination.MOVES}:
        return segment(item.segment, "movements" if item.goes_to is Destination.MOVES else None)
    places = {Destination.DATA: "/data#quality", Destination.RUNS: "/data#runs", Destination.MOVES: "/#movements"}
    return places.get(item.goes_to, "/segments")
