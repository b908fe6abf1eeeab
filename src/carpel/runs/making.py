"""From facts and parameters to a run's tables, bucket by bucket; a run and its replay do the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Step
from carpel.kernel.failpoints import failpoint
from carpel.kernel.money import Currency
from carpel.models import Ground, Learned
from carpel.profiles import Catalogue, Parameters, Profiles, profile
from carpel.runs.fingerprints import assignments_table
from carpel.runs.folders import ASSIGNMENTS, PROFILES, bucket_file
from carpel.runs.modelling import add_answers
from carpel.schemes import Cuts, Previous, Scheme, assign

Advance: TypeAlias = Callable[[int, int], None]
"""Says how many steps of how many are done."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What profiles follow from: the same basis gives the same rows.

    Attributes:
        facts: What happened.
        catalogue: Which attributes profiles hold.
        offered: Which attributes there could be; models look at these.
        as_of: The moment up to which facts count.
        parameters: What was fitted across customers.
        models: What was learned across customers, by model.
    """

    facts: Facts
    catalogue: Catalogue
    offered: Catalogue
    as_of: AsOf
    parameters: Parameters
    models: Mapping[str, Learned] = field(default_factory=dict)

    def steps(self) -> tuple[Step, ...]:
        """How profiles are computed."""
        found = computed(self.catalogue, self.offered, self.models)
        return profile(self.facts, found, self.as_of, self.parameters)

    def ground(self, engine: Engine) -> Ground:
        """What models may know."""
        return Ground(facts=self.facts, catalogue=self.offered, as_of=self.as_of, engine=engine)


def computed(kept: Catalogue, offered: Catalogue, models: Mapping[str, Learned]) -> Catalogue:
    """What profiles hold while they are made: what is kept of them, and what models go by."""
    needed = {key for each in models.values() for key in each.needs} - kept.available.keys()
    if not needed:
        return kept
    wanted = {key: each for key, each in offered.available.items() if key in needed}
    return replace(offered, available={**{key: kept.available[key] for key in kept.of_facts}, **wanted})


@dataclass(frozen=True, kw_only=True)
class Assignments:
    """One row per customer: in the base or not, and in which segment.

    Attributes:
        files: Parquet, in customer order.
        columns: Ibis type by column.
        rows: How many customers.
    """

    files: tuple[Path, ...]
    columns: dict[str, str]
    rows: int

    def unbound(self) -> Any:
        """As an Ibis expression; an engine binds `assignments` to the files."""
        return assignments_table(tuple(self.columns.items()))


def make_profiles(basis: Basis, folder: Path, engine: Engine, advance: Advance) -> Profiles:
    """Write the profiles of every customer."""
    steps, facts = basis.steps(), basis.facts
    files = tuple(bucket_file(folder, PROFILES, bucket) for bucket in range(facts.bucket_count))
    rows = 0
    for bucket, file in enumerate(files):
        rows += engine.write(steps, facts.bindings(range(bucket, bucket + 1)), file)
        if basis.models:
            add_answers(file, basis.models, basis.catalogue, basis.ground(engine), bucket)
        failpoint("runs.profiles-bucket")
        advance(bucket + 1, len(files))
    digits = Currency(facts.currency).digits
    return Profiles(files=files, catalogue=basis.catalogue, as_of=basis.as_of, rows=rows, digits=digits)


@dataclass(frozen=True, kw_only=True)
class Division:
    """What assignments follow from, beside profiles.

    Attributes:
        scheme: What divides the customers.
        cuts: What it knows across customers.
        previous: The assignments before, which a hold looks back to; None where there are none.
    """

    scheme: Scheme
    cuts: Cuts
    previous: Previous | None = None


def make_assignments(
    division: Division, profiles: Profiles, folder: Path, engine: Engine, advance: Advance
) -> Assignments:
    """Write the segment of every customer."""
    steps = assign(division.scheme, profiles, division.cuts, division.previous)
    before = division.previous.bindings if division.previous else {}
    files = tuple(bucket_file(folder, ASSIGNMENTS, bucket) for bucket in range(len(profiles.files)))
    rows = 0
    for bucket, (file, source) in enumerate(zip(files, profiles.files, strict=True)):
        rows += engine.write(steps, {"profiles": (source,), **before}, file)
        failpoint("runs.assignments-bucket")
        advance(bucket + 1, len(files))
    schema = steps[-1].query.schema()
    return Assignments(files=files, columns={name: str(schema[name]) for name in schema.names}, rows=rows)
