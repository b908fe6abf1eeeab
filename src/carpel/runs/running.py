"""A run from sources to publication: written beside everything else, and current in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import text
from carpel.profiles import Catalogue, Profiles, fit
from carpel.runs.checks import Evidence, findings, rests
from carpel.runs.facts import staged_facts
from carpel.runs.fingerprints import fingerprint
from carpel.runs.folders import INDEX, disk, keep, new_run_id, remove, working_folder
from carpel.runs.index import index_columns, write_index
from carpel.runs.knowing import moment_of, refuse_unknowable
from carpel.runs.making import Assignments, Basis, Division, make_assignments, make_profiles
from carpel.runs.manifest import Manifest, SegmentSize, write_manifest
from carpel.runs.opening import Run, open_run
from carpel.runs.preceding import assignments_of, preceding
from carpel.runs.pruning import clean, prune
from carpel.runs.publishing import in_force
from carpel.runs.records import Holder, Outcome, RunState, RunStore
from carpel.runs.scheme_file import SchemeText, catalogue_for, refuse_unsound, scheme_text
from carpel.runs.settings import Settings
from carpel.runs.stages import Stages, passed
from carpel.runs.tally import Tally, tally
from carpel.schemes import (
    Cuts,
    Scheme,
    Summary,
    fit_cuts,
    logic_fingerprint,
    missed_for_unknown,
    names,
    summarise,
    ties,
    too_small,
)
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
    return (*staged.issues, *schemes_check(scheme, catalogue_for(scheme, settings, staged.facts)))


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
                outcome = _Making(settings, engine, store, folder, run_id, stages).all(as_of, now, holder.since)
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


@dataclass(frozen=True)
class _Planned:
    """What is settled before any row is computed."""

    basis: Basis
    written: SchemeText
    scheme: Scheme
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class _Tables:
    """What a run has computed."""

    cuts: Cuts
    profiles: Profiles
    assignments: Assignments
    previous: str | None


@dataclass(frozen=True)
class _Making:
    """Makes one run in its working folder."""

    settings: Settings
    engine: Engine
    store: RunStore
    folder: Path
    run_id: str
    stages: Stages

    def all(self, as_of: AsOf | None, now: datetime, started: datetime) -> Outcome:
        """From sources to a manifest."""
        planned = self._plan(as_of, now)
        tables = self._tables(planned)
        manifest = self._manifest(planned, tables, started)
        digest = write_manifest(manifest, self.folder)
        passed("manifest")
        return Outcome(
            ended=manifest.ended,
            as_of=manifest.as_of,
            customers=planned.basis.facts.customers,
            fingerprint=manifest.fingerprint,
            manifest=digest,
        )

    def _plan(self, as_of: AsOf | None, now: datetime) -> _Planned:
        with self.stages.stage("sources"):
            staged = staged_facts(self.settings, self.engine, self.store, now=now, progress=self.stages.progress)
        passed("staged")
        if as_of:
            refuse_unknowable(as_of, staged.facts, now)
        decided, said = (as_of, ()) if as_of else moment_of(staged.facts, now)
        written, first = in_force(self.settings, self.store.schemes, staged.facts)
        scheme = written.read()
        found = catalogue_for(scheme, self.settings, staged.facts)
        issues = (*staged.issues, *said, *first, *refuse_unsound(scheme, found))
        passed("scheme")
        return _Planned(self._basis(staged.facts, found, decided), written, scheme, issues)

    def _basis(self, facts: Facts, found: Catalogue, as_of: AsOf) -> Basis:
        with self.stages.stage("parameters"):
            parameters = fit(facts, found, as_of, self.engine)
        passed("parameters")
        return Basis(facts=facts, catalogue=found, as_of=as_of, parameters=parameters)

    def _tables(self, planned: _Planned) -> _Tables:
        with self.stages.stage("profiles"):
            profiles = make_profiles(planned.basis, self.folder, self.engine, self.stages.advance)
        passed("profiles")
        with self.stages.stage("cuts"):
            cuts = fit_cuts(planned.scheme, profiles, self.engine)
        passed("cuts")
        with self.stages.stage("assignments"):
            before = preceding(self.settings, self.store, planned.basis.as_of)
            division = Division(scheme=planned.scheme, cuts=cuts, previous=assignments_of(before))
            assignments = make_assignments(division, profiles, self.folder, self.engine, self.stages.advance)
        passed("assignments")
        return _Tables(cuts, profiles, assignments, before.id if before else None)

    def _manifest(self, planned: _Planned, tables: _Tables, started: datetime) -> Manifest:
        facts, scheme = planned.basis.facts, planned.scheme
        assignments, attributes = tables.assignments, planned.basis.catalogue
        with self.stages.stage("checks"):
            table = assignments.unbound()
            counted = tally(facts, tables.profiles, table, assignments.files, self.engine)
            found = findings(Evidence(facts=facts, scheme=scheme, tally=counted))
            printed = fingerprint(table, assignments.files, self.engine)
            missed = missed_for_unknown(scheme, tables.profiles, tables.cuts, self.engine)
        passed("checks")
        self._index(planned, tables)
        summary = _summary(scheme, counted)
        return Manifest(
            run=self.run_id,
            workspace=self.settings.workspace,
            started=started,
            ended=datetime.now(UTC),
            as_of=planned.basis.as_of,
            versions=_versions(self.engine),
            facts=facts.fingerprint,
            facts_folder=_seen_from(self.settings.folder, facts.folder),
            attributes=self.settings.attributes_text,
            profile=None if self.settings.profile is None else tuple(attributes.available),
            catalogue=Catalogue(available=attributes.available, unavailable=attributes.unavailable),
            scheme_name=planned.written.name,
            scheme=planned.written.text,
            scheme_version=planned.written.version,
            logic=logic_fingerprint(scheme),
            parameters=planned.basis.parameters.to_json(),
            cuts=tables.cuts.to_json(),
            currency=facts.currency,
            rows={"profiles": tables.profiles.rows, "assignments": assignments.rows},
            files=_sizes(self.folder, (*tables.profiles.files, *assignments.files, self.folder / INDEX)),
            columns=assignments.columns,
            fingerprint=printed,
            base=summary.base,
            outside_base=summary.outside_base,
            segments=tuple(SegmentSize(key=s.key, customers=s.customers, revenue=s.revenue) for s in summary.segments),
            outside_revenue=summary.outside_revenue,
            missed=missed,
            rests=rests(facts, counted),
            ledger=facts.ledger,
            checks=found,
            issues=(*planned.issues, *ties(tables.cuts), *too_small(scheme, summary)),
            timings=dict(self.stages.seconds),
            previous=tables.previous,
        )

    def _index(self, planned: _Planned, tables: _Tables) -> None:
        with self.stages.stage("index"):
            found = planned.basis.catalogue
            columns = index_columns(found.available, names(planned.scheme, found))
            write_index(tables.profiles.files, tables.assignments.files, columns, self.folder / INDEX)
        passed("index")


def _summary(scheme: Scheme, counted: Tally) -> Summary:
    keys, revenue = list(counted.customers), counted.revenue or {}
    table = pa.table(
        {
            "segment": pa.array([segment for _, segment in keys], pa.string()),
            "customers": pa.array([counted.customers[key] for key in keys], pa.int64()),
            "revenue": pa.array([revenue.get(key) for key in keys], pa.int64()),
        }
    )
    return summarise(scheme, table, valued=counted.revenue is not None)


def _versions(engine: Engine) -> dict[str, str]:
    return {name: version(name) for name in ("carpel", "ibis-framework", "duckdb")} | {"engine": engine.name}


def _sizes(folder: Path, files: tuple[Path, ...]) -> dict[str, int]:
    return {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}


def _seen_from(workspace: Path, folder: Path) -> str:
    here, there = workspace.resolve(), folder.resolve()
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else str(there)
