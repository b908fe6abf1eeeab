"""The tables and the manifest of one run, from sources to a folder that is whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.issues import Issue
from carpel.models import Ground
from carpel.profiles import Catalogue, Profiles
from carpel.runs.examining import Examined, examine
from carpel.runs.facts import staged_facts
from carpel.runs.folders import INDEX
from carpel.runs.index import index_columns, write_index
from carpel.runs.knowing import moment_of, refuse_unknowable
from carpel.runs.making import Assignments, Basis, Division, make_assignments, make_profiles
from carpel.runs.manifest import Manifest, SegmentSize, write_manifest
from carpel.runs.modelling import attributes_of, write_models
from carpel.runs.moves.log import chain_to
from carpel.runs.opening import Run
from carpel.runs.preceding import assignments_of, preceding
from carpel.runs.publishing.publishing import in_force
from carpel.runs.publishing.scheme_file import SchemeText, catalogue_for, refuse_unsound
from carpel.runs.records import Outcome, RunStore
from carpel.runs.settings import Settings
from carpel.runs.settling import settled
from carpel.runs.stages import Stages, passed
from carpel.runs.views.figures import Made, make_figures, write_figures
from carpel.runs.views.searching import Searchable, write_search
from carpel.schemes import Scheme, fit_cuts, logic_fingerprint, names


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

    division: Division
    profiles: Profiles
    assignments: Assignments
    before: Run | None


@dataclass(frozen=True)
class RunInMaking:
    """One run that is being made in its working folder."""

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
        examined = self._examined(planned, tables)
        models, learned = write_models(planned.basis.models, self.folder)
        shown = (*learned, *self._index(planned, tables), *self._figures(planned, tables))
        manifest = replace(self._manifest(planned, tables, examined, shown, started), models=models)
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
        issues = (*staged.issues, *said, *first, *refuse_unsound(scheme, found, self.settings.time_zone))
        passed("scheme")
        return _Planned(self._basis(staged.facts, found, decided), written, scheme, issues)

    def _basis(self, facts: Facts, found: Catalogue, as_of: AsOf) -> Basis:
        offered = attributes_of(facts, self.settings.attributes, self.settings.models)
        ground = Ground(facts=facts, catalogue=offered, as_of=as_of, engine=self.engine)
        return settled(found, ground, self.settings.models, self.stages)

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
        return _Tables(division, profiles, assignments, before)

    def _examined(self, planned: _Planned, tables: _Tables) -> Examined:
        facts, division, before = planned.basis.facts, tables.division, tables.before
        with self.stages.stage("checks"):
            found = examine(facts, division, tables.profiles, tables.assignments, before, self.engine)
        passed("checks")
        return found

    def _manifest(
        self, planned: _Planned, tables: _Tables, examined: Examined, shown: tuple[Path, ...], started: datetime
    ) -> Manifest:
        facts, scheme, summary = planned.basis.facts, planned.scheme, examined.summary
        assignments, attributes = tables.assignments, planned.basis.catalogue
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
            cuts=tables.division.cuts.to_json(),
            currency=facts.currency,
            rows={"profiles": tables.profiles.rows, "assignments": assignments.rows},
            files=_sizes(self.folder, (*tables.profiles.files, *assignments.files, *shown)),
            columns=assignments.columns,
            fingerprint=examined.fingerprint,
            base=summary.base,
            outside_base=summary.outside_base,
            segments=tuple(SegmentSize(key=s.key, customers=s.customers, revenue=s.revenue) for s in summary.segments),
            outside_revenue=summary.outside_revenue,
            missed=examined.findings.missed,
            overlaps=examined.findings.overlaps,
            alike=examined.findings.alike,
            rests=examined.rests,
            ledger=facts.ledger,
            checks=examined.checks,
            issues=(*planned.issues, *examined.issues),
            timings=dict(self.stages.seconds),
            previous=tables.before.id if tables.before else None,
        )

    def _index(self, planned: _Planned, tables: _Tables) -> tuple[Path, ...]:
        with self.stages.stage("index"):
            found = planned.basis.catalogue
            columns = index_columns(found.available, names(planned.scheme, found))
            write_index(tables.profiles.files, tables.assignments.files, columns, self.folder / INDEX)
            facts = planned.basis.facts
            what = Searchable(
                scheme=planned.scheme, profiles=tables.profiles, assignments=tables.assignments, facts=facts
            )
            searched = write_search(what, self.folder)
        passed("index")
        return (self.folder / INDEX, *searched)

    def _figures(self, planned: _Planned, tables: _Tables) -> tuple[Path, ...]:
        before = tables.before
        with self.stages.stage("figures"):
            made = Made(
                scheme=planned.scheme,
                profiles=tables.profiles,
                assignments=tables.assignments,
                facts=planned.basis.facts,
                as_of=planned.basis.as_of,
                before=before,
                logged=chain_to(self.settings, before.id) if before else (),
            )
            files = write_figures(make_figures(made, self.engine), self.folder)
        passed("figures")
        return files


def _versions(engine: Engine) -> dict[str, str]:
    return {name: version(name) for name in ("carpel", "ibis-framework", "duckdb")} | {"engine": engine.name}


def _sizes(folder: Path, files: tuple[Path, ...]) -> dict[str, int]:
    return {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}


def _seen_from(workspace: Path, folder: Path) -> str:
    here, there = workspace.resolve(), folder.resolve()
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else str(there)
