"""The pages, one module for each section; what is listed here is served, and looked at in the browser tests."""

from typing import Final

from fastapi import APIRouter

from carpel.web.pages import components, overview, segments
from carpel.web.sections import Section

SECTIONS: Final = (Section(key="overview", path="/"), Section(key="segments", path="/segments"))
"""In the order of the navigation."""
ROUTERS: Final[tuple[APIRouter, ...]] = (overview.router, segments.router, components.router)
