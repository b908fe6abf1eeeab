"""What a company's past says of each customer's worth, learned and answered bucket by bucket."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.dates import AsOf
from carpel.models import MODELS, Card, Customers, Ground, Rung
from carpel.profiles import catalogue
from tests.profiles.staged import staged

ZONE = "Asia/Manila"
AS_OF = AsOf.parse("2026-01-01", ZONE)
VALUE = MODELS["value"]
CUSTOMERS = 400


def orders(until=date(2025, 12, 31)):
    """Customers of two paces, each of whom leaves after a purchase with a chance of one in twelve."""
    random = np.random.default_rng(5)
    rows: list[dict[str, Any]] = []
    for number in range(CUSTOMERS):
        day = date(2023, 6, 1) + timedelta(days=int(random.integers(0, 600)))
        while day <= date(2026, 6, 1):
            paid = float(random.gamma(4, 20 if number % 2 else 60))
            rows.append({"order_id": str(len(rows)), "customer_id": f"C{number:03}", "amount": round(paid, 2)})
            rows[-1]["ordered_at"] = f"{day}T10:00"
            if random.random() < 1 / 12:
                break
            day += timedelta(days=1 + int(random.exponential(15 if number % 3 else 60)))
    return [row for row in rows if date.fromisoformat(row["ordered_at"][:10]) <= until]


def ground(folder, engine, rows, **more):
    facts = staged(folder, orders=rows, bucket_size=100, **more)
    facts = replace(facts, first_event=min(date.fromisoformat(row["ordered_at"][:10]) for row in rows))
    return Ground(facts=facts, catalogue=catalogue(facts), as_of=AS_OF, engine=engine)


def answers(learned, on, bucket=0):
    first = bucket * on.facts.bucket_size
    last = min(first + on.facts.bucket_size, on.facts.customers)
    profiles = pa.table({"customer_no": pa.array(range(first, last), pa.int64())})
    return learned.answers(Customers(profiles=profiles, buckets=(bucket,), ground=on))


@pytest.fixture(scope="module")
def learned(tmp_path_factory, engine):
    on = ground(tmp_path_factory.mktemp("value"), engine, orders())
    return VALUE.learn(on), on


def test_the_card_tells_which_model_foretold_best_and_by_how_much(learned):
    card = learned[0].card
    assert card.rung is Rung.MODEL
    assert card.is_better, "some leave, so a model in which nobody does is worse"
    assert card.contenders[0].behind == 0
    assert {each.name for each in card.contenders} >= {"NBD", "BG/NBD", "MBG/NBD", "Pareto/NBD", "MBG/CNBD-k"}
    expected = sum(each.expected * each.customers for each in card.bands)
    actual = sum(each.actual * each.customers for each in card.bands)
    assert expected == pytest.approx(actual, rel=0.2)
    assert Card.from_json(card.to_json()) == card


def test_every_answer_lies_within_its_interval_and_money_is_whole(learned):
    said = answers(*learned)
    assert set(said) <= {each.key for each in VALUE.attributes}
    for key in ("expected_orders_90d", "alive_probability", "clv_12m", "clv_lifetime"):
        value, low, high = (said[key + end].to_numpy(zero_copy_only=False) for end in ("", "_low", "_high"))
        assert (low <= value).all(), key
        assert (value <= high).all(), key
    assert said["clv_12m"].type == pa.int64()
    year, life = (said[key].to_numpy() for key in ("clv_12m", "clv_lifetime"))
    assert (year <= life + 1).all()


def test_who_has_long_been_silent_is_expected_to_buy_less(learned):
    model, on = learned
    said = answers(model, on)
    bought: dict[str, list[str]] = {f"C{number:03}": [] for number in range(100)}
    for row in orders():
        if row["customer_id"] in bought:
            bought[row["customer_id"]].append(row["ordered_at"][:10])
    silent = np.array([(date(2026, 1, 1) - date.fromisoformat(max(days))).days for days in bought.values()])
    alive = said["alive_probability"].to_numpy(zero_copy_only=False)
    assert alive[silent > 365].mean() < 0.2
    assert alive[silent < 20].mean() > 0.7


def test_what_was_kept_answers_the_same(learned):
    model, on = learned
    again = VALUE.restored(model.to_json(), model.card)
    first, second = answers(model, on), answers(again, on)
    assert all(first[key].equals(second[key]) for key in first)


def test_what_happens_later_and_the_order_of_rows_change_nothing(learned, tmp_path, engine):
    model, _ = learned
    later = ground(tmp_path / "later", engine, orders(date(2026, 6, 1))[::-1])
    assert VALUE.learn(later).to_json() == model.to_json()


def test_few_customers_are_given_a_rule_that_says_what_a_model_needs(tmp_path, engine):
    rows = [
        {"order_id": str(day), "customer_id": "C1", "amount": 10, "ordered_at": f"2025-12-0{day}T10:00"}
        for day in (1, 4, 8)
    ]
    on = ground(tmp_path, engine, rows)
    model = VALUE.learn(on)
    assert model.card.rung is Rung.RULE
    assert model.card.wanted is not None
    said = answers(model, on)
    assert said["expected_orders_90d"][0].as_py() > 1
    assert said["alive_probability"][0].as_py() is None


def test_contracts_are_renewed_more_by_those_who_have_renewed(tmp_path, engine):
    random = np.random.default_rng(2)
    contracts: list[dict[str, Any]] = []
    for number in range(300):
        stays, day = float(random.beta(2, 1.2)), date(2020, 1, 1) + timedelta(days=int(random.integers(0, 1_500)))
        while day < date(2026, 1, 1):
            ends, renews = day + timedelta(days=364), random.random() < stays
            key = f"K{len(contracts)}"
            row: dict[str, Any] = {
                "contract_id": key,
                "customer_id": f"C{number:03}",
                "starts_on": str(day),
                "ends_on": str(ends),
            }
            row |= {"recurring_amount": 100, "period": "month", "signed_at": f"{day}T10:00"}
            renewed = renews and ends + timedelta(days=1) < date(2026, 1, 1)
            contracts.append(row | {"renewed_by_contract_id": f"K{len(contracts) + 1}" if renewed else None})
            if not renewed:
                break
            day = ends + timedelta(days=1)
    facts = staged(tmp_path, contracts=contracts, bucket_size=400)
    on = Ground(facts=facts, catalogue=catalogue(facts), as_of=AS_OF, engine=engine)
    model = VALUE.learn(on)
    assert model.card.rung is Rung.MODEL
    said = answers(model, on)
    renewal = said["renewal_probability"].to_numpy(zero_copy_only=False)
    counts: dict[str, int] = {}
    for row in contracts:
        counts[row["customer_id"]] = counts.get(row["customer_id"], 0) + 1
    ordered = np.array([counts[key] for key in sorted(counts)])
    known = np.isfinite(renewal)
    assert renewal[known & (ordered >= 4)].min() > renewal[known & (ordered == 2)].max()
    year = said["clv_12m"].to_numpy(zero_copy_only=False)
    assert np.nanmax(year) <= 12 * 100 * 100
