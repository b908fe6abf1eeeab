"""What is learned from the past: every question, and the card of each that runs ask."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from carpel.api.asking import AskedWorkspace
from carpel.kernel.texts import text
from carpel.models.attributes import HIGH, LOW
from carpel.web.page import AskedPage
from carpel.web.tables import Column

router = APIRouter()

MODELS: Final = (
    Column(key="question", label=text("web.models.column.question"), is_number=False),
    Column(key="state", label=text("web.models.column.state"), is_number=False),
    Column(key="method", label=text("web.models.column.method"), is_number=False),
)
SUPPLIES: Final = (
    Column(key="of", label=text("web.model.column.of"), is_number=False),
    Column(key="had", label=text("web.model.column.had")),
    Column(key="needed", label=text("web.model.column.needed")),
)
BANDS: Final = (
    Column(key="band", label=text("web.model.column.band"), is_number=False),
    Column(key="customers", label=text("web.model.column.customers")),
    Column(key="expected", label=text("web.model.column.expected")),
    Column(key="actual", label=text("web.model.column.actual")),
)
CONTENDERS: Final = (
    Column(key="contender", label=text("web.model.column.contender"), is_number=False),
    Column(key="score", label=text("web.model.column.score"), rank=2),
    Column(key="behind", label=text("web.model.column.behind")),
    Column(key="interval", label=text("web.model.column.interval"), rank=3),
)
WEIGHTS: Final = (
    Column(key="attribute", label=text("web.model.column.attribute"), is_number=False),
    Column(key="weight", label=text("web.model.column.weight")),
    Column(key="drift", label=text("web.model.column.drift")),
)
EFFECTS: Final = (
    Column(key="attribute", label=text("web.model.column.attribute"), is_number=False),
    Column(key="compared", label=text("web.model.column.compared"), is_number=False),
    Column(key="effect", label=text("web.model.column.effect")),
    Column(key="interval", label=text("web.model.column.interval"), rank=3),
)
COLUMNS: Final = {
    "supplies": SUPPLIES,
    "bands": BANDS,
    "contenders": CONTENDERS,
    "weights": WEIGHTS,
    "effects": EFFECTS,
}


@router.get("/models")
def models(page: AskedPage, workspace: AskedWorkspace) -> Response:
    """Every model: whether runs ask it, what it lacks, and how it answers."""
    return page.show("models.html", rows=workspace.models.list(), columns=MODELS, as_of=workspace.current.as_of.day)


@router.get("/models/{model}")
def model(page: AskedPage, workspace: AskedWorkspace, model: str) -> Response:
    """One model's card."""
    found = workspace.models.card(model)
    run, said = workspace.current, next(each for each in workspace.models.list() if each.model.key == model)
    held = [each for each in said.model.attributes if each.key in run.catalogue.available]
    given = [each for each in held if not each.key.endswith((LOW, HIGH))]
    most = max((each for band in found.bands for each in (band.expected, band.actual)), default=0)
    return page.show("model.html", card=found, columns=COLUMNS, given=given, most=most)
