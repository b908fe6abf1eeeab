"""Who will, asked of a whole company: what cards and answers say is so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.dates import AsOf
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
    more = [row | {"customer_id": f"{row['customer_id']}-{copy}"} for row in tables["customers"] for copy in (1, 2)]
    tables["customers"] += more
    random = np.random.default_rng(1)
    for row in tables["customers"]:
        row["joined_club"] = (row["kind"] == "business") != bool(random.random() < 0.1)
        row["club_points"] = float(100 * row["joined_club"]) + float(random.random())
    card = learn_undated(ground(tmp_path, engine, tables), "joined_club")
    assert card.remarks[0].key == "models.undated"
    assert "club_points" in str([each.params for each in card.remarks]).lower()
    assert card.rung is not Rung.RULE
    assert card.judged_from is None
    for wrong in ("joined_clubs", "region"):
        with pytest.raises(CarpelError):
            learn_undated(ground(tmp_path / wrong, engine, tables), wrong)


def test_what_is_asked_of_an_undated_column_is_what_happened_or_else_what_is_rarer(
    tmp_path: Path, engine: Engine
) -> None:
    tables = company()
    for number, row in enumerate(tables["customers"]):
        row["answered"] = "yes" if number % 4 else "no"
        row["plan"] = "basic" if number % 4 else "extra"
    known = ground(tmp_path, engine, tables)
    assert learn_undated(known, "answered").asks.params["value"] == "yes"
    assert learn_undated(known, "plan").asks.params["value"] == "extra"


def test_several_questions_read_the_past_once(on: Ground) -> None:
    fresh = replace(on, remembered={})
    MODELS["purchase"].learn(fresh)
    read = dict(fresh.remembered)
    MODELS["conversion"].learn(fresh)
    assert fresh.remembered.keys() == read.keys()
    assert all(fresh.remembered[key] is table for key, table in read.items())


def test_a_short_history_shortens_the_horizon_and_says_so(tmp_path: Path, engine: Engine) -> None:
    early = AsOf.parse("2023-09-01", "Asia/Manila")
    card = MODELS["purchase"].learn(ground(tmp_path, engine, company(), as_of=early)).card
    (said,) = [each for each in card.remarks if each.key == "models.horizon-shortened"]
    assert card.judged_from is None or (early.day - card.judged_from).days == said.params["count"]
    assert said.params["wished"] == 90
    assert 14 <= int(str(said.params["count"])) < 90


def test_drift_compares_those_who_were_asked_with_those_who_are(on: Ground) -> None:
    """Leads, who have no recency at all, have no part in what is told of buyers."""
    card = MODELS["purchase"].learn(on).card
    found = {each.key: each.drift for each in card.weights}
    assert found["recency_days"] is not None
    assert found["recency_days"] < 0.5


def test_a_category_is_named_by_the_model_only_where_it_beats_the_own_favourite(on: Ground) -> None:
    card = MODELS["category"].learn(on).card
    by_name = {each.name: each for each in card.contenders}
    favourite = by_name["most frequent of the customer"]
    assert {"logistic regression", "boosted trees", "most popular"} <= by_name.keys()
    assert card.baseline is not None
    if card.baseline.key == "models.baseline-commonest-category":
        assert card.gain == pytest.approx(favourite.score - by_name["most popular"].score)
    else:
        assert card.gain_low is not None
        assert card.gain_low > 0
    assert [each.score for each in card.contenders] == sorted((each.score for each in card.contenders), reverse=True)


def test_the_stability_index_is_that_of_the_published_formula() -> None:
    """Four equal shares against .4/.3/.2/.1: .228217; and nothing has moved where nothing has."""
    assert stability_index(np.full(4, 0.25), np.array([0.4, 0.3, 0.2, 0.1])) == pytest.approx(0.228217, abs=1e-6)
    table = pa.table({"x": np.random.default_rng(1).normal(size=500), "kind": ["a", "b"] * 250})
    frame = Frame.of(table, features_of(table))
    assert drift(frame, frame) == {"x": 0.0, "kind": 0.0}
    moved = Frame.of(table.set_column(0, "x", pa.array(table["x"].to_numpy() + 3)), frame.features)
    assert drift(frame, moved)["x"] > 0.25
    # Half of those of one value have another now that nobody had: (.25 - .5) ln .5 and (.25 - 1e-4) ln 2,500.
    other = Frame.of(table.set_column(1, "kind", pa.array(["a", "b", "a", "c"] * 125)), frame.features)
    wanted = -0.25 * np.log(0.5) + (0.25 - 1e-4) * np.log(2_500)
    assert drift(frame, other)["kind"] == pytest.approx(wanted, rel=1e-6)


def test_what_is_judged_is_later_than_what_is_learned_from(on: Ground) -> None:
    card = MODELS["purchase"].learn(replace(on, remembered={})).card
    assert card.judged_until == AS_OF.day
    assert card.judged_from is not None
    assert (AS_OF.day - card.judged_from).days == 90
