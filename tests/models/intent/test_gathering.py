"""What facts say of customers' intents, as of a moment."""

import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Text
from carpel.models.intent import Telling, gather, learn_telling
from tests.models.intent.test_telling import ROWS
from tests.profiles.staged import staged

AS_OF = AsOf.parse("2026-07-01", "Asia/Manila")


def talk(number, customer, day, outcome, text=None, kind="follow_up"):
    return {
        "interaction_id": str(number), "customer_id": customer, "happened_at": f"{day}T10:00", "kind": kind,
        "outcome": outcome, "text": text,
    }  # fmt: skip


def deal(number, customer, opened, stage, closed=None, won=None):
    return {
        "opportunity_id": str(number), "customer_id": customer, "opened_at": f"{opened}T10:00", "stage": stage,
        "closed_at": closed and f"{closed}T10:00", "won": won,
    }  # fmt: skip


TALKS = [
    *(talk(n, "T", "2020-01-01", outcome, text) for n, (text, outcome) in enumerate(ROWS)),
    talk(900, "A", "2026-06-21", "thinking", "the price is a bit high"),
    talk(901, "A", "2026-07-01", "interested"),
    talk(902, "B", "2026-06-29", None, "mops is nothing for us"),
]
DEALS = [
    deal(1, "C", "2026-06-01", "lost", "2026-06-28", won=False),
    deal(2, "D", "2026-06-01", "lost", "2026-07-02", won=False),
]
ORDERS = [
    {"order_id": "1", "customer_id": "E", "ordered_at": "2026-06-30T10:00", "amount": 5},
    {"order_id": "2", "customer_id": "E", "ordered_at": "2026-07-09T10:00", "amount": 5},
    {"order_id": "3", "customer_id": "F", "ordered_at": "2026-06-30T10:00", "amount": -5, "returns_order_id": "2"},
]


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    return staged(tmp_path_factory.mktemp("minds"), interactions=TALKS, opportunities=DEALS, orders=ORDERS)


def test_every_table_has_its_say_and_the_future_none(facts, engine):
    telling = learn_telling(facts, AS_OF, engine)
    assert isinstance(telling, Telling)
    found = gather(facts, AS_OF, engine, telling, range(facts.bucket_count)).table().to_pylist()
    told = [(each["customer_no"], each["intent"], each["evidence"], each["age_days"]) for each in found]
    assert told[:5] == [
        (0, "hesitating", "outcome", 10),
        (1, "never", "words", 2),
        (2, "not_now", "opportunity", 3),
        (3, "interested", "opportunity", 30),
        (4, "interested", "purchase", 1),
    ]
    assert found[0]["reasons"] == ["price"]
    assert [each["intent"] for each in found[5:]] == ["unknown"]


def test_facts_without_any_of_the_tables_say_nothing(engine, tmp_path):
    facts = staged(tmp_path, revenue=None, customers=[{"customer_id": "A"}])
    assert isinstance(learn_telling(facts, AS_OF, engine), Text)
    assert gather(facts, AS_OF, engine, None, [0]).table().num_rows == 0


def test_tables_with_few_columns_are_enough(engine, tmp_path):
    few = {"interaction_id": "1", "customer_id": "A", "happened_at": "2026-06-21T10:00", "outcome": "declined"}
    deals = [{"opportunity_id": "1", "customer_id": "B", "opened_at": "2026-06-21T10:00", "stage": "proposal"}]
    facts = staged(tmp_path, interactions=[few], opportunities=deals, orders=ORDERS[:1])
    found = gather(facts, AS_OF, engine, None, [0]).table()
    assert found["intent"].to_pylist() == ["never", "interested", "interested"]
