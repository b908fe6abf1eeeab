"""A workspace from a few lines of text, staged, and its facts as rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from carpel.engine import open_engine
from carpel.kernel.progress import Silent
from carpel.kernel.yaml import read_yaml
from carpel.sources import Staged, read_sources, stage

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)

FLAT = """
shop:
  files: shop.csv
  tables:
    orders: {order_id: invoice, customer_id: customer, ordered_at: date}
    order_lines: {order_id: invoice, product_id: item, quantity: quantity, unit_price: price}
    products: {product_id: item, name: description}
    customers: {customer_id: customer, country: country}
"""

HEADER = "invoice,customer,date,item,description,quantity,price,country"


def staged(
    folder: Path,
    sources: str,
    files: dict[str, str],
    *,
    currency: str = "PHP",
    time_zone: str = "UTC",
    revenue: str = "orders",
    now: datetime = NOW,
    in_use: Collection[str] = (),
) -> Staged:
    """Write the files into the folder and stage them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    engine = open_engine("duckdb", threads=2)
    try:
        return stage(
            read_sources(read_yaml(sources, "carpel.yaml"), folder),
            folder=folder,
            currency=currency,
            time_zone=time_zone,
            revenue=revenue,
            engine=engine,
            now=now,
            progress=Silent(),
            in_use=in_use,
        )
    finally:
        engine.close()


def facts(result: Staged, table: str, columns: str = "*", order: str = "ALL") -> list[tuple[Any, ...]]:
    """All rows of a staged table, those without a customer too."""
    found = result.facts.tables[table]
    paths = [str(path) for path in (*found.buckets, *filter(None, [found.without_customer]))]
    return duckdb.execute(f"SELECT {columns} FROM read_parquet({paths!r}) ORDER BY {order}").fetchall()


def quarantine(result: Staged, table: str, columns: str = "reason, amount") -> list[tuple[Any, ...]]:
    """Rows of a table that were set aside."""
    path = result.facts.folder / "quarantine" / f"{table}.parquet"
    if not path.exists():
        return []
    return duckdb.execute(f"SELECT {columns} FROM read_parquet('{path}') ORDER BY ALL").fetchall()


def codes(result: Staged) -> dict[str, int | None]:
    """Issues by key, with their counts."""
    return {issue.code: issue.count for issue in result.issues}


def lines(*rows: str) -> str:
    """A flat invoice file."""
    return "\n".join([HEADER, *rows]) + "\n"
