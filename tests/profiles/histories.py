"""Arbitrary small companies, for properties: few customers and days, so that ties, returns and repeats are common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

START = datetime(2024, 1, 1)  # noqa: DTZ001
CUSTOMERS = ("A", "B", "C", "é")
PRODUCTS = (
    {"product_id": "p", "category": "x"},
    {"product_id": "q", "category": "x"},
    {"product_id": "r", "category": "y"},
    {"product_id": "s"},
)

Row = dict[str, Any]

customers = st.sampled_from(CUSTOMERS)
moments = st.builds(
    lambda day, minute: (START + timedelta(days=day, minutes=minute)).isoformat(),
    st.integers(0, 800),
    st.sampled_from([0, 1, 959, 960, 961, 1439]),
)
amounts = st.one_of(st.integers(-500, 5000), st.just(0)).map(lambda cents: cents / 100)


@st.composite
def orders_with_lines(draw: st.DrawFn, prefix: str = "") -> tuple[list[Row], list[Row]]:
    """Up to thirty orders of up to three lines; an order's amount is that of its lines."""
    orders, lines = [], []
    for number in range(draw(st.integers(0, 30))):
        key = f"{prefix}{number:02}"
        own = [_line(draw, key, each) for each in range(draw(st.integers(1, 3)))]
        orders.append(
            {
                "order_id": key,
                "customer_id": draw(customers),
                "ordered_at": draw(moments),
                "channel": draw(st.sampled_from(["web", "store", None])),
                "amount": round(sum(line["amount"] for line in own), 2),
            }
        )
        lines += own
    return orders, lines


def _line(draw: st.DrawFn, order: str, number: int) -> Row:
    quantity = draw(st.integers(-3, 9).filter(bool))
    return {
        "line_id": f"{order}-{number}",
        "order_id": order,
        "product_id": draw(st.sampled_from(["p", "q", "r", "s"])),
        "quantity": quantity,
        "amount": round(abs(draw(amounts)) * (1 if quantity > 0 else -1), 2),
    }


def dated(time: str, **choices: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    """Rows of a table with a customer, a time and some other columns."""
    return st.lists(st.fixed_dictionaries({"customer_id": customers, time: moments, **choices}), max_size=12)


def numbered(key: str, rows: list[Row], prefix: str = "") -> list[Row]:
    """The rows with a key of their own."""
    return [row | {key: f"{prefix}{number:02}"} for number, row in enumerate(rows)]


others = st.fixed_dictionaries(
    {
        "contracts": dated(
            "signed_at",
            starts_on=st.sampled_from(["2024-06-01", None]),
            ends_on=st.sampled_from(["2025-01-01", None]),
            recurring_amount=st.integers(0, 99),
            period=st.sampled_from(["month", "quarter", "year"]),
            amount=st.integers(0, 999),
        ),
        "opportunities": dated(
            "opened_at",
            stage=st.sampled_from(["offer", "talks", None]),
            amount=st.integers(0, 99),
            closed_at=st.one_of(st.none(), moments),
            won=st.booleans(),
        ),
        "interactions": dated(
            "happened_at",
            kind=st.sampled_from(["consultation", "follow_up", "complaint", "call"]),
            direction=st.sampled_from(["in", "out", None]),
            outcome=st.sampled_from(["done", None]),
            minutes=st.integers(0, 9),
            next_at=st.one_of(st.none(), moments),
        ),
        "feedback": dated(
            "given_at",
            question=st.sampled_from(["nps", "csat", None]),
            score=st.one_of(st.none(), st.integers(0, 10)),
            scale_max=st.sampled_from([5, 10]),
        ),
        "usage": dated("used_at", feature=st.sampled_from(["f", "g", None]), quantity=st.integers(0, 5)),
        "costs": dated("spent_at", amount=st.integers(0, 99)),
        "invoices": dated("issued_at", due_on=st.just("2025-01-15"), amount=st.integers(-9, 99)),
        "payments": dated("paid_at", amount=st.integers(1, 99), invoice_id=st.sampled_from(["00", "01", "02"])),
    }
)

KEYS = {
    "contracts": "contract_id",
    "opportunities": "opportunity_id",
    "interactions": "interaction_id",
    "feedback": "feedback_id",
    "usage": "usage_id",
    "costs": "cost_id",
    "invoices": "invoice_id",
    "payments": "payment_id",
}
TIMES = {
    "orders": "ordered_at",
    "contracts": "signed_at",
    "opportunities": "opened_at",
    "interactions": "happened_at",
    "feedback": "given_at",
    "usage": "used_at",
    "costs": "spent_at",
    "invoices": "issued_at",
    "payments": "paid_at",
}
