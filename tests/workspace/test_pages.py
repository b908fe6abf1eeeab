"""What is remembered of runs: nobody waits for a run that they do not read, and closing frees it."""

from __future__ import annotations

import gc
import shutil
import tempfile
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

import carpel
from carpel.runs import Run
from carpel.runs.views.figures import Figures
from carpel.workspace import one_reading
from carpel.workspace.pages import Pages
from tests.cli.conftest import finished

__all__ = ["finished"]

PATIENCE = 60.0


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "acme"))


def test_whoever_reads_one_run_does_not_wait_for_the_figures_of_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, may_end = Event(), Event()
    counted = Pages._figures

    def slowly(self: Pages, run: Run) -> Figures:
        counting.set()
        assert may_end.wait(PATIENCE)
        return counted(self, run)

    with carpel.open(folder) as workspace, ThreadPoolExecutor(1) as another:
        with one_reading():
            known = workspace.attribute("frequency")
            workspace.run(as_of="2025-03-01")
            monkeypatch.setattr(Pages, "_figures", slowly)
            waiting = another.submit(workspace.attribute, "frequency")
            try:
                assert counting.wait(PATIENCE)
                assert workspace.attribute("frequency") == known
                assert not waiting.done()
            finally:
                may_end.set()
        assert waiting.result(PATIENCE).run == workspace.current.id != known.run


def test_closing_frees_runs_and_what_was_made_for_reading_them(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    for search in folder.rglob("search.json"):
        search.unlink()
    workspace = carpel.open(folder)
    workspace.overview()
    total = workspace.customers_page(search="0").total
    read = weakref.ref(workspace.current)
    assert list(place.glob("carpel-search-*"))
    workspace.close()
    gc.collect()
    assert read() is None
    assert not list(place.glob("carpel-search-*"))
    with workspace:
        assert workspace.customers_page(search="0").total == total
