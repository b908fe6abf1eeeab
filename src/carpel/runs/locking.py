"""Locks that die with their process: the kernel of the machine keeps them, not a file's content."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.runs.records import Holder, RunInProgress

_POLL_SECONDS: Final = 0.05


@contextmanager
def held(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold a lock file for the block.

    The file stays behind when the lock is free; its content only names the last holder.

    Raises:
        RunInProgress: Another process holds it, and still did after `wait` seconds.
        CarpelError: The file cannot be written.
    """
    descriptor = _acquire(path, wait)
    try:
        _name_holder(descriptor, Holder.myself())
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held_if_free(path: Path) -> Iterator[bool]:
    """Hold a lock file for the block if nobody else does; says whether it is so. No file, no holder."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield True
        return
    try:
        yield _try(descriptor)
    finally:
        os.close(descriptor)


def _acquire(path: Path, wait: float) -> int:
    deadline = time.monotonic() + wait
    while True:
        descriptor = _open(path)
        if _try(descriptor) and _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)
        if time.monotonic() >= deadline:
            raise RunInProgress(_holder(path), place=str(path))
        time.sleep(_POLL_SECONDS)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise CarpelError("runs.cannot-write", place=str(path), problem=error.strerror or "") from error


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the locked file is the one of that name: somebody may have cleaned it away meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _name_holder(descriptor: int, holder: Holder) -> None:
    """Only a courtesy to those who wait, so a full disk does not matter here."""
    content = {"process": holder.process, "host": holder.host, "since": holder.since.isoformat()}
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(content).encode(), 0)
    except OSError:
        return


def _holder(path: Path) -> Holder | None:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Holder(process=raw["process"], host=raw["host"], since=datetime.fromisoformat(raw["since"]))
    except (OSError, ValueError, KeyError):
        return None
