"""What facts say of customers' voices, as of a moment."""

import pytest

from carpel.kernel.dates import AsOf
from carpel.models.voice import heard, learn_topics, learn_voices, needs
from tests.models.voice.samples import BLAME, PRAISE
from tests.models.voice.test_themes import ENGLISH
from tests.profiles.staged import staged

AS_OF = AsOf.parse("2026-07-01", "Asia/Manila")


def entry(number, customer, day, text, score):
    return {
        "feedback_id": str(number), "customer_id": customer, "given_at": f"{day}T10:00", "text": text,
        "score": score, "scale_max": 5.0,
    }  # fmt: skip


FEEDBACK = [
    *(entry(n, "A", "2026-01-05", text, 5.0) for n, text in enumerate(PRAISE)),
    *(entry(1000 + n, "B", "2026-01-05", text, 1.0) for n, text in enumerate(BLAME)),
    entry(3000, "C", "2026-02-01", "the kettle is superb and it came on time", None),
    entry(3001, "C", "2026-07-01", "the kettle is awful and broken", 1.0),
]
TALKS = [
    {
        "interaction_id": f"{matter}{n}", "customer_id": f"{matter}-{n}", "happened_at": "2026-03-01T09:00",
        "kind": "consultation", "text": text,
    }
    for matter, texts in ENGLISH.items() for n, text in enumerate(texts)
]  # fmt: skip
LATER = {
    "interaction_id": "later", "customer_id": "Z", "happened_at": "2026-07-01T00:00", "kind": "consultation",
    "text": "about the battery",
}  # fmt: skip
ORDERS = [
    {"order_id": f"o{n}", "customer_id": f"coffee-{n}", "ordered_at": "2026-02-01T09:00", "amount": 1}
    for n in range(60)
]
LINES = [
    {"line_id": f"l{n}", "order_id": f"o{n}", "product_id": "beans", "quantity": 1, "unit_price": 1} for n in range(60)
]
PRODUCTS = [{"product_id": "beans", "name": "Roast beans", "category": "Coffee espresso grinder"}]


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voices")
    return staged(
        folder, feedback=FEEDBACK, interactions=[*TALKS, LATER], orders=ORDERS, order_lines=LINES, products=PRODUCTS
    )


def test_feedback_is_learned_from_and_added_up_by_customer(facts, engine):
    voices = learn_voices(facts, AS_OF, engine)
    assert set(voices.models) == {"en"}
    found = heard(facts, AS_OF, engine, voices, range(facts.bucket_count)).to_pylist()
    assert [each["sentiment"] for each in found] == [1.0, -1.0, 1.0]
    assert found[2]["entries"] == 1
    assert found[2]["last_mood"] == "positive"


def test_needs_are_of_those_who_did_not_buy_an_answer(facts, engine):
    voices, themes = learn_voices(facts, AS_OF, engine), learn_topics(facts, AS_OF, engine)
    found = needs(facts, AS_OF, engine, voices, themes)
    spoken = {word for need in found for word in need.theme.words[:5]}
    assert {"battery", "invoice", "courier"} <= spoken
    assert "coffee" not in spoken


def test_what_is_said_later_changes_nothing(facts, engine, tmp_path):
    without = staged(
        tmp_path, feedback=FEEDBACK[:-1], interactions=TALKS, orders=ORDERS, order_lines=LINES, products=PRODUCTS
    )
    assert learn_topics(facts, AS_OF, engine).to_json() == learn_topics(without, AS_OF, engine).to_json()
    assert learn_voices(facts, AS_OF, engine).to_json() == learn_voices(without, AS_OF, engine).to_json()


def test_without_texts_it_says_what_is_missing(engine, tmp_path):
    facts = staged(tmp_path, orders=ORDERS)
    voices, themes = learn_voices(facts, AS_OF, engine), learn_topics(facts, AS_OF, engine)
    assert set(voices.missing) == set(themes.missing) == {"en", "zh", "fil"}
    assert heard(facts, AS_OF, engine, voices, [0]).num_rows == 0
    assert needs(facts, AS_OF, engine, voices, themes) == ()
