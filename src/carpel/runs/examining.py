"""What a run has made, looked at: does it add up, how is it divided, what should somebody look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.engine import Engine
from carpel.kernel.issues import Issue
from carpel.profiles import Profiles
from carpel.runs.checks import Evidence, findings, rests
from carpel.runs.fingerprints import fingerprint
from carpel.runs.making import Assignments, Division
from carpel.runs.opening import Run
from carpel.runs.tally import Tally, tally
from carpel.schemes import Findings, Scheme, Summary, find, summarise, ties, too_small


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What was found.

    Attributes:
        checks: What each check found that a run must pass, by its name.
        rests: The source's money that no profile holds, by why, in minor units.
        summary: Customers and money of each segment.
        findings: What the scheme's rules do with the customers.
        fingerprint: Of the assignments.
        issues: What somebody should look at; none of it keeps the run from becoming current.
    """

    checks: Mapping[str, tuple[Issue, ...]]
    rests: Mapping[str, int]
    summary: Summary
    findings: Findings
    fingerprint: str
    issues: tuple[Issue, ...]


def examine(
    facts: Facts, division: Division, profiles: Profiles, assignments: Assignments, before: Run | None, engine: Engine
) -> Examined:
    """Look at the tables of a run.

    Args:
        facts: What the sources gave.
        division: What divided the customers.
        profiles: The customers.
        assignments: Where they are.
        before: The run before, if any.
        engine: Where it runs.
    """
    scheme, cuts = division.scheme, division.cuts
    table = assignments.unbound()
    counted = tally(facts, profiles, table, assignments.files, engine)
    summary = _summary(scheme, counted)
    sizes = {each.key: each.customers for each in summary.segments}
    found = find(scheme, profiles, cuts, engine, _sizes_of(before), sizes=sizes)
    return Examined(
        checks=findings(Evidence(facts=facts, scheme=scheme, tally=counted)),
        rests=rests(facts, counted),
        summary=summary,
        findings=found,
        fingerprint=fingerprint(table, assignments.files, engine),
        issues=(*ties(cuts), *too_small(scheme, summary), *found.issues),
    )


def _sizes_of(run: Run | None) -> dict[str, tuple[int, int]] | None:
    """For each segment of a run its customers, and those of the whole base."""
    return {each.key: (each.customers, run.manifest.base) for each in run.manifest.segments} if run else None


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
