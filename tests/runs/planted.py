"""Shops with a planted truth: who brings more later is known, and nothing in anybody's past tells it but one thing."""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from carpel.engine import open_engine
from carpel.runs import Run, read_settings, run
from carpel.store import open_store

NOW = datetime(2025, 7, 1, 4, tzinfo=UTC)
LAST = date(2025, 6, 30)
DAYS = 400
PERIOD = 100
CHANNELS = ("app", "phone", "shop", "web")

SETTINGS = """\
workspace: planted
currency: PHP
time_zone: Asia/Manila
revenue: orders
profile: [recency_days, frequency, order_mean, largest_order, spend_90d, tenure_days, main_channel, channels]
sources:
  shop:
    files: data/*.csv
    tables:
      orders: {order_id: No, customer_id: Who, ordered_at: At, amount: Amount, channel: Channel}
"""

SCHEME = """\
scheme: planted   # all in one, to begin with
limits: {customers: 40}
segments:
  # Those who bought of late.
  - key: recent
    when: recency_days <= 30
  - key: earlier
    otherwise: true   # everyone left
"""


CRM = """\
  crm:
    files: crm/*.csv
    tables:
      customers: {customer_id: Who, kind: Kind}
"""


def shop(
    folder: Path,
    *,
    seed: int,
    lift: float = 1.0,
    customers: int = 500,
    scheme: str = SCHEME,
    firms: Collection[str] = (),
) -> Run:
    """A shop's first run. In the last 100 days customers of the app bring `lift` times as much as the others.

    Where firms are named, a CRM says today who is one.
    """
    (folder / "data").mkdir(parents=True)
    (folder / "schemes").mkdir()
    (folder / "carpel.yaml").write_text(SETTINGS + (CRM if firms else ""), encoding="utf-8")
    if firms:
        (folder / "crm").mkdir()
        kinds = [(who, "business" if who in firms else "consumer") for who in map("C{:04}".format, range(customers))]
        lines = [f"{who},{kind}\n" for who, kind in kinds]
        (folder / "crm" / "customers.csv").write_text("".join(["Who,Kind\n", *lines]), encoding="utf-8")
    (folder / "schemes" / "planted.yaml").write_text(scheme, encoding="utf-8")
    with (folder / "data" / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["No", "Who", "At", "Amount", "Channel"], *orders(seed, lift, customers)])
    settings = read_settings(folder)
    engine, store = open_engine("duckdb", threads=1), open_store("sqlite", folder)
    try:
        return run(settings, engine, store, now=NOW)
    finally:
        engine.close()
        store.close()


def orders(seed: int, lift: float, customers: int) -> list[list[str]]:
    """About twelve orders a customer, all by one channel; days and amounts are drawn alike for everybody."""
    chance = np.random.default_rng(seed)
    rows: list[list[str]] = []
    for number in range(customers):
        channel = CHANNELS[int(chance.integers(4))]
        for _ in range(1 + int(chance.poisson(11))):
            days = int(DAYS * chance.random())
            later = days < PERIOD and channel == "app"
            amount = 100 * chance.gamma(4) * (lift if later else 1.0)
            day = LAST - timedelta(days=days)
            rows.append([f"O{len(rows):06}", f"C{number:04}", f"{day} 09:00:00", f"{amount:.2f}", channel])
    rows.append(["O-first", "C0000", f"{LAST - timedelta(days=DAYS)} 09:00:00", "1.00", "shop"])
    return rows
