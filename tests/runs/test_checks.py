"""Each check finds what it is for, and says nothing of a run that is sound."""

from dataclasses import replace

import pytest

from carpel.kernel.issues import Severity
from carpel.runs import CHECKS, Run
from carpel.runs.checks import Evidence, findings
from carpel.runs.tally import Tally

CUSTOMERS = {(True, "buyers"): 50, (True, "best-steady"): 7, (False, None): 3}
MONEY = {(True, "buyers"): 900, (True, "best-steady"): 60, (False, None): 30}


@pytest.fixture
def sound(shared: Run) -> Evidence:
    """Sixty customers, of whom three are outside the base."""
    assert shared.facts.ledger is not None
    ledger = replace(shared.facts.ledger, source=1_000, customers=995, without_customer=4, quarantine=0, rounding=1)
    tally = Tally(profile_rows=60, assignment_rows=60, strays=0, customers=CUSTOMERS, revenue=MONEY, after_as_of=5)
    return Evidence(facts=replace(shared.facts, ledger=ledger), scheme=shared.scheme, tally=tally)


def found(evidence: Evidence, **changes: object) -> dict[str, str]:
    changed = replace(evidence, tally=replace(evidence.tally, **changes))  # type: ignore[arg-type]
    return {name: issues[0].code for name, issues in findings(changed).items() if issues}


def test_a_sound_run_has_no_findings(sound: Evidence) -> None:
    assert set(findings(sound)) == {check.__name__ for check in CHECKS}
    assert found(sound) == {}


def test_every_check_says_what_it_proves() -> None:
    assert all(check.__doc__ and check.__doc__.endswith(".") for check in CHECKS)


def test_a_missing_and_a_repeated_row_are_found(sound: Evidence) -> None:
    assert found(sound, profile_rows=59) == {"one_row_per_customer": "runs.check-rows"}
    assert found(sound, assignment_rows=61, strays=1)["one_row_per_customer"] == "runs.check-rows"
    assert found(sound, strays=2) == {"one_row_per_customer": "runs.check-repeated"}


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((True, None), "runs.check-unassigned"),
        ((False, "buyers"), "runs.check-outside-assigned"),
        ((True, "nowhere"), "runs.check-unknown-segment"),
        ((True, "best"), "runs.check-unknown-segment"),
    ],
)
def test_a_customer_without_exactly_one_segment_is_found(
    sound: Evidence, place: tuple[bool, str | None], code: str
) -> None:
    moved = CUSTOMERS | {(True, "buyers"): 49, place: 1}
    assert found(sound, customers=moved) == {"exactly_one_segment": code}


def test_customers_who_got_lost_are_found(sound: Evidence) -> None:
    fewer = CUSTOMERS | {(True, "buyers"): 49}
    assert found(sound, customers=fewer) == {"base_and_outside_are_everyone": "runs.check-not-everyone"}


@pytest.mark.parametrize("difference", [-1, 1])
def test_a_cent_too_much_or_too_little_is_found(sound: Evidence, difference: int) -> None:
    assert found(sound, after_as_of=5 + difference) == {"money_adds_up": "runs.check-money"}


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "fil"])
def test_findings_can_be_said_in_every_language(sound: Evidence, language: str) -> None:
    wrong = Tally(profile_rows=1, assignment_rows=2, strays=1, customers=CUSTOMERS | {(True, None): 2})
    for issues in findings(replace(sound, tally=wrong)).values():
        for issue in issues:
            assert issue.severity is Severity.ERROR
            said = issue.text.render(language)
            assert said != issue.code
            assert "{" not in said
