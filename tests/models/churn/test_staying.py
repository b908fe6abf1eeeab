"""Who leaves: by their own rhythm or contract, with what goes with staying; on planted and on published data."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.kernel.engine import Engine
from carpel.models import MODELS, Customers, Ground, Learned
from carpel.models.churn.effects import effects
from carpel.models.churn.rhythm import NEEDS
from carpel.models.frames import Feature, Frame, Kind, features_of
from carpel.models.frames.moments import NUMBER, known_as_of
from carpel.models.propensity import Propensity, at_random
from tests.models.company import company, ground, until

MODEL = MODELS["churn"]


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Ground:
    return ground(tmp_path_factory.mktemp("churn"), engine, company())


@pytest.fixture(scope="module")
def learned(on: Ground) -> Learned:
    return MODEL.learn(on)


def asked(of: Learned, on: Ground, bucket: int) -> Customers:
    keys = list(dict.fromkeys(["customer_id", *NEEDS, *sorted(of.needs)]))
    profiles = known_as_of(on.facts, on.catalogue, on.as_of, on.engine, keys=keys, buckets=(bucket,))
    return Customers(profiles=profiles.sort_by(NUMBER), buckets=(bucket,), ground=on)


def in_force(on: Ground) -> dict[str, int]:
    """Days until the contract in force of each customer ends, from the rows themselves."""
    today, found = on.as_of.day.isoformat(), dict[str, int]()
    for row in until(company(), on.as_of.day)["contracts"]:
        if row["starts_on"] <= today <= row["ends_on"]:
            days = (date.fromisoformat(row["ends_on"]) - on.as_of.day).days
            found[row["customer_id"]] = max(found.get(row["customer_id"], 0), days)
    return found


def test_the_horizon_is_twice_the_own_cycle_or_the_contracts_end(learned: Learned, on: Ground) -> None:
    running = in_force(on)
    for bucket in range(on.facts.bucket_count):
        customers = asked(learned, on, bucket)
        found, rows = learned.answers(customers), customers.profiles.to_pylist()
        for row, days in zip(rows, found["churn_horizon_days"].to_pylist(), strict=True):
            if row["customer_id"] in running:
                assert days == running[row["customer_id"]]
            elif row["frequency"]:
                assert days == min(max(round(2 * row["cycle_days"]), 30), 180)
            else:
                assert days is None


def test_the_lost_were_lost_when_their_silence_outgrew_it(learned: Learned, on: Ground) -> None:
    running, told = in_force(on), 0
    customers = asked(learned, on, 0)
    found, rows = learned.answers(customers), customers.profiles.to_pylist()
    for row, day, horizon in zip(
        rows, found["lost_on"].to_pylist(), found["churn_horizon_days"].to_pylist(), strict=True
    ):
        is_lost = row["customer_id"] not in running and row["frequency"] and row["recency_days"] > horizon
        assert (day is not None) is bool(is_lost)
        if is_lost:
            assert day == on.as_of.day - timedelta(days=int(row["recency_days"] - horizon))
            told += 1
    assert told > 20


def test_it_is_better_than_silence_alone_is_said_with_an_interval(learned: Learned) -> None:
    card = learned.card
    assert card.baseline is not None
    assert card.baseline.key == "models.churn-baseline"
    assert card.gain_low is not None
    assert card.gain_high is not None
    assert card.gain_low <= (card.gain or 0) <= card.gain_high
    assert (card.contenders[0].auc or 0) > 0.8


def test_planted_effects_are_found_with_their_size_and_chance_is_not() -> None:
    """One attribute raises staying by 30 points beside another that it goes with; a third does nothing."""
    random = np.random.default_rng(4)
    size = 6_000
    other = random.normal(size=size)
    helps = (other + random.normal(size=size) > 0).astype(float)
    nothing = random.normal(size=size)
    chance = np.clip(0.35 + 0.3 * helps + 0.1 * np.tanh(other), 0, 1)
    stayed = (random.random(size) < chance).astype(float)
    labels = {key: Feature(key=key, kind=Kind.NUMBER, label=MODEL.asks) for key in ("helps", "other", "nothing")}
    frame = Frame(features=tuple(labels.values()), values=np.column_stack([helps, other, nothing]))
    parts = np.column_stack([-1.2 * helps, -0.4 * np.tanh(other), np.zeros(size)])
    found = {each.key: each for each in effects(frame, stayed, parts, {}, 3)}
    assert found["helps"].low < 0.3 < found["helps"].high
    assert found["helps"].effect == pytest.approx(0.3, abs=0.06)
    assert "nothing" not in found
    assert next(iter(found)) == "helps"


def test_what_goes_with_leaving_on_telco_is_what_is_known_of_it(data: Path) -> None:
    """Monthly contracts leave, long tenure stays: the strongest of 19 attributes, each beyond chance."""
    table = pq.read_table(data / "telco_churn/Telco-Customer-Churn.parquet")
    charges = [float(each) if each.strip() else None for each in table["TotalCharges"].to_pylist()]
    table = table.set_column(table.column_names.index("TotalCharges"), "TotalCharges", pa.array(charges))
    left = np.array([each == "Yes" for each in table["Churn"].to_pylist()], float)
    frame = Frame.of(table, features_of(table, leave_out={"Churn", "customerID"}))
    blocks = at_random(frame.fingerprints())
    model = Propensity.fit(frame, left, blocks, learners=("logistic",))
    test = frame.take(blocks.test)
    found = effects(test, 1 - left[blocks.test], model.contributions(test), {}, 8)
    by_key = {each.key: each for each in found}
    assert by_key["tenure"].low > 0
    assert "Month-to-month" in by_key["Contract"].of.render()
    assert by_key["Contract"].high < 0
    assert {"tenure", "Contract"} <= {each.key for each in found[:4]}
