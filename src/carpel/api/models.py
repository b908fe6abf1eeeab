"""What is learned from the past, and how good it is."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import work_out
from carpel.api.problems import answers
from carpel.models import Card
from carpel.runs.modelled import ModelRow
from carpel.workspace import Workspace

router = APIRouter(prefix="/api/v1/models", tags=["models"])


class ModelWire(BaseModel):
    """A question asked of the past; `rung` and `method` are null where the current run did not ask it."""

    key: str
    asks: str
    asked: bool
    wants: list[str]
    attributes: list[str]
    in_current_run: bool
    rung: str | None
    method: str | None

    @classmethod
    def of(cls, row: ModelRow, language: str) -> ModelWire:
        """As a reader of a language sees it."""
        return cls(
            key=row.model.key,
            asks=row.model.asks.render(language),
            asked=row.asked,
            wants=list(row.wants),
            attributes=[each.key for each in row.model.attributes],
            in_current_run=row.card is not None,
            rung=row.card.rung.value if row.card else None,
            method=row.card.method if row.card else None,
        )


class ModelsWire(BaseModel):
    """Every model there is."""

    models: list[ModelWire]


class SupplyWire(BaseModel):
    """How much of something a model had, and how much it needs."""

    of: str
    had: int
    needed: int


class ContenderWire(BaseModel):
    """A way to answer that was tried on what came later."""

    name: str
    score: float
    behind: float
    low: float
    high: float
    error: float | None
    auc: float | None


class BandWire(BaseModel):
    """Customers of like expectation, and what came of it."""

    of: str
    customers: int
    expected: float
    actual: float


class WeightWire(BaseModel):
    """How much an attribute counts in a model."""

    key: str
    label: str
    weight: float
    drift: float | None


class EffectWire(BaseModel):
    """What goes with an outcome, and by how much the probability differs between those compared."""

    key: str
    label: str
    of: str
    effect: float
    low: float
    high: float


class CardWire(BaseModel):
    """What is told of a model."""

    key: str
    asks: str
    as_of: date
    rung: str
    wanted: str | None
    method: str | None
    supplies: list[SupplyWire]
    baseline: str | None
    measure: str
    gain: float | None
    gain_low: float | None
    gain_high: float | None
    judged_from: date | None
    judged_until: date | None
    contenders: list[ContenderWire]
    bands: list[BandWire]
    counted: str | None
    weights: list[WeightWire]
    effects: list[EffectWire]
    parameters: dict[str, float] | None
    customers: int
    remarks: list[str]

    @classmethod
    def of(cls, card: Card, language: str) -> CardWire:
        """As a reader of a language sees it."""
        return cls.model_validate(_said(card.recorded(), language))


@router.get("", responses=answers(HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT))
async def models(workspace: AskedWorkspace, language: ReaderLanguage) -> ModelsWire:
    """Every model with its question, whether runs ask it, and what it lacks."""
    return await work_out(lambda: _listed(workspace, language))


@router.get("/{model}", responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT))
async def model(workspace: AskedWorkspace, language: ReaderLanguage, model: str) -> CardWire:
    """What is told of a model of the current run."""
    return await work_out(lambda: CardWire.of(workspace.models.card(model), language))


def _listed(workspace: Workspace, language: str) -> ModelsWire:
    return ModelsWire(models=[ModelWire.of(each, language) for each in workspace.models.list()])


def _said(value: Any, language: str) -> Any:
    """A recorded card with its texts in a language."""
    if isinstance(value, dict):
        return {name: _said(each, language) for name, each in value.items()}
    if isinstance(value, list):
        return [_said(each, language) for each in value]
    return value.render(language) if hasattr(value, "render") else value
