"""Plan, publish and versions on the command line: in four languages, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from carpel.cli.commands.scheme import COMMANDS
from carpel.kernel.texts import LANGUAGES
from carpel.schemes import KINDS
from tests.cli.conftest import Run
from tests.cli.test_commands import keys_in

READING = (["plan"], ["scheme", "list"], ["scheme", "show"], ["scheme", "show", "1"], ["scheme", "diff"], ["status"])
SCHEME = """\
scheme: customers
segments:
  - {key: frequent, when: frequency >= 6, owner: ana}
  - {key: others, otherwise: true}
"""


@pytest.fixture
def draft(shop: Path) -> Path:
    """The example shop with another scheme in its file."""
    (shop / "schemes" / "customers.yaml").write_text(SCHEME, encoding="utf-8")
    return shop


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_output_shows_a_message_key(carpel: Run, draft: Path, language: str) -> None:
    outputs = [carpel(*arguments, "--workspace", draft, "--lang", language) for arguments in READING]
    outputs += [
        carpel("scheme", "show", "99", "--workspace", draft, "--lang", language),
        carpel("scheme", "check-out", "--workspace", draft, "--lang", language),
        carpel("scheme", "submit", "-m", "x", "--workspace", draft, "--lang", language),
        carpel("publish", "-m", "x", "--workspace", draft, "--lang", language),
        carpel("scheme", "roll-back", "1", "--workspace", draft, "--lang", language),
        carpel("scheme", "list", "--workspace", draft, "--lang", language),
    ]
    assert [each.code for each in outputs] == [0] * len(READING) + [1, 1, 0, 0, 0, 0]
    assert not [key for each in outputs for key in keys_in(each.out + each.err)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_every_language(carpel: Run, name: str) -> None:
    pages = {language: carpel("scheme", name, "--lang", language, "--help") for language in LANGUAGES}
    assert all((page.code, page.err, keys_in(page.out)) == (0, "", []) for page in pages.values())
    assert len({page.out for page in pages.values()}) == len(LANGUAGES)


def test_scripts_read_json(carpel: Run, draft: Path) -> None:
    found = {" ".join(arguments): json.loads(carpel(*arguments, "-w", draft, "--json").out) for arguments in READING}
    plan = found["plan"]
    assert set(plan) == {
        *("scheme", "version", "run", "as_of", "currency", "moving", "divided", "staying", "difference"),
        *("moves", "segments", "touched", "budgets", "issues"),
    }
    assert plan["moving"] == sum(each["customers"] for each in plan["moves"]) == 96
    assert sum(each["customers_after"] or 0 for each in plan["segments"]) == 96
    assert sum(each["revenue_after"] or 0 for each in plan["segments"]) == pytest.approx(7_089_106.75)
    assert [each["number"] for each in found["scheme list"]] == [1]
    assert found["scheme show"]["text"] != SCHEME
    assert found["scheme diff"]["logic"] is True
    assert "runs.file-differs" in {each["code"] for each in found["status"]["issues"]}


def test_the_plan_is_what_publishing_and_running_do(carpel: Run, draft: Path) -> None:
    plan = json.loads(carpel("plan", "-w", draft, "--json").out)
    published = json.loads(carpel("publish", "-w", draft, "--json", "--as", "ana").out)
    assert (published["number"], published["author"], published["changed"]) == (2, "ana", True)
    segments = json.loads(carpel("run", "-w", draft, "--json").out)["segments"]
    planned = {each["key"]: each["customers_after"] for each in plan["segments"] if each["customers_after"] is not None}
    planned.pop(None, None)
    assert planned == {each["key"]: each["customers"] for each in segments}
    assert json.loads(carpel("publish", "-w", draft, "--json").out)["changed"] is False


def test_a_refusal_over_another_base_shows_what_was_changed(carpel: Run, draft: Path) -> None:
    assert carpel("publish", "-w", draft, "--as", "ana").code == 0
    (draft / ".carpel" / "checkouts" / "customers.json").write_text('{"version": 1}')
    (draft / "schemes" / "customers.yaml").write_text(SCHEME.replace("6", "9"), encoding="utf-8")
    refused = carpel("publish", "-w", draft, "--as", "ben")
    assert refused.code == 1
    assert "ana has published version 2" in refused.err
    assert "+  - {key: frequent, when: frequency >= 6, owner: ana}" in refused.err
    assert json.loads(carpel("publish", "-w", draft, "--json").err)["error"] == "governance.base-changed"
    assert carpel("publish", "-w", draft, "--base", "2").code == 0


def test_whoever_works_here_is_the_author(carpel: Run, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARPEL_USER", "maria.santos")
    assert json.loads(carpel("scheme", "submit", "-w", draft, "--json").out)["author"] == "maria.santos"
    assert json.loads(carpel("scheme", "submit", "-w", draft, "--as", "ben", "--json").out)["author"] == "ben"


@pytest.mark.parametrize(
    "arguments",
    [
        ["scheme", "show", "1", "--on", "2025-01-01"],
        ["scheme", "show", "one"],
        ["scheme", "approve"],
        ["scheme", "roll-back"],
        ["scheme", "new", "x"],
        ["scheme", "new", "x", "--template", "none"],
        ["scheme", "lst"],
    ],
)
def test_wrong_usage_is_told(carpel: Run, shop: Path, arguments: list[str]) -> None:
    outcome = carpel(*arguments, "--workspace", shop) if arguments[1] != "lst" else carpel(*arguments)
    assert outcome.code == 2
    assert "--help" in outcome.err


def test_before_the_first_run_there_is_nothing(carpel: Run, shop: Path) -> None:
    for name in ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm"):
        (shop / ".carpel" / name).unlink(missing_ok=True)
    assert "no version yet" in carpel("scheme", "list", "-w", shop).out
    assert carpel("scheme", "show", "-w", shop).code == 1
    assert carpel("plan", "-w", shop).code == 1
    assert carpel("publish", "-w", shop).code == 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"b2b", "leads", "wide"}])
def test_every_template_that_suits_a_shop_is_planned_published_and_run(carpel: Run, shop: Path, kind: str) -> None:
    for old in (shop / "schemes").iterdir():
        old.unlink()
    assert carpel("scheme", "new", "begun", "--template", kind, "-w", shop).code == 0
    assert carpel("plan", "-w", shop).code == 0
    assert carpel("publish", "-w", shop).code == 0
    assert carpel("run", "-w", shop).code == 0
    table = json.loads(carpel("segments", "--json", "-w", shop).out)
    leaves = [each for each in table["segments"] if each["key"] not in {other["parent"] for other in table["segments"]}]
    assert sum(each["customers"] for each in leaves) == table["base"] == 96


def test_a_template_by_needs_lists_what_customers_need(carpel: Run, shop: Path) -> None:
    assert carpel("scheme", "new", "needs", "--template", "needs", "-w", shop).code == 0
    written = (shop / "schemes" / "needs.yaml").read_text(encoding="utf-8")
    assert "values: {gifts: Gifts, " in written


def test_labels_that_nobody_has_are_not_shown_and_yet_counted(carpel: Run, shop: Path) -> None:
    (shop / "schemes" / "customers.yaml").unlink()
    assert carpel("scheme", "new", "begun", "--template", "value-cycle", "-w", shop).code == 0
    assert carpel("publish", "-w", shop).code == 0
    assert "Value unknown" not in carpel("run", "-w", shop).out
    table = json.loads(carpel("segments", "--json", "-w", shop).out)
    assert {each["key"]: each["customers"] for each in table["segments"]}["unknown"] == 0


def test_a_plan_says_when_it_is_not_the_draft_that_moves_customers(carpel: Run, draft: Path) -> None:
    assert carpel("publish", "-w", draft).code == 0
    outcome = carpel("plan", "-w", draft)
    assert "Not by what the file changes" in outcome.out
    assert "Nobody is placed differently" not in outcome.out


def test_warnings_are_not_called_nothing(carpel: Run, draft: Path) -> None:
    file = draft / "schemes" / "customers.yaml"
    never = "  - {key: never, when: frequency > 5 and frequency < 3}\n  - {key: others"
    file.write_text(SCHEME.replace("  - {key: others", never), encoding="utf-8")
    outcome = carpel("check", "-w", draft)
    assert (outcome.code, outcome.out.splitlines()[-1]) == (0, "1 warning; nothing stands in the way of a run.")


def test_a_refinement_is_called_one_and_its_segment_does_not_seem_to_vanish(carpel: Run, shop: Path) -> None:
    file = shop / "schemes" / "customers.yaml"
    file.write_text("scheme: customers\nsegments:\n  - {key: all, otherwise: true}\n", encoding="utf-8")
    assert carpel("publish", "-w", shop).code == carpel("run", "-w", shop).code == 0
    parts = "[{key: often, when: frequency > 1}, {key: others, otherwise: true}]"
    file.write_text(
        f"scheme: customers\nsegments:\n  - {{key: all, otherwise: true, segments: {parts}}}\n", encoding="utf-8"
    )
    plan = json.loads(carpel("plan", "-w", shop, "--json").out)
    assert plan["divided"] == plan["moving"] == 96
    shown = carpel("plan", "-w", shop).out
    assert shown.startswith("0 of 96 customers would move")
    assert "\n96 would be in parts of the segment that they are in.\n" in shown
    assert any(line.split()[:1] == ["all"] and "in parts" in line for line in shown.splitlines())


def test_a_preview_of_nobody_says_so_and_leaves_out_labels_that_nobody_has(carpel: Run, shop: Path) -> None:
    file = shop / "draft.yaml"
    file.write_text(
        "scheme: customers\nbase: relationship = 'lead' and frequency > 1\n"
        "segments:\n  - {key: all, otherwise: true}\n",
        encoding="utf-8",
    )
    assert "No customer is in this scheme's base" in carpel("-w", shop, "scheme", "preview", file).out
    file.write_text(
        "scheme: customers\npartitions:\n  value:\n    tiers: monetary_value\n    shares: {top: 20%, rest: 80%}\n"
        "segments:\n  - {key: all, otherwise: true, by: value}\n",
        encoding="utf-8",
    )
    counted = json.loads(carpel("-w", shop, "scheme", "preview", file, "--json").out)["segments"]
    idle = [each["label"] for each in counted if not each["customers"]]
    shown = carpel("-w", shop, "scheme", "preview", file).out
    assert idle
    assert not [label for label in idle if label in shown]
