"""The first page: how the company stands."""

from __future__ import annotations

from fastapi import APIRouter, Response

from carpel.api.asking import AskedWorkspace
from carpel.web.page import AskedPage

router = APIRouter()


@router.get("/")
def overview(page: AskedPage, workspace: AskedWorkspace) -> Response:
    """The fruit, totals, segments, movements and what needs attention."""
    return page.show("overview.html", segments=workspace.segments())
