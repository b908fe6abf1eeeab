"""The log of moves: of each published run only those whose segment differs from the run before.

It lies apart from the runs, so that pruning them leaves it: `.carpel/moves/<run>.parquet` holds the rows,
`<run>.json`, which is written last, what they belong to. The first run of all, and one before which nothing is known,
log everyone.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.kernel.engine import Bindings, Engine
from carpel.kernel.errors import CarpelError
from carpel.runs.folders import MANIFEST, disk
from carpel.runs.opening import Run, open_run
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.runs.tally import MONEY

FOLDER: Final = Path(".carpel/moves")
LOG: Final = {
    "customer_id": "string",
    "previous_segment": "string",
    "segment": "string",
    "day": "date",
    "revenue": "int64",
}
"""Columns of the log; a null segment is outside the base, or no customer any more."""


@dataclass(frozen=True, kw_only=True)
class LoggedRun:
    """One run of the log.

    Attributes:
        run: The run's id.
        previous: The run that its moves are counted from; None where everyone is new.
        day: The day that it knows up to.
        logic: The fingerprint of the logic by which it divided customers.
        file: The rows.
        kept: Whether the run itself is still there.
    """

    run: str
    previous: str | None
    day: date
    logic: str
    file: Path
    kept: bool


def record_moves(settings: Settings, store: RunStore, engine: Engine) -> None:
    """Log every published run that is not logged yet, oldest first. Call it before runs are pruned."""
    folder = settings.folder / FOLDER
    published = [record.id for record in reversed(store.list()) if record.state.is_published]
    for run in published:
        if not (folder / f"{run}.json").is_file() and _is_kept(settings, run):
            # One that cannot be read is of no use to anybody; the next run is not to suffer from it.
            with suppress(CarpelError), disk(folder):
                folder.mkdir(parents=True, exist_ok=True)
                _record(open_run(settings, run), folder, settings, engine)


def chain(settings: Settings, store: RunStore) -> tuple[LoggedRun, ...]:
    """The logged runs that lead to the current one, each counted from the one before it; oldest first."""
    record = store.current()
    return chain_to(settings, record.id if record else None)


def chain_to(settings: Settings, run: str | None) -> tuple[LoggedRun, ...]:
    """The logged runs that lead to one, itself last; oldest first.

    A run is logged right after it has become current; until then, those that lead to the one before it.
    """
    found, run = list[LoggedRun](), _or_before(settings, run)
    while run:
        logged = _read(settings, run)
        if logged is None:
            break
        found.append(logged)
        run = logged.previous
    return tuple(reversed(found))


def _or_before(settings: Settings, run: str | None) -> str | None:
    if run is None or _read(settings, run) is not None or not _is_kept(settings, run):
        return run
    return open_run(settings, run).manifest.previous


def _is_kept(settings: Settings, run: str) -> bool:
    return (settings.runs_folder / run / MANIFEST).is_file()


def _record(run: Run, folder: Path, settings: Settings, engine: Engine) -> None:
    previous = run.manifest.previous
    known = previous is not None and (folder / f"{previous}.json").is_file()
    before = open_run(settings, previous) if previous and known and _is_kept(settings, previous) else None
    rows, partial = folder / f"{run.id}.parquet", folder / f".{run.id}.partial"
    engine.write(_moved(run, known=known, before=before), _bindings(run, before), partial)
    partial.replace(rows)
    said = {"previous": previous if known else None, "day": run.as_of.day.isoformat(), "logic": run.manifest.logic}
    partial.write_text(json.dumps(said), encoding="utf-8")
    partial.replace(folder / f"{run.id}.json")


def _moved(run: Run, *, known: bool, before: Run | None) -> Any:
    """The rows of the log: who is somewhere else than before, and who is no customer any more."""
    now = run.assignments.unbound()
    remembered = known and "previous_segment" in now.columns
    previous = now.previous_segment if remembered else ibis.null("string")
    now = now.select("customer_no", "customer_id", "segment", previous_segment=previous)
    now = now.filter(now.segment.fill_null("") != now.previous_segment.fill_null(""))
    money = run.profiles.unbound()
    value = money[MONEY] if MONEY in run.catalogue.available else ibis.null("int64")
    both = now.inner_join(money.select("customer_no", revenue=value.cast("int64")), "customer_no")
    day = ibis.literal(run.as_of.day)
    moved = both.select("customer_id", "previous_segment", "segment", day=day, revenue=both.revenue)
    if before is None:
        return moved
    earlier = ibis.table({"customer_id": "string", "segment": "string"}, name="before")
    gone = earlier.filter(earlier.segment.notnull()).anti_join(run.assignments.unbound(), "customer_id")
    left = gone.select(
        "customer_id",
        previous_segment=gone.segment,
        segment=ibis.null("string"),
        day=day,
        revenue=ibis.null("int64"),
    )
    return moved.union(left)


def _bindings(run: Run, before: Run | None) -> Bindings:
    tables = {"assignments": run.assignments.files, "profiles": run.profiles.files}
    return {**tables, "before": before.assignments.files} if before else tables


def _read(settings: Settings, run: str) -> LoggedRun | None:
    folder = settings.folder / FOLDER
    with suppress(OSError, ValueError, KeyError):
        raw: dict[str, Any] = json.loads((folder / f"{run}.json").read_text(encoding="utf-8"))
        return LoggedRun(
            run=run,
            previous=raw["previous"],
            day=date.fromisoformat(raw["day"]),
            logic=raw["logic"],
            file=folder / f"{run}.parquet",
            kept=_is_kept(settings, run),
        )
    return None
