"""Every page that there is. A page whose route is new is looked at without being listed here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from fastapi.routing import APIRoute

from carpel.web.pages import ROUTERS

EXAMPLES: Final[Mapping[str, str]] = {
    "segment": "regulars",
    "customer": "000001",
    "attribute": "recency_days",
    "run": "current",
    "model": "value",
}
"""What stands for a parameter of an address, in the demo company."""

VARIANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "/components": ("sort=-customers",),
    "/": ("since=2025-04-30",),
    "/segments": ("sort=-revenue",),
    "/segments/regulars/apart": ("versus=newcomers",),
    "/customers": (
        *("q=a&segment=regulars", "q=nobody-at-all", "where=recency_days:unknown"),
        "came_from=outside&since=2025-04-30",
    ),
}
"""What a reader may choose on a page."""

PROBLEMS: Final = ("/nothing",)
"""Addresses where there is nothing, which is a page as well."""


def addresses() -> Iterator[str]:
    """Every page's address; files to download, whose addresses have an ending, are no pages."""
    for route in (route for router in ROUTERS for route in router.routes):
        assert isinstance(route, APIRoute)
        if "GET" in (route.methods or ()) and "." not in route.path:
            address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: EXAMPLES[found[1]], route.path)
            yield address
    yield from PROBLEMS


def variants() -> Iterator[str]:
    """The same pages as a reader's choices change them."""
    yield from (f"{path}?{query}" for path, queries in VARIANTS.items() for query in queries)
