"""Which run readers see: looked up whenever somebody asks, opened once, and the same all through one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

from carpel.runs import Run, RunStore, Settings, open_run

KEPT: Final = 3
"""Runs that stay open: readers who began before another run became current go on with theirs."""


@dataclass(frozen=True)
class _Reading:
    """What one reading has seen so far, by who found it, and how many seconds old that may be."""

    lag: float
    seen: dict[int, Run | None] = field(default_factory=dict)


_READING: ContextVar[_Reading | None] = ContextVar("reading", default=None)


@contextmanager
def one_reading(*, lag: float = 0.0) -> Iterator[None]:
    """Within it the current run is the one that was current when it was first asked for, whatever happens meanwhile.

    Args:
        lag: Seconds for which what an earlier reading has found will do, so that not every one asks the store.
    """
    before = _READING.set(_Reading(lag))
    try:
        yield
    finally:
        _READING.reset(before)


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
        self._telling = Lock()
        self._last: tuple[float, Run | None] = (0.0, None)

    def find(self) -> Run | None:
        """The current run; None before the first."""
        reading = _READING.get()
        if reading is None:
            return self._found()
        if id(self) not in reading.seen:
            reading.seen[id(self)] = self._recent(reading.lag)
        return reading.seen[id(self)]

    def _recent(self, lag: float) -> Run | None:
        at, run = self._last
        return run if run and monotonic() - at < lag else self._found()

    def _found(self) -> Run | None:
        asked = monotonic()
        record = self._store().current()
        found = None if record is None else self._open.get(record.id) or self._opened(record.id)
        with self._telling:
            # Whoever asked earlier and heard later must not take back what others have been told.
            if asked >= self._last[0]:
                self._last = asked, found
        return found

    def _opened(self, run: str) -> Run:
        with self._opening:
            if run not in self._open:
                # A new mapping each time, so that nobody reads one that is being changed.
                latest = dict(list(self._open.items())[1 - KEPT :])
                self._open = {**latest, run: open_run(self._settings, run)}
            return self._open[run]
