"""A run from sources to publication: written beside everything else, and current in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import text
from carpel.runs.composing import RunInMaking
from carpel.runs.facts import staged_facts
from carpel.runs.folders import disk, keep, new_run_id, remove, working_folder
from carpel.runs.moves.log import record_moves
from carpel.runs.opening import Run, open_run
from carpel.runs.pruning import clean, prune
from carpel.runs.publishing.scheme_file import catalogue_for, scheme_text
from carpel.runs.records import Holder, Outcome, RunState, RunStore
from carpel.runs.settings import Settings
from carpel.runs.stages import Stages, passed
from carpel.schemes import check as schemes_check

WAIT_SECONDS: Final = 10.0
"""How long a run waits for another to end before it is refused."""


def run(
    settings: Settings,
    engine: Engine,
    store: RunStore,
    *,
    as_of: AsOf | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
    wait: float = WAIT_SECONDS,
) -> Run:
    """Make a run; it becomes current if its checks pass, and is kept for inspection if they do not.

    Args:
        settings: The workspace.
        engine: Where expressions run.
        store: Remembers the run.
        as_of: The moment that it knows up to; None is now, or for old data the day after the latest event.
        now: The present, with its zone.
        progress: Is told each stage.
        wait: How many seconds to wait for another run to end.

    Raises:
        RunInProgress: Another run went on for longer than that.
        CarpelError: The sources, the scheme or the disk do not allow it; whatever was current still is.
    """
    now = now or datetime.now(UTC)
    with store.lock(wait=wait):
        passed("locked")
        clean(settings, store)
        passed("cleaned")
        made = _recorded(settings, engine, store, as_of, now, Stages(progress or Silent()))
        record_moves(settings, store, engine)
        prune(settings, store, datetime.now(UTC))
        passed("pruned")
    return made


def check(
    settings: Settings,
    engine: Engine,
    store: RunStore,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[Issue, ...]:
    """What is wrong with the sources and the scheme, before any run."""
    staged = staged_facts(settings, engine, store, now=now or datetime.now(UTC), progress=progress)
    scheme = scheme_text(settings).read()
    found = catalogue_for(scheme, settings, staged.facts)
    return (*staged.issues, *schemes_check(scheme, found, time_zone=settings.time_zone))


def _recorded(
    settings: Settings, engine: Engine, store: RunStore, as_of: AsOf | None, now: datetime, stages: Stages
) -> Run:
    holder = Holder.myself()
    run_id = new_run_id(holder.since)
    with disk(settings.runs_folder):
        store.start(run_id, holder)
        with _undone_on_error(settings, store, run_id):
            passed("recorded")
            with working_folder(settings.runs_folder, run_id) as folder:
                passed("folder")
                outcome = RunInMaking(settings, engine, store, folder, run_id, stages).all(as_of, now, holder.since)
                with stages.stage("publish"):
                    keep(folder, settings.runs_folder / run_id)
                    passed("renamed")
                    made = open_run(settings, run_id)
                    _conclude(store, made, outcome)
            passed("current")
    return made


def _conclude(store: RunStore, made: Run, outcome: Outcome) -> None:
    if made.is_sound:
        store.make_current(made.id, outcome)
    else:
        store.fail(made.id, outcome, made.failures[0].text)


@contextmanager
def _undone_on_error(settings: Settings, store: RunStore, run_id: str) -> Iterator[None]:
    """An error leaves nothing but its record. Where even that cannot be written, the next run cleans up."""
    try:
        yield
    except BaseException as error:
        with suppress(CarpelError):
            _record_end(store, run_id, error)
            record = store.find(run_id)
            # Not where it may have become current after all, its answer lost on the way.
            if record and record.state in {RunState.REFUSED, RunState.ABANDONED}:
                remove(settings.runs_folder / run_id)
        raise


def _record_end(store: RunStore, run_id: str, error: BaseException) -> None:
    if isinstance(error, CarpelError):
        store.refuse(run_id, error.text)
    elif isinstance(error, OSError):
        store.refuse(run_id, text("runs.cannot-write", problem=error.strerror or str(error)))
    else:
        store.abandon(run_id, text("runs.stopped"))
