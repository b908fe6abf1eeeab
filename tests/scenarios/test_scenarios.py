"""Every scenario, end to end: the known facts, the hand-written SQL, the money, the replay, the templates."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from carpel.profiles import Catalogue
from carpel.schemes import KINDS, SchemeError, check, read_scheme, template
from carpel.workspace import Workspace
from tests.scenarios.conftest import Files, Made, command
from tests.scenarios.scenario import SCENARIOS, Answer, Scenario, answered

every = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
ANSWERS = [
    pytest.param(scenario, answer, id=f"{scenario.key}-{answer.attributes[0]}")
    for scenario in SCENARIOS
    for answer in scenario.answers
]


def leaves(segments: dict[str, Any]) -> list[dict[str, Any]]:
    parents = {each["parent"] for each in segments["segments"]}
    return [each for each in segments["segments"] if each["key"] not in parents]


def cents(amounts: list[float]) -> Decimal:
    return sum((Decimal(str(each)) for each in amounts), Decimal(0))


@every
def test_the_known_facts_are_kept(made: Made, scenario: Scenario) -> None:
    run = made(scenario).current
    found = {
        name: {"rows": table.rows + table.rows_without_customer, "without_customer": table.rows_without_customer}
        for name, table in run.facts.tables.items()
    }
    for name, counts in scenario.expect["facts"].items():
        assert {key: found[name][key] for key in counts} == counts, name
    assert scenario.as_of is None or run.as_of.day.isoformat() == scenario.as_of


@every
def test_every_customer_is_in_exactly_one_segment(made: Made, scenario: Scenario) -> None:
    workspace = made(scenario)
    segments = command("segments", "--workspace", workspace.settings.folder)
    customers = scenario.expect["customers"]
    assert segments["base"] + segments["outside_base"] == customers
    assigned = workspace.assignments.to_arrow()
    assert len(set(assigned["customer_id"].to_pylist())) == assigned.num_rows == customers
    held = Counter(assigned["segment"].to_pylist())
    assert {each["key"]: each["customers"] for each in leaves(segments)} == {
        each["key"]: held[each["key"]] for each in leaves(segments)
    }
    assert sum(each["customers"] for each in leaves(segments)) == segments["base"]
    counts = {each["key"]: each["customers"] for each in segments["segments"]}
    for key, count in scenario.expect.get("segments", {}).items():
        assert counts[key] == count, key


@every
def test_segments_and_rests_are_the_source_to_the_cent(made: Made, scenario: Scenario) -> None:
    segments = command("segments", "--workspace", made(scenario).settings.folder)
    revenues = [each["revenue"] for each in leaves(segments)]
    if scenario.money is None:
        assert set(revenues) == {None}
        return
    assert cents([*revenues, *segments["rests"].values()]) == scenario.money
    for rest, amount in segments["rests"].items():
        assert Decimal(str(amount)) == Decimal(str(scenario.expect.get("rests", {}).get(rest, 0))), rest


@every
def test_what_was_found_wrong_is_counted(made: Made, scenario: Scenario) -> None:
    table = made(scenario).profiles.to_arrow()
    counted = {issue.code: issue.count for issue in made(scenario).current.issues}
    for key, count in scenario.expect.get("issues", {}).items():
        assert counted[key] == count, key
    for attribute, nulls in scenario.expect.get("nulls", {}).items():
        assert table[attribute].null_count == nulls, attribute


@pytest.mark.parametrize(("scenario", "answer"), ANSWERS)
def test_profiles_equal_hand_written_sql(made: Made, files: Files, scenario: Scenario, answer: Answer) -> None:
    expected = answered(answer, **files(scenario))
    rows = made(scenario).profiles.to_arrow().select(["customer_id", *answer.attributes]).to_pylist()
    found = {row["customer_id"]: row for row in rows}
    assert set(found) == set(expected)
    for attribute in answer.attributes:
        wrong = {
            customer: (row[attribute], expected[customer][attribute])
            for customer, row in found.items()
            if not same(row[attribute], expected[customer][attribute])
        }
        assert not wrong, f"{attribute}: {len(wrong)} customers differ, {dict(list(wrong.items())[:5])}"


def same(found: Any, expected: Any) -> bool:
    """Equal; a mean or median of money to the cent, a ratio to twelve digits."""
    if isinstance(found, Decimal) and isinstance(expected, float | Decimal):
        return abs(found - Decimal(str(expected))) <= Decimal("0.005000001")  # a quotient of doubles
    if isinstance(found, datetime) and isinstance(expected, datetime | date):
        return found.date() == (expected.date() if isinstance(expected, datetime) else expected)
    if isinstance(found, float) and expected is not None:
        return bool(found == pytest.approx(float(expected), rel=1e-12))
    if isinstance(found, list) and isinstance(expected, list):
        return sorted(found) == sorted(expected)
    return bool(found == expected)


@every
def test_what_the_source_cannot_give_is_named_with_what_it_wants(made: Made, scenario: Scenario) -> None:
    found = made(scenario).attributes()
    for attribute in scenario.unavailable:
        assert attribute not in found.available
        assert found.unavailable[attribute].wants


@every
def test_a_replay_is_equal_row_for_row(made: Made, scenario: Scenario) -> None:
    replay = command("replay", "--workspace", made(scenario).settings.folder)
    assert replay["same"]
    assert replay["rows"] == scenario.expect["customers"]


@every
def test_customers_of_every_segment_are_explained(made: Made, scenario: Scenario) -> None:
    workspace = made(scenario)
    one_of_each = {row["segment"]: row["customer_id"] for row in workspace.assignments.to_arrow().to_pylist()}
    for segment, customer in one_of_each.items():
        why = command("explain", "--workspace", workspace.settings.folder, "--", customer)
        assert (why["customer_id"], why["segment"]) == (customer, segment)
        assert segment is None or (why["path"][-1] == segment and why["because"])


@every
def test_assignments_are_exported_as_they_stand(made: Made, scenario: Scenario, tmp_path: Path) -> None:
    workspace = made(scenario)
    told = command("export", "assignments", "--workspace", workspace.settings.folder, "--to", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("customer_id,segment")
    assert told["rows"] == len(lines) - 1 == scenario.expect["customers"]


@every
def test_every_template_that_fits_checks_clean_and_runs(made: Made, scenario: Scenario, tmp_path: Path) -> None:
    workspace = made(scenario)
    folder = Path(shutil.copytree(workspace.settings.folder, tmp_path / scenario.key))
    fitting = {kind: text for kind in KINDS if (text := written(kind, workspace))}
    assert fitting
    for kind, text in fitting.items():
        scheme = read_scheme(text, kind)
        assert not [each for each in check(scheme, catalogue_of(workspace)) if each.severity == "error"], kind
        (folder / "schemes" / "customers.yaml").write_text(text, encoding="utf-8")
        command("publish", "--workspace", folder)
        command("run", "--workspace", folder, *as_of(scenario))
        segments = command("segments", "--workspace", folder)
        assert segments["base"] + segments["outside_base"] == scenario.expect["customers"], kind
        assert sum(each["customers"] for each in leaves(segments)) == segments["base"], kind
        expect_template(scenario, kind, {each["key"]: each for each in segments["segments"]})


def catalogue_of(workspace: Workspace) -> Catalogue:
    return workspace.current.catalogue


def as_of(scenario: Scenario) -> tuple[str, ...]:
    return ("--as-of", scenario.as_of) if scenario.as_of else ()


def written(kind: str, workspace: Workspace) -> str | None:
    try:
        return template(kind, catalogue_of(workspace))
    except SchemeError:
        return None


def expect_template(scenario: Scenario, kind: str, segments: dict[str, dict[str, Any]]) -> None:
    for key, facts in scenario.expect.get("templates", {}).get(kind, {}).items():
        assert {name: segments[key][name] for name in facts} == facts, (kind, key)
