"""What a CRM overwrites is, in a replay, what imports had seen by then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.yaml import read_yaml
from carpel.profiles import catalogue, fit, profile, read_attributes
from tests.sources.staging.shop import staged

FIRST = datetime(2025, 6, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=30)
BETWEEN = AsOf.at(FIRST + timedelta(days=10), "UTC")
AFTER = AsOf.at(SECOND, "UTC")

SOURCES = """
people:
  files: customers.csv
  tables:
    customers: {customer_id: id, country: country}
pipeline:
  files: deals.csv
  tables:
    opportunities: {opportunity_id: deal, customer_id: id, stage: stage, amount: amount, opened_at: opened, closed_at: closed}
contacts:
  files: contacts.csv
  tables:
    contacts: {contact_id: contact, customer_id: id, role: role}
products:
  files: products.csv
  tables:
    products: {product_id: item, category: category}
shop:
  files: orders.csv
  tables:
    orders: {order_id: order, customer_id: id, ordered_at: date}
    order_lines: {order_id: order, product_id: item, amount: amount}
"""  # noqa: E501

OLD = {
    "customers.csv": "id,country,tier\nA,PH,gold\nB,SG,blue\n",
    "deals.csv": "deal,id,stage,amount,opened,closed\n1,A,offer,100,2025-05-01,\n2,B,offer,50,2025-05-02,\n",
    "contacts.csv": "contact,id,role\n1,A,buyer\n",
    "products.csv": "item,category\npen,writing\nink,writing\n",
    "orders.csv": "order,id,date,item,amount\n1,A,2025-05-01,pen,10\n2,B,2025-05-01,ink,10\n",
}
NEW = OLD | {
    "customers.csv": "id,country,tier,vip\n0,US,gold,true\nA,JP,none,true\nB,SG,blue,false\n",
    "deals.csv": "deal,id,stage,amount,opened,closed\n1,A,deal,300,2025-05-01,\n2,B,offer,50,2025-05-02,\n",
    "contacts.csv": "contact,id,role\n1,A,owner\n2,A,user\n",
    "products.csv": "item,category\npen,office\nink,writing\n",
}
OWN = """
in_offer: {from: opportunities, value: "sum(amount) filter (where stage = 'offer')"}
"""


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """Imported twice, a month apart; the second import found other values and another customer."""
    staged(tmp_path, SOURCES, OLD, now=FIRST)
    return staged(tmp_path, SOURCES, NEW, now=SECOND).facts


def _profiles(facts: Facts, as_of: AsOf, engine: Engine) -> dict[str, dict[str, Any]]:
    known = catalogue(facts, custom=read_attributes(read_yaml(OWN, "carpel.yaml")))
    steps = profile(facts, known, as_of, fit(facts, known, as_of, engine))
    rows = (
        row
        for bucket in range(facts.bucket_count)
        for row in engine.read(steps, facts.bindings(range(bucket, bucket + 1))).to_pylist()
    )
    return {row["customer_id"]: row for row in rows}


OVERWRITTEN = (
    *("country", "tier", "opportunity_stage", "open_opportunity_amount", "in_offer", "largest_need"),
    *("contacts_count", "contact_roles"),
)


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in OVERWRITTEN)


def test_between_two_imports_it_is_what_the_first_one_saw(facts: Facts, engine: Engine) -> None:
    then = _profiles(facts, BETWEEN, engine)
    assert _said(then["A"]) == ("PH", "gold", "offer", 10000, 10000, "writing", 1, ["buyer"])
    assert _said(then["B"]) == ("SG", "blue", "offer", 5000, 5000, "writing", 0, [])


def test_from_the_last_import_on_it_is_what_that_saw(facts: Facts, engine: Engine) -> None:
    now = _profiles(facts, AFTER, engine)
    assert _said(now["A"]) == ("JP", "none", "deal", 30000, 0, "office", 2, ["owner", "user"])
    assert _said(now["B"]) == _said(_profiles(facts, BETWEEN, engine)["B"])


def test_the_moment_of_an_import_knows_it(facts: Facts, engine: Engine) -> None:
    assert _profiles(facts, AsOf.at(FIRST, "UTC"), engine)["A"]["country"] == "PH"
    assert _profiles(facts, AsOf.at(SECOND - timedelta(microseconds=1), "UTC"), engine)["A"]["country"] == "PH"


def test_a_customer_that_no_import_had_seen_is_unknown(facts: Facts, engine: Engine) -> None:
    then, now = _profiles(facts, BETWEEN, engine)["0"], _profiles(facts, AFTER, engine)["0"]
    assert (then["country"], then["relationship"]) == (None, None)
    assert (now["country"], now["relationship"]) == ("US", "lead")


def test_before_the_first_import_it_stands_as_today_and_is_marked(facts: Facts, engine: Engine) -> None:
    before = AsOf.at(FIRST - timedelta(days=1), "UTC")
    assert _profiles(facts, before, engine)["A"]["country"] == "JP"
    known = catalogue(facts)
    marked = {
        "country",
        "tier",
        "opportunity_stage",
        "open_opportunity_amount",
        "contacts_count",
        "contact_roles",
        "vip",
    }
    assert set(known.as_known_today(before)) == marked
    assert known.as_known_today(AFTER) == ()


def test_a_column_that_came_later_is_marked_until_then(facts: Facts, engine: Engine) -> None:
    assert catalogue(facts).as_known_today(BETWEEN) == ("vip",)
    assert _profiles(facts, BETWEEN, engine)["A"]["vip"] is True


def test_the_present_asks_no_history(facts: Facts, engine: Engine) -> None:
    known = catalogue(facts)

    def statement(as_of: AsOf) -> str:
        return engine.sql(profile(facts, known, as_of, fit(facts, known, as_of, engine)))

    assert "_history" not in statement(AFTER)
    assert "_history" not in statement(AsOf.at(FIRST - timedelta(days=1), "UTC"))
    assert "customers_history" in statement(BETWEEN)


def test_buckets_have_their_own_history(
    tmp_path: Path, facts: Facts, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carpel.sources.staging.staging.bucket_size", lambda *_: 1)
    staged(tmp_path / "cut", SOURCES, OLD, now=FIRST)
    cut = staged(tmp_path / "cut", SOURCES, NEW, now=SECOND).facts
    assert cut.bucket_count == 3
    assert _profiles(cut, BETWEEN, engine) == _profiles(facts, BETWEEN, engine)


def test_many_imports_answer_each_for_its_time(tmp_path: Path, engine: Engine) -> None:
    sources = "people: {files: customers.csv, tables: {customers: {customer_id: id, country: country}}}"
    countries = ["PH", "SG", "SG", "PH", "JP"]
    for day, country in enumerate(countries):
        files = {"customers.csv": f"id,country\nA,{country}\nB,{day // 2}\n"}
        facts = staged(tmp_path, sources, files, now=FIRST + timedelta(days=day)).facts
    for day, country in enumerate(countries):
        found = _profiles_of_people(facts, AsOf.at(FIRST + timedelta(days=day, hours=1), "UTC"), engine)
        assert found == {"A": country, "B": str(day // 2)}


def _profiles_of_people(facts: Facts, as_of: AsOf, engine: Engine) -> dict[str, str]:
    known = catalogue(facts)
    steps = profile(facts, known, as_of, fit(facts, known, as_of, engine))
    return {row["customer_id"]: row["country"] for row in engine.read(steps, facts.bindings(range(1))).to_pylist()}


def test_a_margin_at_what_products_cost_today_is_marked_and_one_that_lines_state_is_not(tmp_path: Path) -> None:
    sources = """
products: {files: products.csv, tables: {products: {product_id: item, unit_cost: cost}}}
shop:
  files: orders.csv
  tables:
    orders: {order_id: order, customer_id: id, ordered_at: date}
    order_lines: {order_id: order, product_id: item, amount: amount}
"""
    files = {"products.csv": "item,cost\npen,4\nink,3\n", "orders.csv": OLD["orders.csv"]}
    staged(tmp_path / "today", sources, files, now=FIRST)
    today = staged(tmp_path / "today", sources, files | {"products.csv": "item,cost\npen,5\nink,3\n"}, now=SECOND).facts
    assert {"margin", "margin_share"} <= set(catalogue(today).as_known_today(BETWEEN))
    assert catalogue(today).as_known_today(AFTER) == ()
    stated = sources.replace("amount: amount", "amount: amount, cost: spent").replace(", unit_cost: cost", "")
    orders = "order,id,date,item,amount,spent\n1,A,2025-05-01,pen,10,4\n"
    of_lines = staged(tmp_path / "stated", stated, files | {"orders.csv": orders}, now=FIRST).facts
    assert catalogue(of_lines).as_known_today(AsOf.at(FIRST - timedelta(days=1), "UTC")) == ()
