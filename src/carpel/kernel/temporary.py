"""Folders for work in between: removed when the work ends, or swept by a later one where its process was killed.

Beside each folder lies a file of its name that its owner keeps locked. The lock dies with its process, so what nobody
holds is litter, whatever number the process had and however old the folder is.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import weakref
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkstemp
from types import TracebackType
from typing import Final

_LOCK: Final = ".lock"


class TemporaryFolder:
    """A folder of this process's own, gone when it is closed, left or no longer referred to.

    Making one sweeps what killed processes left of the same kind at the same place.

    Attributes:
        path: The folder; its name is used once and never again.
    """

    def __init__(self, kind: str, *, beside: Path | None = None) -> None:
        """Make the folder.

        Args:
            kind: What its name begins with.
            beside: Where it lies; None means where the system keeps temporary files, closed to other users.

        Raises:
            OSError: The place cannot be written.
        """
        place = beside or Path(gettempdir())
        sweep(place, kind)
        lock, descriptor = _locked(place, kind)
        self.path = lock.with_suffix("")
        self._close = weakref.finalize(self, _remove, self.path, lock, descriptor)
        self.path.mkdir(mode=0o777 if beside else 0o700)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder, if it still has its name, and all that is in it."""
        self._close()


def sweep(place: Path, kind: str) -> None:
    """Remove the folders of a kind whose owners no longer live."""
    for lock in place.glob(f"{kind}*{_LOCK}"):
        with suppress(OSError):
            descriptor = _taken(lock)
            if descriptor is not None:
                _remove(lock.with_suffix(""), lock, descriptor)


def _locked(place: Path, kind: str) -> tuple[Path, int]:
    """A new locked file; another one where somebody swept it before it was locked."""
    while True:
        descriptor, name = mkstemp(prefix=kind, suffix=_LOCK, dir=place)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_still(Path(name), descriptor):
            return Path(name), descriptor
        os.close(descriptor)


def _taken(lock: Path) -> int | None:
    """The lock of somebody who no longer lives; None where it is held, somebody else's or gone."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours = os.fstat(descriptor).st_uid == os.geteuid() and _is_still(lock, descriptor)
    except OSError:
        ours = False
    if not ours:
        os.close(descriptor)
    return descriptor if ours else None


def _is_still(lock: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), lock.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


def _remove(folder: Path, lock: Path, descriptor: int) -> None:
    """The folder first: whoever is killed in between leaves the lock for the next to find."""
    shutil.rmtree(folder, ignore_errors=True)
    lock.unlink(missing_ok=True)
    os.close(descriptor)
