"""What the figures stand on: sources, tables, quality, and runs with their checks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from carpel.api.asking import AskedWorkspace
from carpel.kernel.texts import text
from carpel.web.page import AskedPage
from carpel.web.tables import Column

router = APIRouter()

MONEY: Final = (
    Column(key="where", label=text("web.data.column.where"), is_number=False),
    Column(key="amount", label=text("web.data.column.amount")),
    Column(key="share", label=text("web.data.column.share")),
)
SOURCES: Final = (
    Column(key="source", label=text("web.data.column.source"), is_number=False),
    Column(key="files", label=text("web.data.column.files"), is_number=False),
    Column(key="rows", label=text("web.data.column.rows")),
    Column(key="tables", label=text("web.data.column.tables"), is_number=False),
)
TABLES: Final = (
    Column(key="table", label=text("web.data.column.table"), is_number=False),
    Column(key="rows", label=text("web.data.column.rows")),
    Column(key="without", label=text("web.data.column.without-customer")),
    Column(key="undated", label=text("web.data.column.undated")),
    Column(key="aside", label=text("web.data.column.set-aside")),
    Column(key="latest", label=text("web.data.column.latest"), is_number=False),
)
ASIDE: Final = (
    Column(key="table", label=text("web.data.column.table"), is_number=False),
    Column(key="reason", label=text("web.data.column.reason"), is_number=False),
    Column(key="rows", label=text("web.data.column.rows")),
    Column(key="amount", label=text("web.data.column.amount")),
    Column(key="examples", label=text("web.data.column.examples"), is_number=False),
)
RUNS: Final = (
    Column(key="as-of", label=text("web.data.column.as-of"), is_number=False),
    Column(key="state", label=text("web.data.column.state"), is_number=False),
    Column(key="checks", label=text("web.data.column.checks"), is_number=False),
    Column(key="started", label=text("web.data.column.started"), is_number=False),
    Column(key="seconds", label=text("web.data.column.seconds")),
)
STAGES: Final = (
    Column(key="stage", label=text("web.data.column.stage"), is_number=False),
    Column(key="seconds", label=text("web.data.column.seconds")),
    Column(key="share", label=text("web.data.column.share")),
)


@router.get("/data")
def data(page: AskedPage, workspace: AskedWorkspace) -> Response:
    """Sources, tables, quality, what was set aside, and runs."""
    columns = {"money": MONEY, "sources": SOURCES, "tables": TABLES, "aside": ASIDE, "runs": RUNS}
    return page.show("data.html", data=workspace.data(), columns=columns)


@router.get("/data/runs/{run}")
def run(page: AskedPage, workspace: AskedWorkspace, run: str) -> Response:
    """One run, by its id or as `current`: what it took and what its checks found."""
    known = workspace.data()
    wanted = known.run if run == "current" else run
    found = next((each for each in known.runs if each.record.id == wanted), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    stages = [(text(f"runs.stage-{name}"), seconds) for name, seconds in found.timings.items()]
    return page.show("run.html", run=found, columns=STAGES, stages=stages, total=sum(found.timings.values()))
