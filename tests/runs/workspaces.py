"""A tiny workspace whose figures are known: a shop with orders, some without a customer."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from carpel.engine import open_engine
from carpel.governance import SchemeVersion
from carpel.kernel.engine import Engine
from carpel.kernel.progress import Progress
from carpel.runs import Run, RunStore, Settings, publish, read_settings, run

NOW = datetime(2025, 7, 1, 4, tzinfo=UTC)

SETTINGS = """\
workspace: tiny
currency: PHP
time_zone: Asia/Manila
revenue: orders
profile: [recency_days, frequency]
sources:
  people:
    files: data/customers.csv
    tables:
      customers: {customer_id: CustomerID, name: Name, kind: Kind}
  shop:
    files: data/orders.csv
    tables:
      orders: {order_id: OrderNo, customer_id: CustomerID, ordered_at: OrderedAt, amount: Amount}
"""

SCHEME = """\
scheme: customers
base: kind <> 'internal'
partitions:
  value:
    tiers: monetary_value
    over: monetary_value > 0
    shares: {top: 10%, large: 20%, small: 70%}
segments:
  - key: best
    when: value in ('top', 'large')
    segments:
      - key: best-slipping
        when: recency_days > 60
      - key: best-steady
        otherwise: true
  - key: buyers
    when: frequency > 0
  - key: everyone-else
    otherwise: true
"""


def tiny(folder: Path, *, customers: int = 60, seed: int = 7, until: date = date(2025, 6, 30)) -> Settings:
    """Write a workspace and read its settings."""
    (folder / "data").mkdir(parents=True)
    (folder / "schemes").mkdir()
    (folder / "carpel.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "schemes" / "customers.yaml").write_text(SCHEME, encoding="utf-8")
    write_customers(folder, customers)
    write_orders(folder, customers, seed, until)
    return read_settings(folder)


def write_customers(folder: Path, customers: int) -> None:
    """Ids with leading zeros and other scripts among them, so that byte order matters."""
    rows = [[identity(number), f"Customer {number}", _kind(number)] for number in range(customers)]
    _write(folder / "data" / "customers.csv", ["CustomerID", "Name", "Kind"], rows)


def write_orders(folder: Path, customers: int, seed: int, until: date) -> None:
    """Some four orders for each customer, every seventeenth without one."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(customers * 4):
        who = "" if number % 17 == 0 else identity(int(customers * chance.random() ** 2))
        day = until - timedelta(days=int(300 * chance.random()))
        cents = int(chance.integers(-2000, 90_000))
        rows.append([f"O{number:05}", who, f"{day.isoformat()} 10:00:00", f"{cents / 100:.2f}"])
    rows.append(["O99999", identity(1), f"{until.isoformat()} 12:00:00", "17.25"])
    _write(folder / "data" / "orders.csv", ["OrderNo", "CustomerID", "OrderedAt", "Amount"], rows)


def identity(number: int) -> str:
    """A customer's id."""
    return f"{'0客z'[number % 3]}{number:03}"


def make(settings: Settings, store: RunStore, *, progress: Progress | None = None, now: datetime = NOW) -> Run:
    """One run with an engine of its own."""
    engine = open_engine("duckdb", threads=1)
    try:
        return run(settings, engine, store, now=now, progress=progress)
    finally:
        engine.close()


def publish_file(settings: Settings, store: RunStore, *, by: str = "ana", comment: str = "") -> SchemeVersion:
    """Publish the scheme's file."""
    engine = open_engine("duckdb", threads=1)
    try:
        return publish(settings, engine, store, by=by, comment=comment)
    finally:
        engine.close()


def with_engine(threads: int = 1) -> Engine:
    """An engine for a test that needs it after a run."""
    return open_engine("duckdb", threads=threads)


def _kind(number: int) -> str:
    return "internal" if number % 20 == 0 else "business" if number % 5 == 0 else "consumer"


def _write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
