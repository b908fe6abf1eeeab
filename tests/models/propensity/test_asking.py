"""Who will, asked of a whole company: what cards and answers say is so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.models import MODELS, Customers, Ground, Learned, Rung
from carpel.models.frames import Frame, features_of
from carpel.models.frames.drifting import drift, stability_index
from carpel.models.frames.moments import NUMBER, known_as_of
from carpel.models.propensity.undated import learn_undated
from tests.models.company import AS_OF, company, ground


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Ground:
    return ground(tmp_path_factory.mktemp("asking"), engine, company())


def asked(of: Learned, on: Ground, bucket: int = 0) -> Customers:
    keys = ["customer_id", "frequency", *of.needs]
    keys = list(dict.fromkeys(keys))
    profiles = known_as_of(on.facts, on.catalogue, on.as_of, on.engine, keys=keys, buckets=(bucket,))
    return Customers(profiles=profiles.sort_by(NUMBER), buckets=(bucket,), ground=on)


def test_who_has_bought_and_who_has_not_are_asked_different_questions(on: Ground) -> None:
    for key, bought in (("purchase", True), ("conversion", False)):
        learned = MODELS[key].learn(on)
        for bucket in range(on.facts.bucket_count):
            customers = asked(learned, on, bucket)
            found = learned.answers(customers).get(MODELS[key].attributes[0].key)
            frequencies = customers.profiles["frequency"].to_pylist()
            if found is not None:
                assert [each is not None for each in found.to_pylist()] == [
                    (each > 0) is bought for each in frequencies
                ]


def test_a_purchase_is_foretold_better_than_by_one_rate_and_holds_what_it_promises(on: Ground) -> None:
    card = MODELS["purchase"].learn(on).card
    assert card.rung is Rung.MODEL
    assert card.is_better
    assert card.contenders[0].behind == 0
    assert {each.name for each in card.contenders} == {"logistic regression", "boosted trees"}
    expected = sum(each.expected * each.customers for each in card.bands)
    assert expected == pytest.approx(sum(each.actual * each.customers for each in card.bands), rel=0.3)
    assert sum(each.weight for each in card.weights) <= 1 + 1e-9
    assert all(each.drift is not None and each.drift >= 0 for each in card.weights)


def test_the_category_that_is_named_is_the_one_that_kinds_buy(on: Ground) -> None:
    learned = MODELS["category"].learn(on)
    assert learned.card.gain_low is not None
    assert learned.card.gain_low > 0
    customers = asked(learned, on)
    said = learned.answers(customers)["likely_category"].to_pylist()
    numbers = [int(str(each)[1:]) for each in customers.profiles["customer_id"].to_pylist()]
    named = [(number % 3 == 0, each) for number, each in zip(numbers, said, strict=True) if each]
    assert (
        np.mean([each in {"Paper", "Printing"} if business else each == "Lighting" for business, each in named]) > 0.9
    )


def test_an_undated_outcome_is_learned_with_a_warning_and_what_knows_too_much_is_named(
    tmp_path: Path, engine: Engine
) -> None:
    tables = company()
    random = np.random.default_rng(1)
    for number, row in enumerate(tables["customers"]):
        row["joined_club"] = bool(number % 3 == 0) != bool(random.random() < 0.1)
        row["club_points"] = float(100 * row["joined_club"]) + float(random.random())
    card = learn_undated(ground(tmp_path, engine, tables), "joined_club")
    assert card.remarks[0].key == "models.undated"
    assert "club_points" in str([each.params for each in card.remarks]).lower()
    assert card.rung is not Rung.RULE
    assert card.judged_from is None
    for wrong in ("joined_clubs", "region"):
        with pytest.raises(CarpelError):
            learn_undated(ground(tmp_path / wrong, engine, tables), wrong)


def test_the_stability_index_is_that_of_the_published_formula() -> None:
    """Four equal shares against .4/.3/.2/.1: .228217; and nothing has moved where nothing has."""
    assert stability_index(np.full(4, 0.25), np.array([0.4, 0.3, 0.2, 0.1])) == pytest.approx(0.228217, abs=1e-6)
    table = pa.table({"x": np.random.default_rng(1).normal(size=500), "kind": ["a", "b"] * 250})
    frame = Frame.of(table, features_of(table))
    assert drift(frame, frame) == {"x": 0.0, "kind": 0.0}
    moved = Frame.of(table.set_column(0, "x", pa.array(table["x"].to_numpy() + 3)), frame.features)
    assert drift(frame, moved)["x"] > 0.25


def test_what_is_judged_is_later_than_what_is_learned_from(on: Ground) -> None:
    card = MODELS["purchase"].learn(replace(on, remembered={})).card
    assert card.judged_until == AS_OF.day
    assert card.judged_from is not None
    assert (AS_OF.day - card.judged_from).days == 90
