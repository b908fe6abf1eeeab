"""The run before: whose assignments a hold looks back to, and a move is counted from."""

from __future__ import annotations

from carpel.kernel.dates import AsOf
from carpel.runs.folders import MANIFEST
from carpel.runs.opening import Run, open_run
from carpel.runs.records import RunRecord, RunStore
from carpel.runs.settings import Settings
from carpel.schemes import Previous


def preceding(settings: Settings, store: RunStore, as_of: AsOf) -> Run | None:
    """The published run of the latest day before, of several of that day the last; None where there is none.

    A second run as of the same day corrects the first, so it looks back to the same run, not to the first. A replay of
    a day long past that became current meanwhile does not come between: holds that began since would be forgotten.
    """
    found: RunRecord | None = None
    for record in store.list():
        if record.as_of is None or not record.state.is_published or record.as_of.day >= as_of.day:
            continue
        later = found is None or found.as_of is None or record.as_of.day > found.as_of.day
        if later and (settings.runs_folder / record.id / MANIFEST).is_file():
            found = record
    return open_run(settings, found.id) if found else None


def assignments_of(run: Run | None) -> Previous | None:
    """A run's assignments, as those before."""
    return Previous(files=run.assignments.files) if run else None


def assignments_before(run: Run) -> Previous | None:
    """What a run itself says of the assignments before it; so that it can be made again when they are gone."""
    if run.manifest.previous is None:
        return None
    return Previous(files=run.assignments.files, segment="previous_segment", held_until="previous_held_until")
