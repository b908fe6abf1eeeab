"""Segments: all beside each other, and one with its parts."""

from __future__ import annotations

from fastapi import APIRouter, Response

from carpel.api.asking import AskedWorkspace
from carpel.web.colours import colours
from carpel.web.page import AskedPage
from carpel.web.segments import SegmentsTable

router = APIRouter()


@router.get("/segments")
def segments(page: AskedPage, workspace: AskedWorkspace) -> Response:
    """All segments beside each other."""
    seen = workspace.overview()
    table = SegmentsTable.of(page, seen)
    return page.show("segments.html", overview=seen, table=table, colours=colours(workspace.segments()), sparks={})
