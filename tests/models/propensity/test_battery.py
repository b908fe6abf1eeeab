"""What holds for every model of a yes or no, however odd its data."""

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.errors import CarpelError
from carpel.models.frames import Frame, features_of
from carpel.models.propensity import LEARNERS, Blocks, Propensity, Rung, at_random, by_time, deciles, judge, reasons

RANDOM = np.random.default_rng(7)
MANY = 2_000


def company(rows=MANY, seed=7):
    random = np.random.default_rng(seed)
    size, speed = random.normal(size=rows), random.exponential(size=rows)
    kind = random.choice(["consumer", "business", "reseller"], rows, p=[0.6, 0.3, 0.1])
    odds = 1.2 * size - 0.8 * speed + 1.5 * (kind == "business") - 1
    outcome = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(float)
    return pa.table({"size": size, "speed": speed, "kind": kind}), outcome


def fitted(table, outcome, **options):
    frame = Frame.of(table, features_of(table))
    return frame, Propensity.fit(frame, outcome, at_random(frame.fingerprints()), **options)


@pytest.fixture(scope="module", params=list(LEARNERS))
def learner(request):
    return request.param


def test_it_finds_what_is_there(learner):
    table, outcome = company(6_000)
    _, model = fitted(table, outcome, learners=(learner,))
    (only,) = model.candidates
    assert only.judged.auc > 0.75
    assert only.judged.auc_low < only.judged.auc < only.judged.auc_high
    assert only.gain_low > 0
    assert only.judged.calibration_error < 0.06
    assert only.deciles[0].rate > only.deciles[-1].rate
    assert model.wanted is None


def test_nothing_is_found_where_nothing_is(learner):
    table, _ = company()
    chance = (RANDOM.random(MANY) < 0.3).astype(float)
    _, model = fitted(table, chance, learners=(learner,))
    (only,) = model.candidates
    assert only.gain_low <= 0
    assert only.judged.auc_low <= 0.5


def test_columns_that_say_nothing_change_nothing(learner):
    table, outcome = company()
    frame, model = fitted(table, outcome, learners=(learner,))
    empty = pa.array([None] * MANY, pa.float64())
    more = table.append_column("constant", pa.array([1.0] * MANY)).append_column("missing", empty)
    again, other = fitted(more, outcome, learners=(learner,))
    np.testing.assert_array_equal(other.probability(again), model.probability(frame))


def test_the_order_of_rows_means_nothing(learner):
    table, outcome = company()
    frame, model = fitted(table, outcome, learners=(learner,))
    order = RANDOM.permutation(MANY)
    moved, other = fitted(table.take(order), outcome[order], learners=(learner,))
    np.testing.assert_allclose(other.probability(moved), model.probability(frame)[order], atol=1e-4)
    np.testing.assert_array_equal(model.probability(frame.take(order)), model.probability(frame)[order])


def test_extreme_values_stay_probabilities(learner):
    table, outcome = company()
    size = np.array(table["size"].to_pylist())
    size[:4] = [1e300, -1e300, np.inf, np.nan]
    frame, model = fitted(table.set_column(0, "size", pa.array(size)), outcome, learners=(learner,))
    found = model.probability(frame)
    assert np.isfinite(found).all()
    assert ((found > 0) & (found < 1)).all()


def test_duplicates_are_treated_alike(learner):
    table, outcome = company(1_000)
    twice = pa.concat_tables([table, table])
    frame, model = fitted(twice, np.concatenate([outcome, outcome]), learners=(learner,))
    found = model.probability(frame)
    np.testing.assert_array_equal(found[:1_000], found[1_000:])


def test_kept_and_read_again_it_says_the_same(learner):
    table, outcome = company()
    frame, model = fitted(table, outcome, learners=(learner,))
    again = Propensity.from_json(model.to_json())
    other = Frame.of(table, again.features)
    np.testing.assert_array_equal(again.probability(other), model.probability(frame))
    np.testing.assert_array_equal(again.contributions(other), model.contributions(frame))
    assert again.interval(other)[0].tolist() == model.interval(frame)[0].tolist()


def test_contributions_add_up_to_the_log_odds(learner):
    table, outcome = company()
    frame, model = fitted(table, outcome, learners=(learner,))
    found = model.probability(frame)
    apart = np.log(found / (1 - found)) - model.contributions(frame).sum(axis=1)
    np.testing.assert_allclose(apart, apart[0], atol=1e-9)


def test_reasons_name_what_counts(learner):
    table, outcome = company(4_000)
    frame, model = fitted(table, outcome, learners=(learner,))
    strong = int(np.argmax(table["size"].to_pylist()))
    (each,) = reasons(model, frame.take(np.array([strong])), "bought")
    assert each[0].supports
    assert each[0].said.render().startswith("size: ")
    assert sum(reason.supports for reason in each) <= 3
    assert sum(not reason.supports for reason in each) <= 3
    (turned,) = reasons(model, frame.take(np.array([strong])), "lost", against=True)
    assert [reason.supports for reason in turned] == [not reason.supports for reason in each]


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_all_or_nobody_is_a_rule(outcome):
    table, _ = company(200)
    frame, model = fitted(table, np.full(200, outcome))
    assert model.rung is Rung.RULE
    assert model.wanted is not None
    assert set(model.probability(frame)) == {(200 * outcome + 1) / 202}


def test_one_customer_gets_an_answer():
    table, _ = company(1)
    frame = Frame.of(table, features_of(table))
    model = Propensity.fit(frame, [1.0], at_random(frame.fingerprints()))
    assert model.rung is Rung.RULE
    assert model.probability(frame).tolist() == [2 / 3]
    with pytest.raises(CarpelError, match="no customer"):
        Propensity.fit(frame.take(np.array([], int)), [], at_random(frame.fingerprints()[:0]))


def test_few_outcomes_are_pooled_by_what_tells_most():
    kinds = ["a"] * 100 + ["b"] * 100
    outcome = np.array([1.0] * 20 + [0.0] * 180)
    frame, model = fitted(pa.table({"kind": kinds, "coin": ["x", "y"] * 100}), outcome)
    assert model.rung is Rung.POOLED
    assert model.wanted is not None
    assert "50 customers" in model.wanted.render()
    high, low = model.probability(frame)[[0, 150]]
    # Pulled to the whole: less than the 20 % of one, more than the 0 % of the other.
    assert 0.1 < high < 0.2
    assert 0 < low < 0.1
    assert "kind" in reasons(model, frame.take(np.array([0])), "bought")[0][0].said.render()
    np.testing.assert_array_equal(Propensity.from_json(model.to_json()).probability(frame), model.probability(frame))


def test_what_is_wanted_names_the_scarcest_of_the_three_blocks():
    """Seventy of a hundred outcomes stand in the first block: it is the twelve of the last that hold it back."""
    table, _ = company(300)
    outcome = np.zeros(300)
    outcome[:70] = outcome[100:118] = outcome[200:212] = 1
    frame = Frame.of(table, features_of(table))
    train, calibrate, test = np.split(np.arange(300), 3)
    model = Propensity.fit(frame, outcome, Blocks(train=train, calibrate=calibrate, test=test, dated=True))
    assert model.wanted is not None
    assert (model.wanted.key, model.wanted.params["found"]) == ("models.wanted-after-pooled", 12)


def test_where_all_are_alike_it_is_said_that_nothing_tells_them_apart():
    (table, _), outcome = company(), np.tile([1.0, 0.0], MANY // 2)
    frame = Frame.of(table, ())
    model = Propensity.fit(frame, outcome, at_random(RANDOM.integers(0, 2**60, MANY).astype(np.uint64)))
    assert model.wanted is not None
    assert model.wanted.key == "models.wanted-differences"


def test_an_outcome_is_one_or_nothing():
    table, _ = company(3)
    frame = Frame.of(table, features_of(table))
    with pytest.raises(CarpelError, match="outcome"):
        Propensity.fit(frame, [0, 1, 2], at_random(frame.fingerprints()))


def test_other_features_are_refused():
    table, outcome = company()
    _, model = fitted(table, outcome, learners=("logistic",))
    other = table.drop_columns("speed")
    with pytest.raises(CarpelError, match="speed"):
        model.probability(Frame.of(other, features_of(other)))


def test_blocks_follow_time_and_share_no_moment():
    times = np.repeat(np.arange(10), 7)
    prints = RANDOM.integers(0, 2**60, len(times)).astype(np.uint64)
    blocks = by_time(times, prints)
    sets = [set(times[rows]) for rows in (blocks.train, blocks.calibrate, blocks.test)]
    assert max(sets[0]) < min(sets[1])
    assert max(sets[1]) < min(sets[2])
    assert sorted(np.concatenate([blocks.train, blocks.calibrate, blocks.test])) == list(range(70))
    assert blocks.dated
    assert not by_time(np.zeros(70), prints).dated


def test_figures_of_a_judgement_by_hand():
    told, happened = np.array([0.9, 0.8, 0.3, 0.2]), np.array([1.0, 0.0, 1.0, 0.0])
    found = judge(told, happened)
    assert found.auc == 0.75
    assert found.brier == pytest.approx((0.01 + 0.64 + 0.49 + 0.04) / 4)
    assert found.log_loss == pytest.approx(-np.log([0.9, 0.2, 0.3, 0.8]).mean())
    assert found.calibration_error == pytest.approx((0.1 + 0.8 + 0.7 + 0.2) / 4)
    assert judge(told, np.ones(4)).auc is None
    tenths = deciles(np.linspace(0, 1, 100), (np.arange(100) >= 80).astype(float))
    assert [each.rate for each in tenths][:3] == [1.0, 1.0, 0.0]
    assert tenths[0].lift == 5
    assert tenths[1].reached == 1
