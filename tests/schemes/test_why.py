"""Why a customer is where they are, and what would move them."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES
from carpel.kernel.types import ValueType
from carpel.profiles import Unit, is_wanted
from carpel.schemes import Scheme, changing, fit_cuts, place, read_scheme, why
from tests.schemes.company import COMPANY, attribute, catalogue, profiles
from tests.schemes.test_partition import customers, schemes

UNKNOWN = dict.fromkeys(COMPANY.available)
SCHEME = read_scheme(
    """\
scheme: s
base: relationship = 'customer'
partitions:
  value: {tiers: monetary_value, shares: {top: 20%, rest: 80%}, label: Value tier}
segments:
  - key: key-accounts
    label: {en: Key accounts, zh-Hans: 重点客户, zh-Hant: 重點客戶}
    when: value = 'top' and kind = 'business'
    segments:
      - {key: slipping, label: Slipping, when: recency_days > 2 * frequency + 30}
      - {key: steady, label: Steady, otherwise: true}
  - {key: active, when: recency_days <= 30}
  - {key: agreed, when: consent}
  - {key: others, otherwise: true}
""",
    "s.yaml",
)
BEST: dict[str, Any] = UNKNOWN | {
    "customer_id": "C7",
    "relationship": "customer",
    "kind": "business",
    "monetary_value": 900_000,
    "recency_days": 41,
    "frequency": 5,
    "consent": True,
}


@pytest.fixture(scope="module")
def cuts(engine, tmp_path_factory):
    rows = [BEST | {"monetary_value": 100_000 * number, "recency_days": 10 * number} for number in range(10)]
    return fit_cuts(SCHEME, profiles(rows, tmp_path_factory.mktemp("why")), engine)


def test_the_path_is_told_rule_by_rule_with_the_values_that_made_it_hold(cuts):
    told = why(SCHEME, cuts, BEST, COMPANY)
    assert (told.customer_id, told.segment, told.path) == ("C7", "slipping", ("key-accounts", "slipping"))
    first, second = (str(sentence) for sentence in told.because)
    assert first == (
        "Key accounts, because Value tier is top and kind is business; Value tier goes by monetary_value (here 9,000)."
    )
    assert second == "Slipping, because recency_days (here 41) is more than (2 * frequency (here 5)) + 30."
    assert str(told.sentence) == (
        "In Slipping because Value tier is top and kind is business (Value tier goes by monetary_value (here 9,000)), "
        "and recency_days (here 41) is more than (2 * frequency (here 5)) + 30."
    )


def test_one_sentence_says_what_a_remainder_did_not_fit(cuts):
    steady = why(SCHEME, cuts, BEST | {"recency_days": 40}, COMPANY).sentence
    assert str(steady).endswith("and no other part of Key accounts fits.")
    nobody = why(SCHEME, cuts, BEST | {"kind": "consumer", "consent": False}, COMPANY).sentence
    assert nobody.key == "schemes.sentence-remainder"
    assert why(SCHEME, cuts, BEST | {"relationship": "lead"}, COMPANY).sentence.key == "schemes.because-outside"


def test_amounts_name_their_currency(cuts, engine, tmp_path):
    told = why(SCHEME, cuts, BEST, COMPANY, currency=Currency("PHP"))
    assert str(told.because[0]).endswith("Value tier goes by monetary_value (here ₱9,000.00).")
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: monetary_value > 255.8}\n- {key: b, otherwise: true}", "s.yaml"
    )
    cuts = fit_cuts(scheme, profiles([BEST], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | {"monetary_value": 100}, COMPANY, currency=Currency("PHP"))
    assert str(told.change) == "monetary_value from ₱1.00 to ₱255.81 would move this customer to a."
    assert told.change.render("zh-Hans").count("PHP\u00a0") == 2


def test_the_runner_up_is_the_next_segment_whose_rule_holds_too(cuts):
    # Not what is left of key accounts, which takes whoever is left.
    assert why(SCHEME, cuts, BEST, COMPANY).runner_up == "agreed"
    assert why(SCHEME, cuts, BEST | {"recency_days": 20}, COMPANY).runner_up == "active"
    assert why(SCHEME, cuts, BEST | {"recency_days": 40}, COMPANY).runner_up == "agreed"
    assert why(SCHEME, cuts, BEST | {"kind": "consumer", "recency_days": 20}, COMPANY).runner_up == "agreed"
    assert why(SCHEME, cuts, BEST | {"kind": "consumer", "consent": False}, COMPANY).runner_up is None


RHYTHM = catalogue(
    attribute("recency_days", ValueType.INTEGER, unit=Unit.DAYS, changeable=True),
    attribute("gap_median_days", ValueType.NUMBER, unit=Unit.DAYS, changeable=True),
    attribute("frequency", ValueType.INTEGER, unit=Unit.COUNT, changeable=True),
)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 12))
def test_nobody_is_advised_to_slip_nor_by_parts_of_a_day(tmp_path_factory, engine, recency, gap, frequency):
    text = """scheme: s
segments:
  - {key: slipping, when: recency_days > 2 * gap_median_days, urgent: true}
  - {key: regular, when: frequency >= 6}
  - {key: new, when: frequency = 1}
  - {key: others, otherwise: true}
"""
    scheme = read_scheme(text, "s.yaml")
    cuts = fit_cuts(scheme, profiles([], tmp_path_factory.getbasetemp(), RHYTHM), engine)
    row = {"customer_id": "C0", "recency_days": recency, "gap_median_days": float(gap), "frequency": frequency}
    told = why(scheme, cuts, row, RHYTHM)
    if told.would_change:
        assert told.would_change.segment != "slipping"
        assert told.segment == "slipping" or told.would_change.segment != "others"
        assert all(after == int(after) for _, _, after in told.would_change.attributes)
    else:
        assert told.segment != "slipping", "there is always a way out"


def test_the_smallest_change_is_one_step_of_one_attribute(cuts):
    told = why(SCHEME, cuts, BEST, COMPANY)
    assert told.would_change is not None
    assert told.would_change.attributes == (("recency_days", 41, 40),)
    assert told.would_change.segment == "steady"
    assert str(told.change) == "recency_days from 41 days to 40 days would move this customer to Steady."


def test_someone_outside_the_base_is_told_so(cuts):
    told = why(SCHEME, cuts, BEST | {"relationship": "lead"}, COMPANY)
    assert (told.segment, told.path, told.runner_up, told.would_change) == (None, (), None, None)
    assert str(told.because[0]) == "Outside the base, which needs relationship (here lead) is customer."


def test_where_nothing_can_be_changed_the_reason_is_told(engine, tmp_path):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: kind = 'business'}\n- {key: b, otherwise: true}", "s.yaml"
    )
    told = why(scheme, fit_cuts(scheme, profiles([BEST], tmp_path), engine), BEST, COMPANY)
    assert told.would_change is None
    assert told.change.key == "schemes.no-change-attributes"


def test_two_changes_are_sought_where_one_is_not_enough(engine, tmp_path):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: frequency >= 4 and recency_days < 10}\n- {key: b, otherwise: true}",
        "s.yaml",
    )
    cuts = fit_cuts(scheme, profiles([BEST], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | {"frequency": 1, "recency_days": 30}, COMPANY)
    assert told.would_change is not None
    assert sorted(told.would_change.attributes) == [("frequency", 1, 4), ("recency_days", 30, 9)]


def test_nobody_is_told_to_buy_less(engine, tmp_path):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: frequency >= 2}\n- {key: b, otherwise: true}", "s.yaml"
    )
    cuts = fit_cuts(scheme, profiles([BEST], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | {"frequency": 2}, COMPANY)
    assert told.would_change is None
    assert told.change.key == "schemes.no-change-found"


def test_money_is_changed_to_the_very_cent(engine, tmp_path):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: monetary_value > 255.8}\n- {key: b, otherwise: true}", "s.yaml"
    )
    cuts = fit_cuts(scheme, profiles([BEST], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | {"monetary_value": 100}, COMPANY)
    assert told.would_change is not None
    assert told.would_change.attributes == (("monetary_value", 100, 25_581),)
    assert "from 1 to 255.81" in str(told.change)


@pytest.mark.parametrize(
    ("rule", "now", "after"),
    [
        pytest.param(
            "frequency >= 5 and monetary_value / frequency > 100",
            {"frequency": 1, "monetary_value": 1_000},
            {"frequency": 5, "monetary_value": 50_001},
            id="the money depends on the count that it is divided by",
        ),
        pytest.param(
            "frequency >= 4 and recency_days < 10 - frequency",
            {"frequency": 1, "recency_days": 30},
            {"frequency": 4, "recency_days": 5},
            id="the bound of one is the other",
        ),
    ],
)
def test_of_two_changes_the_second_follows_the_first(rule, now, after, engine, tmp_path):
    scheme = read_scheme(f"scheme: s\nsegments:\n- {{key: a, when: {rule}}}\n- {{key: b, otherwise: true}}", "s.yaml")
    cuts = fit_cuts(scheme, profiles([], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | now, COMPANY)
    assert told.would_change is not None
    assert {name: value for name, _, value in told.would_change.attributes} == after


def test_a_search_that_is_cut_off_says_so(monkeypatch, engine, tmp_path):
    monkeypatch.setattr(changing, "_MOST", 1)
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: frequency >= 4 and recency_days < 10 and consent}\n"
        "- {key: b, otherwise: true}",
        "s.yaml",
    )
    cuts = fit_cuts(scheme, profiles([BEST], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | {"frequency": 1, "recency_days": 30, "consent": False}, COMPANY)
    assert (told.would_change, told.change.key) == (None, "schemes.no-change-in-time")


def test_a_set_may_need_one_element_more(engine, tmp_path):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: a, when: \"'P1' in products_owned\"}\n- {key: b, otherwise: true}", "s.yaml"
    )
    cuts = fit_cuts(scheme, profiles([BEST], tmp_path), engine)
    told = why(scheme, cuts, UNKNOWN | {"products_owned": ["P2"]}, COMPANY)
    assert told.would_change is not None
    assert told.would_change.attributes == (("products_owned", ["P2"], ("P1", "P2")),)


@given(schemes(), customers())
def test_what_would_change_does_change_and_is_told_in_every_language(tmp_path_factory, engine, scheme: Scheme, rows):
    held = profiles(rows, tmp_path_factory.getbasetemp())
    cuts = fit_cuts(scheme, held, engine)
    for row in (UNKNOWN | each for each in rows[:5]):
        told = why(scheme, cuts, row, COMPANY)
        placed = place(scheme, cuts, row)
        assert (told.segment, told.path) == (placed.segment, placed.path)
        if told.would_change:
            changed = row | {name: after for name, _, after in told.would_change.attributes}
            assert place(scheme, cuts, changed).segment == told.would_change.segment != placed.segment
            assert all(COMPANY.available[name].changeable for name, _, _ in told.would_change.attributes)
            assert all(is_wanted(COMPANY.available[name], *values) for name, *values in told.would_change.attributes)
        for language in LANGUAGES:
            assert all("schemes." not in each.render(language) for each in (*told.because, told.change))


SMALL = st.integers(0, 6)
RULE = st.builds(
    "{} {} {}".format,
    st.sampled_from(["frequency", "recency_days", "frequency + recency_days", "2 * frequency"]),
    st.sampled_from(["<", "<=", ">", ">=", "="]),
    st.one_of(SMALL.map(str), st.sampled_from(["recency_days", "2.5"])),
)


GRID = range(13)
"""Values of the two attributes that are tried by brute force; all bounds of the rules lie well within."""


@given(st.lists(st.builds("{} and {}".format, RULE, RULE) | RULE, min_size=1, max_size=3), SMALL, SMALL)
def test_no_smaller_wanted_change_exists(tmp_path_factory, engine, rules, frequency, recency):
    ruled = "".join(f"- {{key: s{number}, when: {rule}}}\n" for number, rule in enumerate(rules))
    scheme = read_scheme(f"scheme: s\nsegments:\n{ruled}- {{key: rest, otherwise: true}}", "s.yaml")
    cuts = fit_cuts(scheme, profiles([], tmp_path_factory.getbasetemp()), engine)
    row: dict[str, Any] = UNKNOWN | {"frequency": frequency, "recency_days": recency}
    here = place(scheme, cuts, row).segment
    read = {symbol.name for symbol in cuts.symbols}

    def tried(name: str) -> list[int]:
        now = row[name]
        return [
            value for value in GRID if value == now or (name in read and is_wanted(COMPANY.available[name], now, value))
        ]

    moves = [
        (abs(f - frequency) + abs(r - recency), (f != frequency) + (r != recency))
        for f, r in product(tried("frequency"), tried("recency_days"))
        # Nobody works for the remainder.
        if place(scheme, cuts, row | {"frequency": f, "recency_days": r}).segment not in {here, "rest"}
    ]
    told = why(scheme, cuts, row, COMPANY).would_change
    if moves:
        assert told is not None
        found = (len(told.attributes), sum(abs(after - before) for _, before, after in told.attributes))
        assert found <= min((things, distance) for distance, things in moves)
