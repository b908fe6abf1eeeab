"""A company small enough to work out by hand, seen as of 1 July 2025 in Manila (30 June 16:00 UTC).

Ana (A) buys paper; Bo (B) is a business with a contract; Cy (C) bought once, in bulk; Di (D) is a prospect;
Ed (E) a lead; Fe (F) is known only from an order after the date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from tests.profiles.staged import staged

AS_OF = AsOf.parse("2025-07-01", "Asia/Manila")

CUSTOMERS: list[dict[str, Any]] = [
    {"customer_id": "A", "name": "Ana", "birth_date": "1990-07-02", "country": "PH", "interests": ["art", "tea"],
     "acquired_at": "2024-01-01T00:00", "acquisition_channel": "fair", "income": 1000.5, "loyalty_card": "gold"},
    {"customer_id": "B", "name": "Bo", "birth_date": "1990-07-01", "kind": "business", "employees": 12},
    {"customer_id": "C", "kind": "consumer", "consent_email": True},
    {"customer_id": "D", "acquired_at": "2025-07-01T00:00", "acquisition_channel": "web"},
    {"customer_id": "E"},
]  # fmt: skip

PRODUCTS: list[dict[str, Any]] = [
    {"product_id": "pen", "category": "writing", "unit_cost": 1},
    {"product_id": "ink", "category": "writing", "unit_cost": 2},
    {"product_id": "pad", "category": "paper", "unit_cost": 3},
    {"product_id": "odd"},
]

ORDERS: list[dict[str, Any]] = [
    # Ana: 10 March (two on one day), 9 April, 29 May, a return, 19 June; the last at 23:30 local on 30 June.
    {"order_id": "a1", "customer_id": "A", "ordered_at": "2025-03-10T09:00", "channel": "web"},
    {"order_id": "a2", "customer_id": "A", "ordered_at": "2025-03-10T18:00", "channel": "store"},
    {"order_id": "a3", "customer_id": "A", "ordered_at": "2025-04-09T09:00", "channel": "web"},
    {"order_id": "a4", "customer_id": "A", "ordered_at": "2025-05-29T09:00", "channel": "store"},
    {"order_id": "a5", "customer_id": "A", "ordered_at": "2025-06-02T09:00", "channel": "store",
     "returns_order_id": "a4"},
    {"order_id": "a6", "customer_id": "A", "ordered_at": "2025-06-30T23:30", "channel": None},
    # At midnight local the date has begun: this one does not count.
    {"order_id": "a7", "customer_id": "A", "ordered_at": "2025-07-01T00:00", "channel": "web"},
    {"order_id": "b1", "customer_id": "B", "ordered_at": "2023-08-01T00:30", "channel": "phone"},
    {"order_id": "b2", "customer_id": "B", "ordered_at": "2024-06-30T10:00", "channel": "phone"},
    {"order_id": "c1", "customer_id": "C", "ordered_at": "2025-05-01T10:00", "channel": "store"},
    {"order_id": "f1", "customer_id": "F", "ordered_at": "2025-07-02T10:00", "channel": "web"},
    {"order_id": "n1", "customer_id": None, "ordered_at": "2025-05-01T10:00", "channel": "web"},
]  # fmt: skip
AMOUNTS = {"a1": 10, "a2": 20, "a3": 30, "a4": 40, "a5": -40, "a6": 0, "a7": 99, "b1": 500, "b2": 100, "c1": 900,
           "f1": 70, "n1": 5}  # fmt: skip
for order in ORDERS:
    order["amount"] = AMOUNTS[str(order["order_id"])]
    order["discount"] = 5 if order["order_id"] == "a3" else None

LINES: list[dict[str, Any]] = [
    # Ana: pens three times, ink once, pads once and returned.
    {"order_id": "a1", "product_id": "pen", "quantity": 2, "unit_price": 5},
    {"order_id": "a2", "product_id": "pen", "quantity": 4, "unit_price": 5},
    {"order_id": "a3", "product_id": "ink", "quantity": 3, "unit_price": 10},
    {"order_id": "a4", "product_id": "pad", "quantity": 4, "unit_price": 10},
    {"order_id": "a5", "product_id": "pad", "quantity": -4, "unit_price": 10},
    {"order_id": "a6", "product_id": "pen", "quantity": 1, "unit_price": 0},
    {"order_id": "a7", "product_id": "odd", "quantity": 99, "unit_price": 1},
    {"order_id": "b1", "product_id": "pad", "quantity": 50, "unit_price": 10},
    {"order_id": "b2", "product_id": "odd", "quantity": 1, "unit_price": 110, "discount": 10},
    {"order_id": "c1", "product_id": "pad", "quantity": 90, "unit_price": 10},
    {"order_id": "f1", "product_id": "pad", "quantity": 7, "unit_price": 10},
    {"order_id": "n1", "product_id": "pad", "quantity": 1, "unit_price": 5},
]
for number, line in enumerate(LINES):
    line["line_id"] = str(number)

CONTRACTS: list[dict[str, Any]] = [
    # 1,200 a year and 30 a quarter are active: 100 + 10 a month; the third ended, the fourth has not begun.
    {"contract_id": "k1", "customer_id": "B", "signed_at": "2024-07-01T09:00", "starts_on": "2024-07-01",
     "ends_on": "2025-09-30", "amount": 1500, "recurring_amount": 1200, "period": "year"},
    {"contract_id": "k2", "customer_id": "B", "signed_at": "2025-01-01T09:00", "starts_on": "2025-01-01",
     "ends_on": "2025-07-01", "amount": 60, "recurring_amount": 30, "period": "quarter"},
    {"contract_id": "k3", "customer_id": "B", "signed_at": "2023-01-01T09:00", "starts_on": "2023-01-01",
     "ends_on": "2025-06-30", "amount": 7, "recurring_amount": 7, "period": "month", "renewed_by_contract_id": "k1"},
    {"contract_id": "k4", "customer_id": "B", "signed_at": "2025-06-01T09:00", "starts_on": "2025-08-01",
     "ends_on": None, "amount": 9, "recurring_amount": 9, "period": "month"},
    {"contract_id": "k5", "customer_id": "B", "signed_at": "2025-07-05T09:00", "starts_on": "2025-07-05",
     "amount": 1000, "recurring_amount": 1000, "period": "month"},
]  # fmt: skip

INVOICES: list[dict[str, Any]] = [
    # i1 paid in time in two parts, i2 paid 10 days late, i3 half paid and overdue, i4 not yet due, i5 a credit note.
    {"invoice_id": "i1", "customer_id": "B", "issued_at": "2025-01-01T09:00", "due_on": "2025-01-31", "amount": 100},
    {"invoice_id": "i2", "customer_id": "B", "issued_at": "2025-02-01T09:00", "due_on": "2025-02-28", "amount": 100},
    {"invoice_id": "i3", "customer_id": "B", "issued_at": "2025-05-01T09:00", "due_on": "2025-06-01", "amount": 80},
    {"invoice_id": "i4", "customer_id": "B", "issued_at": "2025-06-20T09:00", "due_on": "2025-07-20", "amount": 50},
    {"invoice_id": "i5", "customer_id": "B", "issued_at": "2025-06-21T09:00", "due_on": "2025-06-21", "amount": -30},
]
PAYMENTS: list[dict[str, Any]] = [
    {"payment_id": "p1", "customer_id": "B", "paid_at": "2025-01-10T09:00", "amount": 60, "invoice_id": "i1"},
    {"payment_id": "p2", "customer_id": "B", "paid_at": "2025-01-29T09:00", "amount": 40, "invoice_id": "i1"},
    {"payment_id": "p3", "customer_id": "B", "paid_at": "2025-03-10T09:00", "amount": 100, "invoice_id": "i2"},
    {"payment_id": "p4", "customer_id": "B", "paid_at": "2025-06-15T09:00", "amount": 40, "invoice_id": "i3"},
    {"payment_id": "p5", "customer_id": "B", "paid_at": "2025-07-01T09:00", "amount": 40, "invoice_id": "i3"},
]

OPPORTUNITIES: list[dict[str, Any]] = [
    # The second was won after the date: as of it, it is open and the latest.
    {"opportunity_id": "o1", "customer_id": "D", "opened_at": "2025-05-01T09:00", "stage": "offer", "amount": 30,
     "closed_at": None, "won": None},
    {"opportunity_id": "o2", "customer_id": "D", "opened_at": "2025-06-01T09:00", "stage": "talks", "amount": 20,
     "closed_at": "2025-07-03T09:00", "won": True},
    {"opportunity_id": "o3", "customer_id": "D", "opened_at": "2025-04-01T09:00", "stage": "won", "amount": 5,
     "closed_at": "2025-04-20T09:00", "won": True},
    {"opportunity_id": "o4", "customer_id": "D", "opened_at": "2025-04-02T09:00", "stage": "lost", "amount": 6,
     "closed_at": "2025-04-21T09:00", "won": False},
    {"opportunity_id": "o5", "customer_id": "D", "opened_at": "2025-04-03T09:00", "stage": "lost", "amount": 6,
     "closed_at": "2025-04-21T09:00", "won": False},
]  # fmt: skip

INTERACTIONS: list[dict[str, Any]] = [
    {"happened_at": "2025-02-01T09:00", "kind": "consultation", "direction": "in"},
    {"happened_at": "2025-02-02T09:00", "kind": "follow_up", "direction": "out", "minutes": 7},
    {"happened_at": "2025-06-01T09:00", "kind": "consultation", "direction": "in", "outcome": "bought"},
    {"happened_at": "2025-06-02T09:00", "kind": "consultation", "direction": "in", "next_at": "2025-07-09T09:00"},
    {"happened_at": "2025-06-03T09:00", "kind": "complaint", "direction": "in", "minutes": 4},
    {"happened_at": "2024-06-03T09:00", "kind": "complaint", "direction": "in", "minutes": 99},
    {"happened_at": "2024-06-04T09:00", "kind": "call", "direction": "out"},
    {"happened_at": "2024-06-05T09:00", "kind": "visit", "direction": "out"},
    {"happened_at": "2025-06-20T09:00", "kind": "click", "direction": None, "next_at": "2025-06-25T09:00"},
    {"happened_at": "2025-07-20T09:00", "kind": "follow_up", "direction": "out"},
]
for number, interaction in enumerate(INTERACTIONS):
    interaction |= {"interaction_id": str(number), "customer_id": "A"}

FEEDBACK: list[dict[str, Any]] = [
    {"given_at": "2025-01-01T09:00", "question": "NPS", "score": 9, "scale_max": 10},
    {"given_at": "2025-02-01T09:00", "question": "NPS", "score": 7, "scale_max": 10},
    {"given_at": "2025-03-01T09:00", "question": "NPS", "score": 6, "scale_max": 10},
    {"given_at": "2025-03-01T09:00", "question": "NPS", "score": 10, "scale_max": 10},
    {"given_at": "2025-04-01T09:00", "question": "CSAT", "score": 2, "scale_max": 5},
    {"given_at": "2025-05-01T09:00", "question": "CSAT", "score": 5, "scale_max": 5},
    {"given_at": "2025-06-01T09:00", "question": "review", "score": None, "scale_max": None, "text": "hm"},
    {"given_at": "2025-07-01T09:00", "question": "CSAT", "score": 1, "scale_max": 5},
]
for number, answer in enumerate(FEEDBACK):
    answer |= {"feedback_id": f"{number:02}", "customer_id": "A"}

USAGE: list[dict[str, Any]] = [
    {"used_at": "2025-06-20T09:00", "feature": "print", "quantity": 2},
    {"used_at": "2025-06-20T10:00", "feature": "scan", "quantity": None},
    {"used_at": "2025-06-01T09:00", "feature": "print", "quantity": 4},
    {"used_at": "2025-05-31T09:00", "feature": "copy", "quantity": 1.5},
    {"used_at": "2025-01-31T09:00", "feature": "copy", "quantity": 10},
    {"used_at": "2025-07-01T09:00", "feature": "fax", "quantity": 100},
]
for number, use in enumerate(USAGE):
    use |= {"usage_id": str(number), "customer_id": "B"}

CONTACTS: list[dict[str, Any]] = [
    {"contact_id": "1", "customer_id": "B", "name": "Gil", "role": "buyer", "decision_maker": True},
    {"contact_id": "2", "customer_id": "B", "name": "Ina", "role": "user", "decision_maker": False},
    {"contact_id": "3", "customer_id": "B", "name": "Jo", "role": "buyer", "decision_maker": None},
]
COSTS: list[dict[str, Any]] = [
    {"cost_id": "1", "customer_id": "A", "spent_at": "2025-06-01T09:00", "amount": 12.34},
    {"cost_id": "2", "customer_id": "A", "spent_at": "2024-06-01T09:00", "amount": 99},
    {"cost_id": "3", "customer_id": "A", "spent_at": "2025-08-01T09:00", "amount": 99},
]


def company(folder: Path, *, revenue: str = "orders", bucket_size: int = 4) -> Facts:
    """The company's facts."""
    return staged(
        folder,
        revenue=revenue,
        bucket_size=bucket_size,
        customers=CUSTOMERS,
        products=PRODUCTS,
        orders=ORDERS,
        order_lines=LINES,
        contracts=CONTRACTS,
        invoices=INVOICES,
        payments=PAYMENTS,
        opportunities=OPPORTUNITIES,
        interactions=INTERACTIONS,
        feedback=FEEDBACK,
        usage=USAGE,
        contacts=CONTACTS,
        costs=COSTS,
    )
