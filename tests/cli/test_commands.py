"""Every command speaks four languages and JSON."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from carpel.cli.app import COMMANDS
from carpel.kernel.texts import LANGUAGES
from tests.cli.conftest import INVOICES, Run

READING = (
    ["segments"],
    ["status"],
    ["attributes"],
    ["explain", "001379"],
    ["sql"],
    ["check"],
    ["replay"],
)
_KEY = re.compile(
    r"\b(cli|kernel|workspace|sources|reading|proposal|profiles|schemes|runs|store|language|engine|demo)"
    r"\.[a-z]+(-[a-z]+)*\b(?!\()"
)


def keys_in(output: str) -> list[str]:
    """Message keys that were printed instead of their words."""
    return [match.group() for match in _KEY.finditer(output) if not match.group().endswith((".po", ".csv", ".yaml"))]


@pytest.mark.parametrize("name", [(), *((each,) for each in COMMANDS)], ids=lambda name: " ".join(name) or "carpel")
def test_asking_for_help_is_no_mistake(carpel: Run, name: tuple[str, ...]) -> None:
    outcome = carpel(*name, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert "--help" in outcome.out


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_help_page_is_in_the_readers_language(carpel: Run, language: str) -> None:
    pages = [carpel(*name, "--lang", language, "--help").out for name in ((), *((each,) for each in COMMANDS))]
    english = [carpel(*name, "--help").out for name in ((), *((each,) for each in COMMANDS))]
    assert not [key for page in pages for key in keys_in(page)]
    assert language == "en" or not [page for page, other in zip(pages, english, strict=True) if page == other]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_output_shows_a_message_key(carpel: Run, shop: Path, language: str) -> None:
    for arguments in (*READING, ["run"], ["explain", "nobody"]):
        if arguments != ["sql"]:
            outcome = carpel(*arguments, "--workspace", shop, "--lang", language)
            assert not keys_in(outcome.out + outcome.err), arguments


def test_every_command_prints_json(carpel: Run, shop: Path, tmp_path: Path) -> None:
    for arguments in (*READING, ["run"], ["export", "assignments", "--to", str(tmp_path / "a.csv")]):
        outcome = carpel(*arguments, "--workspace", shop, "--json")
        assert outcome.code == 0, outcome.err
        json.loads(outcome.out)
    made = carpel("init", tmp_path / "b", "--from", INVOICES, "--yes", "--currency", "PHP", "--json")
    assert set(json.loads(made.out)) >= {"files", "tables", "revenue", "understood", "unmapped"}


def test_segments_keep_their_shape_for_scripts(carpel: Run, shop: Path) -> None:
    found = json.loads(carpel("segments", "--workspace", shop, "--json").out)
    assert set(found) >= {"as_of", "run", "base", "outside_base", "segments", "rests"}
    assert set(found["segments"][0]) == {"key", "parent", "label", "customers", "share", "revenue"}
    parents = {each["parent"] for each in found["segments"]}
    assert sum(each["customers"] for each in found["segments"] if each["key"] not in parents) == found["base"]


def test_an_explanation_keeps_its_shape_for_scripts(carpel: Run, shop: Path) -> None:
    found = json.loads(carpel("explain", "001379", "--workspace", shop, "--json").out)
    answers = {"customer_id", "segment", "path", "sentence", "because", "runner_up", "would_change"}
    assert set(found) == answers | {"segment_by_rule", "held_until"}


def test_several_customers_are_a_list_of_what_one_customer_is(carpel: Run, shop: Path) -> None:
    single = [json.loads(carpel("explain", each, "-w", shop, "--json").out) for each in ("001379", "001001")]
    assert json.loads(carpel("explain", "001379", "001001", "-w", shop, "--json").out) == single
    outcome = carpel("explain", "001379", "nobody", "somebody", "-w", shop)
    assert outcome.code == 1
    assert not outcome.out
    assert "nobody, somebody" in outcome.err


def test_amounts_of_an_explanation_are_in_major_units_and_its_sentence_names_the_currency(
    carpel: Run, shop: Path
) -> None:
    change = json.loads(carpel("explain", "001064", "-w", shop, "--json").out)["would_change"]
    assert change["attributes"] == [{"attribute": "monetary_value", "before": 32369, "after": 51853.5}]
    assert change["sentence"].startswith("Monetary value from ₱32,369.00 to ₱51,853.50 ")


def test_an_error_is_json_where_json_was_asked_for(carpel: Run, shop: Path) -> None:
    told = json.loads(carpel("explain", "nobody", "--workspace", shop, "--json").err)
    assert told["error"] == "workspace.no-such-customer"


def test_uncertain_decisions_are_asked_unless_yes_was_given(carpel: Run, tmp_path: Path) -> None:
    outcome = carpel("init", tmp_path / "acme", "--from", INVOICES)
    assert outcome.code == 1
    assert "--yes" in outcome.err
    assert not (tmp_path / "acme").exists()


def test_a_small_demo_is_made_run_and_shown(carpel: Run, tmp_path: Path) -> None:
    outcome = carpel("demo", "--to", tmp_path / "demo", "--customers", "600", "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["base"] + found["outside_base"] >= 600
    assert carpel("replay", "--workspace", tmp_path / "demo").code == 0
    amounts = [each["revenue"] for each in found["segments"] if each["parent"] is None]
    money = sum((Decimal(str(each)) for each in (*amounts, *found["rests"].values())), Decimal(0))
    by_hand = duckdb.sql(SOURCE_MONEY.format(data=tmp_path / "demo" / "data")).fetchall()[0][0]
    assert abs(money - Decimal(str(by_hand))) <= Decimal("0.01")


# A foreign order after the last day with a rate has no amount that anybody could know.
SOURCE_MONEY = """
    with rates as (select Day, Rate from '{data}/finance/exchange_rates.csv'),
    orders as (select *, ordered_at::date as day from '{data}/shop/orders/*.parquet')
    select sum(round(amount * if(currency = 'PHP', 1, coalesce(
        (select Rate from rates where rates.Day = orders.day),
        (select arg_max(Rate, Day) from rates where rates.Day <= orders.day)
    )), 2)) from orders
    where currency = 'PHP' or orders.day <= (select max(Day) from rates)
"""
"""Every order in pesos at its day's rate, the latest before it where there is none; orders that are there twice too."""


def test_help_is_in_the_language_named_after_it(carpel: Run) -> None:
    before, after = carpel("--lang", "fil", "run", "--help"), carpel("run", "-h", "--lang", "fil")
    assert (after.code, after.out) == (0, before.out)


def test_what_yes_decides_is_told(carpel: Run, tmp_path: Path) -> None:
    outcome = carpel("init", tmp_path / "acme", "--from", INVOICES, "--yes")
    assert "In which currency" in outcome.out.partition("Decided for you")[2]
