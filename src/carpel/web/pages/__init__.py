"""The pages, one module for each section; what is listed here is served, and looked at in the browser tests."""

from typing import Final

from fastapi import APIRouter

from carpel.web.pages import attributes, components, customers, data, models, overview, segments
from carpel.web.sections import Section

SECTIONS: Final = (
    Section(key="overview", path="/"),
    Section(key="segments", path="/segments"),
    Section(key="customers", path="/customers"),
    Section(key="attributes", path="/attributes"),
    Section(key="models", path="/models"),
    Section(key="data", path="/data"),
)
"""In the order of the navigation."""
ROUTERS: Final[tuple[APIRouter, ...]] = (
    overview.router,
    segments.router,
    customers.router,
    attributes.router,
    models.router,
    data.router,
    components.router,
)
