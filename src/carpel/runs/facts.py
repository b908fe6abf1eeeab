"""The facts that a workspace's sources give, staged where they have changed."""

from __future__ import annotations

from datetime import UTC, datetime

from carpel.crm import Facts
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.progress import Progress, Silent
from carpel.runs.opening import current_run
from carpel.runs.pruning import facts_in_use
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.sources import Staged, stage


def staged_facts(
    settings: Settings, engine: Engine, store: RunStore, *, now: datetime, progress: Progress | None = None
) -> Staged:
    """Read the sources where they have changed."""
    return stage(
        settings.sources,
        folder=settings.folder,
        currency=settings.currency,
        time_zone=settings.time_zone,
        revenue=settings.revenue,
        engine=engine.embedded,
        now=now,
        progress=progress or Silent(),
        in_use=facts_in_use(settings, store),
    )


def facts_at_hand(settings: Settings, engine: Engine, store: RunStore) -> Facts:
    """The current run's facts, so that nothing is read anew; without a run, what sources give."""
    try:
        return current_run(settings, store).facts
    except CarpelError:
        return staged_facts(settings, engine, store, now=datetime.now(UTC)).facts
