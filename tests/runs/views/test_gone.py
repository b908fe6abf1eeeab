"""Who is no longer in the records stands on arrows, in no list, and is told beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import carpel
from carpel.kernel.texts import LANGUAGES
from carpel.web import create_site
from carpel.workspace import Workspace
from tests.runs.views.conftest import FIRST
from tests.runs.workspaces import tiny, write_customers, write_orders

BEGUN = date(2025, 6, 1)
UNTIL = date(2025, 6, 30)


@pytest.fixture(scope="module")
def shrunk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Between its two runs the sources lose sixteen customers with all that they did."""
    settings = tiny(tmp_path_factory.mktemp("gone") / "tiny")
    with carpel.open(settings.folder) as workspace:
        workspace.run(as_of=BEGUN.isoformat())
        write_customers(settings.folder, 44)
        write_orders(settings.folder, 44, 7, UNTIL)
        workspace.run(as_of=UNTIL.isoformat())
    return settings.folder


@pytest.fixture(params=["kept", "gone"])
def workspace(shrunk: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """With the earlier run, and where only the log of moves tells of it."""
    folder = Path(shutil.copytree(shrunk, tmp_path / "tiny"))
    with carpel.open(folder) as opened:
        if request.param == "gone":
            shutil.rmtree(opened.settings.runs_folder / str(opened.current.manifest.previous))
        yield opened


@pytest.mark.parametrize("since", [None, BEGUN])
def test_an_arrow_out_of_the_base_is_its_list_and_who_is_gone(workspace: Workspace, since: date | None) -> None:
    moved = workspace.moves(BEGUN).moves.moved
    left = [flow for flow in moved if flow.after is None]
    pages = [workspace.customers_page("outside", came_from=flow.before, since=since) for flow in left]
    assert [page.total + page.gone for page in pages] == [flow.customers for flow in left]
    assert sum(page.gone for page in pages) > 0
    for flow in moved:
        if flow.after is not None:
            assert workspace.customers_page(flow.after, came_from=flow.before or "outside", since=since).gone == 0


def test_the_overview_counts_the_same_arrows(shrunk: Path) -> None:
    with carpel.open(shrunk) as opened:
        moves = opened.overview().moves
        assert moves
        assert moves.flows == opened.moves(BEGUN).moves.flows


def test_of_a_segment_with_parts_all_are_told(workspace: Workspace) -> None:
    parts = [workspace.customers_page("outside", came_from=key).gone for key in ("best-slipping", "best-steady")]
    assert workspace.customers_page("outside", came_from="best").gone == sum(parts)


def test_a_list_that_is_narrowed_further_tells_of_nobody(workspace: Workspace) -> None:
    assert workspace.customers_page("outside", came_from="buyers", search="0").gone == 0
    assert workspace.customers_page("outside").gone == workspace.customers_page().gone == 0


def test_the_page_says_so_in_every_language(workspace: Workspace) -> None:
    gone = workspace.customers_page("outside", came_from="buyers", since=BEGUN).gone
    site = TestClient(create_site(workspace), base_url="http://127.0.0.1")
    told = set()
    for language in LANGUAGES:
        page = site.get("/customers?segment=outside&came_from=buyers", headers={"Accept-Language": language}).text
        [said] = [line for line in page.splitlines() if line.startswith('<p class="calm">')]
        assert str(gone) in said
        told.add(said)
    assert len(told) == len(LANGUAGES)


def test_lists_since_a_day_whose_run_is_gone_are_as_many_as_moved(company: Workspace, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(company.settings.folder, tmp_path / "company"))
    shutil.rmtree(folder / ".carpel" / "runs" / str(company.current.manifest.previous))
    with carpel.open(folder) as opened:
        moved = opened.moves(FIRST).moves.moved
        assert {(f.before, f.after, f.customers) for f in moved} == {
            (f.before, f.after, f.customers) for f in company.moves(FIRST).moves.moved
        }
        for flow in moved:
            page = opened.customers_page(flow.after or "outside", came_from=flow.before or "outside", since=FIRST)
            assert page.total + page.gone == flow.customers
