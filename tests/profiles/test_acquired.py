"""As of a past day the demo company knows the customers whom it had by then."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import carpel
from carpel.demo import generate
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.profiles import catalogue, fit, profile

_DATED = {
    "orders": "ordered_at",
    "invoices": "issued_at",
    "payments": "paid_at",
    "contracts": "signed_at",
    "opportunities": "opened_at",
    "interactions": "happened_at",
    "feedback": "given_at",
    "usage": "used_at",
}


@pytest.mark.parametrize("day", ["2026-01-01", "2026-06-01"])
def test_customers_of_a_past_day_are_those_acquired_or_seen_by_then(tmp_path: Path, engine: Engine, day: str) -> None:
    generate(tmp_path / "company", customers=300, seed=3)
    with carpel.open(tmp_path / "company") as workspace:
        workspace.run()
        facts = workspace.current.facts
    as_of = AsOf.parse(day, facts.time_zone)
    known = catalogue(facts, keep=[])
    steps = profile(facts, known, as_of, fit(facts, known, as_of, engine))
    table = engine.read(steps, facts.bindings(range(facts.bucket_count)))
    found = {row["customer_id"] for row in table.to_pylist() if row["relationship"]}
    moment = f"TIMESTAMP '{as_of.stored.isoformat()}'"
    files = f"{facts.folder}/{{}}/[0-9]*.parquet"
    acted = " UNION ALL ".join(
        f"SELECT customer_no FROM '{files.format(name)}' WHERE {time} < {moment}"
        for name, time in _DATED.items()
        if name in facts.tables
    )
    expected = duckdb.execute(
        f"SELECT customer_id FROM '{files.format('customers')}' WHERE customer_no IN ({acted}) "
        f"OR from_source AND (acquired_at IS NULL OR acquired_at < {moment})"
    ).fetchall()
    assert found == {customer for (customer,) in expected}
    assert 0 < len(found) < facts.customers
