"""What rules may name is known before the first run, and a new attribute at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import INVOICES, Run

OWN = """
attributes:
  big_orders:
    from: orders
    value: count(*) filter (where amount > 100)
    label: {en: Big orders}
    description: {en: Orders over a hundred.}
"""


def available(carpel: Run, folder: Path) -> dict[str, bool]:
    outcome = carpel("attributes", "--workspace", folder, "--json")
    assert outcome.code == 0, outcome.err
    return {each["key"]: each["in_current_run"] for each in json.loads(outcome.out)["available"]}


def test_attributes_are_known_before_the_first_run(carpel: Run, tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    assert carpel("init", folder, "--from", INVOICES, "--yes", "--currency", "PHP").code == 0
    before = available(carpel, folder)
    assert "recency_days" in before
    assert not any(before.values())
    assert carpel("run", "--workspace", folder).code == 0
    after = available(carpel, folder)
    assert set(after) == set(before)
    assert all(after.values())


def test_a_new_attribute_is_shown_at_once_and_marked(carpel: Run, shop: Path) -> None:
    settings = shop / "carpel.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    found = available(carpel, shop)
    assert not found.pop("big_orders")
    assert all(found.values())
    assert "Orders over a hundred. (from the next run)" in carpel("attributes", "--workspace", shop).out
    assert carpel("run", "--workspace", shop).code == 0
    assert available(carpel, shop)["big_orders"]
    assert "from the next run" not in carpel("attributes", "--workspace", shop).out


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "fil"])
def test_families_and_types_are_in_the_readers_language(carpel: Run, shop: Path, language: str) -> None:
    shown = carpel("attributes", "--workspace", shop, "--lang", language).out
    row = next(line for line in shown.splitlines() if line.startswith("recency_days"))
    assert not {"behavioural", "integer"} & set(row.split())


@pytest.mark.parametrize(
    ("language", "days"), [("en", "497 days"), ("zh-Hans", "497 天"), ("zh-Hant", "497 天"), ("fil", "497 araw")]
)
def test_what_would_change_is_told_with_its_unit(carpel: Run, shop: Path, language: str, days: str) -> None:
    assert days in carpel("explain", "001379", "--workspace", shop, "--lang", language).out
