"""A full disk and an unreadable file end a run in words; what was current still is, and whole."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import Run, RunState, RunStore, Settings, current_run
from tests.runs.killing import what_is_wrong
from tests.runs.workspaces import make


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As on a full disk, a file cannot grow beyond a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[bool]:
    """A disk of that size, where this account may mount one; says whether it may."""
    at.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)]
    mounted = (
        shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(at)], check=True)


def assert_first_still_serves(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    current = current_run(settings, store)
    assert current.id == made.id
    assert what_is_wrong(current, store, engine, thorough=True) is None


@pytest.mark.parametrize("size", [0, 1_000, 1_700, 5_000])
def test_no_room_for_a_file(made: Run, settings: Settings, store: RunStore, engine: Engine, size: int) -> None:
    with files_no_larger_than(size), pytest.raises(CarpelError) as refused:
        make(settings, store)
    assert refused.value.text.render() != refused.value.text.key
    assert_first_still_serves(made, settings, store, engine)
    after = make(settings, store)
    assert current_run(settings, store).id == after.id
    assert sorted(each.name for each in settings.runs_folder.iterdir()) == sorted([made.id, after.id])
    assert RunState.RUNNING not in store.states().values()


def test_a_full_disk(settings: Settings, store: RunStore, engine: Engine, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, "1m") as mounted:
        elsewhere = replace(settings, runs=disk / "runs")
        made = make(elsewhere, store)
        filler = disk / "filler"
        if mounted:
            fill(filler)
        with pytest.raises(CarpelError), files_no_larger_than(resource.RLIM_INFINITY if mounted else 1_000):
            make(elsewhere, store)
        assert_first_still_serves(made, elsewhere, store, engine)
        filler.unlink(missing_ok=True)
        assert make(elsewhere, store).is_sound


def fill(file: Path) -> None:
    """Write until there is no room."""
    try:
        with file.open("wb", buffering=0) as sink:
            while True:
                sink.write(bytes(1024))
    except OSError:
        return


@pytest.mark.parametrize("how", ["gone", "a folder", "no table", "no columns"])
def test_an_unreadable_source(made: Run, settings: Settings, store: RunStore, engine: Engine, how: str) -> None:
    orders = settings.folder / "data" / "orders.csv"
    kept = orders.read_bytes()
    orders.unlink()
    if how == "a folder":
        orders.mkdir()
    elif how == "no table":
        orders.write_bytes(bytes(range(256)) * 40)
    elif how == "no columns":
        orders.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CarpelError) as refused:
        make(settings, store)
    assert refused.value.text.render() != refused.value.text.key
    assert_first_still_serves(made, settings, store, engine)
    record = store.list()[0]
    assert (record.state, record.problem) == (RunState.REFUSED, refused.value.text)
    orders.rmdir() if how == "a folder" else orders.unlink(missing_ok=True)
    orders.write_bytes(kept)
    assert make(settings, store).manifest.fingerprint == made.manifest.fingerprint


def test_a_runs_folder_that_cannot_be_is_said(settings: Settings, store: RunStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(CarpelError) as refused:
        make(replace(settings, runs=tmp_path / "file" / "runs"), store)
    assert refused.value.text.key == "runs.cannot-write"


def test_a_stopped_run_leaves_nothing(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    class Impatient:
        def stage(self, name: object) -> None:
            if str(name.key) == "runs.stage-index":  # type: ignore[attr-defined]
                raise KeyboardInterrupt

        def advance(self, done: int, total: int) -> None:
            pass

    with pytest.raises(KeyboardInterrupt):
        make(settings, store, progress=Impatient())
    assert_first_still_serves(made, settings, store, engine)
    record = store.list()[0]
    assert record.problem is not None
    assert (record.state, record.problem.key) == (RunState.ABANDONED, "runs.stopped")
    assert [each.name for each in settings.runs_folder.iterdir()] == [made.id]


def test_a_broken_manifest_is_said(made: Run, settings: Settings, store: RunStore) -> None:
    (made.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(CarpelError) as refused:
        current_run(settings, store)
    assert refused.value.text.key == "runs.manifest-broken"
    shutil.rmtree(made.folder)
    with pytest.raises(CarpelError) as refused:
        current_run(settings, store)
    assert refused.value.text.key == "runs.not-kept"
