"""A made-up company that has everything models ask for, small enough to learn from in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.models import Ground
from carpel.profiles import catalogue
from tests.profiles.staged import staged

Tables = dict[str, list[dict[str, Any]]]

AS_OF = AsOf.parse("2026-01-01", "Asia/Manila")
FIRST, LAST = date(2023, 1, 1), date(2026, 4, 1)
BUYERS, LEADS = 300, 120
PRODUCTS = (
    ("P1", "Copy paper", "Paper", True),
    ("P2", "Toner", "Printing", True),
    ("P3", "Desk lamp", "Lighting", True),
    ("P4", "Fax roll", "Paper", False),
    ("P5", "Stapler", "Office", True),
    ("P6", "Postage", "Fees", True),
)
SAID = {
    "interested": "we want to order more next month, please send the offer",
    "thinking about it": "still comparing prices, the boss has to decide",
    "not now": "no budget this year, call again later",
    "refused": "never call again, we do not need this",
}
PRAISE = ("great service, quick delivery and friendly staff", "excellent quality, we love it", "very good value")
BLAME = ("terrible, broken on arrival and nobody answers", "too late, bad packaging, very poor", "worst support ever")


def company(seed: int = 3) -> Tables:
    """Buyers of two rhythms, some of whom leave; leads; contracts; talk, feedback and opportunities."""
    random = np.random.default_rng(seed)
    tables: Tables = {
        "customers": [_customer(number, random) for number in range(BUYERS + LEADS)],
        "products": [
            {"product_id": key, "name": name, "category": category, "active": active, "price": 10.0}
            for key, name, category, active in PRODUCTS
        ],
        "orders": [],
        "order_lines": [],
        "contracts": [],
        "interactions": [],
        "feedback": [],
        "opportunities": [],
    }
    for number in range(BUYERS):
        _buy(number, tables, random)
    for number in range(BUYERS + LEADS):
        _talk(number, tables, random)
    return tables


def named(number: int) -> str:
    """The id of a customer."""
    return f"C{number:04}"


def until(tables: Tables, day: date) -> Tables:
    """Without what happened at that day or later."""
    times = {"orders": "ordered_at", "contracts": "signed_at", "interactions": "happened_at", "feedback": "given_at"}
    times["opportunities"] = "opened_at"
    kept = {
        name: [row for row in rows if name not in times or row[times[name]][:10] < day.isoformat()]
        for name, rows in tables.items()
    }
    orders = {row["order_id"] for row in kept["orders"]}
    kept["order_lines"] = [row for row in kept["order_lines"] if row["order_id"] in orders]
    return kept


def only(tables: Tables, customers: Sequence[str]) -> Tables:
    """Only some customers and what happened to them."""
    chosen = set(customers)
    kept = {
        name: [row for row in rows if "customer_id" not in row or row["customer_id"] in chosen]
        for name, rows in tables.items()
    }
    orders = {row["order_id"] for row in kept["orders"]}
    kept["order_lines"] = [row for row in kept["order_lines"] if row["order_id"] in orders]
    return kept


def shuffled(tables: Tables, seed: int = 1) -> Tables:
    """The same rows in another order."""
    random = np.random.default_rng(seed)
    return {name: [rows[place] for place in random.permutation(len(rows))] for name, rows in tables.items()}


def ground(folder: Path, engine: Engine, tables: Tables, as_of: AsOf = AS_OF) -> Ground:
    """What models may know of a company."""
    rows = {name: each for name, each in tables.items() if each}
    facts = staged(folder, rows, bucket_size=200)
    days = [date.fromisoformat(row["ordered_at"][:10]) for row in rows.get("orders", [])]
    facts = replace(facts, first_event=min(days, default=None))
    return Ground(facts=facts, catalogue=catalogue(facts), as_of=as_of, engine=engine)


def _customer(number: int, random: np.random.Generator) -> dict[str, Any]:
    is_business = number % 3 == 0
    return {
        "customer_id": named(number),
        "kind": "business" if is_business else "consumer",
        "region": ("Luzon", "Visayas", "Mindanao")[number % 3],
        "city": f"City {number % 7}",
        "language": "en",
        "industry": ("retail", "schools")[number % 2] if is_business else None,
        "acquired_at": f"{FIRST + timedelta(days=int(random.integers(0, 300)))}T08:00",
        "acquisition_channel": ("web", "shop")[int(random.random() < 0.5)],
    }


def _buy(number: int, tables: Tables, random: np.random.Generator) -> None:
    day = FIRST + timedelta(days=int(random.integers(0, 1060)))
    gap = 20 if number % 3 == 0 else 50
    while day < LAST:
        _order(number, day, tables, random)
        if random.random() < (0.03 if number % 3 == 0 else 0.12):
            break
        day += timedelta(days=max(1, int(random.gamma(4, gap / 4))))
    if number % 5 == 0:
        _sign(number, tables, random)


def _order(number: int, day: date, tables: Tables, random: np.random.Generator) -> None:
    order = f"O{len(tables['orders'])}"
    favourite = "P1" if number % 3 == 0 else "P3"
    bought = [favourite, *(["P2"] if number % 3 == 0 and random.random() < 0.6 else [])]
    bought += [str(random.choice(["P4", "P5", "P6"]))] if random.random() < 0.2 else []
    for product in bought:
        line = f"L{len(tables['order_lines'])}"
        paid = 0.0 if product == "P6" and number % 2 else round(float(random.gamma(4, 10)), 2)
        row = {"line_id": line, "order_id": order, "product_id": product, "quantity": 1, "amount": paid, "cost": 1.0}
        tables["order_lines"].append(row)
    total = round(sum(row["amount"] for row in tables["order_lines"][-len(bought) :]), 2)
    tables["orders"].append(
        {
            "order_id": order,
            "customer_id": named(number),
            "ordered_at": f"{day}T10:00",
            "amount": total,
            "channel": "web",
        }
    )


def _sign(number: int, tables: Tables, random: np.random.Generator) -> None:
    start, before = FIRST + timedelta(days=int(random.integers(0, 300))), None
    while start < LAST:
        key, end = f"K{len(tables['contracts'])}", start + timedelta(days=180)
        row = {"contract_id": key, "customer_id": named(number), "signed_at": f"{start}T09:00", "amount": 600.0}
        tables["contracts"].append(
            row | {"starts_on": start.isoformat(), "ends_on": end.isoformat(), "status": "signed"}
        )
        if before is not None:
            tables["contracts"][before]["renewed_by_contract_id"] = key
        before = len(tables["contracts"]) - 1
        if random.random() < 0.25:
            break
        start = end


def _talk(number: int, tables: Tables, random: np.random.Generator) -> None:
    outcome = list(SAID)[number % 4]
    for _ in range(int(random.integers(1, 4))):
        day = FIRST + timedelta(days=int(random.integers(300, 1180)))
        row = {"interaction_id": f"I{len(tables['interactions'])}", "customer_id": named(number), "outcome": outcome}
        words = f"{SAID[outcome]} {number} {day}"
        tables["interactions"].append(
            row | {"happened_at": f"{day}T11:00", "kind": "consultation", "direction": "in", "text": words}
        )
    for _ in range(4):
        day = FIRST + timedelta(days=int(random.integers(980, 1180)))
        key = f"I{len(tables['interactions'])}"
        called = {"interaction_id": key, "customer_id": named(number), "happened_at": f"{day}T15:00"}
        tables["interactions"].append(called | {"kind": "call", "direction": "out", "outcome": None, "text": None})
    day = FIRST + timedelta(days=int(random.integers(300, 1180)))
    glad = number % 2 == 0
    words = str(random.choice(PRAISE if glad else BLAME))
    tables["feedback"].append(
        {
            "feedback_id": f"F{len(tables['feedback'])}",
            "customer_id": named(number),
            "given_at": f"{day}T12:00",
            "score": 5 if glad else 1,
            "scale_max": 5,
            "text": f"{words}, order {number}",
            "language": "en",
        }
    )
    if number >= BUYERS:
        tables["opportunities"].append(
            {
                "opportunity_id": f"Q{number}",
                "customer_id": named(number),
                "stage": ("proposal", "lost")[number % 2],
                "amount": 100.0,
                "opened_at": f"{day}T13:00",
            }
        )
