"""What a scheme does with the customers that there are: counted in two passes, as if one by one."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from carpel.kernel.engine import Engine
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.language import evaluate
from carpel.kernel.types import ValueType
from carpel.profiles import Family
from carpel.schemes import Scheme, Segment, fit_cuts, read_scheme
from carpel.schemes.findings import Findings, Overlap, find
from carpel.schemes.findings.likeness import association
from carpel.schemes.placing import interpreter
from tests.schemes.company import FREQUENCY, RECENCY, VALUE, attribute, catalogue, profiles
from tests.schemes.test_partition import customers, folder, schemes

__all__ = ["folder"]


def found(text: str, rows: list[dict[str, Any]], tmp_path, engine: Engine, **others: Any) -> Findings:
    held = profiles(rows, tmp_path, *others.pop("holding", ()))
    scheme = read_scheme(text, "s.yaml")
    return find(scheme, held, fit_cuts(scheme, held, engine), engine, **others)


def issues(findings: Findings, code: str) -> list[Issue]:
    return [issue for issue in findings.issues if issue.code == f"schemes.{code}"]


def one_by_one(scheme: Scheme, cuts, rows: list[dict[str, Any]]) -> tuple[Counter[Any], Counter[str], Counter[str]]:
    """Overlaps, to whom each rule was put, and whom it missed, from each customer's own path."""
    reader = interpreter(scheme, cuts)
    overlaps: Counter[Any] = Counter()
    came: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for values in rows:
        row = reader.row(values)
        if scheme.base and not reader.holds(scheme.base, row):
            continue
        level: tuple[Segment, ...] = scheme.segments
        for segment in reader.path(row):
            at = level.index(segment)
            for number, each in enumerate(level):
                if each.when is None:
                    continue
                answer = evaluate(reader.bound.tree(each.when), row, digits=cuts.digits)
                came[each.key] += number <= at
                missed[each.key] += number < at and answer is None
                if number > at and answer is True:
                    overlaps[segment.key, each.key] += 1
            level = segment.segments
    return overlaps, came, missed


@given(schemes(), customers())
@settings(max_examples=40)
def test_what_rules_take_from_each_other_is_what_each_customer_shows(folder, engine, scheme, rows):
    held = profiles(rows, folder)
    cuts = fit_cuts(scheme, held, engine)
    findings = find(scheme, held, cuts, engine)
    everyone = [dict.fromkeys(held.catalogue.available) | row for row in rows]
    overlaps, came, missed = one_by_one(scheme, cuts, everyone)
    assert {(each.taker, each.loser): each.customers for each in findings.overlaps} == +overlaps
    assert findings.came == {key: came[key] for key in findings.came}
    assert findings.missed == {key: missed[key] for key in findings.missed}
    leaves = Counter(interpreter(scheme, cuts).leaf(each) for each in everyone)
    assert findings.customers == {leaf.key: leaves[leaf.key] for leaf in scheme.leaves}


OVERLAPPING = """\
scheme: s
segments:
- {key: heavy, when: frequency > 3}
- {key: rich, when: monetary_value > 10}
- {key: rest, otherwise: true}
"""


def test_an_overlap_has_an_example_and_a_rule_that_loses_most_of_its_customers_is_noted(tmp_path, engine):
    rows = [{"frequency": 5, "monetary_value": 2_000}] * 3 + [{"frequency": 1, "monetary_value": 2_000}] * 2
    findings = found(OVERLAPPING, rows, tmp_path, engine)
    assert findings.overlaps == (Overlap(taker="heavy", loser="rich", customers=3, example="C0"),)
    (issue,) = issues(findings, "loses-most")
    assert (issue.place, issue.count, issue.examples) == ("rich", 3, ("C0",))
    assert "earlier segments take 3 of 5" in str(issue.text)
    evenly = found(OVERLAPPING, rows + rows[-1:], tmp_path, engine)
    assert issues(evenly, "loses-most") == []


def test_more_than_sixty_rules_of_a_level_are_told_apart(tmp_path, engine):
    ruled = "".join(f"- {{key: s{number}, when: recency_days <= {number}}}\n" for number in range(130))
    text = f"scheme: s\nsegments:\n{ruled}- {{key: rest, otherwise: true}}\n"
    findings = found(text, [{"recency_days": 0}, {"recency_days": 128}, {"recency_days": None}], tmp_path, engine)
    assert [each.customers for each in findings.overlaps if each.taker == "s0"] == [1] * 129
    assert [each.loser for each in findings.overlaps if each.taker == "s128"] == ["s129"]
    assert set(findings.missed.values()) == {1}


def test_empty_and_tiny_segments_are_noted_unless_a_limit_already_judges_them(tmp_path, engine):
    rows = [{"frequency": 1}] * 1_999 + [{"frequency": 9}]
    text = "scheme: s\nsegments:\n- {key: a, when: frequency > 9}\n- {key: b, when: frequency > 5}\n"
    text += "- {key: c, otherwise: true}"
    findings = found(text, rows, tmp_path, engine)
    assert [issue.examples for issue in issues(findings, "empty")] == [("a",)]
    assert [issue.examples for issue in issues(findings, "tiny")] == [("b",)]
    limited = found(f"limits: {{customers: 5}}\n{text}", rows, tmp_path, engine)
    assert issues(limited, "empty") == issues(limited, "tiny") == []


def test_nobody_at_all_is_nothing_to_look_at(tmp_path, engine):
    findings = found(OVERLAPPING, [], tmp_path, engine)
    assert (findings.base, findings.issues) == (0, ())


@pytest.mark.parametrize(
    ("limits", "before", "said"),
    [
        ("", {"a": (100, 400), "b": (300, 400)}, ["a"]),
        ("", {"a": (150, 400), "b": (250, 400)}, []),
        ("limits: {moved: 20%}", {"a": (166, 400), "b": (234, 400)}, ["a"]),
        ("limits: {moved: 20%}", {"a": (168, 400), "b": (232, 400)}, []),
        ("limits: {moved: 400%}", {"a": (100, 400), "b": (300, 400)}, []),
        ("", {"a": (400, 800), "b": (400, 800)}, []),
        ("", {}, []),
    ],
)
def test_a_share_that_moved_beyond_its_bounds_is_a_warning(limits, before, said, tmp_path, engine):
    rows = [{"frequency": 5}] * 200 + [{"frequency": 1}] * 200
    text = f"{limits}\nscheme: s\nsegments:\n- {{key: a, when: frequency > 3}}\n- {{key: b, otherwise: true}}"
    moved = issues(found(text, rows, tmp_path, engine, earlier=before), "moved")
    assert [issue.place for issue in moved] == said
    assert all(issue.severity is Severity.WARNING for issue in moved)


def test_shares_are_those_of_customers_who_are_held_too(tmp_path, engine):
    rows = [{"frequency": 5}] * 200 + [{"frequency": 1}] * 200
    text = "scheme: s\nsegments:\n- {key: a, when: frequency > 3}\n- {key: b, otherwise: true}"
    earlier = {"a": (100, 400), "b": (300, 400)}
    findings = found(text, rows, tmp_path, engine, earlier=earlier, sizes={"a": 100, "b": 300})
    assert issues(findings, "moved") == []


def test_a_rule_that_more_than_a_twentieth_fail_for_an_unknown_value_is_noted(tmp_path, engine):
    rows = [{"frequency": 1, "monetary_value": 5}] * 19 + [{"frequency": None, "monetary_value": 5}]
    assert issues(found(OVERLAPPING, rows, tmp_path, engine), "missed") == []
    (issue,) = issues(found(OVERLAPPING, rows + rows[-1:], tmp_path, engine), "missed")
    assert (issue.place, issue.count) == ("heavy", 2)
    assert "Of 21 customers" in str(issue.text)


BOOKS = attribute("spend_books", ValueType.MONEY, Family.VALUE)
VISITS = attribute("visits", ValueType.NUMBER)
CHANNEL = attribute("channel", ValueType.CATEGORY, values=("web", "shop", "phone"))
SHELF = catalogue(
    RECENCY, FREQUENCY, VALUE, BOOKS, VISITS, CHANNEL, attribute("age", ValueType.INTEGER, Family.DEMOGRAPHIC)
)
HALVES = (
    "scheme: s\nsegments:\n- {key: a, when: age < 40}\n- {key: b, when: frequency > 3}\n- {key: c, otherwise: true}"
)


@pytest.fixture
def chance() -> Random:
    return Random(7)  # noqa: S311 - a test that repeats


def shoppers(random: Random, customers: int, **fixed: Any) -> list[dict[str, Any]]:
    return [
        {
            "age": 30,
            "frequency": random.randint(1, 3),
            "recency_days": random.randint(0, 300),
            "monetary_value": int(random.lognormvariate(10, 1)),
            "spend_books": int(random.lognormvariate(8, 2)),
            "visits": random.gauss(10, 3),
            "channel": random.choice(["web", "shop", None]),
        }
        | fixed
        for _ in range(customers)
    ]


def test_siblings_that_differ_only_in_what_divides_them_are_alike(chance, tmp_path, engine):
    rows = shoppers(chance, 600) + shoppers(chance, 600, age=60)
    findings = found(HALVES, rows, tmp_path, engine, holding=[SHELF])
    (pair,) = findings.alike
    assert (pair.one, pair.other, pair.compared) == ("a", "c", 5)
    assert 0 < pair.effect < 0.2
    assert [issue.examples for issue in issues(findings, "alike")] == [("a", "c")]


@pytest.mark.parametrize(
    "different",
    [{"visits": 11.0}, {"monetary_value": 90_000}, {"channel": "phone"}, {"recency_days": 200}],
    ids=["number", "money", "category", "days"],
)
def test_siblings_that_differ_in_one_thing_that_matters_are_not(different, chance, tmp_path, engine):
    rows = shoppers(chance, 600) + shoppers(chance, 600, age=60, **different)
    assert found(HALVES, rows, tmp_path, engine, holding=[SHELF]).alike == ()


def test_one_large_account_does_not_hide_what_the_others_spend(chance, tmp_path, engine):
    rich = [row | {"monetary_value": row["monetary_value"] * 3} for row in shoppers(chance, 600, age=60)]
    rows = [*shoppers(chance, 599), *shoppers(chance, 1, monetary_value=10**13), *rich]
    assert found(HALVES, rows, tmp_path, engine, holding=[SHELF]).alike == ()


def test_few_customers_are_never_called_alike(chance, tmp_path, engine):
    rows = shoppers(chance, 99) + shoppers(chance, 600, age=60)
    assert found(HALVES, rows, tmp_path, engine, holding=[SHELF]).alike == ()


def test_association_is_cramers_v():
    assert association([50, 50], [50, 50]) == 0
    assert association([100, 0], [0, 100]) == pytest.approx(1)
    # chi-square 200 * (60 * 60 - 40 * 40) ** 2 / 100 ** 4 = 8
    assert association([60, 40], [40, 60]) == pytest.approx((8 / 200) ** 0.5)
