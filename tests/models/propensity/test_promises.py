"""Probabilities hold what they promise, or it is said that they do not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.texts import Labels
from carpel.models.frames import Frame, Past, Windows, features_of
from carpel.models.propensity import LEARNERS, Blocks, Propensity, reasons
from carpel.models.propensity.calibrating import Calibration
from carpel.models.propensity.ladder import Pooled
from carpel.models.propensity.learning import probability
from carpel.models.propensity.question import lasting_features
from carpel.models.rungs import Rung

PARTS = np.repeat([0, 1, 2], 12_000)


def fitted(odds: np.ndarray, table: pa.Table, parts: np.ndarray, learners: tuple[str, ...] = ()) -> Propensity:
    outcome = (np.random.default_rng(5).random(len(odds)) < probability(odds)).astype(float)
    frame = Frame.of(table, features_of(table))
    train, calibrate, test = (np.flatnonzero(parts == each) for each in range(3))
    blocks = Blocks(train=train, calibrate=calibrate, test=test, dated=True)
    return Propensity.fit(frame, outcome, blocks, learners)


def planted(rows: int) -> tuple[np.ndarray, pa.Table]:
    random = np.random.default_rng(9)
    speed, size = random.normal(size=rows), random.exponential(size=rows)
    return 1.5 * speed * (size > 0.5) - 0.7 * size - 0.5, pa.table({"speed": speed, "size": size})


def test_where_nothing_drifts_the_calibration_error_of_many_outcomes_is_below_two_hundredths() -> None:
    """What only counts together is beyond a straight line; the trees that are chosen for it keep the promise."""
    odds, table = planted(len(PARTS))
    model = fitted(odds, table, PARTS)
    chosen = next(each for each in model.candidates if each.learner == model.learner)
    assert chosen.learner == "boosted"
    assert chosen.judged.outcomes >= 2_000
    assert chosen.judged.calibration_error <= 0.02
    assert not model.remarks


@pytest.mark.parametrize("learner", list(LEARNERS))
def test_where_effects_add_up_either_learner_keeps_it(learner: str) -> None:
    _, table = planted(len(PARTS))
    odds = 1.1 * table["speed"].to_numpy() - 0.7 * table["size"].to_numpy() - 0.5
    (only,) = fitted(odds, table, PARTS, (learner,)).candidates
    assert only.judged.outcomes >= 2_000
    assert only.judged.calibration_error <= 0.02


def test_a_rate_that_drifts_is_warned_of() -> None:
    odds, table = planted(len(PARTS))
    model = fitted(odds + 0.6 * (PARTS == 2), table, PARTS, ("logistic",))
    assert [each.key for each in model.remarks] == ["models.rate-drifts"]


def test_too_few_to_tell_are_said_to_be_so() -> None:
    """A hundred outcomes in ten tenths: chance alone makes some percent."""
    odds, table = planted(900)
    model = fitted(odds, table, np.repeat([0, 1, 2], 300), ("logistic",))
    (only,) = model.candidates
    assert only.judged.calibration_error > 0.02
    assert {each.key for each in model.remarks} <= {"models.few-to-hold", "models.rate-drifts"}
    assert model.remarks


def test_intervals_hold_the_true_probability_as_often_as_they_say() -> None:
    """A line of known intercept and slope is drawn 300 times from 400 customers each."""
    random = np.random.default_rng(2)
    at = np.array([-2.0, -0.5, 0.5, 2.0])
    true = probability(0.2 + 0.8 * at)
    held = []
    for _ in range(300):
        odds = random.normal(scale=1.5, size=400)
        outcome = (random.random(400) < probability(0.2 + 0.8 * odds)).astype(float)
        low, high = Calibration.fit(odds, outcome).interval(at)
        held.append((low <= true) & (true <= high))
    shares = np.mean(held, axis=0)
    assert (shares > 0.9).all()
    assert (shares < 0.99).all()


def test_below_a_model_a_large_group_is_known_better_than_a_small_one() -> None:
    kinds = ["large"] * 2_000 + ["small"] * 30
    outcome = np.array([1.0] * 20 + [0.0] * 1_980 + [1.0] * 12 + [0.0] * 18)
    table = pa.table({"kind": kinds})
    frame = Frame.of(table, features_of(table))
    pooled = Pooled.fit(frame, outcome, Rung.POOLED)
    assert pooled.feature == "kind"
    (low, high), value = pooled.interval(frame), pooled.probability(frame)
    assert (low <= value).all()
    assert (value <= high).all()
    # Twenty of two thousand: .65 to 1.5 % by Wilson; the pull to the whole hardly matters.
    assert low[0] == pytest.approx(0.0065, abs=0.001)
    assert high[0] == pytest.approx(0.0154, abs=0.001)
    assert high[-1] - low[-1] > 0.2


def test_chance_among_many_categories_tells_no_groups_apart() -> None:
    random = np.random.default_rng(8)
    told = 0
    for _ in range(100):
        table = pa.table({f"c{each}": random.choice(["a", "b", "c"], 200) for each in range(20)})
        frame = Frame.of(table, features_of(table))
        outcome = (random.random(200) < 0.1).astype(float)
        told += Pooled.fit(frame, outcome, Rung.POOLED).feature is not None
    assert told <= 12


def test_what_is_unknown_of_everybody_today_is_not_gone_by() -> None:
    random = np.random.default_rng(1)
    table = pa.table({"steady": random.normal(size=300), "stopped": random.normal(size=300)})
    past = Past(
        table=table,
        outcome=np.zeros(300),
        parts=(np.arange(100), np.arange(100, 200), np.arange(200, 300)),
        windows=Windows(starts=(), horizon=90),
    )
    labels = {key: Labels({"en": key}) for key in table.column_names}
    still = pa.table({"steady": [1.0, None], "stopped": pa.array([None, None], pa.float64())})
    assert [each.key for each in lasting_features(past, table, labels)] == ["steady", "stopped"]
    assert [each.key for each in lasting_features(past, still, labels)] == ["steady"]
    assert len(lasting_features(past, still.slice(0, 0), labels)) == 2


def test_no_reason_says_the_opposite_of_what_its_value_means_alone() -> None:
    """Two figures that go together: the one takes back what the other says too much, and is not told as a reason."""
    random = np.random.default_rng(6)
    orders = random.gamma(2, 4, size=6_000)
    units = orders * 3 + random.normal(scale=2, size=6_000)
    table = pa.table({"orders": orders, "units": units})
    odds = 0.8 * orders - 0.15 * units - 3
    model = fitted(odds, table, np.repeat([0, 1, 2], 2_000), ("logistic",))
    frame = Frame.of(table, model.features)
    most = np.argsort(-orders)[:200]
    parts = model.contributions(frame.take(most))
    assert (parts[:, 1] < 0).mean() > 0.9
    said = [each for of in reasons(model, frame.take(most), "bought") for each in of]
    assert said
    assert all(each.supports for each in said)
    assert not any(each.said.params["feature"] == model.features[1].label for each in said)


def test_a_value_too_rare_to_be_told_apart_is_not_said_to_be_unknown() -> None:
    random = np.random.default_rng(3)
    kinds = np.where(random.random(3_000) < 0.1, [f"k{each % 300}" for each in range(3_000)], "usual").astype(object)
    kinds[::7] = None
    odds = np.array([{"usual": -1.5, None: 0.0}.get(each, 1.5) for each in kinds])
    table = pa.table({"kind": pa.array(kinds, pa.string()), "noise": random.normal(size=3_000)})
    table = table.set_column(0, "kind", pa.array([each if each != "usual" else "usual" for each in kinds], pa.string()))
    model = fitted(odds, table, np.repeat([0, 1, 2], 1_000), ("logistic",))
    frame = Frame.of(table, model.features)
    rows = [int(np.flatnonzero([each == wish for each in kinds])[0]) for wish in ("usual", None)]
    rows.append(int(np.flatnonzero([each not in {"usual", None} for each in kinds])[0]))
    found = reasons(model, frame.take(np.array(rows)), "bought")
    assert [each[0].said.key for each in found] == ["models.reason", "models.reason-unknown", "models.reason-rare"]
