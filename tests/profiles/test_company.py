from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.yaml import read_yaml_file
from carpel.profiles import catalogue, fit, profile
from tests.profiles.company import AS_OF, company
from tests.profiles.staged import staged

SCENARIO = Path(__file__).parent / "scenarios" / "company.yaml"


def profiles_of(facts: Facts, engine: Engine, *, as_of: AsOf = AS_OF, keep: list[str] | None = None) -> list[Any]:
    """All customers' profiles, bucket by bucket."""
    known = catalogue(facts, keep=keep)
    steps = profile(facts, known, as_of, fit(facts, known, as_of, engine))
    buckets = (facts.bindings(range(bucket, bucket + 1)) for bucket in range(facts.bucket_count))
    return [row for bindings in buckets for row in engine.read(steps, bindings).to_pylist()]


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return pytest.approx(value, abs=1e-6) if isinstance(value, float) else value


def test_every_attribute_is_what_it_is_by_hand(tmp_path: Path, engine: Engine) -> None:
    facts = company(tmp_path)
    expected = read_yaml_file(SCENARIO).plain()
    rows = profiles_of(facts, engine)
    assert list(rows[0]) == ["customer_no", *expected]
    for key, values in expected.items():
        assert [_plain(row[key]) for row in rows] == values, key


def test_only_columns_that_the_customers_source_lacks_are_unavailable(tmp_path: Path) -> None:
    wants = {want for each in catalogue(company(tmp_path)).unavailable.values() for want in each.wants}
    assert all(want.startswith("customers.") for want in wants)


def test_buckets_change_nothing(tmp_path: Path, engine: Engine) -> None:
    one = profiles_of(company(tmp_path / "one", bucket_size=100), engine)
    many = profiles_of(company(tmp_path / "many", bucket_size=1), engine)
    assert one == many


@pytest.mark.parametrize(
    ("revenue", "expected"),
    [
        ("orders", [6000, 60000, 90000, 0, 0, 0]),
        ("invoices", [0, 30000, 0, 0, 0, 0]),
        ("payments", [0, 24000, 0, 0, 0, 0]),
        ("contracts", [0, 157600, 0, 0, 0, 0]),
    ],
)
def test_monetary_value_follows_the_one_definition_of_revenue(
    tmp_path: Path, engine: Engine, revenue: str, expected: list[int]
) -> None:
    rows = profiles_of(company(tmp_path, revenue=revenue), engine, keep=["spend_365d"])
    assert [row["monetary_value"] for row in rows] == expected


def test_without_orders_purchases_are_the_revenue_table(tmp_path: Path, engine: Engine) -> None:
    paid = [
        {"payment_id": "1", "customer_id": "A", "paid_at": "2025-06-01T09:00", "amount": 10},
        {"payment_id": "2", "customer_id": "A", "paid_at": "2025-06-11T09:00", "amount": -4},
    ]
    facts = staged(tmp_path, revenue="payments", payments=paid)
    (row,) = profiles_of(facts, engine, keep=["recency_days", "frequency", "returns_share"])
    assert (row["recency_days"], row["frequency"], row["returns_share"]) == (30, 1, 0.4)
    assert "orders.gap_days" in catalogue(facts).unavailable["gap_median_days"].wants


def test_customers_alone_are_customers(tmp_path: Path, engine: Engine) -> None:
    facts = staged(tmp_path, revenue=None, customers=[{"customer_id": "A", "recency_days": 3, "Kind": "x"}])
    (row,) = profiles_of(facts, engine)
    assert row["relationship"] == "customer"
    assert row["recency_days"] == 3
    assert "monetary_value" not in row


def test_an_empty_base_has_no_profiles(tmp_path: Path, engine: Engine) -> None:
    assert profiles_of(staged(tmp_path, customers=[], orders=[]), engine) == []


def test_a_replay_of_an_earlier_day_knows_that_day(tmp_path: Path, engine: Engine) -> None:
    rows = profiles_of(company(tmp_path), engine, as_of=AsOf.parse("2025-04-10", "Asia/Manila"))
    ana, *_, cy, di, ed, fe = rows
    assert (ana["recency_days"], ana["frequency"], ana["gap_median_days"]) == (1, 3, 30.0)
    assert (cy["frequency"], cy["relationship"]) == (0, "lead")
    assert (di["open_opportunities"], di["opportunities_won"], di["win_rate"]) == (3, 0, None)
    assert (ed["relationship"], fe["relationship"]) == ("lead", None)
