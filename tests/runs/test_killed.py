"""No moment is a bad one to die: readers see a whole current run throughout, and the next run completes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from carpel.runs import FAILPOINTS, PUBLISHING_FAILPOINTS
from tests.conftest import ROOT
from tests.runs.workspaces import tiny
from tests.servers import postgresql

pytestmark = pytest.mark.slow


def killed(*how: str, folder: Path, address: str = "sqlite", program: str = "killing") -> dict[str, Any]:
    first, *others = how
    command = [sys.executable, "-m", f"tests.runs.{program}", first, str(folder), address, *others]
    # The killed leave their spill folders behind; pytest clears its own folder away.
    own = os.environ | {"TMPDIR": str(folder.parent)}
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["problems"] == [], done.stderr
    assert report["polls"] > 20
    return report


def few_kept(folder: Path) -> Path:
    """A workspace that prunes at every run."""
    tiny(folder)
    settings = folder / "carpel.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "keep_runs: 1\n", encoding="utf-8")
    return folder


def test_killed_at_every_failpoint(tmp_path: Path) -> None:
    report = killed("failpoints", folder=few_kept(tmp_path / "tiny"))
    assert report["missed"] == []
    assert report["killed"] == len(FAILPOINTS)


def test_killed_at_every_failpoint_with_postgresql(tmp_path: Path) -> None:
    with postgresql() as server:
        report = killed("failpoints", folder=few_kept(tmp_path / "tiny"), address=server.new_database())
    assert report["missed"] == []
    assert report["killed"] == len(FAILPOINTS)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_a_hundred_random_times(tmp_path: Path, seed: int) -> None:
    report = killed("random", "100", str(seed), folder=few_kept(tmp_path / "tiny"))
    assert report["killed"] == 100
    assert report["seen"] > 3


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield "sqlite"
        return
    with postgresql() as server:
        yield server.new_database()


def test_a_publication_killed_anywhere_is_whole_or_not_at_all(tmp_path: Path, address: str) -> None:
    tiny(tmp_path / "tiny")
    report = killed("failpoints", folder=tmp_path / "tiny", address=address, program="killing_publications")
    assert report["missed"] == []
    assert report["killed"] == len(PUBLISHING_FAILPOINTS)
    assert report["seen"] > len(PUBLISHING_FAILPOINTS)


def test_publications_killed_at_random_times(tmp_path: Path, address: str) -> None:
    tiny(tmp_path / "tiny")
    report = killed("random", "25", "1", folder=tmp_path / "tiny", address=address, program="killing_publications")
    assert report["killed"] == 25
    assert report["seen"] > 3
