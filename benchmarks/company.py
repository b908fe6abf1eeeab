"""A seeded company for timing: customers, orders and lines as an export would hold them, as Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Size:
    """How large the company is.

    Attributes:
        customers: Customers; about a tenth of them never buy.
        lines: Order lines, about four to an order.
    """

    customers: int
    lines: int

    @property
    def orders(self) -> int:
        """Orders: a quarter of the lines."""
        return self.lines // 4


def generate(folder: Path, size: Size) -> Path:
    """Write customers, products, orders and order_lines; the same size gives the same rows.

    Random numbers are hashes of row numbers, so that every part can be made alone and in any order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "done").exists():
        return folder
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(folder / "spill")}) as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute("CREATE MACRO uniform(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0")
        for table, query in _TABLES.items():
            statement = query.format(customers=size.customers, orders=size.orders, lines=size.lines)
            connection.execute(f"COPY ({statement}) TO '{folder}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    (folder / "done").touch()
    return folder


_TABLES = {
    "customers": """
        SELECT printf('C%09d', i) AS customer_id,
               CASE WHEN uniform(i, 1) < 0.15 THEN 'business' ELSE 'consumer' END AS kind,
               ['PH', 'CN', 'TW', 'HK', 'SG'][1 + floor(5 * uniform(i, 2))::int] AS country
        FROM range({customers}) t(i)""",
    "products": """
        SELECT printf('P%05d', i) AS product_id,
               printf('Product %d', i) AS name,
               printf('category-%02d', floor(40 * uniform(i, 3))::int) AS category
        FROM range(5000) t(i)""",
    "orders": """
        SELECT printf('O%010d', i) AS order_id,
               printf('C%09d', floor({customers} * 0.9 * pow(uniform(i, 4), 1.6))::bigint) AS customer_id,
               TIMESTAMP '2023-01-01' + to_seconds(floor(94608000 * uniform(i, 5))::bigint) AS ordered_at,
               ['web', 'store', 'phone', 'app'][1 + floor(4 * pow(uniform(i, 6), 1.5))::int] AS channel
        FROM range({orders}) t(i)""",
    "order_lines": """
        SELECT printf('O%010d', i // 4) AS order_id,
               printf('P%05d', floor(5000 * pow(uniform(i, 7), 2))::bigint) AS product_id,
               CASE WHEN uniform(i // 4, 8) < 0.03 THEN -1 ELSE 1 END * (1 + floor(6 * uniform(i, 9)))::int AS quantity,
               ((1 + floor(20000 * pow(uniform(i, 10), 3)))/ 100)::decimal(12, 2) AS unit_price,
               0.00::decimal(12, 2) AS discount
        FROM range({lines}) t(i)""",
}
