"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace
from carpel.api.lanes import look_up
from carpel.api.problems import answers

router = APIRouter(prefix="/health", tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    alive: bool = True


class Ready(BaseModel):
    """A run is current and can be read."""

    run: str


@router.get("/live")
async def live() -> Alive:
    """Whether the process lives."""
    return Alive()


@router.get("/ready", responses=answers(HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT))
async def ready(workspace: AskedWorkspace) -> Ready:
    """Whether there is a current run to answer from."""
    return Ready(run=await look_up(lambda: workspace.current.id))
