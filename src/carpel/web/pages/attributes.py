"""The catalogue: what every attribute means, how it is distributed, and what reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Response

from carpel.api.asking import AskedWorkspace
from carpel.charts import Bars
from carpel.kernel.texts import text
from carpel.profiles import Attribute
from carpel.runs.views.attributes import AttributeGroup, AttributePage
from carpel.web import links, pictures
from carpel.web.links import Ending
from carpel.web.page import AskedPage
from carpel.web.pictures import Picture
from carpel.web.reader import Reader
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
def attributes(page: AskedPage, workspace: AskedWorkspace, q: str = "") -> Response:
    """The catalogue by family; of a search, only what speaks of it."""
    groups = [found for each in workspace.attribute_pages() if (found := _speaking_of(q, each, page.reader))]
    return page.show("attributes.html", groups=groups, columns=AVAILABLE, wish=q)


def _speaking_of(wish: str, group: AttributeGroup, reader: Reader) -> AttributeGroup | None:
    """A family's attributes whose name, key or meaning holds every word; None where there is none."""
    words = wish.casefold().split()
    if not words:
        return group

    def speaks(attribute: Attribute) -> bool:
        told = (attribute.key, reader.shown(attribute.label), reader.shown(attribute.description))
        return all(word in " ".join(told).casefold() for word in words)

    found = replace(
        group,
        available=tuple(each for each in group.available if speaks(each.attribute)),
        unavailable=tuple(each for each in group.unavailable if speaks(each.attribute)),
    )
    return found if found.available or found.unavailable else None


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
