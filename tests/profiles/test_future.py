from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Step
from carpel.profiles import Catalogue, Parameters, catalogue, fit, profile
from tests.profiles import histories
from tests.profiles.staged import staged

AS_OF = AsOf.parse("2025-02-01", "Asia/Manila")
CUTOFF = datetime(2025, 2, 1)  # noqa: DTZ001

Tables = dict[str, list[dict[str, Any]]]


def _company(orders: Any, others: Any) -> Tables:
    tables = {"orders": orders[0], "order_lines": orders[1]}
    return tables | {name: histories.numbered(histories.KEYS[name], rows) for name, rows in others.items()}


def _only_past(tables: Tables) -> Tables:
    """The tables with later rows taken out, and what became known later forgotten."""
    kept = {name: _past(rows, histories.TIMES.get(name)) for name, rows in tables.items()}
    orders = {row["order_id"] for row in kept["orders"]}
    kept["order_lines"] = [row for row in tables["order_lines"] if row["order_id"] in orders]
    kept["opportunities"] = [_still_open(row) for row in kept["opportunities"]]
    return kept


def _past(rows: list[dict[str, Any]], time: str | None) -> list[dict[str, Any]]:
    return [row for row in rows if time is None or datetime.fromisoformat(row[time]) < CUTOFF]


def _still_open(row: dict[str, Any]) -> dict[str, Any]:
    closed = row["closed_at"] is not None and datetime.fromisoformat(row["closed_at"]) < CUTOFF
    return row if closed else row | {"closed_at": None, "won": None}


def _facts(folder: str, tables: Tables) -> Facts:
    customers = [{"customer_id": each, "acquired_at": "2025-03-01T00:00"} for each in histories.CUSTOMERS[:2]]
    return staged(Path(folder), _with_columns(tables), customers=customers, products=histories.PRODUCTS)


@cache
def _steps() -> tuple[Catalogue, tuple[Step, ...]]:
    """One query for every example: expressions are not bound to facts."""
    parameters = Parameters(
        known_through=AS_OF,
        typical_gap_days=60.0,
        category_cycles={"x": 30.0},
        bulk_quantity=6.0,
        value_cuts=(1000, 5000),
    )
    with TemporaryDirectory() as folder:
        facts = _facts(folder, {name: [] for name in ("order_lines", *histories.TIMES)})
        known = catalogue(facts)
        return known, profile(facts, known, AS_OF, parameters)


def _profiles(engine: Engine, tables: Tables) -> list[Any]:
    _, steps = _steps()
    with TemporaryDirectory() as folder:
        rows: list[Any] = engine.read(steps, _facts(folder, tables).bindings(range(1))).to_pylist()
        return rows


def _parameters(engine: Engine, tables: Tables) -> Parameters:
    known, _ = _steps()
    with TemporaryDirectory() as folder:
        return fit(_facts(folder, tables), known, AS_OF, engine)


def _with_columns(tables: Tables) -> Tables:
    """Tables that keep at least one row, else they would lose their columns: one of nobody's."""
    return {name: [*rows, *_nobodys(name)] for name, rows in tables.items()}


def _nobodys(name: str) -> list[dict[str, Any]]:
    full: dict[str, dict[str, Any]] = {
        "orders": {"order_id": "none", "channel": "web", "amount": 1},
        "order_lines": {"line_id": "none", "order_id": "none", "product_id": "p", "quantity": 1, "amount": 1},
        "contracts": {"starts_on": None, "ends_on": None, "recurring_amount": 1, "period": "month", "amount": 1},
        "opportunities": {"stage": None, "amount": 1, "closed_at": None, "won": None},
        "interactions": {"kind": "call", "direction": "in", "outcome": "", "minutes": 1, "next_at": None},
        "feedback": {"question": "nps", "score": 1, "scale_max": 10},
        "usage": {"feature": "f", "quantity": 1},
        "costs": {"amount": 1},
        "invoices": {"due_on": "2025-01-15", "amount": 1},
        "payments": {"amount": 1, "invoice_id": "x"},
    }
    row = full[name] | ({histories.TIMES[name]: "2024-01-01T00:00"} if name in histories.TIMES else {})
    return [row | ({histories.KEYS[name]: "none"} if name in histories.KEYS else {}) | {"customer_id": None}]


def _by_customer(rows: list[Any]) -> dict[str, Any]:
    return {row["customer_id"]: row | {"customer_no": None} for row in rows}


@pytest.mark.slow
@settings(max_examples=36)
@given(orders=histories.orders_with_lines(), others=histories.others)
def test_facts_after_the_moment_change_nothing(engine: Engine, orders: Any, others: Any) -> None:
    """Profiles with the future in the facts equal profiles from the past alone."""
    everything = _company(orders, others)
    past = _by_customer(_profiles(engine, _only_past(everything)))
    for customer, row in _by_customer(_profiles(engine, everything)).items():
        if customer in past:
            assert row == past[customer]
        else:
            assert row["relationship"] is None


@settings(max_examples=12)
@given(orders=histories.orders_with_lines(), others=histories.others)
def test_parameters_know_nothing_of_the_future(engine: Engine, orders: Any, others: Any) -> None:
    everything = _company(orders, others)
    assert _parameters(engine, everything) == _parameters(engine, _only_past(everything))


@settings(max_examples=12)
@given(orders=histories.orders_with_lines(), others=histories.others)
def test_the_order_of_rows_changes_nothing(engine: Engine, orders: Any, others: Any) -> None:
    tables = _company(orders, others)
    backwards = {name: rows[::-1] for name, rows in tables.items()}
    assert _profiles(engine, tables) == _profiles(engine, backwards)
