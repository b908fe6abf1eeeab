"""The first page: how the company stands."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from carpel.api.asking import AskedWorkspace
from carpel.web.colours import colours
from carpel.web.movements import MOVEMENTS, movements
from carpel.web.page import AskedPage
from carpel.web.segments import SegmentsTable

router = APIRouter()

MOST: Final = 12
"""Movements that are listed; the picture has them all."""


@router.get("/")
def overview(page: AskedPage, workspace: AskedWorkspace, since: str | None = None) -> Response:
    """The fruit, totals, segments, movements and what needs attention."""
    seen = workspace.overview()
    moved = movements(workspace, seen, since)
    return page.show(
        "overview.html",
        overview=seen,
        table=SegmentsTable.of(page, seen),
        colours=colours(workspace.segments()),
        sparks={},
        movements=moved,
        movement_columns=MOVEMENTS,
        day_options=[(day.isoformat(), page.reader.day(day)) for day in moved.days] if moved else [],
        most=MOST,
    )
