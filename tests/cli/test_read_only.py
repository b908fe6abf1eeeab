"""Whoever may only read a workspace sees everything in it, and is told why no run can be made."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

READING = (["status"], ["segments"], ["explain", "001379"], ["attributes"], ["sql"])


@pytest.fixture
def shelf(finished: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy that its reader may not write."""
    folder = Path(shutil.copytree(finished, tmp_path / "acme"))
    allow(folder, 0o555, 0o444)
    yield folder
    allow(folder, 0o755, 0o644)


def allow(folder: Path, folders: int, files: int) -> None:
    """Set the rights on a folder and all that is in it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(folders if path.is_dir() else files)


def reading(*command: str | Path, home: Path = Path("/")) -> subprocess.CompletedProcess[str]:
    """A command of somebody whom the rights on files bind. They bind everybody but root, who gives the privilege up."""
    bound = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*bound, sys.executable, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ["PATH"], "CARPEL_LANG": "en", "COLUMNS": "400", "HOME": str(home)},
    )


def carpel(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """The command line, of such a reader."""
    return reading("-c", "import sys; from carpel.cli import main; main(sys.argv[1:])", *arguments, home=home)


def content(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder with its size and its last change."""
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in (folder, *folder.rglob("*"))}


def test_a_reader_cannot_write_here(shelf: Path) -> None:
    """What the tests below stand on."""
    for place in (shelf / ".carpel" / "store.sqlite", shelf / ".carpel" / "new", shelf / "new"):
        assert "PermissionError" in reading("-c", f"open({str(place)!r}, 'a')").stderr


def test_a_reader_reads_everything_and_leaves_no_trace(shelf: Path, tmp_path: Path) -> None:
    before = content(shelf)
    for arguments in READING:
        shown = carpel(*arguments, "--workspace", shelf, home=tmp_path)
        assert (shown.returncode, shown.stderr) == (0, ""), arguments
        assert shown.stdout
    assert content(shelf) == before


def test_a_reader_exports_to_a_place_of_their_own(shelf: Path) -> None:
    before = content(shelf)
    own = shelf.parent / "own"
    own.mkdir()
    made = carpel("export", "assignments", "--to", own / "a.csv", "--workspace", shelf, home=own)
    assert (made.returncode, made.stderr) == (0, "")
    assert len((own / "a.csv").read_text(encoding="utf-8-sig").splitlines()) > 1
    assert content(shelf) == before


def test_a_reader_who_asks_for_a_run_is_told_what_may_not_be_written(shelf: Path, tmp_path: Path) -> None:
    before = content(shelf)
    refused = carpel("run", "--workspace", shelf, home=tmp_path)
    assert refused.returncode == 1
    assert f"{shelf / '.carpel'}: You may read this workspace but not write to it" in refused.stderr
    assert content(shelf) == before


def test_a_reader_sees_what_a_writer_at_work_has_written(shelf: Path, tmp_path: Path) -> None:
    store = shelf / ".carpel" / "store.sqlite"
    allow(shelf, 0o755, 0o644)
    with closing(sqlite3.connect(store)) as writer:
        writer.execute("UPDATE runs SET host = 'elsewhere', state = 'refused'")
        writer.execute("DELETE FROM current_runs")
        writer.commit()
        assert store.with_name("store.sqlite-wal").stat().st_size
        allow(shelf, 0o555, 0o444)
        shown = carpel("status", "--workspace", shelf, home=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "no current run" in shown.stdout
