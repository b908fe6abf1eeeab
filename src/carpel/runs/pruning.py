"""What is kept of past runs, and what is cleaned away.

The policy: the current run is always kept, and beside it the newest `keep_runs` that were current before (20 unless
carpel.yaml says otherwise, never fewer than one, so that somebody who is reading the last run can finish). Runs that
failed their checks are kept for seven days. Of runs that were killed or met an error nothing is kept. The facts
of the current run and of the one before it stay, so that these two can be made again; older runs can be read, not
made again. The store remembers that there was a run, whatever is removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.failpoints import failpoint
from carpel.runs.folders import clean_working_folders, remove, run_folders
from carpel.runs.manifest import read_manifest
from carpel.runs.records import RunRecord, RunState, RunStore
from carpel.runs.settings import Settings

KEEP_FAILED: Final = timedelta(days=7)
"""How long a run that failed its checks can be inspected."""

_REMOVED: Final = frozenset({RunState.REFUSED, RunState.ABANDONED, RunState.PRUNED})


def clean(settings: Settings, store: RunStore) -> None:
    """Clear away what killed runs left behind. Call it with the run lock held: who else says "running" is dead."""
    states = store.states()
    dead = {run for run, state in states.items() if state is RunState.RUNNING}
    for run in dead:
        store.abandon(run)
    gone = dead | {run for run, state in states.items() if state in _REMOVED}
    for folder in run_folders(settings.runs_folder):
        if folder.name in gone:
            remove(folder)
    clean_working_folders(settings.runs_folder)


def prune(settings: Settings, store: RunStore, now: datetime) -> tuple[str, ...]:
    """Remove runs that the policy does not keep; gives their ids. Call it with the run lock held."""
    expendable = beyond_policy(store.list(), keep_runs=settings.keep_runs, now=now)
    if not expendable:
        return ()
    folders = {folder.name: folder for folder in run_folders(settings.runs_folder)}
    leaving = [folders[run] for run in expendable if run in folders]
    # Marked first: a process killed from here on leaves folders that the next run knows to remove.
    store.forget(expendable)
    failpoint("runs.pruning")
    for folder in leaving:
        remove(folder)
    return expendable


def beyond_policy(records: Iterable[RunRecord], *, keep_runs: int, now: datetime) -> tuple[str, ...]:
    """The runs that the policy does not keep.

    Args:
        records: Runs, newest first.
        keep_runs: How many that were current are kept beside the one that is.
        now: For the age of failed runs.
    """
    records = tuple(records)
    past = [record.id for record in records if record.state is RunState.FINISHED]
    failed = [
        record.id
        for record in records
        if record.state is RunState.FAILED and now - (record.ended or record.started) > KEEP_FAILED
    ]
    return (*past[max(1, keep_runs) :], *failed)


def facts_in_use(settings: Settings, store: RunStore) -> frozenset[str]:
    """Fingerprints of the facts that the current run and the one before it were made of; they stay."""
    past = [record.id for record in store.list() if record.state.is_published]
    return frozenset(facts for run in past[:2] for facts in _facts_of(settings.runs_folder / run))


def _facts_of(folder: Path) -> tuple[str, ...]:
    try:
        return (read_manifest(folder).facts,)
    except CarpelError:
        return ()
