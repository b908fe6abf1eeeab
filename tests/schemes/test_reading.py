"""Reading a scheme: what its YAML may say, and that every error names its place."""

from decimal import Decimal
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES, Labels
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import Order, Part, Quantiles, Rule, Rules, Shares, Thresholds, Tiers
from carpel.schemes.reading import read_scheme
from carpel.schemes.reading_segments import MAX_SEGMENTS
from carpel.schemes.values import Limits, Segment

DESIGN = """\
scheme: customers
label: {en: Customer segments, zh-Hans: 客户细分, zh-Hant: 客戶細分, fil: Mga segment ng customer}
sponsor: ana.reyes
base: relationship in ('lead', 'prospect', 'customer')
hold: 0 days
limits: {segments: 24, customers: 50}
partitions:
  value:
    tiers: monetary_value
    over: relationship = 'customer' and monetary_value > 0
    shares: {top: 1%, large: 4%, medium: 15%, small: 80%}
segments:
  - key: key-accounts
    label: {en: Key accounts}
    when: value in ('top', 'large') and kind = 'business'
    owner: maria.santos
    team: key-accounts
    playbook: key-accounts
    segments:
      - key: key-accounts-slipping
        when: recency_days > 2 * gap_median_days
        urgent: true
      - key: key-accounts-steady
        otherwise: true
  - key: everyone-else
    otherwise: true
"""


def read(text: str):
    return read_scheme(dedent(text), "schemes/customers.yaml")


def test_the_scheme_of_the_design_is_read_whole():
    scheme = read(DESIGN)
    assert (scheme.key, scheme.sponsor, scheme.label.render("zh-Hant")) == ("customers", "ana.reyes", "客戶細分")
    assert scheme.limits == Limits(segments=24, customers=50)
    assert scheme.base == Rule("relationship in ('lead', 'prospect', 'customer')")
    assert scheme.partitions == (
        Tiers(
            key="value",
            of=Rule("monetary_value"),
            over=Rule("relationship = 'customer' and monetary_value > 0"),
            cut=Shares(
                parts=(
                    ("top", Decimal("0.01")),
                    ("large", Decimal("0.04")),
                    ("medium", Decimal("0.15")),
                    ("small", Decimal("0.8")),
                )
            ),
        ),
    )
    assert scheme.partitions[0].labels == ("top", "large", "medium", "small", "unknown", "unranked")
    assert scheme.segments[0] == Segment(
        key="key-accounts",
        label=Labels({"en": "Key accounts"}),
        when=Rule("value in ('top', 'large') and kind = 'business'"),
        owner="maria.santos",
        team="key-accounts",
        playbook="key-accounts",
        segments=(
            Segment(key="key-accounts-slipping", when=Rule("recency_days > 2 * gap_median_days"), urgent=True),
            Segment(key="key-accounts-steady"),
        ),
    )
    assert [leaf.key for leaf in scheme.leaves] == ["key-accounts-slipping", "key-accounts-steady", "everyone-else"]
    assert scheme.paths["key-accounts-steady"] == ("key-accounts", "key-accounts-steady")


def test_partitions_are_rules_or_tiers_cut_in_one_of_three_ways():
    scheme = read("""\
        scheme: s
        partitions:
          size:
            rules:
              - {key: big, when: employees > 100, label: Big}
              - {key: small, otherwise: true}
          spend: {tiers: monetary_value, thresholds: {high: 1000, low: 10.5, none: rest}}
          recency: {tiers: recency_days, quantiles: 3, order: descending, margin: 1}
          age: {tiers: age, quantiles: [young, old]}
        segments: [{key: all, otherwise: true}]
        """)
    size, spend, recency, age = scheme.partitions
    big = Part(key="big", when=Rule("employees > 100"), label=Labels({"en": "Big"}))
    assert size == Rules(key="size", parts=(big, Part(key="small")))
    assert isinstance(spend, Tiers)
    assert spend.cut == Thresholds(parts=(("high", Decimal(1000)), ("low", Decimal("10.5"))), rest="none")
    assert spend.labels == ("high", "low", "none", "unknown")
    assert isinstance(recency, Tiers)
    assert recency.cut == Quantiles(labels=("1", "2", "3"), order=Order.DESCENDING, margin=Decimal(1))
    assert isinstance(age, Tiers)
    assert age.cut == Quantiles(labels=("young", "old"))


SEGMENTS = "segments: [{key: all, otherwise: true}]"
TIERS = "scheme: s\n" + SEGMENTS + "\npartitions:\n  p: {tiers: x, "

BROKEN = {
    "unknown entry": ("scheme: s\nsegmnts: []", "2:10", "segmnts", "Did you mean segments?"),
    "unknown entry of a segment": ("scheme: s\nsegments: [{key: a, wen: x}]", "2:26", "wen", "Did you mean when?"),
    "no name": (SEGMENTS, "1:1", "scheme"),
    "no segments": ("scheme: s", "1:1", "segments"),
    "an empty list of segments": ("scheme: s\nsegments: []", "2:11", "otherwise: true"),
    "a list where entries belong": ("- a", "1:1"),
    "no remainder": ("scheme: s\nsegments: [{key: a, when: x > 1}]", "customers.yaml", "after a"),
    "no remainder in a refined segment": (
        "scheme: s\nsegments:\n- key: a\n  otherwise: true\n  segments: [{key: b, when: x > 1}]",
        "3:3",
        "after b",
    ),
    "no remainder in a partition": (
        "scheme: s\n" + SEGMENTS + "\npartitions:\n  p: {rules: [{key: a, when: x > 1}]}",
        "4:6",
        "after a",
    ),
    "segments after the remainder": (
        "scheme: s\nsegments:\n- {key: a, otherwise: true}\n- {key: b, when: x > 1}",
        "4:3",
        "b can never receive a customer",
        "a, which takes everyone left",
    ),
    "duplicate keys": (
        "scheme: s\nsegments:\n- key: a\n  when: x\n  segments: [{key: b, otherwise: true}]\n- {key: b, when: y}",
        "6:3",
        "b is used twice",
    ),
    "neither when nor otherwise": ("scheme: s\nsegments: [{key: a}]", "2:12", "when"),
    "both when and otherwise": ("scheme: s\nsegments: [{key: a, when: x, otherwise: true}]", "2:41"),
    "otherwise that is not true": ("scheme: s\nsegments: [{key: a, otherwise: false}]", "2:32", "otherwise: true"),
    "a key with a slash": ("scheme: s\nsegments: [{key: a/b, otherwise: true}]", "2:18", "a/b"),
    "an unknown language": ("scheme: s\nlabel: {zh-TW: x}\n" + SEGMENTS, "2:16", "zh-TW", "zh-Hant"),
    "urgent that is neither true nor false": (
        "scheme: s\nsegments: [{key: a, urgent: maybe, otherwise: true}]",
        "2:29",
    ),
    "shares that do not add up": (TIERS + "shares: {a: 10%, b: 80%}}", "4:25", "90 %"),
    "a share beyond all": (TIERS + "shares: {a: 120%, b: 80%}}", "4:29", "120%"),
    "a share of nothing": (TIERS + "shares: {a: 0%, b: 100%}}", "4:29", "0%"),
    "a share that is no number": (TIERS + "shares: {a: some, b: 80%}}", "4:29", "some"),
    "two ways to cut": (TIERS + "quantiles: 3, shares: {a: 100%}}", "4:6", "shares, thresholds, quantiles"),
    "no way to cut": (TIERS + "order: ascending}", "4:6"),
    "quantiles that are too few": (TIERS + "quantiles: 1}", "4:28", "2"),
    "quantiles with a label twice": (TIERS + "quantiles: [a, a]}", "4:32", "a stands here twice"),
    "thresholds without a rest": (TIERS + "thresholds: {a: 3, b: 2}}", "4:39", "b: rest"),
    "thresholds out of order": (TIERS + "thresholds: {a: 3, b: 4, c: rest}}", "4:39", "less than"),
    "a margin without quantiles": (TIERS + "shares: {a: 100%}, margin: 1}", "4:44"),
    "a reserved label": (TIERS + "quantiles: [a, unknown]}", "4:32", "unknown"),
    "an unknown order": (TIERS + "quantiles: 3, order: descend}", "4:38", "Did you mean descending or ascending?"),
    "a partition that names no kind": ("scheme: s\n" + SEGMENTS + "\npartitions: {p: {over: x}}", "3:17", "tiers"),
    "a partition named as a column": ("scheme: s\n" + SEGMENTS + "\npartitions: {segment: {tiers: x}}", "3:23"),
    "crossing what there is not": ("scheme: s\n" + SEGMENTS + "\npartitions: {p: {cross: [a, b]}}", "3:26", "called a"),
    "crossing one alone": (
        "scheme: s\n" + SEGMENTS + "\npartitions: {a: {attribute: kind, values: [x]}, p: {cross: [a]}}",
        "3:60",
        "two or more",
    ),
    "refining a label that there is not": (
        "scheme: s\n" + SEGMENTS + "\npartitions: {a: {attribute: k, values: [x]}, p: {refine: a, parts: {y: a}}}",
        "3:72",
        "no label y",
    ),
    "a word that gives two labels": (
        "scheme: s\n" + SEGMENTS + "\npartitions: {a: {attribute: k, values: {x: one, y: [two, one]}}}",
        "3:40",
        "one",
        "twice",
    ),
    "dividing by rules and by a partition": (
        "scheme: s\npartitions: {a: {attribute: k, values: [x]}}\nby: a\n" + SEGMENTS,
        "3:5",
        "not by both",
    ),
    "dividing by a partition that there is not": ("scheme: s\nby: value", "2:5", "called value"),
    "a part that the partition does not have": (
        "scheme: s\npartitions: {a: {attribute: k, values: [x]}}\nby: a\nparts: {z: {owner: o}}",
        "4:12",
        "no label z",
    ),
    "holding for no time at all": ("scheme: s\nhold: soon\n" + SEGMENTS, "2:7", "soon"),
    "a limit that is no count": ("scheme: s\nlimits: {segments: few}\n" + SEGMENTS, "2:20", "few"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_its_place_and_the_remedy(name: str):
    text, place, *words = BROKEN[name]
    with pytest.raises(CarpelError) as caught:
        read_scheme(text, "customers.yaml")
    assert caught.value.place is not None
    assert caught.value.place.endswith(place), caught.value.place
    for word in words:
        assert word in str(caught.value)
    for language in LANGUAGES:
        assert "schemes." not in caught.value.text.render(language)


def test_a_scheme_without_end_is_refused():
    many = "\n".join(f"- {{key: s{number}, when: x > {number}}}" for number in range(MAX_SEGMENTS + 1))
    with pytest.raises(SchemeError, match="at most 2,000 segments"):
        read_scheme(f"scheme: s\nsegments:\n{many}", "s.yaml")


def test_a_scheme_nested_without_end_is_refused():
    text = "{key: a, otherwise: true}"
    for number in range(100):
        text = f"{{key: k{number}, otherwise: true, segments: [{text}]}}"
    with pytest.raises(CarpelError, match="60 levels deep"):
        read_scheme(f"scheme: s\nsegments: [{text}]", "s.yaml")


@given(st.text(max_size=200))
def test_any_text_is_a_scheme_or_an_error_that_names_the_file(text: str):
    try:
        read_scheme(text, "s.yaml")
    except CarpelError as error:
        assert (error.place or "").startswith("s.yaml")  # noqa: PT017


@given(st.data())
def test_a_scheme_with_any_part_spoilt_is_a_scheme_or_an_error_that_names_the_file(data: st.DataObject):
    start = data.draw(st.integers(0, len(DESIGN)))
    length = data.draw(st.integers(0, 20))
    text = DESIGN[:start] + data.draw(st.text("{}[]:,-'%0a \n", max_size=4)) + DESIGN[start + length :]
    try:
        read_scheme(text, "s.yaml")
    except CarpelError as error:
        assert (error.place or "").startswith("s.yaml")  # noqa: PT017
