"""Where facts lie: whole folders that appear at once, kept for a while, and what killed stagings left behind."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.failpoints import failpoint
from carpel.kernel.temporary import TemporaryFolder

KEEP: Final = 2
"""How many facts folders are kept: the current one, and the one before it for whoever still reads it."""

_BEGUN: Final = ".staging-"


def facts_root(workspace: Path) -> Path:
    """Where a workspace's facts lie."""
    return workspace / ".carpel" / "facts"


def snapshots_root(workspace: Path) -> Path:
    """Where the dated copies lie."""
    return workspace / ".carpel" / "snapshots"


@contextmanager
def begun(root: Path, name: str) -> Iterator[Path]:
    """A folder to fill; it appears as `root/name` when all is well, and vanishes when not.

    Raises:
        CarpelError: The disk is full or does not let itself be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with TemporaryFolder(_BEGUN, beside=root) as place:
            yield place
            failpoint("staging.before-rename")
            _appear(place, root / name)
            failpoint("staging.after-rename")
    except OSError as error:
        problem = error.strerror or str(error)
        raise CarpelError("sources.cannot-write", place=str(error.filename or root), problem=problem) from error


def prune(root: Path, in_use: Collection[str], keep: int = KEEP) -> None:
    """Remove all but the newest facts folders; those in use always stay."""
    folders = [each for each in root.iterdir() if (each / "facts.json").is_file() and each.name not in in_use]
    newest = sorted(folders, key=lambda each: (each / "facts.json").stat().st_mtime_ns, reverse=True)
    for each in newest[keep - 1 :]:
        shutil.rmtree(each, ignore_errors=True)


def _appear(place: Path, to: Path) -> None:
    """Rename; where another process has staged the same meanwhile, its folder is as good."""
    try:
        place.rename(to)
    except OSError:
        if not (to / "facts.json").is_file():
            raise
