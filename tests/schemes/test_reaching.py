"""Rules that can never hold and segments that never receive anyone are found before any data, and no others."""

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, note, settings
from hypothesis import strategies as st

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.types import ValueType
from carpel.schemes import Cuts, Rule, Scheme, Segment, check, fit_cuts, place, read_scheme
from carpel.schemes.analysis.reach import unreachable
from carpel.schemes.binding import bind
from tests.schemes.company import COMPANY, KINDS, RELATIONSHIPS, attribute, catalogue, profiles
from tests.schemes.test_partition import assigned, combined, customers, folder, schemes

__all__ = ["folder"]

CONTRADICTIONS = [
    "recency_days < 30 and recency_days > 60",
    "recency_days > 3 and recency_days < 4",
    "frequency = 2.5",
    "frequency >= 3 and frequency <= 2",
    "frequency between 5 and 3",
    "frequency between 1 and 2 and frequency > 2",
    "frequency in (1, 2) and frequency in (3, 4)",
    "frequency in (1, 2) and frequency not in (1, 2, 3)",
    "frequency = 1 and frequency <> 1",
    "monetary_value > 100 and monetary_value < 99.99",
    "monetary_value > 100.5 and not (monetary_value > 100)",
    "kind = 'business' and kind = 'consumer'",
    "kind not in ('consumer', 'business', 'reseller', 'internal')",
    "kind <> 'consumer' and kind in ('consumer')",
    "city = 'Manila' and city = 'manila'",
    "city > 'b' and city < 'a'",
    "city is null and city = 'Manila'",
    "city is null and city <> 'Manila'",
    "score is null and score * 2 > 1",
    "monetary_value is null and monetary_value / frequency > 20",
    "monetary_value / frequency > 20 and monetary_value / frequency < 10",
    "recency_days > frequency and recency_days <= frequency",
    "recency_days > frequency and frequency > recency_days",
    "recency_days <> recency_days",
    "consent and not consent",
    "consent = true and consent = false",
    "consent is null and consent",
    "(consent or frequency > 3) and not consent and not (frequency > 3)",
    "joined_on > '2025-01-01' and joined_on < '2025-01-02'",
    "joined_on >= '2025-03-01' and joined_on between '2024-01-01' and '2024-12-31'",
    "'P1' in products_owned and not owns('P1')",
    "products_owned is null and 'P1' not in products_owned",
    "city like 'S%' and city not like 'S%'",
    "length(city) > 5 and length(city) < 3",
    "frequency > 2 * 3 and frequency < 1 + 2",
    "value = 'high' and value = 'low'",
    "bands = 'big' and monetary_value < 500",
    "bands = 'small' and monetary_value is null",
    "both = 'high.business' and value = 'low'",
    "both = 'high.people' and kind = 'reseller'",
    "(finer = 'business.high' and value = 'low') or (finer = 'people.low' and value = 'high')",
    "sizes = 'many' and frequency < 5",
    "sizes = 'some' and frequency > 7",
    "false",
]
POSSIBLE = [
    "monetary_value > 100 and monetary_value < 100.01",
    "score > 3 and score < 4",
    "frequency > 1 or frequency < 5",
    "not (frequency > 1 and frequency < 5)",
    "coalesce(frequency, 0) = 0 and frequency is null",
    "greatest(recency_days, frequency) > 3 and recency_days is null",
    "(consent and frequency > 1) is null and frequency > 1",
    "consent <> true",
    "kind < 'consumer'",
    "monetary_value / frequency is null and monetary_value > 0 and frequency = 0",
    "frequency > recency_days and recency_days > monetary_value",
    "value = 'unknown'",
    "sizes = 'few' and frequency is null",
    "bands = 'unknown' and monetary_value is null",
    "abs(monetary_value) > 5 and monetary_value < 0",
]
SHADOWED = [
    (["frequency > 3"], "frequency > 5"),
    (["frequency >= 3"], "frequency > 2"),
    (["frequency between 1 and 9"], "frequency in (2, 4)"),
    (["frequency > 3", "frequency < 5"], "frequency is not null"),
    (["monetary_value >= 100", "monetary_value < 100"], "monetary_value <> 7"),
    (["kind in ('consumer', 'business')"], "kind = 'business' and consent"),
    (["kind = 'consumer'", "kind = 'business'"], "kind in ('business', 'consumer') and consent"),
    (["consent", "not consent"], "consent = (frequency > 1)"),
    (["city is null"], "city is null and consent"),
    (["joined_on > '2024-12-31'"], "joined_on >= '2025-01-01'"),
    (["owns('P1')"], "owns('P1') and owns('P2')"),
    (["recency_days > frequency"], "frequency < recency_days and consent"),
    (["recency_days > 2 * frequency"], "recency_days > 2 * frequency and recency_days > 60"),
    (["frequency > 3 and consent", "frequency > 3 and not consent"], "frequency > 3 and consent is not null"),
    (["value = 'high'"], "both = 'high.business'"),
    (["value in ('high', 'low')"], "finer = 'people.high'"),
    (["monetary_value >= 1000"], "bands = 'big'"),
    (["sizes <> 'many'"], "frequency < 5"),
    (["city in ('a', 'b')", "city in ('c')"], "city = 'a' or city = 'c'"),
]
PARTITIONS = """\
partitions:
  value: {tiers: monetary_value, quantiles: [low, high]}
  bands: {tiers: monetary_value, thresholds: {big: 1000, middle: 100, small: rest}}
  groups: {attribute: kind, values: {business: business, people: consumer}}
  both: {cross: [value, groups]}
  finer: {refine: groups, parts: {people: value, business: value}}
  sizes: {rules: [{key: many, when: frequency > 5}, {key: some, when: frequency > 2}, {key: few, otherwise: true}]}
"""


def found(rules: list[str], base: str = "") -> list[Issue]:
    """What is said of segments `s0`, `s1` and so on with these rules."""
    segments: list[dict[str, Any]] = [{"key": f"s{number}", "when": rule} for number, rule in enumerate(rules)]
    content: dict[str, Any] = {"scheme": "s", "segments": [*segments, {"key": "rest", "otherwise": True}]}
    if base:
        content["base"] = base
    written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False) + PARTITIONS
    return reached(written)


def reached(written: str) -> list[Issue]:
    """What is said of a scheme, but for owners and playbooks."""
    issues = check(read_scheme(written, "s.yaml"), COMPANY)
    assert not [str(issue.text) for issue in issues if issue.severity is Severity.ERROR]
    return [issue for issue in issues if issue.code not in {"schemes.no-owner", "schemes.no-playbook"}]


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_a_rule_that_contradicts_itself_is_found(rule):
    assert [(issue.text.params["name"], issue.severity) for issue in found([rule])] == [("s0", Severity.WARNING)]
    assert found([rule])[0].code in {"schemes.impossible", "schemes.impossible-pair"}


@pytest.mark.parametrize("rule", POSSIBLE)
def test_nothing_is_said_of_a_rule_that_can_hold(rule):
    assert found([rule]) == []


@pytest.mark.parametrize(("before", "rule"), SHADOWED)
def test_a_segment_that_earlier_ones_shadow_wholly_is_found_with_those_that_do(before, rule):
    (issue,) = found([*before, rule])
    assert issue.text.params["name"] == f"s{len(before)}"
    assert issue.code == ("schemes.shadowed" if len(before) == 1 else "schemes.shadowed-by-several")
    assert set(issue.examples) == {f"s{number}" for number in range(len(before))}


@pytest.mark.parametrize(("before", "rule"), SHADOWED)
def test_a_segment_that_is_not_wholly_shadowed_is_left_alone(before, rule):
    for fewer in range(len(before)):
        assert found([*before[:fewer], rule]) == []


def test_the_parts_of_a_rule_that_exclude_each_other_are_shown():
    (issue,) = found(["consent and frequency > 5 and kind = 'business' and frequency < 3"])
    assert "frequency > 5 and frequency < 3 are never true together" in str(issue.text)


def test_only_the_rules_that_matter_are_named():
    (issue,) = found(["owns('P1')", "frequency > 3", "recency_days > 9", "frequency < 5", "frequency <> 0"])
    assert issue.examples == ("s1", "s3")


def test_a_rule_for_customers_whom_the_base_leaves_out_is_found():
    (issue,) = found(["relationship = 'lead' and consent"], base="relationship = 'customer'")
    assert issue.code == "schemes.outside-the-base"


def test_of_a_base_that_is_empty_nothing_more_is_said():
    (issue,) = found(["false", "consent"], base="relationship = 'customer' and relationship = 'lead'")
    assert issue.code == "schemes.base-of-nobody"


def test_a_remainder_for_which_nobody_is_left_is_noted():
    (issue,) = found(["consent", "not consent", "consent is null"])
    assert (issue.code, issue.severity, issue.examples) == ("schemes.nobody-left", Severity.NOTE, ("s0", "s1", "s2"))
    assert found(["consent", "not consent"]) == []


TREE = """\
scheme: s
segments:
- key: heavy
  when: frequency > 5
  segments:
  - {key: light, when: frequency < 3}
  - {key: steady, when: recency_days < 30}
  - {key: slow, otherwise: true}
- key: known
  when: frequency >= 0
  segments:
  - {key: heavier, when: frequency > 9}
  - {key: others, otherwise: true}
- {key: rest, otherwise: true}
"""


def test_a_part_that_contradicts_its_segment_is_found_and_one_that_an_uncle_shadows():
    said = {issue.text.params["name"]: (issue.code, issue.examples) for issue in reached(TREE)}
    assert said == {
        "light": ("schemes.against-above", ("heavy",)),
        "heavier": ("schemes.shadowed", ("heavy",)),
    }


def test_a_part_against_all_above_together_is_found():
    written = (
        "scheme: s\nbase: consent or frequency > 5\nsegments:\n- key: a\n  when: not consent\n  segments:\n"
        "  - {key: b, when: frequency < 3}\n  - {key: c, otherwise: true}\n- {key: d, otherwise: true}"
    )
    (issue,) = reached(written)
    assert (issue.text.params["name"], issue.code) == ("b", "schemes.against-all-above")


def test_labels_that_their_rule_cannot_give_are_found_and_so_are_tiers_that_rank_nobody():
    written = (
        "scheme: s\nbase: relationship = 'customer'\npartitions:\n"
        "  sizes:\n    rules:\n    - {key: many, when: frequency > 3}\n    - {key: more, when: frequency > 5}\n"
        "    - {key: never, when: frequency > 3 and frequency < 2}\n    - {key: few, otherwise: true}\n"
        "  value: {tiers: monetary_value, over: relationship = 'lead', quantiles: 2}\n"
        "segments: [{key: all, otherwise: true}]"
    )
    said = {issue.text.params["name"]: issue.code for issue in reached(written)}
    assert said == {
        "sizes = 'more'": "schemes.shadowed",
        "sizes = 'never'": "schemes.impossible-pair",
        "value": "schemes.outside-the-base",
    }


def test_a_label_that_only_a_partition_brings_along_is_noted_where_nobody_can_have_it():
    written = (
        "scheme: s\nbase: kind = 'business'\npartitions:\n"
        "  kinds: {attribute: kind, values: [business, consumer]}\nby: kinds"
    )
    (issue,) = reached(written)
    assert (issue.text.params["name"], issue.severity) == ("consumer", Severity.NOTE)


def test_moments_are_judged_only_where_it_is_known_when_a_day_begins():
    attributes = catalogue(attribute("seen_at", ValueType.INSTANT))
    rule = "seen_at >= '2025-07-31' and seen_at < '2025-07-30T20:00Z'"
    scheme = Scheme(key="s", segments=(Segment(key="a", when=Rule(rule)), Segment(key="b")))
    said = {zone: {issue.code for issue in check(scheme, attributes, time_zone=zone)} for zone in (None, "UTC")}
    assert "schemes.impossible-pair" not in said[None]
    assert "schemes.impossible-pair" in said["UTC"]
    assert "schemes.impossible-pair" not in {each.code for each in check(scheme, attributes, time_zone="Asia/Manila")}


SMALL = ("0", "1", "2", "2.5", "3")


def small_conditions() -> st.SearchStrategy[str]:
    """Conditions over so few things that they often contradict each other."""
    operators = st.sampled_from(["<", "<=", "=", "<>", ">", ">="])
    numbers = st.sampled_from(["frequency", "recency_days", "monetary_value", "score"])
    formulas = st.sampled_from(
        ["frequency", "monetary_value / frequency", "coalesce(frequency, 1)", "least(score, frequency)", "-score", "2"]
    )
    simple = [
        st.builds("{} {} {}".format, numbers, operators, st.sampled_from(SMALL)),
        st.builds("{} {} {}".format, formulas, operators, formulas),
        st.builds("{} between {} and {}".format, numbers, st.sampled_from(SMALL), formulas),
        st.builds("{} {}in (1, {})".format, formulas, st.sampled_from(["", "not "]), st.sampled_from(SMALL)),
        st.builds("{} is {}null".format, formulas | st.just("consent"), st.sampled_from(["", "not "])),
        st.builds("kind {} '{}'".format, operators, st.sampled_from(KINDS)),
        st.builds("joined_on {} '2025-01-0{}'".format, operators, st.integers(1, 3)),
        st.builds(
            "city {} '{}'".format, operators | st.sampled_from(["like", "not like"]), st.sampled_from(["a", "b"])
        ),
        st.builds("'{}' {}in products_owned".format, st.sampled_from(["P1", "P2"]), st.sampled_from(["", "not "])),
        st.sampled_from(["consent", "consent = false", "consent <> true", "consent in (true)", "true", "false"]),
        st.sampled_from(["bands = 'big'", "bands in ('middle', 'unknown')", "bands <> 'small'", "sizes = 'many'"]),
        st.sampled_from(["groups = 'other'", "finer = 'people.big'", "both <> 'big.people'", "sizes = 'few'"]),
    ]
    return combined(simple, "({}) is null", "({}) = ({})", "coalesce({}, consent)", leaves=6)


SMALL_PARTITIONS: dict[str, Any] = {
    "bands": {
        "tiers": "monetary_value",
        "over": "frequency > 0 or consent",
        "thresholds": {"big": 3, "middle": 1, "small": "rest"},
    },
    "groups": {"attribute": "kind", "values": {"business": ["business", "reseller"], "people": "consumer"}},
    "both": {"cross": ["bands", "groups"]},
    "finer": {"refine": "groups", "parts": {"people": "bands"}},
    "sizes": {
        "rules": [
            {"key": "many", "when": "frequency > 2"},
            {"key": "some", "when": "frequency > 2.5 or score > 2"},
            {"key": "few", "otherwise": True},
        ]
    },
}


@st.composite
def small_schemes(draw: st.DrawFn) -> Scheme:
    """Schemes of a few segments with parts that often stand in each other's way."""
    numbers = iter(range(1_000))

    def level(depth: int) -> list[dict[str, Any]]:
        rules = draw(st.lists(small_conditions(), max_size=4))
        segments: list[dict[str, Any]] = [{"key": f"s{next(numbers)}", "when": rule} for rule in rules]
        segments.append({"key": f"s{next(numbers)}", "otherwise": True})
        for segment in segments:
            if depth and draw(st.booleans()):
                segment["segments"] = level(depth - 1)
        return segments

    content: dict[str, Any] = {"scheme": "s", "partitions": SMALL_PARTITIONS, "segments": level(1)}
    if draw(st.booleans()):
        content["base"] = "score >= 1 or kind = 'consumer'"
    written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    note(written)
    return read_scheme(written, "s.yaml")


def test_a_label_for_those_who_cannot_be_placed_is_not_complained_of():
    scheme = read_scheme(
        "scheme: s\npartitions:\n  value: {tiers: monetary_value, over: monetary_value > 0, shares: {a: 20%, b: 80%}}\n"
        "segments:\n- {key: all, otherwise: true, by: value}",
        "s.yaml",
    )
    assert any(leaf.left_over for leaf in scheme.leaves)
    assert unreachable(bind(scheme, COMPANY.symbols), moments=True) == ()


def small_customers() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Customers at and around the values that small conditions name."""
    few = st.sampled_from([None, 0, 1, 2, 3, 4])
    return st.lists(
        st.fixed_dictionaries(
            {
                "relationship": st.sampled_from([None, *RELATIONSHIPS]),
                "kind": st.sampled_from([None, *KINDS]),
                "city": st.sampled_from([None, "a", "b", "ab"]),
                "recency_days": few,
                "frequency": few,
                "monetary_value": st.sampled_from([None, 0, 99, 100, 101, 200, 250, 300, 400, -100]),
                "score": st.sampled_from([None, -1.0, 0.0, 1.0, 2.0, 2.25, 2.5, 3.0, 1e300]),
                "discount_share": st.none(),
                "consent": st.sampled_from([None, True, False]),
                "joined_on": st.sampled_from([None, *(date(2025, 1, day) for day in (1, 2, 3, 4))]),
                "products_owned": st.sampled_from([None, [], ["P1"], ["P2"], ["P1", "P2"]]),
            }
        ),
        min_size=20,
        max_size=60,
    )


def _nobody(scheme: Scheme) -> tuple[frozenset[str], bool]:
    """The segments and labels that were called unreachable, and whether the base was."""
    said = unreachable(bind(scheme, COMPANY.symbols), moments=True)
    return frozenset(each.asked.name for each in said if not each.asked.is_base), any(e.asked.is_base for e in said)


def _require_unreached(scheme: Scheme, cuts: Cuts, rows: list[dict[str, Any]]) -> None:
    names, empty = _nobody(scheme)
    for row in rows:
        placed = place(scheme, cuts, dict.fromkeys(COMPANY.available) | row)
        assert not (placed.in_base and empty)
        assert not names.intersection(placed.path)
        assert not names.intersection(f"{key} = '{label}'" for key, label in placed.labels.items())


@given(small_schemes(), small_customers())
@settings(max_examples=150)
def test_no_customer_is_ever_in_a_segment_that_was_called_impossible_or_shadowed(
    tmp_path_factory, engine, scheme, rows
):
    cuts = fit_cuts(scheme, profiles([], tmp_path_factory.getbasetemp()), engine)
    _require_unreached(scheme, cuts, rows)


@given(schemes(), customers())
def test_nor_whatever_the_scheme(folder, engine, scheme, rows):
    table, cuts = assigned(scheme, rows, folder, engine)
    _require_unreached(scheme, cuts, rows)
    names, empty = _nobody(scheme)
    assert not names.intersection(table["segment"].to_pylist())
    assert not (empty and any(table["in_base"].to_pylist()))
