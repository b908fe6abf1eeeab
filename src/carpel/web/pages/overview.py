"""The first page: how the company stands."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from carpel.api.asking import AskedWorkspace
from carpel.web import pictures
from carpel.web.colours import colours
from carpel.web.links import Ending
from carpel.web.movements import MOVEMENTS, Movements, movements
from carpel.web.page import AskedPage, Page
from carpel.web.pictures import AnyChart, Picture
from carpel.web.segments import SegmentsTable

router = APIRouter()

MOST: Final = 200
"""Movements that are listed at most."""
_IN_FRUIT: Final = frozenset({"name", "customers", "revenue"})


@router.get("/")
def overview(page: AskedPage, workspace: AskedWorkspace, since: str | None = None) -> Response:
    """The fruit, totals, segments, movements and what needs attention."""
    seen, hues = workspace.overview(), colours(workspace.segments())
    table, moved = SegmentsTable.of(page, seen), movements(workspace, seen, since)
    fruit = Picture.of(pictures.fruit(seen, hues), page.reader, "/overview/fruit")
    flow = moved and _flow(page, moved, pictures.flow(moved, seen.currency, hues))
    return page.show(
        "overview.html",
        overview=seen,
        table=table,
        colours=hues,
        sparks=pictures.sparks(seen, hues, page.reader),
        fruit=fruit,
        fruit_columns=[each for each in table.columns if each.key in _IN_FRUIT],
        flow=flow,
        movements=moved,
        movement_columns=MOVEMENTS,
        most=MOST,
    )


@router.get("/overview/fruit.{ending}")
def fruit(page: AskedPage, workspace: AskedWorkspace, ending: Ending) -> Response:
    """The fruit to keep."""
    chart = pictures.fruit(workspace.overview(), colours(workspace.segments()))
    return pictures.kept(chart, ending, page.reader, "fruit")


@router.get("/overview/movements.{ending}")
def flow(page: AskedPage, workspace: AskedWorkspace, ending: Ending, since: str | None = None) -> Response:
    """The movements to keep."""
    seen = workspace.overview()
    moved = movements(workspace, seen, since)
    if moved is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    chart = pictures.flow(moved, seen.currency, colours(workspace.segments()))
    return pictures.kept(chart, ending, page.reader, "movements")


def _flow(page: Page, moved: Movements, chart: AnyChart) -> Picture:
    query = f"?since={moved.since}"
    return Picture.of(chart, page.reader, "/overview/movements", query, wide=pictures.WHOLE)
