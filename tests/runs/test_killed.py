"""No moment is a bad one to die: readers see a whole current run throughout, and the next run completes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from carpel.runs import FAILPOINTS
from tests.conftest import ROOT
from tests.runs.workspaces import tiny
from tests.servers import postgresql

pytestmark = pytest.mark.slow


def killed(*how: str, folder: Path, address: str = "sqlite") -> dict[str, Any]:
    first, *others = how
    command = [sys.executable, "-m", "tests.runs.killing", first, str(folder), address, *others]
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
