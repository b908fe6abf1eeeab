"""When facts are still good: the same files, mapping, settings and code give the same fingerprint."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from carpel.sources.settings import Source, plain

_SETTLED: Final = 2_000_000_000
"""Nanoseconds after which a file's time of change is trusted to tell a later change."""

_CODE: Final = ("crm", "sources")


class Digests:
    """The content of files as digests, remembered by size and time of change."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._known: dict[str, list[Any]] = _read(memory)
        self._used: dict[str, list[Any]] = {}

    def of(self, path: Path) -> str:
        """The digest of a file's content."""
        state = path.stat()
        known = self._known.get(str(path))
        if known is None or known[:2] != [state.st_size, state.st_mtime_ns]:
            known = [state.st_size, state.st_mtime_ns, _digest(path)]
        if time.time_ns() - state.st_mtime_ns > _SETTLED:
            self._used[str(path)] = known
        return str(known[2])

    def remember(self) -> None:
        """Keep what was learnt for the next time."""
        if self._used != self._known:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            begun = self._memory.with_suffix(".part")
            begun.write_text(json.dumps(self._used), encoding="utf-8")
            begun.replace(self._memory)


def fingerprint(
    sources: Sequence[Source], found: Mapping[str, Sequence[Path]], digests: Digests, **settings: object
) -> str:
    """What identifies the facts that these sources give."""
    content = {
        "code": _code(),
        "settings": settings,
        "sources": [plain(source) for source in sources],
        "files": {name: [(path.name, digests.of(path)) for path in paths] for name, paths in found.items()},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=20)).hexdigest()


def _read(memory: Path) -> dict[str, list[Any]]:
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for name in _CODE:
        for content in _sources(files("carpel") / name):
            digest.update(content)
    return digest.hexdigest()


def _sources(folder: Traversable) -> list[bytes]:
    found: list[bytes] = []
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            found += _sources(each)
        elif each.name.endswith(".py"):
            found.append(each.read_bytes())
    return found
