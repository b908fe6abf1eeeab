"""The catalogue: what every attribute means, how it is distributed, and what reads it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from carpel.api.asking import AskedWorkspace
from carpel.charts import Bars
from carpel.kernel.texts import text
from carpel.runs.views.attributes import AttributePage
from carpel.web import links, pictures
from carpel.web.links import Ending
from carpel.web.page import AskedPage
from carpel.web.pictures import Picture
from carpel.web.tables import Column

router = APIRouter()

AVAILABLE: Final = (
    Column(key="attribute", label=text("web.attributes.column.attribute"), is_number=False),
    Column(key="meaning", label=text("web.attributes.column.meaning"), is_number=False),
    Column(key="coverage", label=text("web.attributes.column.coverage")),
    Column(key="uses", label=text("web.attributes.column.uses")),
)
BARS: Final = (
    Column(key="value", label=text("web.attributes.column.value"), is_number=False),
    Column(key="customers", label=text("web.attributes.column.customers")),
    Column(key="share", label=text("web.attributes.column.share")),
)


@router.get("/attributes")
def attributes(page: AskedPage, workspace: AskedWorkspace) -> Response:
    """The catalogue by family."""
    return page.show("attributes.html", groups=workspace.attribute_pages(), columns=AVAILABLE)


# Before the page, whose path would take the ending for a part of the name.
@router.get("/attributes/{attribute}.{ending}")
def kept(page: AskedPage, workspace: AskedWorkspace, attribute: str, ending: Ending) -> Response:
    """The distribution to keep."""
    return pictures.kept(_bars(workspace.attribute(attribute)), ending, page.reader, attribute)


@router.get("/attributes/{attribute}")
def attribute(page: AskedPage, workspace: AskedWorkspace, attribute: str) -> Response:
    """One attribute."""
    found = workspace.attribute(attribute)
    picture = Picture.of(_bars(found), page.reader, links.attribute(attribute)) if found.distribution else None
    return page.show("attribute.html", found=found, columns=BARS, picture=picture)


def _bars(found: AttributePage) -> Bars:
    return pictures.shares(found.distribution) if found.distribution else Bars(name=found.attribute.label, bars=())
