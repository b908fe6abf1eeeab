from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import read_yaml
from carpel.profiles import CustomAttribute, Parameters, Unit, catalogue, fit, profile, read_attributes
from tests.profiles.company import AS_OF, company


def _read(source: str) -> tuple[CustomAttribute, ...]:
    return read_attributes(read_yaml(source, "carpel.yaml"))


def _values(tmp_path: Path, engine: Engine, source: str, key: str) -> list[Any]:
    facts = company(tmp_path, bucket_size=100)
    known = catalogue(facts, _read(source), keep=[])
    steps = profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine))
    return [row[key] for row in engine.read(steps, facts.bindings(range(1))).to_pylist()]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("from: orders\n value: sum(amount) filter (where channel = 'web')", [4000, 0, 0, 0, 0, 0]),
        ("from: orders\n value: sum(amount)\n within: 90 days", [3000, 0, 90000, 0, 0, 0]),
        ("from: orders\n value: count(*)\n where: channel = 'store'\n within: 30 days", [1, 0, 0, 0, 0, 0]),
        ("from: orders\n value: max(amount)\n where: amount > 20", [4000, 50000, 90000, None, None, None]),
        ("from: orders\n value: count(distinct channel)", [2, 1, 1, 0, 0, 0]),
        ("from: orders\n value: days_between(max(day), as_of)", [1, 366, 61, None, None, None]),
        ("from: orders\n value: sum(amount) / count(*)\n type: money", [1000, 30000, 90000, None, None, None]),
        ("from: orders\n value: sum(amount) / 0", [None, None, None, None, None, None]),
        ("from: order_lines\n value: sum(quantity) filter (where category = 'paper')", [0, 50, 90, 0, 0, 0]),
        ("from: opportunities\n value: count(*) filter (where won)", [0, 0, 0, 1, 0, 0]),
        ("from: customers\n value: income / 2", [50025, None, None, None, None, None]),
        ("from: customers\n value: employees > 10", [None, True, None, None, None, None]),
        ("from: customers\n value: employees\n where: kind = 'consumer'", [None] * 6),
        ("from: customers\n value: loyalty_card = 'gold'", [True, None, None, None, None, None]),
    ],
)
def test_a_workspace_declares_attributes_of_its_own(
    tmp_path: Path, engine: Engine, definition: str, expected: list[Any]
) -> None:
    assert _values(tmp_path, engine, f"mine:\n {definition}", "mine") == expected


def test_they_stand_in_the_catalogue_as_built_in_ones_do(tmp_path: Path) -> None:
    source = """
web_spend_90d:
  from: orders
  value: sum(amount) filter (where channel = 'web')
  within: 90 days
  label: {en: Web spend in the last 90 days, zh-Hans: 近90天线上消费}
"""
    attribute = catalogue(company(tmp_path), _read(source)).available["web_spend_90d"]
    assert attribute.type is ValueType.MONEY
    assert attribute.unit is Unit.MONEY
    assert attribute.needs == {"orders"}
    assert attribute.label.render("zh-Hans") == "近90天线上消费"
    assert "90" in attribute.description.render("fil")


def test_attributes_that_read_the_same_rows_share_a_pass(tmp_path: Path) -> None:
    source = """
one: {from: orders, value: count(*), within: 90 days, where: amount > 1}
two: {from: orders, value: sum(amount), within: 90 days, where: amount > 1}
three: {from: orders, value: sum(amount)}
"""
    facts = company(tmp_path)
    known = catalogue(facts, _read(source), keep=["frequency"])
    names = [step.name for step in profile(facts, known, AS_OF, Parameters(known_through=AS_OF))]
    assert [name for name in names if "orders" in name] == ["orders_of_customer", "custom_orders_90d_where_amount_1"]


def test_one_whose_table_is_absent_is_listed_with_what_it_wants(tmp_path: Path) -> None:
    facts = company(tmp_path)
    tables = {name: table for name, table in facts.tables.items() if name != "usage"}
    facts = type(facts)(**{**facts.__dict__, "tables": tables})
    source = "mine: {from: usage, value: sum(quantity) filter (where device = 'x')}"
    assert catalogue(facts, _read(source)).unavailable["mine"].wants == ("usage",)
    absent = "mine: {from: orders, value: sum(tax)}"
    assert catalogue(facts, _read(absent)).unavailable["mine"].wants == ("orders.tax",)


@pytest.mark.parametrize(
    ("source", "code", "place"),
    [
        ("Mine: {from: orders, value: count(*)}", "profiles.attribute-name", "carpel.yaml:1:7"),
        ("frequency: {from: orders, value: count(*)}", "profiles.attribute-taken", "carpel.yaml:1:12"),
        ("mine: {from: order, value: count(*)}", "profiles.attribute-unknown-choice", "carpel.yaml:1:14"),
        ("mine: {from: products, value: count(*)}", "profiles.attribute-unknown-choice", "carpel.yaml:1:14"),
        ("mine: {from: orders}", "profiles.attribute-needs-entry", "carpel.yaml:1:7"),
        ("mine: {from: orders, value: count(*), windw: 3}", "profiles.attribute-unknown-entry", "carpel.yaml:1:46"),
        ("mine: {from: orders, value: count(*), within: a while}", "profiles.attribute-within", "carpel.yaml:1:47"),
        ("mine: {from: contacts, value: count(*), within: 3}", "profiles.attribute-within-untimed", "carpel.yaml:1:49"),
        ("mine: {from: orders, value: count(*), family: x}", "profiles.attribute-unknown-choice", "carpel.yaml:1:47"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_named_with_its_place(source: str, code: str, place: str) -> None:
    with pytest.raises(CarpelError) as caught:
        _read(source)
    assert (caught.value.text.key, caught.value.place) == (code, place)
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("value", ["sum(amuont)", "amount", "sum(channel)", "sum(", "count(*); drop table orders"])
def test_a_formula_that_cannot_be_read_is_named_with_its_place(tmp_path: Path, value: str) -> None:
    with pytest.raises(CarpelError) as caught:
        catalogue(company(tmp_path), _read(f"mine:\n  from: orders\n  value: {value}"))
    assert str(caught.value.place).startswith("carpel.yaml:3")


def test_a_type_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CarpelError) as caught:
        catalogue(company(tmp_path), _read("mine: {from: orders, value: max(channel), type: money}"))
    assert caught.value.text.key == "profiles.attribute-type"
