from pathlib import Path

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.profiles import catalogue, fit, profile
from tests.profiles.staged import staged


def test_recency_frequency_and_money_count_purchases_before_the_moment(tmp_path: Path, engine: Engine) -> None:
    orders = [
        {"order_id": "1", "customer_id": "A", "ordered_at": "2025-01-05T10:00", "amount": 10, "channel": "web"},
        {"order_id": "2", "customer_id": "A", "ordered_at": "2025-02-05T10:00", "amount": 30, "channel": "web"},
        {"order_id": "3", "customer_id": "A", "ordered_at": "2025-02-05T12:00", "amount": -5, "channel": "web"},
    ]
    facts = staged(tmp_path, customers=[{"customer_id": "A"}, {"customer_id": "B"}], orders=orders)
    known = catalogue(facts)
    as_of = AsOf.parse("2025-07-01", "Asia/Manila")
    steps = profile(facts, known, as_of, fit(facts, known, as_of, engine))
    bought, never = engine.read(steps, facts.bindings(range(1))).to_pylist()
    assert (bought["recency_days"], bought["frequency"], bought["monetary_value"]) == (146, 2, 3500)
    assert (never["recency_days"], never["frequency"], never["monetary_value"]) == (None, 0, 0)
