from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES, Text
from carpel.profiles import ALWAYS, Parameters, Profiles, catalogue, fit, profile
from tests.profiles.company import AS_OF, company
from tests.profiles.staged import staged

DAYS: Final = ("2024-03-01T00:00:00", "2025-01-15T12:00:00", "2026-05-01T00:00:00", "2027-01-01T09:30:00")


def test_only_what_is_kept_is_computed(tmp_path: Path, engine: Engine) -> None:
    facts = company(tmp_path)
    known = catalogue(facts, keep=["recency_days"])
    assert tuple(known.available) == ("customer_id", "relationship", "recency_days", "monetary_value")
    statement = engine.sql(profile(facts, known, AS_OF, Parameters(known_through=AS_OF)))
    assert not re.search("order_lines|MEDIAN|QUANTILE|gap_days|contacts|channel", statement)


def test_kept_attributes_bring_what_they_stand_on_without_showing_it(tmp_path: Path, engine: Engine) -> None:
    facts = company(tmp_path, bucket_size=100)
    known = catalogue(facts, keep=["lifecycle_stage"])
    assert set(known.available) == {*ALWAYS, "lifecycle_stage"}
    steps = profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine))
    rows = engine.read(steps, facts.bindings(range(1))).to_pylist()
    assert [row["lifecycle_stage"] for row in rows] == ["steady", "slipping", "new", "prospect", "lead", None]


def test_each_table_is_read_once_for_each_grain(tmp_path: Path) -> None:
    steps = profile(company(tmp_path), catalogue(company(tmp_path)), AS_OF, Parameters(known_through=AS_OF))
    names = [step.name for step in steps]
    assert len(names) == len(set(names))
    assert [name for name in names if name in ("orders_of_customer", "channels")] == ["orders_of_customer", "channels"]
    assert names[-2:] == ["together", "profiles"]


def test_every_step_has_a_sentence_in_every_language(tmp_path: Path) -> None:
    steps = profile(company(tmp_path), catalogue(company(tmp_path)), AS_OF, Parameters(known_through=AS_OF))
    assert all(step.sentence.render("fil") != step.sentence.key for step in steps)


def test_snapshots_are_marked_as_known_today(tmp_path: Path) -> None:
    facts = company(tmp_path)
    later = catalogue(replace(facts, seen_at=AS_OF.stored + timedelta(days=9)))
    assert "income" in later.as_known_today(AS_OF)
    assert catalogue(replace(facts, seen_at=AS_OF.stored)).as_known_today(AS_OF) == ()
    assert catalogue(facts).as_known_today(AS_OF) == ()
    marked = {key for key, each in catalogue(facts).available.items() if each.as_known_today}
    assert marked == set(later.as_known_today(AS_OF))
    assert {"income", "opportunity_stage", "contacts_count", "renewals_count"} <= marked
    assert not marked & {"frequency", "birth_date", "acquired_at", "relationship", "mrr", "nps"}


def test_a_relationship_that_the_crm_says_comes_first(tmp_path: Path, engine: Engine) -> None:
    customers: list[dict[str, Any]] = [
        {"customer_id": "A", "relationship": "lead"},
        {"customer_id": "B", "relationship": None},
    ]
    order = {"order_id": "1", "ordered_at": "2025-01-01T09:00", "amount": 1}
    facts = staged(tmp_path, customers=customers, orders=[order | {"customer_id": each} for each in "AB"])
    known = catalogue(facts, keep=[])
    rows = engine.read(profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine)), facts.bindings(range(1)))
    assert rows.column("relationship").to_pylist() == ["lead", "customer"]
    assert known.available["relationship"].as_known_today


def test_a_source_column_with_the_name_of_an_attribute_gives_way(tmp_path: Path, engine: Engine) -> None:
    order = {"order_id": "1", "customer_id": "A", "ordered_at": "2025-01-01T09:00", "amount": 1}
    facts = staged(tmp_path, customers=[{"customer_id": "A", "Frequency": 9}], orders=[order])
    known = catalogue(facts)
    (row,) = engine.read(
        profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine)), facts.bindings(range(1))
    ).to_pylist()
    assert (row["frequency"], row["own_Frequency"]) == (1, 9)


def test_lines_without_amounts_say_what_was_bought_and_not_for_how_much(tmp_path: Path, engine: Engine) -> None:
    order = {"order_id": "1", "customer_id": "A", "ordered_at": "2025-01-01T09:00", "amount": 5}
    lines = [{"order_id": "1", "product_id": each, "quantity": 1, "unit_price": 1} for each in ("tea", "tea", "cup")]
    facts = staged(tmp_path, customers=[{"customer_id": "A"}], orders=[order], order_lines=lines)
    kept = facts.tables["order_lines"].columns
    without = replace(
        facts.tables["order_lines"], columns={name: each for name, each in kept.items() if name != "amount"}
    )
    facts = replace(facts, tables={**facts.tables, "order_lines": without})
    known = catalogue(facts, keep=["main_product", "largest_need"])
    (row,) = engine.read(
        profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine)), facts.bindings(range(1))
    ).to_pylist()
    assert row["main_product"] == "tea"
    assert "order_lines.amount" in known.unavailable["largest_need"].wants


def test_parameters_that_know_later_are_refused(tmp_path: Path) -> None:
    later = AsOf(AS_OF.instant + timedelta(seconds=1), AS_OF.day)
    with pytest.raises(CarpelError) as caught:
        profile(company(tmp_path), catalogue(company(tmp_path)), AS_OF, Parameters(known_through=later))
    assert caught.value.text.key == "profiles.parameters-know-later"


def test_parameters_survive_json(tmp_path: Path, engine: Engine) -> None:
    facts = company(tmp_path)
    fitted = fit(facts, catalogue(facts), AS_OF, engine)
    assert fitted.value_cuts == (60000, 78000)
    assert fitted.typical_gap_days == 183.0
    again = Parameters.from_json(fitted.to_json())
    assert again == fitted
    assert again.known_through.time_zone == "Asia/Manila"


def test_parameters_that_nothing_uses_are_not_fitted(tmp_path: Path, engine: Engine) -> None:
    facts = company(tmp_path)
    assert fit(facts, catalogue(facts, keep=["frequency"]), AS_OF, engine) == Parameters(known_through=AS_OF)


def test_a_category_bought_often_has_a_cycle_of_its_own(tmp_path: Path, engine: Engine) -> None:
    weeks = [f"2025-0{1 + week // 4}-{1 + 7 * (week % 4):02}T09:00" for week in range(8)]
    orders = [
        {"order_id": f"{who}{week}", "customer_id": who, "ordered_at": week, "amount": 1}
        for who in "ABCDE"
        for week in weeks
    ]
    line = {"product_id": "p", "quantity": 1, "amount": 1}
    lines = [line | {"line_id": each["order_id"], "order_id": each["order_id"]} for each in orders]
    facts = staged(tmp_path, orders=orders, order_lines=lines, products=[{"product_id": "p", "category": "milk"}])
    assert fit(facts, catalogue(facts), AS_OF, engine).category_cycles == {"milk": 7.0}


def test_large_bases_are_fitted_on_evenly_spread_buckets(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carpel.profiles.fitting.SAMPLE", 2)
    facts = company(tmp_path, bucket_size=1)
    assert fit(facts, catalogue(facts), AS_OF, engine).sampled_buckets == (0, 3)


def test_profiles_read_back_with_the_types_of_their_attributes(tmp_path: Path, engine: Engine) -> None:
    facts = company(tmp_path, bucket_size=100)
    known = catalogue(facts)
    steps = profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine))
    to = tmp_path / "profiles.parquet"
    rows = engine.write(steps, facts.bindings(range(1)), to)
    profiles = Profiles(files=(to,), catalogue=known, as_of=AS_OF, rows=rows)
    assert dict(steps[-1].query.schema().items()) == dict(profiles.unbound().schema().items())
    assert engine.read(profiles.unbound(), profiles.bindings).num_rows == rows == 6
    (covered,) = engine.read(profiles.coverage(), profiles.bindings).to_pylist()
    assert (covered["frequency"], covered["recency_days"], covered["products_owned"], covered["age"]) == (6, 3, 3, 2)


_BOUGHT = [("A", "Web Shop"), ("A", "Web Shop"), ("A", "store"), ("B", "store"), ("C", None)]


def _with_channels(folder: Path) -> Facts:
    orders = [
        {"order_id": str(number), "customer_id": who, "ordered_at": "2025-01-01T09:00", "amount": 1, "channel": channel}
        for number, (who, channel) in enumerate(_BOUGHT)
    ]
    facts = staged(folder, customers=[{"customer_id": each} for each in "ABCD"], orders=orders)
    table = facts.tables["orders"]
    channel = replace(table.columns["channel"], values=("Web Shop", "store", "web-shop"))
    columns = {**table.columns, "channel": channel}
    return replace(facts, tables={**facts.tables, "orders": replace(table, columns=columns)})


def test_each_channel_has_its_share(tmp_path: Path, engine: Engine) -> None:
    """Nothing where the customer bought elsewhere; unknown where no purchase has a known channel."""
    facts = _with_channels(tmp_path)
    known = catalogue(facts)
    keys = [key for key in known.available if key.startswith("channel_share_")]
    assert keys == ["channel_share_web_shop", "channel_share_store", "channel_share_web_shop_3"]
    rows = engine.read(profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine)), facts.bindings(range(1)))
    found = [rows.column(key).to_pylist() for key in keys]
    assert found == [[2 / 3, 0, None, None], [1 / 3, 1, None, None], [0, 0, None, None]]
    assert known.available[keys[0]].label.render("zh-Hant") == "購買占比：Web Shop"
    assert known.available[keys[0]].changeable
    assert not known.available[keys[0]].as_known_today


def test_a_channel_share_is_computed_only_where_it_is_wanted(tmp_path: Path, engine: Engine) -> None:
    facts = _with_channels(tmp_path)
    known = catalogue(facts, keep=["channel_share_store"])
    assert tuple(known.available) == ("customer_id", "relationship", "monetary_value", "channel_share_store")
    statement = engine.sql(profile(facts, known, AS_OF, Parameters(known_through=AS_OF)))
    assert "'store'" in statement
    assert "Web Shop" not in statement


def test_every_value_of_a_fixed_list_has_a_word_in_every_language(tmp_path):
    known = catalogue(company(tmp_path))
    listed = [*known.available.values(), *(each.attribute for each in known.unavailable.values())]
    words = [attribute.word(value) for attribute in listed for value in attribute.values]
    assert len(words) > 20
    for word in words:
        assert isinstance(word, Text)
        assert word.render("zh-Hans") != word.render("en")
        assert not any(word.render(language).startswith("profiles.") for language in LANGUAGES)


@given(acquired=st.sampled_from(DAYS) | st.none(), ordered=st.sampled_from(DAYS) | st.none())
@settings(max_examples=12)
def test_a_customer_is_known_since_the_earliest_that_is_known_of_them(
    engine: Engine, acquired: str | None, ordered: str | None
) -> None:
    """A customer acquired later is none yet, unless a fact of theirs happened before."""
    bought = [{"order_id": "1", "customer_id": "A", "ordered_at": ordered, "amount": 1}] if ordered else []
    other = {"order_id": "2", "customer_id": "B", "ordered_at": "2025-01-01T09:00", "amount": 1}
    customers: list[dict[str, Any]] = [
        {"customer_id": "A", "acquired_at": acquired},
        {"customer_id": "B", "acquired_at": DAYS[0]},
    ]
    with TemporaryDirectory() as folder:
        facts = staged(Path(folder), customers=customers, orders=[*bought, other])
        known = catalogue(facts, keep=[])
        rows = engine.read(profile(facts, known, AS_OF, fit(facts, known, AS_OF, engine)), facts.bindings(range(1)))
        found = rows.column("relationship").to_pylist()[0]
    past = AS_OF.stored.isoformat()
    expected = None if acquired is not None and acquired >= past else "lead"
    assert found == ("customer" if ordered is not None and ordered < past else expected)
