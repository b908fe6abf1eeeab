"""What a run's written tables hold, counted from the files themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.crm import TABLES, Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Step
from carpel.kernel.texts import text
from carpel.profiles import Profiles
from carpel.runs.fingerprints import NUMBER, TABLE

MONEY: Final = "monetary_value"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The numbers that a run's checks compare.

    Attributes:
        profile_rows: Rows of the profiles.
        assignment_rows: Rows of the assignments.
        strays: Rows of assignments that repeat a customer, or whose customer is not of their bucket.
        customers: How many, by whether in the base and segment.
        revenue: Their money in minor units, by the same; None where profiles have no money.
        after_as_of: The source's money of customers that lies at or after the moment, or has no time.
    """

    profile_rows: int
    assignment_rows: int
    strays: int
    customers: Mapping[tuple[bool, str | None], int] = field(default_factory=dict)
    revenue: Mapping[tuple[bool, str | None], int] | None = None
    after_as_of: int = 0


def tally(facts: Facts, profiles: Profiles, assignments: Any, files: tuple[Path, ...], engine: Engine) -> Tally:
    """Count and add up what was written, bucket by bucket."""
    count, numbers = tally_step(profiles, assignments), numbers_step(assignments)
    found: list[Mapping[str, Any]] = []
    rows = own = 0
    for bucket, (profile, assignment) in enumerate(zip(profiles.files, files, strict=True)):
        found += engine.read((count,), {"profiles": (profile,), TABLE: (assignment,)}).to_pylist()
        written = engine.read((numbers,), {TABLE: (assignment,)}).to_pylist()[0]
        rows += written["rows"]
        own += _own(facts, bucket, written)
    valued = MONEY in profiles.catalogue.available
    return Tally(
        profile_rows=profiles.rows,
        assignment_rows=rows,
        strays=rows - own,
        customers=_summed(found, "customers"),
        revenue=_summed(found, "revenue") if valued else None,
        after_as_of=_after(facts, profiles.as_of, engine),
    )


def numbers_step(assignments: Any) -> Step:
    """How many customers a file of assignments names, and from which number to which."""
    number = assignments[NUMBER]
    query = assignments.agg(rows=number.count(), distinct=number.nunique(), least=number.min(), most=number.max())
    return Step("numbers", text("runs.step-numbers"), query)


def _own(facts: Facts, bucket: int, written: Mapping[str, Any]) -> int:
    """How many different customers of this bucket were written; none where another bucket's are among them."""
    if not written["rows"]:
        return 0
    first = bucket * facts.bucket_size
    beyond = min(first + facts.bucket_size, facts.customers)
    return int(written["distinct"]) if first <= written["least"] and written["most"] < beyond else 0


def _summed(rows: list[Mapping[str, Any]], name: str) -> dict[tuple[bool, str | None], int]:
    sums: dict[tuple[bool, str | None], int] = {}
    for row in rows:
        key = (bool(row["in_base"]), row["segment"])
        sums[key] = sums.get(key, 0) + int(row[name])
    return sums


def tally_step(profiles: Profiles, assignments: Any) -> Step:
    """Customers and money by segment, from the two written tables side by side."""
    money = profiles.unbound()
    value = money[MONEY] if MONEY in profiles.catalogue.available else ibis.null("int64")
    money = money.select(number=money[NUMBER], money=value)
    both = assignments.inner_join(money, assignments[NUMBER] == money.number)
    total = both.money.sum().cast("decimal(38,0)").cast("int64").fill_null(0)
    query = both.group_by("in_base", "segment").agg(customers=both.count(), revenue=total)
    return Step("tally", text("runs.step-tally"), query)


def after_step(facts: Facts, as_of: AsOf) -> Step | None:
    """The ledger's money that the profiles do not know yet."""
    if facts.ledger is None:
        return None
    table = facts.tables[facts.ledger.table]
    rows = table.unbound()
    time = TABLES[table.name].time
    if time not in table.columns:
        return None
    later = rows.filter(rows[time].isnull() | (rows[time] >= as_of.stored))
    total = later.amount.sum().cast("decimal(38,0)").cast("int64").fill_null(0)
    return Step("after", text("runs.step-after"), later.agg(amount=total))


def _after(facts: Facts, as_of: AsOf, engine: Engine) -> int:
    step = after_step(facts, as_of)
    if step is None:
        return 0
    buckets = (facts.bindings(range(bucket, bucket + 1)) for bucket in range(facts.bucket_count))
    return sum(int(engine.read((step,), tables).to_pylist()[0]["amount"]) for tables in buckets)
