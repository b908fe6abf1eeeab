"""Past runs, which one is current, and what one found."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.issues import IssueWire
from carpel.api.lanes import look_up
from carpel.api.money import major
from carpel.api.problems import answers
from carpel.kernel.money import Currency
from carpel.runs import Manifest
from carpel.workspace import RunRecord, Workspace

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


class LeafWire(BaseModel):
    """A leaf of the scheme in a run."""

    key: str
    customers: int
    revenue: float | None


class FoundWire(BaseModel):
    """What a run counted and found, from its folder. `checks` that found nothing passed.

    Attributes:
        customers: How many customers it has a row for.
        base: Customers in a segment.
        outside_base: Customers whom the scheme does not divide.
        currency: Of all money.
        scheme_version: The published version that it used; null where it is older than versions.
        segments: The leaves.
        rests: The source's money that is in no segment, by why.
        checks: What each check found, by its name.
        issues: What else was found on the way.
        timings: Seconds by stage.
    """

    customers: int
    base: int
    outside_base: int
    currency: str
    scheme_version: int | None
    segments: list[LeafWire]
    rests: dict[str, float]
    checks: dict[str, list[IssueWire]]
    issues: list[IssueWire]
    timings: dict[str, float]

    @classmethod
    def of(cls, manifest: Manifest, currency: Currency, language: str) -> FoundWire:
        """As a reader of a language sees it."""
        return cls(
            customers=manifest.rows["profiles"],
            base=manifest.base,
            outside_base=manifest.outside_base,
            currency=currency.code,
            scheme_version=manifest.scheme_version,
            segments=[
                LeafWire(key=each.key, customers=each.customers, revenue=major(each.revenue, currency))
                for each in manifest.segments
            ],
            rests={name: float(currency.major(amount)) for name, amount in manifest.rests.items()},
            checks={name: [IssueWire.of(each, language) for each in found] for name, found in manifest.checks.items()},
            issues=[IssueWire.of(each, language) for each in manifest.issues],
            timings=dict(manifest.timings),
        )


class WholeRunWire(RunWire):
    """One run; `problem` says why it did not become current, `found` is null where its folder is no longer kept."""

    problem: str | None
    found: FoundWire | None


@router.get("")
async def runs(workspace: AskedWorkspace, limit: Annotated[int, Query(ge=1, le=MOST)] = 50) -> RunsWire:
    """The latest runs, newest first."""
    return await look_up(lambda: _runs(workspace, limit))


@router.get("/{run}", responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT))
async def run(run: str, workspace: AskedWorkspace, language: ReaderLanguage) -> WholeRunWire:
    """One run: what it counted, what its checks found, and how long each stage took."""
    return await look_up(lambda: _run(run, workspace, language))


def _runs(workspace: Workspace, limit: int) -> RunsWire:
    current = workspace.store.current()
    latest = [RunWire.of(each) for each in workspace.runs.list(limit)]
    return RunsWire(current=current.id if current else None, runs=latest)


def _run(run: str, workspace: Workspace, language: str) -> WholeRunWire:
    record = workspace.runs.find(run)
    kept = workspace.runs.open(run) if workspace.runs.keeps(run) else None
    return WholeRunWire(
        **dict(RunWire.of(record)),
        problem=record.problem.render(language) if record.problem else None,
        found=FoundWire.of(kept.manifest, kept.currency, language) if kept else None,
    )
