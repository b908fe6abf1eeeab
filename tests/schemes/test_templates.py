"""Templates: each checks clean, runs, and uses only the attributes that there are."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import LANGUAGES
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Family
from carpel.schemes import (
    KINDS,
    Categories,
    Scheme,
    SchemeError,
    assign,
    check,
    fit_cuts,
    names,
    place,
    read_scheme,
    starter,
    starter_kind,
    template,
)
from tests.schemes.company import FREQUENCY, KIND, RECENCY, RELATIONSHIP, VALUE, attribute, catalogue, profiles

STAGES = ("lead", "prospect", "new", "growing", "steady", "slipping", "lapsed", "won_back")
STAGE = attribute("lifecycle_stage", ValueType.CATEGORY, values=STAGES)
EMPLOYEES = attribute("employees", ValueType.INTEGER, Family.FIRMOGRAPHIC, needs=frozenset({"customers"}))
ORGANISATION = attribute(
    "organisation_type",
    ValueType.CATEGORY,
    Family.FIRMOGRAPHIC,
    values=("individual", "enterprise", "government"),
    needs=frozenset({"customers"}),
)
NAME = attribute("name", ValueType.TEXT, Family.DEMOGRAPHIC, needs=frozenset({"customers"}))
STAGE_OF_SALE = attribute("opportunity_stage", ValueType.CATEGORY, needs=frozenset({"opportunities"}))
GAP = attribute("gap_median_days", ValueType.NUMBER)
INCOME = attribute("income", ValueType.MONEY, Family.DEMOGRAPHIC, needs=frozenset({"customers"}))
WINES = attribute("MntWines", ValueType.INTEGER, needs=frozenset({"customers"}))
LOYALTY = attribute("loyalty", ValueType.CATEGORY, values=("loyal", "potential", "marginal", "lost"))
BAND = attribute("value_band", ValueType.CATEGORY, Family.VALUE, values=("high", "intermediate", "low"))
NEED = attribute("largest_need", ValueType.CATEGORY, Family.NEED)
CONTACT = attribute("days_since_contact", ValueType.INTEGER)
WORDS = {"largest_need": ("Coffee", "Office Supplies", "100% Cotton", "%", "其他", "other", "Unknown", "coffee", "Tea")}
EVERYTHING: tuple[Attribute, ...] = (
    RELATIONSHIP,
    KIND,
    RECENCY,
    FREQUENCY,
    VALUE,
    GAP,
    STAGE,
    EMPLOYEES,
    ORGANISATION,
    INCOME,
    WINES,
    LOYALTY,
    BAND,
    NEED,
    CONTACT,
)
CATALOGUES = [catalogue(*some) for size in (0, 1, 2, 14, 15) for some in combinations(EVERYTHING, size)]


def complaints(scheme: Scheme, holding: Catalogue) -> list[Issue]:
    """What is wrong with a scheme, but for what is known of the published rules of `rfm-broad`."""
    known = {"schemes.shadowed"} if scheme.key == "rfm-broad" else set()
    return [each for each in check(scheme, holding) if each.severity is not Severity.NOTE and each.code not in known]


def runs_clean(text: str, holding: Catalogue, tmp_path, engine) -> None:
    scheme = read_scheme(text, "scheme.yaml")
    assert complaints(scheme, holding) == []
    held = profiles([{"monetary_value": 500, "frequency": 2}, {"relationship": "lead"}], tmp_path, holding)
    table = engine.read(assign(scheme, held, fit_cuts(scheme, held, engine)), held.bindings)
    assert all((row["segment"] is not None) == row["in_base"] for row in table.to_pylist())


@pytest.mark.parametrize(
    ("known", "segment"),
    [
        ({"days_since_contact": 10, "opportunities_lost": 1, "decision_makers": 1}, "in-touch"),
        ({"days_since_contact": 90, "opportunities_lost": 1, "decision_makers": 1}, "cooling"),
        ({"days_since_contact": 400, "opportunities_lost": 1, "decision_makers": 1}, "said-no"),
        ({"days_since_contact": 400, "opportunities_lost": 0, "decision_makers": 1}, "decision-maker-known"),
        ({"days_since_contact": 400, "opportunities_lost": 0, "decision_makers": 0}, "cold"),
        ({"decision_makers": 1}, "decision-maker-known"),
        ({}, "never-spoken-to"),
    ],
)
def test_leads_that_went_cold_are_told_apart_by_what_is_known(
    engine: Engine, tmp_path: Path, known: dict[str, int], segment: str
) -> None:
    counts = ("days_since_contact", "opportunities_lost", "decision_makers")
    holding = catalogue(RELATIONSHIP, *(attribute(key, ValueType.INTEGER) for key in counts))
    scheme = read_scheme(template("leads", holding), "leads.yaml")
    values = {"customer_id": "C0", "relationship": "lead", **dict.fromkeys(counts), **known}
    cuts = fit_cuts(scheme, profiles([values], tmp_path, holding), engine)
    assert place(scheme, cuts, values).segment == segment


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_checks_clean_and_runs_with_all_attributes_and_with_the_fewest(kind, tmp_path, engine):
    runs_clean(template(kind, catalogue(*EVERYTHING), WORDS), catalogue(*EVERYTHING), tmp_path, engine)
    fewest = next(each for each in CATALOGUES if _possible(kind, each))
    runs_clean(template(kind, fewest, WORDS), fewest, tmp_path, engine)


def test_a_template_checks_clean_whatever_attributes_there_are():
    for holding in CATALOGUES:
        for kind in KINDS:
            if _possible(kind, holding):
                assert complaints(read_scheme(template(kind, holding, WORDS), f"{kind}.yaml"), holding) == []


def test_the_published_broad_rules_shadow_three_of_their_own_segments():
    holding = catalogue(RECENCY, FREQUENCY, VALUE)
    issues = check(read_scheme(template("rfm-broad", holding), "rfm-broad.yaml"), holding)
    shadowed = {issue.text.params["name"]: issue.examples for issue in issues if issue.code == "schemes.shadowed"}
    assert shadowed == {
        "new-customers": ("potential-loyalists",),
        "promising": ("potential-loyalists",),
        "cant-lose-them": ("at-risk",),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_labelled_in_all_languages(kind):
    scheme = read_scheme(template(kind, catalogue(*EVERYTHING), WORDS), f"{kind}.yaml")
    words = {label for each in scheme.partitions if isinstance(each, Categories) for label, _ in each.values}
    labels = [
        scheme.label,
        *(segment.label for _, segment in scheme.walk() if segment.key not in words),
        *(each.label for each in scheme.partitions),
    ]
    assert all(set(label.by_language) == set(LANGUAGES) for label in labels)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_tells_its_owner_how_to_read_it(kind):
    assert "first segment whose rule holds" in template(kind, catalogue(*EVERYTHING), WORDS)


def test_a_template_that_cannot_be_says_what_is_missing():
    with pytest.raises(SchemeError, match="recency_days, frequency"):
        template("rfm", catalogue(VALUE))
    with pytest.raises(SchemeError, match="Did you mean pyramid"):
        template("pyramids", catalogue(VALUE))


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ((RELATIONSHIP, RECENCY, FREQUENCY, VALUE, INCOME), "rfm"),
        ((RELATIONSHIP, RECENCY, FREQUENCY, VALUE), "rfm"),
        ((RELATIONSHIP, VALUE, EMPLOYEES), "b2b"),
        ((RELATIONSHIP, RECENCY, FREQUENCY, VALUE, EMPLOYEES, INCOME), "rfm"),
        ((RELATIONSHIP, RECENCY, FREQUENCY, VALUE, EMPLOYEES, NAME), "b2b"),
        ((RELATIONSHIP, RECENCY, FREQUENCY, VALUE, KIND, NAME, STAGE_OF_SALE), "b2b"),
        ((RELATIONSHIP, RECENCY, FREQUENCY, VALUE, KIND, NAME), "rfm"),
        ((RELATIONSHIP, VALUE), "pyramid"),
        ((RELATIONSHIP, INCOME, WINES), "wide"),
        ((RELATIONSHIP,), "everyone"),
        ((), "everyone"),
    ],
)
def test_the_starter_fits_what_is_known_of_customers(attributes, kind):
    assert starter_kind(catalogue(*attributes)) == kind
    assert starter(catalogue(*attributes)) == template(kind, catalogue(*attributes), WORDS)


def test_a_wide_table_is_divided_by_spending_before_income():
    assert "tiers: MntWines" in template("wide", catalogue(INCOME, WINES))
    assert "tiers: income" in template("wide", catalogue(EMPLOYEES, INCOME))


def _possible(kind: str, holding: Catalogue) -> bool:
    try:
        template(kind, holding, WORDS)
    except SchemeError:
        return False
    return True


def test_a_column_of_several_words_may_say_what_customers_are_worth(tmp_path, engine):
    holding = catalogue(attribute("Bob's Annual Income (k$)", ValueType.NUMBER), EMPLOYEES)
    assert starter_kind(holding) == "wide"
    runs_clean(starter(holding), holding, tmp_path, engine)
    assert names(read_scheme(starter(holding), "s.yaml"), holding) == ("Bob's Annual Income (k$)",)


def test_the_words_of_an_attribute_are_listed_once_each_as_labels():
    scheme = read_scheme(template("needs", catalogue(NEED), WORDS), "needs.yaml")
    need = scheme.partitions[0]
    assert isinstance(need, Categories)
    listed = dict(need.values)
    assert list(listed.values()) == [(word,) for word in WORDS["largest_need"][:8]]
    assert {"coffee", "office-supplies", "100-cotton", "其他"} <= set(listed)


def test_no_word_of_an_attribute_is_lost_however_alike_their_labels_are():
    words = ["tea-3", "tea", "TEA", "Other", "unknown", "other-5"]
    (stage,) = read_scheme(template("needs", catalogue(NEED), {"largest_need": words}), "n").partitions
    assert isinstance(stage, Categories)
    assert sorted(word for _, each in stage.values for word in each) == sorted(words)


def test_a_template_that_lists_words_asks_for_a_run():
    with pytest.raises(SchemeError, match="carpel run"):
        template("needs", catalogue(NEED))


def test_in_a_wide_table_those_of_equal_value_are_rather_low_than_high(tmp_path: Path, engine: Engine) -> None:
    holding = catalogue(WINES)
    scheme = read_scheme(template("wide", holding), "wide.yaml")
    held = profiles([{"MntWines": max(0, each - 59)} for each in range(100)], tmp_path, holding)
    table = engine.read(assign(scheme, held, fit_cuts(scheme, held, engine)), held.bindings)
    assert Counter(table["segment"].to_pylist()) == {"low": 60, "middle": 20, "high": 20}
    assert {row["segment"] for row in table.to_pylist()[:60]} == {"low"}
