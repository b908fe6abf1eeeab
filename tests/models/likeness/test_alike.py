"""Leads like chosen customers: found where planted, by nothing that only buyers have, and followed once before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.texts import LANGUAGES, text
from carpel.models import Card, Ground
from carpel.models.likeness import alike
from carpel.profiles import catalogue
from tests.profiles.staged import staged

AS_OF = AsOf.parse("2026-01-01", "Asia/Manila")
ASKS = text("models.question-likeness", segment="Cafés")
BUYERS, LEADS = 1_200, 1_500


def tables(seed: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Cafés and homes; some leads are cafés, and cafés among the leads buy within the last 90 days more often."""
    random = np.random.default_rng(seed)
    customers, orders = [], []
    for number in range(BUYERS + LEADS):
        cafe = number % 3 == 0
        sure = random.random() < 0.9
        customers.append(
            {
                "customer_id": f"C{number:04}",
                "industry": ("food" if cafe else "none") if sure else "other",
                "region": ("Luzon", "Visayas")[int(random.random() < 0.5)],
                "acquired_at": "2024-01-01T08:00",
                "acquisition_channel": ("fair" if cafe else "web") if random.random() < 0.8 else "phone",
            }
        )
        bought = number < BUYERS or random.random() < (0.3 if cafe else 0.05)
        if bought:
            day = date(2024, 6, 1) if number < BUYERS else AS_OF.day - timedelta(days=int(random.integers(1, 80)))
            row = {"order_id": f"O{number}", "customer_id": f"C{number:04}", "amount": 10.0}
            orders.append(row | {"ordered_at": f"{day}T10:00"})
    return {"customers": customers, "orders": orders}


def ground(folder: Path, engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> Ground:
    facts = replace(staged(folder, rows, bucket_size=1000), first_event=date(2024, 6, 1))
    return Ground(facts=facts, catalogue=catalogue(facts), as_of=AS_OF, engine=engine)


CAFES = np.array([number for number in range(BUYERS) if number % 3 == 0])


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Ground:
    return ground(tmp_path_factory.mktemp("likeness"), engine, tables())


def test_cafes_among_the_leads_come_first(on: Ground) -> None:
    """The chance that a café stands before another lead, counted by hand."""
    found = alike(on, CAFES, ASKS)
    bought = {int(row["customer_id"][1:]) for row in tables()["orders"]}
    assert {each.number for each in found.leads} == set(range(BUYERS + LEADS)) - bought
    likeness = {each.number: each.likeness for each in found.leads}
    cafes = np.array([each for number, each in likeness.items() if number % 3 == 0])
    others = np.array([each for number, each in likeness.items() if number % 3 != 0])
    before = (cafes[:, None] > others).mean() + 0.5 * (cafes[:, None] == others).mean()
    assert before > 0.9
    assert [each.likeness for each in found.leads] == sorted(likeness.values(), reverse=True)
    first = found.leads[0]
    assert any(reason.supports for reason in first.reasons)
    assert all(reason.said.render(language) for reason in first.reasons for language in LANGUAGES)


def test_nothing_that_only_buyers_have_has_a_part(on: Ground) -> None:
    found = alike(on, CAFES, ASKS)
    keys = {each.key for each in found.card.weights}
    assert keys <= {"industry", "region", "acquisition_channel", "acquired_at", "kind", "language"}
    assert "acquisition_channel" in keys


def test_leads_of_before_are_followed_and_the_most_alike_bought_more(on: Ground) -> None:
    card = alike(on, CAFES, ASKS).card
    assert card.judged_until == AS_OF.day
    assert card.gain_low is not None
    assert card.gain_low > 0
    assert sum(each.customers for each in card.bands) == LEADS
    bought = sum(int(row["customer_id"][1:]) >= BUYERS for row in tables()["orders"])
    assert sum(each.actual * each.customers for each in card.bands) == pytest.approx(bought)
    assert Card.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_reach_tells_how_many_leads_are_at_least_so_alike(on: Ground) -> None:
    found = alike(on, CAFES, ASKS)
    assert [each.share for each in found.reach] == pytest.approx([n / 10 for n in range(1, 11)], abs=0.01)
    for each in found.reach:
        assert sum(lead.likeness >= each.likeness for lead in found.leads) >= each.leads


def test_few_members_are_told_what_is_lacking(on: Ground) -> None:
    for members in (CAFES[:5], np.array([], dtype=np.int64)):
        found = alike(on, members, ASKS)
        assert found.leads == ()
        assert found.card.wanted is not None


def test_neither_the_order_of_rows_nor_the_future_matters(on: Ground, tmp_path: Path, engine: Engine) -> None:
    rows = tables()
    later = {"order_id": "later", "customer_id": "C2699", "ordered_at": "2026-02-01T10:00", "amount": 1.0}
    other = {"customers": rows["customers"][::-1], "orders": [later, *rows["orders"][::-1]]}
    again = alike(ground(tmp_path, engine, other), CAFES[::-1], ASKS)
    assert again == alike(on, CAFES, ASKS)
