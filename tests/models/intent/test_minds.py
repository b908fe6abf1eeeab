"""What customers mean to do, by what they said and did last."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import LANGUAGES
from carpel.models.intent import Evidence, Intent, Minds, learn
from tests.models.intent.test_telling import notes

TODAY = date(2026, 7, 1)
AS_OF = AsOf.start_of(TODAY, "UTC")


def ago(days):
    return TODAY - timedelta(days=days)


def talks(*rows):
    """(customer, days ago, outcome, text, kind) each."""
    return pa.RecordBatch.from_pydict({
        "customer_no": pa.array([row[0] for row in rows], pa.int64()),
        "day": pa.array([ago(row[1]) for row in rows], pa.date32()),
        "outcome": pa.array([row[2] for row in rows], pa.string()),
        "text": pa.array([row[3] if len(row) > 3 else None for row in rows], pa.string()),
        "kind": pa.array([row[4] if len(row) > 4 else "follow_up" for row in rows], pa.string()),
    })  # fmt: skip


def deals(*rows):
    """(customer, opened days ago, stage, closed days ago, won) each."""
    return pa.RecordBatch.from_pydict({
        "customer_no": pa.array([row[0] for row in rows], pa.int64()),
        "opened_at": pa.array([datetime.combine(ago(row[1]), datetime.min.time()) for row in rows], pa.timestamp("us")),
        "stage": pa.array([row[2] for row in rows], pa.string()),
        "closed_at": pa.array(
            [None if row[3] is None else datetime.combine(ago(row[3]), datetime.min.time()) for row in rows],
            pa.timestamp("us"),
        ),
        "won": pa.array([row[4] for row in rows], pa.bool_()),
    })  # fmt: skip


def buys(*rows):
    return pa.RecordBatch.from_pydict({
        "customer_no": pa.array([row[0] for row in rows], pa.int64()),
        "day": pa.array([ago(row[1]) for row in rows], pa.date32()),
    })  # fmt: skip


def after(*batches, **options):
    minds = Minds(AS_OF, **options)
    for batch in batches:
        minds.add_interactions(batch)
    return minds


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("We would like to order rice every month, what is the best price?", "interested", "price"),
        ("我们在犹豫，价格有点贵", "hesitating", "price"),
        ("我們已經和別家簽約，不需要了", "never", "competitor"),
        ("saka na lang po, may stock pa kami", "not_now", "timing"),
    ],
)
def test_plain_phrases_are_understood_in_four_languages(text, intent, reason):
    mind = after(talks((1, 3, None, text, "consultation"))).of(1)
    assert mind.intent == intent
    assert mind.statement.evidence is Evidence.WORDS
    assert reason in mind.statement.reasons
    assert mind.age_days == 3
    for language in LANGUAGES:
        assert "{" not in mind.why.render(language)
        assert "models." not in mind.why.render(language)
    assert "3 days ago" in mind.why.render("en")


def test_the_newest_wins():
    said = talks((1, 50, "declined"), (1, 5, "interested"), (2, 50, "interested"), (2, 5, "declined"))
    minds = after(said)
    assert (minds.of(1).intent, minds.of(2).intent) == ("interested", "never")


def test_of_one_day_the_outcome_counts_before_words_and_the_careful_before_the_bold():
    minds = after(talks((1, 5, "interested"), (1, 5, None, "not interested"), (2, 5, "interested"), (2, 5, "declined")))
    assert (minds.of(1).intent, minds.of(2).intent) == ("interested", "never")


def test_evidence_fades_until_nothing_is_known():
    minds = after(talks((1, 10, "interested"), (2, 300, "interested"), (3, 300, "declined"), (4, 3000, "declined")))
    assert [minds.of(each).intent for each in (1, 2, 3, 4)] == ["interested", "unknown", "never", "unknown"]
    assert minds.of(1).strength > minds.of(2).strength
    assert "300 days" in minds.of(2).why.render("en")


def test_what_is_bought_after_a_refusal_speaks_louder_but_a_click_does_not():
    minds = after(talks((1, 200, "declined"), (2, 200, "declined"), (3, 2, "declined"), (2, 1, None, None, "click")))
    minds.add_purchases(buys((1, 2), (3, 40)))
    assert [minds.of(each).intent for each in (1, 2, 3)] == ["interested", "never", "never"]
    assert minds.of(1).statement.evidence is Evidence.PURCHASE


def test_opportunities_speak_as_of_the_day_they_were_closed():
    minds = Minds(AS_OF)
    minds.add_opportunities(
        deals(
            (1, 30, "negotiation", None, None), (2, 90, "won", 3, True), (3, 90, "lost", 3, False),
            (4, 30, "on hold", None, None), (5, 9, "stage 7", None, None), (6, 90, "lost", -3, False),
        )
    )  # fmt: skip
    found = [minds.of(each).intent for each in range(1, 7)]
    assert found == ["interested", "interested", "not_now", "not_now", "unknown", "interested"]
    assert minds.of(3).age_days == 3
    assert minds.unread == {"stage 7": 1}


def test_an_open_opportunity_without_a_stage_speaks_of_interest_and_a_closed_one_of_nothing():
    minds = Minds(AS_OF)
    minds.add_opportunities(deals((1, 30, None, None, None), (2, 30, None, 3, None)))
    assert [minds.of(each).intent for each in (1, 2)] == ["interested", "unknown"]


def test_days_are_cut_where_the_workspace_cuts_them():
    manila = AsOf.start_of(TODAY, "Asia/Manila")
    minds = Minds(manila)
    # Four in the afternoon in Greenwich is midnight in Manila.
    late = deals((1, 30, "lost", 3, False)).to_pylist()[0] | {"closed_at": datetime.combine(ago(4), time(16))}
    minds.add_opportunities(pa.RecordBatch.from_pylist([late]))
    assert minds.of(1).age_days == 3


def test_the_future_changes_nothing():
    before = talks((1, 9, "declined"))
    minds = after(before, talks((1, 0, "interested"), (1, -5, "interested")))
    minds.add_purchases(buys((1, 0), (1, -9)))
    minds.add_opportunities(deals((1, -1, "won", -1, True)))
    assert minds.table() == after(before).table()


def test_outcomes_that_say_nothing_are_counted_and_can_be_given_a_meaning():
    batch = talks((1, 3, "K7"), (1, 2, "K7"), (2, 2, "done"))
    assert after(batch).unread == {"K7": 2}
    minds = after(batch, outcomes={"K7": Intent.HESITATING})
    assert minds.of(1).intent == "hesitating"
    assert not minds.unread


def test_learned_words_take_the_place_of_phrases():
    telling = learn([notes()])
    minds = after(talks((1, 3, None, "mops is nothing for us, the price is too high")), telling=telling)
    assert minds.of(1).intent == "never"
    assert minds.of(1).statement.reasons == ("price",)
    assert 0.5 <= minds.of(1).statement.sure <= 1


def test_the_order_of_rows_means_nothing():
    rows = [(n % 5, n % 7, outcome) for n, outcome in enumerate(["interested", "declined", "thinking", "later"] * 9)]
    order = np.random.default_rng(4).permutation(len(rows))
    assert after(talks(*(rows[at] for at in order))).table() == after(talks(*rows)).table()
    one_by_one = after(*(talks(row) for row in rows + rows))
    assert one_by_one.table() == after(talks(*rows)).table()


def test_odd_rows_say_nothing():
    minds = after(
        talks((None, 3, "interested"), (1, 3, None, ""), (1, 3, None, "😀"), (2, 3, "interested", None, "complaint"))
    )
    minds.add_interactions(talks())
    minds.add_interactions(pa.RecordBatch.from_pydict({"customer_no": pa.array([1, 2], pa.int64())}))
    assert minds.table().num_rows == 0
    assert minds.of(1).intent is Intent.UNKNOWN
    assert all("models." not in minds.of(1).why.render(each) for each in LANGUAGES)


def test_the_table_tells_what_it_rests_on():
    (row,) = after(talks((7, 10, "thinking", "too expensive for now"))).table().to_pylist()
    assert row.pop("strength") == pytest.approx(0.5 ** (10 / 60))
    assert row == {
        "customer_no": 7, "intent": "hesitating", "evidence": "outcome", "reasons": ["price"], "day": ago(10),
        "age_days": 10,
    }  # fmt: skip


def test_answers_come_in_the_order_of_those_asked_about():
    minds = after(talks((7, 10, "thinking"), (9, 900, "thinking")))
    answers = minds.answers(pa.array([9, 3, 7], pa.int64()))
    assert answers["intent"].to_pylist() == ["unknown", "unknown", "hesitating"]
    assert answers["age_days"].to_pylist() == [900, None, 10]
    assert answers["reasons"].to_pylist() == [[], None, []]
    assert Minds(AS_OF).answers(pa.array([1], pa.int64()))["intent"].to_pylist() == ["unknown"]
