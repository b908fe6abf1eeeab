"""What customers have bought is read from the facts as of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.models.next_product.baskets import Baskets, bought_products
from tests.profiles.staged import staged

ZONE = "Asia/Manila"
BOUGHT = [
    ("A", "paper", "2025-01-10", 5.0),
    ("A", "paper", "2025-01-10", 7.0),
    ("A", "paper", "2025-03-01", 4.0),
    ("A", "paper", "2025-03-05", -4.0),
    ("A", "lamp", "2025-06-01", 30.0),
    ("B", "lamp", "2025-02-01", 0.0),
]
"""Customer, product, day and amount of each order's only line; the negative one is a return."""


def read(folder: Path, engine: Engine, as_of: str, since: str | None = None) -> list[tuple[object, ...]]:
    orders = [
        {"order_id": str(place), "customer_id": customer, "ordered_at": f"{day}T10:00", "amount": amount}
        for place, (customer, _, day, amount) in enumerate(BOUGHT)
    ]
    lines = [
        {"order_id": str(place), "product_id": product, "quantity": 1 if amount >= 0 else -1, "amount": amount}
        for place, (_, product, _, amount) in enumerate(BOUGHT)
    ]
    facts = staged(folder, orders=orders, order_lines=lines)
    start = AsOf.parse(since, ZONE) if since else None
    table = engine.read(bought_products(facts, AsOf.parse(as_of, ZONE), start), facts.bindings((0,)))
    found = Baskets.of(table)
    columns = (found.numbers, found.codes, found.days, found.first, found.last, found.paid)
    return [
        (int(number), code, int(days), date.fromordinal(int(first)), date.fromordinal(int(last)), int(paid))
        for number, code, days, first, last, paid in zip(*columns, strict=True)
    ]


def test_days_of_purchase_are_counted_once_and_returns_not(tmp_path: Path, engine: Engine) -> None:
    assert read(tmp_path, engine, "2026-01-01") == [
        (0, "lamp", 1, date(2025, 6, 1), date(2025, 6, 1), 3000),
        (0, "paper", 2, date(2025, 1, 10), date(2025, 3, 1), 700),
        (1, "lamp", 1, date(2025, 2, 1), date(2025, 2, 1), 0),
    ]


def test_nothing_of_that_day_or_later_counts(tmp_path: Path, engine: Engine) -> None:
    assert read(tmp_path, engine, "2025-03-01") == [
        (0, "paper", 1, date(2025, 1, 10), date(2025, 1, 10), 700),
        (1, "lamp", 1, date(2025, 2, 1), date(2025, 2, 1), 0),
    ]


def test_a_window_begins_on_its_day(tmp_path: Path, engine: Engine) -> None:
    assert [each[:2] for each in read(tmp_path, engine, "2026-01-01", "2025-03-01")] == [(0, "lamp"), (0, "paper")]
