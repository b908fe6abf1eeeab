"""Where runs lie: one folder each, immutable from the moment that it has its name.

- `<runs>/20261123T014500Z-ab12cd/`: a run. `manifest.json`, `profiles/0000.parquet` and on, `assignments/0000.parquet`
  and on (files by customer bucket), `models/` with what was learned, `index.arrow`, `search/` by which customers are
  found, `figures/` with what pages show.
- `<runs>/.20261123T014500Z-ab12cd.working/`: the same while it is made. Its file `lock` is locked by its maker, so that
  what a killed run left behind can be told from what is being made.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.failpoints import failpoint
from carpel.runs.locking import held, held_if_free

MANIFEST: Final = "manifest.json"
INDEX: Final = "index.arrow"
PROFILES: Final = "profiles"
ASSIGNMENTS: Final = "assignments"

_LOCK: Final = "lock"
_WORKING: Final = ".working"
_CLEANING_SECONDS: Final = 2.0
_RUN_ID: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


def new_run_id(now: datetime) -> str:
    """An id that sorts by time, with a random end so that two machines never share one."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def is_run_id(name: str) -> bool:
    """Whether a folder's name is that of a run."""
    return bool(_RUN_ID.fullmatch(name))


def bucket_file(folder: Path, table: str, bucket: int) -> Path:
    """The file of one customer bucket."""
    return folder / table / f"{bucket:04}.parquet"


@contextmanager
def working_folder(runs: Path, name: str) -> Iterator[Path]:
    """A folder to make something in, locked for as long as the block lasts.

    What is still in it at the end is removed: `keep` moves it away before.

    Raises:
        CarpelError: The place cannot be written.
    """
    folder = runs / f".{name}{_WORKING}"
    with held(folder / _LOCK, wait=_CLEANING_SECONDS):
        try:
            for table in (PROFILES, ASSIGNMENTS):
                (folder / table).mkdir(exist_ok=True)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path, to: Path) -> None:
    """Give a finished working folder its name, once all of it is safely on disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name != _LOCK:
            _sync(path)
    (folder / _LOCK).unlink()
    _sync(folder)
    failpoint("runs.synced")
    folder.rename(to)
    _sync(to.parent)


def clean_working_folders(runs: Path) -> None:
    """Remove what killed processes left behind; what somebody is making stays."""
    for folder in runs.glob(f".*{_WORKING}"):
        with held_if_free(folder / _LOCK) as free:
            if free:
                shutil.rmtree(folder, ignore_errors=True)


def run_folders(runs: Path) -> tuple[Path, ...]:
    """The folders of runs, oldest first."""
    if not runs.is_dir():
        return ()
    return tuple(sorted(each for each in runs.iterdir() if is_run_id(each.name)))


def remove(folder: Path) -> None:
    """Remove a run's folder; if the process is killed on the way, the next run removes the rest."""
    failpoint("runs.removing")
    # Without its manifest it is no run any more, whatever else is still there.
    (folder / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk(place: Path) -> Iterator[None]:
    """Say in words what a disk objects to."""
    try:
        yield
    except OSError as error:
        raise CarpelError("runs.cannot-write", place=str(place), problem=error.strerror or str(error)) from error
