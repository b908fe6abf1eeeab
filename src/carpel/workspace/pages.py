"""The values that pages and REST show of the current run, remembered for as long as it stays the current one."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from carpel.runs import Run, open_run
from carpel.runs.moves.log import chain_to
from carpel.runs.views.figures import Figures, made_of, make_figures, read_figures
from carpel.runs.views.overview import Overview
from carpel.runs.views.overviewing import Standing, overview
from carpel.runs.views.past_runs import past_run
from carpel.runs.views.portrait import SegmentPortrait
from carpel.runs.views.portraying import portrait

if TYPE_CHECKING:
    from carpel.workspace.workspace import Workspace


class Pages:
    """Hands out values; what a run has not counted itself is counted once, by whoever asks first."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._standing: Standing | None = None

    def overview(self, now: datetime | None) -> Overview:
        """How the company stands."""
        return overview(self.standing, self._workspace.store, now=now or datetime.now(UTC))

    def segment(self, segment: str, versus: str | None, now: datetime | None) -> SegmentPortrait:
        """One segment."""
        store = self._workspace.store
        return portrait(self.standing, store, segment, versus=versus, now=now or datetime.now(UTC))

    @property
    def standing(self) -> Standing:
        """The current run beside those before it."""
        run = self._workspace.current
        with self._lock:
            if self._standing is None or self._standing.run.id != run.id:
                own = self._workspace
                self._standing = Standing.of(own.settings, own.store, run, self._figures(run))
            return self._standing

    def _figures(self, run: Run) -> Figures:
        found = read_figures(run.folder)
        if found is not None:
            return found
        settings, previous = self._workspace.settings, run.manifest.previous
        kept = previous and past_run(settings.runs_folder / previous)
        before = open_run(settings, previous) if previous and kept else None
        return make_figures(made_of(run, before, chain_to(settings, previous)), self._workspace.engine)
