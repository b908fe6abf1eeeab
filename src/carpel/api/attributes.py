"""What rules may name, and what is missing for the rest."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import work_out
from carpel.api.problems import answers
from carpel.profiles import Attribute, Catalogue, Unavailable
from carpel.workspace import Run, Workspace

router = APIRouter(prefix="/api/v1/attributes", tags=["attributes"])


class AttributeWire(BaseModel):
    """An attribute that profiles hold, or will from the next run on."""

    key: str
    family: str
    type: str
    unit: str
    label: str
    description: str
    changeable: bool
    values: list[Any]
    in_current_run: bool

    @classmethod
    def of(cls, attribute: Attribute, run: Run, language: str) -> AttributeWire:
        """As a reader of a language sees it."""
        return cls(
            key=attribute.key,
            family=attribute.family.value,
            type=attribute.type.value,
            unit=attribute.unit.value,
            label=attribute.label.render(language),
            description=attribute.description.render(language),
            changeable=attribute.changeable,
            values=list(attribute.values),
            in_current_run=attribute.key in run.catalogue.available,
        )


class UnavailableWire(BaseModel):
    """An attribute that the facts cannot give, and the tables or columns that would bring it."""

    key: str
    label: str
    wants: list[str]

    @classmethod
    def of(cls, missing: Unavailable, language: str) -> UnavailableWire:
        """As a reader of a language sees it."""
        attribute = missing.attribute
        return cls(key=attribute.key, label=attribute.label.render(language), wants=list(missing.wants))


class AttributesWire(BaseModel):
    """The catalogue."""

    available: list[AttributeWire]
    unavailable: list[UnavailableWire]

    @classmethod
    def of(cls, catalogue: Catalogue, run: Run, language: str) -> AttributesWire:
        """As a reader of a language sees it."""
        return cls(
            available=[AttributeWire.of(each, run, language) for each in catalogue.available.values()],
            unavailable=[UnavailableWire.of(each, language) for each in catalogue.unavailable.values()],
        )


@router.get("", responses=answers(HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT))
async def attributes(workspace: AskedWorkspace, language: ReaderLanguage) -> AttributesWire:
    """Every attribute with its family, type, unit and meaning; those that are not here with what they want."""
    return await work_out(lambda: _catalogue(workspace, language))


def _catalogue(workspace: Workspace, language: str) -> AttributesWire:
    run = workspace.current
    return AttributesWire.of(workspace.attributes(), run, language)
