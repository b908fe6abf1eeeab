"""What is learned of words from texts whose outcome is known."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.texts import LANGUAGES, Text
from carpel.models.intent import Intent, Telling, learn

THINGS = ("rice", "coffee", "cleaner", "paper", "printer", "chair", "lamp", "syrup", "cups", "towels")
SAYINGS = {
    "interested": ("we want to start with {} today", "please prepare {} for pick-up", "{} for all branches please"),
    "thinking": ("{} is a little above what we planned", "is there a smaller pack of {}", "somebody must look at {}"),
    "declined": ("take {} out of our account", "we have enough of {} from others", "{} is nothing for us"),
    "done": ("called back about {}", "explained the days on which {} comes", "left a message about {}"),
}
ROWS = [(said.format(thing), outcome) for outcome, ways in SAYINGS.items()
        for said, thing in itertools.product(ways, THINGS)]  # fmt: skip


def notes(rows=ROWS, **more):
    texts, outcomes = zip(*rows, strict=True) if rows else ((), ())
    columns = {"text": pa.array(texts, pa.string()), "outcome": pa.array(outcomes, pa.string())}
    return pa.RecordBatch.from_pydict(columns | more)


@pytest.fixture(scope="module")
def telling():
    found = learn([notes()])
    assert isinstance(found, Telling)
    return found


def test_words_are_understood_as_staff_understood_them(telling):
    told = telling.told(
        ["we want to start with mops today", "is there a smaller pack of mops", "mops is nothing for us"]
    )
    assert [each.intent for each in told] == ["interested", "hesitating", "never"]
    assert all(0.5 <= each.confidence <= 1 for each in told)


def test_notes_that_mean_no_intent_and_texts_never_seen_say_nothing(telling):
    told = telling.told(["called back about mops", "", "😀", "你好", "x" * 100_000])
    assert [each.intent for each in told] == [None] * 5
    assert telling.told([]) == []


def test_it_is_better_than_the_commonest(telling):
    assert telling.hits.accuracy > 0.8 > telling.hits.majority
    for language in LANGUAGES:
        assert "{" not in telling.fared.render(language)
    assert telling.texts == {"interested": 30, "hesitating": 30, "never": 30}


def test_the_order_of_rows_and_copies_mean_nothing(telling):
    order = np.random.default_rng(2).permutation(len(ROWS))
    mixed = learn([notes([ROWS[at] for at in order]), notes(ROWS[:40])])
    assert isinstance(mixed, Telling)
    assert mixed.to_json() == telling.to_json()


def test_what_was_kept_tells_the_same(telling):
    again = Telling.from_json(telling.to_json())
    texts = [text for text, _ in ROWS[::3]]
    assert again.told(texts) == telling.told(texts)
    assert again.to_json() == telling.to_json()
    assert again.hits == telling.hits


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS[:30], ROWS[:55], [("same", "interested")] * 99])
def test_too_few_are_said_to_be_too_few(rows):
    found = learn([notes(rows)])
    assert isinstance(found, Text)
    assert "30" in found.render("en")
    assert all("{" not in found.render(each) for each in LANGUAGES)


def test_complaints_and_texts_without_outcome_teach_nothing():
    assert isinstance(learn([notes(kind=["complaint"] * len(ROWS))]), Text)
    assert isinstance(learn([notes([(text, None) for text, _ in ROWS])]), Text)


def test_a_workspaces_own_words_for_outcomes_are_believed(telling):
    code = {"interested": "A1", "thinking": "B2", "declined": "C3", "done": "Z9"}
    rows = [(text, code[outcome]) for text, outcome in ROWS]
    own = {"A1": Intent.INTERESTED, "B2": Intent.HESITATING, "C3": Intent.NEVER}
    found = learn([notes(rows)], own)
    assert isinstance(found, Telling)
    assert found.to_json() == telling.to_json()
    assert isinstance(learn([notes(rows)]), Text)
