"""What is said of a scheme before any data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.schemes import (
    Rule,
    Scheme,
    SchemeError,
    Segment,
    check,
    fit_cuts,
    label_fingerprint,
    logic_fingerprint,
    names,
    place,
    read_scheme,
    ties,
    too_small,
)
from carpel.schemes.binding import unreadable_rules
from carpel.schemes.checks import OF_REACH, OF_SERVICE
from carpel.schemes.findings.judging import CHECKS as FINDINGS
from carpel.schemes.structure import duplicate_keys, missing_remainder, unreachable
from tests.schemes.company import COMPANY, profiles

GOOD = """\
scheme: s
label: {en: Segments}
partitions:
  value: {tiers: monetary_value, quantiles: [low, high]}
segments:
  - {key: best, when: value = 'high' and kind = 'business', owner: ana, playbook: best}
  - {key: others, otherwise: true, owner: ana, playbook: others}
"""


def found(text: str) -> list[Issue]:
    return list(check(read_scheme(text, "s.yaml"), COMPANY))


def test_nothing_is_said_of_a_scheme_in_order():
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "word"),
    [
        ("kind = 'business'", "kind = 'busines'", 6, "business"),
        ("kind = 'business'", "kinds = 'business'", 6, "kind"),
        ("value = 'high'", "value = 'hihg'", 6, "high"),
        ("value = 'high'", "city > 3", 6, ""),
        ("value = 'high'", "value = 'high' and", 6, ""),
        ("tiers: monetary_value", "tiers: monetary_valu", 4, "monetary_value"),
        ("tiers: monetary_value", "tiers: city", 4, "city"),
        ("  value: {", "  city: {", 4, "city"),
    ],
)
def test_a_rule_that_cannot_be_read_is_an_error_at_its_place_with_the_nearest_remedy(before, after, line, word):
    issues = found(GOOD.replace(before, after, 1))
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    assert errors
    assert errors[0].place.startswith(f"s.yaml:{line}:")
    assert word in str(errors[0].text)


def test_every_unreadable_rule_is_said_not_only_the_first():
    text = "scheme: s\nsegments:\n- {key: a, when: x > 1}\n- {key: b, when: y > 1}\n- {key: c, otherwise: true}"
    errors = [issue for issue in found(text) if issue.severity is Severity.ERROR]
    assert [issue.place.split(":")[1] for issue in errors] == ["3", "4"]


def test_more_segments_than_the_scheme_allows_are_an_error():
    issues = found(GOOD.replace("label:", "limits: {segments: 1}\nlabel:"))
    assert [(issue.severity, issue.code, issue.count) for issue in issues] == [
        (Severity.ERROR, "schemes.over-limit", 2)
    ]


def test_segments_without_owner_or_playbook_are_noted_and_parts_have_their_parents():
    text = (
        "scheme: s\nsegments:\n- key: a\n  when: consent\n  owner: ana\n"
        "  segments: [{key: a1, when: frequency > 1}, {key: a2, otherwise: true, playbook: x}]\n"
        "- {key: b, otherwise: true}"
    )
    noted = {issue.code: issue.examples for issue in found(text)}
    assert noted == {"schemes.no-owner": ("b",), "schemes.no-playbook": ("a1", "b")}


def test_a_scheme_made_in_python_is_checked_and_refused_like_one_that_was_read(tmp_path, engine):
    scheme = Scheme(
        key="s",
        segments=(
            Segment(key="a"),
            Segment(key="b", when=Rule("frequency > 1")),
            Segment(key="b", when=Rule("consent")),
        ),
    )
    codes = {issue.code for issue in check(scheme, COMPANY) if issue.severity is Severity.ERROR}
    assert codes == {"schemes.after-remainder", "schemes.duplicate-key"}
    with pytest.raises(SchemeError):
        fit_cuts(scheme, profiles([], tmp_path), engine)
    endless = Scheme(key="s", segments=(Segment(key="a", when=Rule("consent")),))
    assert "schemes.no-remainder" in {issue.code for issue in check(endless, COMPANY)}


def test_the_attributes_that_a_scheme_reads_are_named():
    assert names(read_scheme(GOOD, "s.yaml"), COMPANY) == ("kind", "monetary_value")


def test_labels_and_owners_make_no_new_logic_and_rules_make_no_new_labels():
    scheme = read_scheme(GOOD, "s.yaml")
    renamed = read_scheme(GOOD.replace("Segments", "Parts").replace("owner: ana", "owner: ben"), "other.yaml")
    assert logic_fingerprint(scheme) == logic_fingerprint(renamed)
    assert label_fingerprint(scheme) != label_fingerprint(renamed)
    changed = read_scheme(GOOD.replace("'high' and", "'low' and"), "s.yaml")
    assert logic_fingerprint(scheme) != logic_fingerprint(changed)
    assert label_fingerprint(scheme) == label_fingerprint(changed)


def test_parameters_of_another_logic_are_refused_and_those_of_other_labels_serve(tmp_path, engine):
    scheme = read_scheme(GOOD, "s.yaml")
    values = {"monetary_value": 5, "kind": "business"}
    cuts = fit_cuts(scheme, profiles([values, {"monetary_value": 1}], tmp_path), engine)
    assert place(read_scheme(GOOD.replace("Segments", "Parts"), "s.yaml"), cuts, values).segment == "best"
    with pytest.raises(CarpelError, match="another version"):
        place(read_scheme(GOOD.replace("'high' and", "'low' and"), "s.yaml"), cuts, values)


DOCUMENTED: tuple[Callable[..., Any], ...] = (
    *(unreadable_rules, missing_remainder, unreachable, duplicate_keys),
    *OF_REACH,
    *OF_SERVICE,
    *FINDINGS,
    *(too_small, ties),
)


@pytest.mark.parametrize("said", DOCUMENTED, ids=lambda said: said.__name__)
def test_the_reference_lists_every_check_in_its_own_words(said):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "schemes.md").read_text(encoding="utf-8")
    section = page.partition("## Checks\n")[2].partition("\n## ")[0]
    assert f"- {' '.join((said.__doc__ or '').split())}\n" in section
