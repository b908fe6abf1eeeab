"""`carpel scheme suggest` and `carpel scheme race`, as people and scripts use them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from carpel.kernel.texts import LANGUAGES
from tests.cli.conftest import Run
from tests.runs import planted

KNOWING = "scheme: k\nsegments:\n  - {key: app, when: main_channel = 'app'}\n  - {key: others, otherwise: true}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("refined") / "shop"
    planted.shop(folder, seed=1, lift=4.0)
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "shop"))


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_a_split_is_shown_with_its_yaml_and_nothing_is_written(carpel: Run, shop: Path) -> None:
    file = shop / "schemes" / "planted.yaml"
    before = file.read_text(encoding="utf-8")
    outcome = carpel("scheme", "suggest", "split", "earlier", "-w", shop)
    assert outcome.code == 0, outcome.err
    assert "✓ 1" in outcome.out
    assert "when: main_channel = 'app'" in outcome.out or "when: '''app'' in channels'" in outcome.out
    assert "taken to be nothing" in " ".join(outcome.out.split())
    assert file.read_text(encoding="utf-8") == before


def test_a_file_that_the_run_does_not_know_is_told(carpel: Run, shop: Path) -> None:
    """What is counted is the run's division; what is changed is the file."""
    assert json.loads(carpel("scheme", "suggest", "split", "earlier", "-w", shop, "--json").out)["issues"] == []
    file = shop / "schemes" / "planted.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# not published yet\nhold: 3 days\n", encoding="utf-8")
    told = json.loads(carpel("scheme", "suggest", "split", "earlier", "-w", shop, "--json").out)["issues"]
    assert [each["code"] for each in told] == ["runs.file-differs"]
    assert "differs from version" in " ".join(carpel("scheme", "suggest", "merge", "-w", shop).out.split())


def test_a_split_is_applied_published_and_run(carpel: Run, shop: Path) -> None:
    """The other segment keeps everybody, the parts add up, and the owner's comments stay."""
    file = shop / "schemes" / "planted.yaml"
    before, sizes = file.read_text(encoding="utf-8"), segments(carpel, shop)
    outcome = carpel("scheme", "suggest", "split", "earlier", "-w", shop, "--apply", "--json")
    assert outcome.code == 0, outcome.err
    best = json.loads(outcome.out)["splits"][0]
    assert best["worthwhile"]
    assert best["gain"] == best["worth"]
    assert comments(file.read_text(encoding="utf-8")) == comments(before)
    assert carpel("check", "-w", shop).code == 0
    assert carpel("publish", "-w", shop).code == 0
    assert carpel("run", "-w", shop).code == 0
    after = segments(carpel, shop)
    assert after["recent"] == sizes["recent"]
    parts = [customers for key, customers in after.items() if key.startswith("earlier-")]
    assert parts == [part["customers"] for part in best["parts"]]
    assert sum(parts) == sizes["earlier"]


def segments(carpel: Run, shop: Path) -> dict[str, int]:
    rows = json.loads(carpel("segments", "-w", shop, "--json").out)["segments"]
    return {row["key"]: row["customers"] for row in rows}


def test_line_ends_and_the_mark_of_a_file_stay(carpel: Run, shop: Path) -> None:
    file = shop / "schemes" / "planted.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert carpel("scheme", "suggest", "split", "earlier", "-w", shop, "--apply").code == 0
    written = file.read_bytes()
    assert written.startswith(b"\xef\xbb\xbfscheme")
    assert written.count(b"\n") == written.count(b"\r\n") > planted.SCHEME.count("\n")


def test_another_suggestion_can_be_picked(carpel: Run, shop: Path) -> None:
    found = json.loads(carpel("scheme", "suggest", "split", "recent", "-w", shop, "--json").out)["splits"]
    outcome = carpel("scheme", "suggest", "split", "recent", "-w", shop, "--pick", "2", "--apply")
    assert outcome.code == 0, outcome.err
    assert found[1]["rule"].partition(" ")[0] in (shop / "schemes" / "planted.yaml").read_text(encoding="utf-8")
    assert carpel("scheme", "suggest", "split", "recent", "-w", shop, "--pick", "99").code == 1


def test_a_cost_that_nothing_pays_for_leaves_nothing_to_apply(carpel: Run, shop: Path) -> None:
    arguments = ("scheme", "suggest", "split", "earlier", "-w", shop, "--cost", "999999999")
    outcome = carpel(*arguments)
    assert outcome.code == 0
    assert "Nothing here is worth one more segment" in outcome.out
    refused = carpel(*arguments, "--apply")
    assert refused.code == 1
    assert "--pick" in refused.err


@pytest.mark.parametrize("amount", ["-1", "much", "nan", "1e99"])
def test_what_is_no_amount_is_wrong_usage(carpel: Run, shop: Path, amount: str) -> None:
    outcome = carpel("scheme", "suggest", "split", "earlier", "-w", shop, "--cost", amount)
    assert outcome.code == 2
    assert "--cost" in outcome.err


def test_a_leaf_that_the_file_no_longer_has_is_told(carpel: Run, shop: Path) -> None:
    file = shop / "schemes" / "planted.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("earlier", "later"), encoding="utf-8")
    outcome = carpel("scheme", "suggest", "split", "earlier", "-w", shop)
    assert outcome.code == 0
    assert "was the file changed" in " ".join(outcome.out.split())
    assert carpel("scheme", "suggest", "split", "earlier", "-w", shop, "--apply").code == 1


def test_a_mistyped_segment_is_told_with_the_nearest(carpel: Run, shop: Path) -> None:
    outcome = carpel("scheme", "suggest", "split", "erlier", "-w", shop)
    assert outcome.code == 1
    assert "earlier" in outcome.err


def test_siblings_are_compared(carpel: Run, shop: Path) -> None:
    outcome = carpel("scheme", "suggest", "merge", "-w", shop, "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["pairs"] == 1
    assert carpel("scheme", "suggest", "merge", "-w", shop).code == 0


def test_a_race_of_a_file_against_what_is_published(carpel: Run, shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "knowing.yaml"
    other.write_text(KNOWING, encoding="utf-8")
    outcome = carpel("scheme", "race", "published", other, "-w", shop, "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["winner"] == str(other)
    assert [each["scheme"] for each in found["schemes"]] == ["published", str(other)]
    shown = carpel("scheme", "race", "1", "planted", "-w", shop)
    assert shown.code == 0, shown.err
    assert "No winner" in shown.out
    assert carpel("scheme", "race", "plantd", other, "-w", shop).code == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence(carpel: Run, shop: Path, language: str) -> None:
    for command in (("suggest", "split", "earlier"), ("suggest", "merge"), ("race", "1", "planted")):
        outcome = carpel("scheme", *command, "-w", shop, "--lang", language)
        assert outcome.code == 0
        assert "cli." not in outcome.out
        assert "schemes." not in outcome.out.replace("schemes/", "")
    for help_of in ((), ("suggest",), ("suggest", "split"), ("suggest", "merge"), ("race",)):
        assert "cli." not in carpel("scheme", *help_of, "--help", "--lang", language).out
