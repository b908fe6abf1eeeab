"""A cluster keeps its key from run to run, and what changed is said; rules find whom they say."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.language import evaluate, parse
from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES, text
from carpel.models import MODELS, Customers, Ground
from carpel.models.clusters.matching import matched
from carpel.models.clusters.patterns import LearnedPatterns
from carpel.models.frames.moments import NUMBER, known_as_of
from tests.models.company import company, ground, named, only


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Ground:
    return ground(tmp_path_factory.mktemp("clusters"), engine, company())


@pytest.fixture(scope="module")
def learned(on: Ground) -> LearnedPatterns:
    found = MODELS["clusters"].learn(on)
    assert isinstance(found, LearnedPatterns)
    assert len(found.portraits) > 1
    return found


@pytest.fixture(scope="module")
def customers(on: Ground, learned: LearnedPatterns) -> Customers:
    buckets = tuple(range(on.facts.bucket_count))
    keys = sorted(learned.needs)
    profiles = known_as_of(on.facts, on.catalogue, on.as_of, on.engine, keys=keys, buckets=buckets)
    return Customers(profiles=profiles.sort_by(NUMBER), buckets=buckets, ground=on)


def reordered(learned: LearnedPatterns, order: tuple[int, ...]) -> LearnedPatterns:
    """The same clusters, found in another order, so that their keys are others'."""
    assert learned.found is not None
    portraits = tuple(
        replace(learned.portraits[place], key=f"c{number}") for number, place in enumerate(order, start=1)
    )
    division = learned.found.division.reordered(np.array(order))
    return replace(learned, found=replace(learned.found, division=division, portraits=portraits))


def keys(learned: LearnedPatterns, customers: Customers) -> list[str | None]:
    said: list[str | None] = learned.answers(customers)["cluster"].to_pylist()
    return said


def test_whatever_order_clusters_are_found_in_customers_keep_their_keys(
    learned: LearnedPatterns, customers: Customers
) -> None:
    for order in permutations(range(len(learned.portraits))):
        again = matched(learned, reordered(learned, order), customers)
        assert keys(again.learned, customers) == keys(learned, customers)
        assert again.changes == (text("models.clusters-unchanged"),)


def test_a_cluster_that_was_not_there_gets_a_key_that_nobody_had_and_one_that_went_is_told(
    learned: LearnedPatterns, customers: Customers
) -> None:
    """Two old clusters are one now; then the other way round."""
    assert learned.found is not None
    many = len(learned.portraits)
    without = tuple(each for each in range(many) if each != many - 1)
    fewer = reordered(learned, without)
    gone = matched(learned, fewer, customers)
    assert {each.key for each in gone.learned.portraits} < {each.key for each in learned.portraits}
    assert [each.key for each in gone.changes if "gone" in each.key]
    back = matched(fewer, learned, customers)
    fresh = {each.key for each in back.learned.portraits} - {each.key for each in fewer.portraits}
    assert fresh == {f"c{many}"}
    assert [each.params["key"] for each in back.changes if each.key == "models.clusters-new"] == [f"c{many}"]
    for each in (*gone.changes, *back.changes):
        assert all("{" not in each.render(language) for language in LANGUAGES)


def test_what_is_renamed_and_resized_is_told(learned: LearnedPatterns, customers: Customers) -> None:
    assert learned.found is not None
    first, *others = learned.portraits
    changed = replace(first, name=text("models.clusters-others"), share=first.share - 0.2)
    before = replace(learned, found=replace(learned.found, portraits=(changed, *others)))
    changes = matched(before, learned, customers).changes
    assert [each.key for each in changes] == ["models.clusters-renamed", "models.clusters-resized"]
    assert all(each.params["key"] == first.key for each in changes)


def test_where_nothing_was_found_before_all_is_new_and_where_nothing_is_now_all_is_gone(
    learned: LearnedPatterns, customers: Customers
) -> None:
    nothing = replace(learned, found=None)
    assert {each.key for each in matched(nothing, learned, customers).changes} == {"models.clusters-new"}
    gone = matched(learned, nothing, customers)
    assert {each.key for each in gone.changes} == {"models.clusters-gone"}
    assert gone.learned.portraits == ()


def test_remarks_on_the_card_go_with_the_keys(learned: LearnedPatterns, customers: Customers) -> None:
    order = tuple(reversed(range(len(learned.portraits))))
    turned = matched(reordered(learned, order), learned, customers).learned
    names = {each.key: each.name for each in turned.portraits}
    told = [each for each in turned.card.remarks if each.key == "models.clusters-told"]
    assert {each.params["key"]: each.params["name"] for each in told} == names


def test_a_company_that_lost_customers_keeps_the_keys_of_those_who_stayed(
    learned: LearnedPatterns, customers: Customers, tmp_path_factory: pytest.TempPathFactory, engine: Engine
) -> None:
    stayed = [named(number) for number in range(420) if number % 10]
    fewer = ground(tmp_path_factory.mktemp("fewer"), engine, only(company(), stayed))
    new = MODELS["clusters"].learn(fewer)
    assert isinstance(new, LearnedPatterns)
    before, now = keys(learned, customers), keys(matched(learned, new, customers).learned, customers)
    both = [(old, later) for old, later in zip(before, now, strict=True) if old and later]
    assert np.mean([old == later for old, later in both]) > 0.8


def test_rules_find_the_customers_of_a_cluster_as_often_as_is_said(
    on: Ground, learned: LearnedPatterns, customers: Customers
) -> None:
    """By the language of schemes itself, on every customer whom the clusters place; nobody is placed twice."""
    digits = Currency(on.facts.currency).digits
    rules = [
        (each.key, parse(each.rule, on.catalogue.symbols, place=each.key)) for each in learned.portraits if each.rule
    ]
    right = []
    for row, cluster in zip(customers.profiles.to_pylist(), keys(learned, customers), strict=True):
        if cluster is not None:
            passing = [key for key, rule in rules if evaluate(rule, row, digits=digits) is True]
            assert len(passing) == 1
            right.append(passing == [cluster])
    assert np.mean(right) == pytest.approx(learned.agreement, abs=0.06)
    assert np.mean(right) > 0.8
