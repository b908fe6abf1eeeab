"""Which run readers see: looked up whenever somebody asks, opened once, and the same all through one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Final

from carpel.runs import Run, RunStore, Settings, open_run

KEPT: Final = 3
"""Runs that stay open: readers who began before another run became current go on with theirs."""

_SEEN: ContextVar[dict[int, Run | None] | None] = ContextVar("seen", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it the current run is the one that was current when it was first asked for, whatever happens meanwhile."""
    before = _SEEN.set({})
    try:
        yield
    finally:
        _SEEN.reset(before)


class CurrentRun:
    """Finds the current run; any number of threads may ask.

    Args:
        settings: The workspace.
        store: Opens the store that knows which run is current, or has it open.
    """

    def __init__(self, settings: Settings, store: Callable[[], RunStore]) -> None:
        self._settings = settings
        self._store = store
        self._open: dict[str, Run] = {}
        self._opening = Lock()

    def find(self) -> Run | None:
        """The current run; None before the first."""
        seen = _SEEN.get()
        if seen is None:
            return self._found()
        if id(self) not in seen:
            seen[id(self)] = self._found()
        return seen[id(self)]

    def _found(self) -> Run | None:
        record = self._store().current()
        if record is None:
            return None
        return self._open.get(record.id) or self._opened(record.id)

    def _opened(self, run: str) -> Run:
        with self._opening:
            if run not in self._open:
                # A new mapping each time, so that nobody reads one that is being changed.
                latest = dict(list(self._open.items())[1 - KEPT :])
                self._open = {**latest, run: open_run(self._settings, run)}
            return self._open[run]
