"""The other obvious alternative: a notebook in pandas over the export, written in the usual vectorised way.

Run as `python -m benchmarks.peer_pandas COMPANY OUT`. It is given all the memory it wants.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.scheme import AS_OF, RULES


def read_lines(company: Path) -> pd.DataFrame:
    """Lines with their order and product."""
    lines = pd.read_parquet(company / "order_lines.parquet")
    orders = pd.read_parquet(company / "orders.parquet")
    products = pd.read_parquet(company / "products.parquet", columns=["product_id", "category"])
    lines["amount"] = (lines["quantity"] * lines["unit_price"].astype(float) - lines["discount"].astype(float)).round(2)
    lines = lines.drop(columns=["unit_price", "discount"])
    lines = lines.merge(orders, on="order_id").merge(products, on="product_id", how="left")
    lines["day"] = lines["ordered_at"].dt.normalize()
    return lines[lines["ordered_at"] < AS_OF]


def build_profiles(company: Path, lines: pd.DataFrame) -> pd.DataFrame:
    """The twenty attributes."""
    as_of = pd.Timestamp(AS_OF)
    orders = lines.groupby("order_id", sort=False).agg(
        customer_id=("customer_id", "first"),
        day=("day", "first"),
        channel=("channel", "first"),
        amount=("amount", "sum"),
    )
    bought = orders[orders["amount"] >= 0]
    profiles = pd.read_parquet(company / "customers.parquet").set_index("customer_id")
    by_customer = bought.groupby("customer_id")
    profiles["recency_days"] = (as_of - by_customer["day"].max()).dt.days
    profiles["tenure_days"] = (as_of - by_customer["day"].min()).dt.days
    profiles["frequency"] = by_customer.size()
    profiles["order_mean"] = by_customer["amount"].mean()
    profiles["order_median"] = by_customer["amount"].median()
    profiles["monetary_value"] = orders.groupby("customer_id")["amount"].sum()
    for days in (30, 90, 365):
        recent = orders[orders["day"] >= as_of - pd.Timedelta(days=days)]
        profiles[f"spend_{days}d"] = recent.groupby("customer_id")["amount"].sum()
        profiles[f"orders_{days}d"] = recent[recent["amount"] >= 0].groupby("customer_id").size()
    returned = -orders.loc[orders["amount"] < 0].groupby("customer_id")["amount"].sum()
    profiles["returns_share"] = returned / by_customer["amount"].sum()
    profiles["channels_count"] = by_customer["channel"].nunique()
    profiles["main_channel"] = _most_frequent(bought, "channel")
    dates = bought[["customer_id", "day"]].drop_duplicates().sort_values(["customer_id", "day"])
    dates["gap"] = dates.groupby("customer_id")["day"].diff().dt.days
    profiles["gap_median_days"] = dates.groupby("customer_id")["gap"].median()
    kept = lines[lines["amount"] >= 0]
    profiles["categories_count"] = kept.groupby("customer_id")["category"].nunique()
    profiles["products_count"] = kept.groupby("customer_id")["product_id"].nunique()
    profiles["largest_need_by_count"] = _most_frequent(kept, "category")
    spent = kept.groupby(["customer_id", "category"])["amount"].sum().reset_index().sort_values("amount")
    profiles["largest_need"] = spent.groupby("customer_id")["category"].last()
    return profiles


def _most_frequent(rows: pd.DataFrame, column: str) -> pd.Series:
    counted = rows.groupby(["customer_id", column]).size().reset_index(name="times").sort_values("times")
    return counted.groupby("customer_id")[column].last()


def assign(profiles: pd.DataFrame) -> pd.DataFrame:
    """Tiers, RFM scores and the twenty rules."""
    p = profiles
    money = p["monetary_value"]
    cuts = money[money > 0].quantile([0.8, 0.95, 0.99])
    p["value"] = np.select(
        [~(money > 0), money > cuts[0.99], money > cuts[0.95], money > cuts[0.8]],
        ["unranked", "top", "large", "medium"],
        "small",
    )
    for score, column, recent in (
        ("r", "recency_days", True),
        ("f", "frequency", False),
        ("m", "monetary_value", False),
    ):
        edges = p[column].quantile([0.2, 0.4, 0.6, 0.8])
        ranks = 1 + np.searchsorted(edges.to_numpy(), p[column].to_numpy(), side="left")
        p[score] = np.where(p[column].isna(), 0, 6 - ranks if recent else ranks)
    rules = [
        ~(p["frequency"] > 0),
        p["value"].isin(["top", "large"]) & (p["kind"] == "business"),
        (p["r"] == 5) & (p["f"] == 5) & (p["m"] == 5),
        (p["value"] == "top") & (p["recency_days"] > 2 * p["gap_median_days"]),
        p["value"] == "top",
        (p["value"] == "large") & (p["recency_days"] > 180),
        (p["value"] == "large") & (p["main_channel"] == "web"),
        p["value"] == "large",
        p["tenure_days"] <= 90,
        p["returns_share"] > 0.5,
        (p["categories_count"] >= 15) & p["r"].isin([4, 5]),
        (p["categories_count"] == 1) & (p["frequency"] >= 3),
        (p["spend_90d"] > 0.5 * p["spend_365d"]) & (p["spend_365d"] > 500),
        p["f"].isin([4, 5]) & p["r"].isin([3, 4, 5]),
        p["r"].isin([1, 2]) & p["f"].isin([4, 5]),
        (p["order_mean"] > 300) & (p["order_median"] > 250),
        (p["channels_count"] == 1) & (p["main_channel"] == "store"),
        p["recency_days"].between(180, 365),
        p["recency_days"] > 365,
    ]
    p["segment"] = np.select(rules, [segment for segment, _ in RULES], "everyone-else")
    return p[["value", "r", "f", "m", "segment"]]


def main(company: Path, out: Path) -> None:
    """Build profiles and assignments, and write both."""
    out.mkdir(parents=True, exist_ok=True)
    profiles = build_profiles(company, read_lines(company))
    assign(profiles).to_parquet(out / "assignments.parquet")
    profiles.to_parquet(out / "profiles.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
