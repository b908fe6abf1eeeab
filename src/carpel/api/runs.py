"""Past runs, and which one is current."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace
from carpel.workspace import RunRecord

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

MOST = 500


class RunWire(BaseModel):
    """One run."""

    run: str
    as_of: date | None
    state: str
    started: datetime
    seconds: float | None

    @classmethod
    def of(cls, record: RunRecord) -> RunWire:
        """As scripts read it."""
        day = record.as_of.day if record.as_of else None
        return cls(run=record.id, as_of=day, state=record.state, started=record.started, seconds=record.seconds)


class RunsWire(BaseModel):
    """The latest runs, newest first; `current` is the one that every reader sees."""

    current: str | None
    runs: list[RunWire]


@router.get("")
def runs(workspace: AskedWorkspace, limit: Annotated[int, Query(ge=1, le=MOST)] = 50) -> RunsWire:
    """The latest runs, newest first."""
    current = workspace.runs.current()
    return RunsWire(
        current=current.id if current else None, runs=[RunWire.of(each) for each in workspace.runs.list(limit)]
    )
