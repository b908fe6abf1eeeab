"""What is learned can be looked at before it is asked, and afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def listing(carpel: Run, shop: Path) -> dict[str, object]:
    outcome = carpel("model", "list", "-w", shop, "--json")
    assert outcome.code == 0, outcome.err
    return {each["key"]: each for each in json.loads(outcome.out)["models"]}


def ask(shop: Path) -> None:
    settings = shop / "carpel.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\nmodels: [value]\n", encoding="utf-8")


def test_a_model_is_tried_before_it_is_asked_and_keeps_nothing(carpel: Run, shop: Path) -> None:
    before = sorted(path.name for path in (shop / ".carpel" / "runs").iterdir())
    tried = carpel("model", "fit", "value", "-w", shop, "--json")
    assert tried.code == 0, tried.err
    assert sorted(path.name for path in (shop / ".carpel" / "runs").iterdir()) == before
    refused = carpel("model", "card", "value", "-w", shop)
    assert refused.code == 1
    assert "carpel model fit value" in " ".join(refused.err.split())
    ask(shop)
    assert "asked from the next run" in " ".join(carpel("model", "list", "-w", shop).out.split())
    assert carpel("run", "-w", shop).code == 0
    asked = carpel("model", "card", "value", "-w", shop, "--json")
    assert asked.code == 0, asked.err
    assert json.loads(asked.out) == json.loads(tried.out), "the run learns what the trial has shown"
    assert listing(carpel, shop)["value"]["in_current_run"]  # type: ignore[index]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "fil"])
def test_a_card_is_told_in_the_readers_language(carpel: Run, shop: Path, language: str) -> None:
    told = carpel("model", "fit", "value", "-w", shop, "--lang", language)
    assert told.code == 0, told.err
    assert "cli." not in told.out
    assert "models." not in told.out
    assert ("What are customers worth" in told.out) is (language == "en")


def test_what_a_model_says_is_exported_like_any_attribute(carpel: Run, shop: Path, tmp_path: Path) -> None:
    ask(shop)
    assert carpel("run", "-w", shop).code == 0
    assert carpel("export", "profiles", "--to", tmp_path / "profiles.csv", "-w", shop).code == 0
    head, *rows = (tmp_path / "profiles.csv").read_text(encoding="utf-8-sig").splitlines()
    place = head.split(",").index("expected_orders_90d")
    assert rows
    assert any(row.split(",")[place] for row in rows)


def test_an_unknown_model_names_those_there_are(carpel: Run, shop: Path) -> None:
    for command in ("card", "fit"):
        refused = carpel("model", command, "valeu", "-w", shop)
        assert refused.code == 1
        assert "Did you mean value?" in " ".join(refused.err.split())


def test_a_day_that_cannot_be_known_is_refused(carpel: Run, shop: Path) -> None:
    refused = carpel("model", "fit", "value", "-w", shop, "--as-of", "1999-01-01")
    assert refused.code == 1
    assert "1999" in refused.err
