"""Compute a plan: the draft over the current run's profiles, beside where customers are now. It changes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.governance import SchemeVersion, difference
from carpel.kernel.engine import Engine, Step
from carpel.kernel.issues import Issue
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import text
from carpel.models import Ground
from carpel.profiles import Catalogue, Profiles
from carpel.runs.fingerprints import NUMBER, TABLE
from carpel.runs.folders import disk, working_folder
from carpel.runs.knowing import moment_of
from carpel.runs.making import Assignments, Division, make_assignments, make_profiles
from carpel.runs.modelling import attributes_of
from carpel.runs.opening import Run, current_run
from carpel.runs.planning.plans import BudgetTouched, Flow, Plan, crossing
from carpel.runs.preceding import assignments_of, preceding
from carpel.runs.publishing.scheme_file import SchemeText, catalogue_for, chosen, refuse_unsound, scheme_text
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.runs.settling import settled
from carpel.runs.stages import Stages
from carpel.runs.tally import MONEY
from carpel.schemes import Scheme, fit_cuts, names, ties

PLANNED: Final = "planned"
"""The table of where customers would be."""


def plan(
    settings: Settings,
    engine: Engine,
    store: RunStore,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Plan:
    """What publishing the workspace's file, and the next run, would change.

    Facts are those of the current run. Where the scheme holds customers, the next run looks back to the last one of an
    earlier day; so does the plan.

    Raises:
        SchemeRefused: The file has errors.
        CarpelError: Nothing is current yet, or the file cannot be read.
    """
    run, written = current_run(settings, store), scheme_text(settings, chosen(settings))
    draft = written.read()
    found = catalogue_for(draft, settings, run.facts)
    issues = refuse_unsound(draft, found, settings.time_zone)
    stages, now = Stages(progress or Silent()), now or datetime.now(UTC)
    with disk(settings.runs_folder), working_folder(settings.runs_folder, f"plan-{secrets.token_hex(3)}") as folder:
        profiles = _profiles(settings, run, draft, found, engine, folder, stages)
        with stages.stage("cuts"):
            cuts = fit_cuts(draft, profiles, engine)
        next_day, _ = moment_of(run.facts, max(now, run.as_of.instant))
        before = assignments_of(preceding(settings, store, next_day))
        with stages.stage("assignments"):
            division = Division(scheme=draft, cuts=cuts, previous=before)
            after = make_assignments(division, profiles, folder, engine, stages.advance)
        flows = _flows(run, after, engine)
    published = store.schemes.published(written.scheme)
    return _with_budgets(_plan(run, written, draft, published, flows, (*issues, *ties(cuts))), run, engine)


def _plan(
    run: Run,
    written: SchemeText,
    draft: Scheme,
    published: SchemeVersion | None,
    flows: tuple[Flow, ...],
    issues: tuple[Issue, ...],
) -> Plan:
    old, text_before = (published.read, published.text) if published else (run.scheme, run.manifest.scheme)
    return Plan(
        scheme=written.scheme,
        version=published.number if published else None,
        run=run.id,
        as_of=run.as_of.day,
        currency=run.currency,
        before=run.scheme,
        after=draft,
        difference=difference(old, draft, (text_before, written.text)),
        flows=flows,
        issues=issues,
    )


def _profiles(
    settings: Settings, run: Run, draft: Scheme, found: Catalogue, engine: Engine, folder: Path, stages: Stages
) -> Profiles:
    """The run's own, unless the draft reads what they lack; then those are made for it."""
    same_attributes = settings.attributes_text == run.manifest.attributes
    if same_attributes and set(names(draft, found)) <= run.catalogue.available.keys():
        return run.profiles
    offered = attributes_of(run.facts, settings.attributes, settings.models)
    ground = Ground(facts=run.facts, catalogue=offered, as_of=run.as_of, engine=engine)
    basis = settled(found, ground, settings.models, stages, run.models)
    with stages.stage("profiles"):
        return make_profiles(basis, folder, engine, stages.advance)


def _flows(run: Run, after: Assignments, engine: Engine) -> tuple[Flow, ...]:
    """Everyone by where they are and where they would be, bucket by bucket."""
    valued = MONEY in run.catalogue.available
    step = flows_step(run)
    sums: dict[tuple[str | None, str | None], tuple[int, int]] = {}
    for old, new, profile in zip(run.assignments.files, after.files, run.profiles.files, strict=True):
        for row in engine.read((step,), {TABLE: (old,), PLANNED: (new,), "profiles": (profile,)}).to_pylist():
            key = (row["before"], row["after"])
            customers, revenue = sums.get(key, (0, 0))
            sums[key] = (customers + int(row["customers"]), revenue + int(row["revenue"] or 0))
    return tuple(
        Flow(before=before, after=after, customers=customers, revenue=revenue if valued else None)
        for (before, after), (customers, revenue) in sums.items()
    )


def flows_step(run: Run) -> Step:
    """Customers and money by segment now and segment planned, from the tables side by side."""
    now, profiles = run.assignments.unbound(), run.profiles.unbound()
    value = profiles[MONEY] if MONEY in run.catalogue.available else ibis.null("int64")
    planned = ibis.table({NUMBER: "int64", "segment": "string"}, name=PLANNED)
    old = now.select(NUMBER, before=now.segment)
    new = planned.select(other=planned[NUMBER], after=planned.segment)
    money = profiles.select(third=profiles[NUMBER], money=value)
    both: Any = old.inner_join(new, old[NUMBER] == new.other)
    every = both.inner_join(money, both[NUMBER] == money.third)
    total = every.money.sum().cast("decimal(38,0)").cast("int64").fill_null(0)
    query = every.group_by("before", "after").agg(customers=every.count(), revenue=total)
    return Step("flows", text("runs.step-flows"), query)


def _with_budgets(found: Plan, run: Run, engine: Engine) -> Plan:
    month = run.as_of.day.replace(day=1)
    budgets = _budgets(run, month, engine)
    return replace(found, budgets=tuple(_touched_budgets(found, budgets, month)))


def _touched_budgets(found: Plan, budgets: Mapping[str, int], month: date) -> Iterator[BudgetTouched]:
    for segment, amount in sorted(budgets.items()):
        goes = segment in found.before.paths and segment not in found.after.paths
        gains, loses = crossing(found, segment)
        if goes or gains or loses:
            yield BudgetTouched(segment=segment, from_month=month, amount=amount, goes=goes, gains=gains, loses=loses)


def _budgets(run: Run, month: date, engine: Engine) -> Mapping[str, int]:
    """What is planned from a month on, by the segment that it names."""
    table = run.facts.tables.get("budgets")
    if table is None or not {"segment", "month", "amount"} <= table.columns.keys():
        return {}
    rows = table.unbound()
    named = rows.filter(rows.segment.notnull() & (rows.month >= ibis.literal(month)))
    total = named.amount.sum().cast("decimal(38,0)").cast("int64").fill_null(0)
    step = Step("budgeted", text("runs.step-budgets"), named.group_by("segment").agg(amount=total))
    found = engine.read((step,), table.bindings(range(1))).to_pylist()
    return {row["segment"]: int(row["amount"]) for row in found}
