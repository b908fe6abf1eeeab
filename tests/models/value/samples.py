"""Published data as order histories, and customers made up after a known model."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from carpel.models.value import Histories

CDNOW_END = date(1997, 9, 30)
GROCERY_END = date(2006, 12, 31)
WEEK = 7


def cdnow(data: Path) -> Histories:
    """The 2,357 customers of the published CDNOW sample over 39 weeks."""
    found = pd.read_csv(data / "cdnow" / "cdnow_customers_summary.csv")
    return Histories.of(found["frequency"], found["recency"], found["T"])


def cdnow_days(data: Path) -> pd.DataFrame:
    """One row for each day on which a customer of the sample bought."""
    found = pd.read_parquet(data / "cdnow" / "CDNOW_sample.parquet")
    found["day"] = pd.to_datetime(found["date"]).dt.date
    return found.groupby(["sample_id", "day"], as_index=False).agg({"dollar_value": "sum"})


def grocery_days(data: Path) -> pd.DataFrame:
    """One row for each day on which a grocery customer bought."""
    found = pd.read_parquet(data / "btydplus_grocery" / "groceryElog.parquet").drop_duplicates()
    return pd.DataFrame({"customer": found["cust"].astype(int), "day": pd.to_datetime(found["date"]).dt.date})


def with_gaps(days: pd.DataFrame) -> pd.DataFrame:
    """The same rows in order of time, with the days since the one before."""
    ordered = days.sort_values(["customer", "day"])
    number = ordered["day"].map(date.toordinal)
    ordered["gap"] = number.groupby(ordered["customer"]).diff()
    return ordered


def histories(days: pd.DataFrame, end: date) -> Histories:
    """Weekly order histories up to a day, in order of customer, with the logarithms of gaps."""
    rows = with_gaps(days[days["day"] <= end])
    by = rows.assign(log_gap=np.log(rows["gap"] / WEEK)).groupby("customer")
    first, last = by["day"].min(), by["day"].max()
    return Histories.of(
        by["day"].count() - 1,
        [(b - a).days / WEEK for a, b in zip(first, last, strict=True)],
        [(end - a).days / WEEK for a in first],
        log_gaps=by["log_gap"].sum(),
    )


def mbg_customers(size: int, seed: int = 7) -> Histories:
    """Customers who order and leave as MBG/NBD has it, with r 0.8, alpha 6, a 0.9, b 2."""
    chance = np.random.default_rng(seed)
    rate, leaving = chance.gamma(0.8, 1 / 6, size), chance.beta(0.9, 2.0, size)
    age = chance.uniform(30, 80, size)
    rows = [_lived(chance, *each) for each in zip(rate, leaving, age, strict=True)]
    frequency, recency = zip(*rows, strict=True)
    return Histories.of(frequency, recency, age)


def _lived(chance: np.random.Generator, rate: float, leaving: float, age: float) -> tuple[int, float]:
    orders, now = 0, 0.0
    while chance.random() >= leaving:
        later = now + chance.exponential(1 / rate)
        if later > age:
            break
        orders, now = orders + 1, later
    return orders, now
