"""Attributes of orders and lines against SQL written by hand over the source's own rows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Step
from carpel.profiles import Parameters, catalogue, profile
from tests.profiles import histories
from tests.profiles.staged import staged

AS_OF = AsOf.parse("2025-02-01", "Asia/Manila")

BY_HAND = """
WITH o AS (
    SELECT order_id, customer_id, ordered_at::timestamp AS at, ordered_at::timestamp::date AS day, channel,
           round(amount * 100)::bigint AS amount, amount < 0 AS returned
    FROM orders WHERE ordered_at::timestamp < TIMESTAMP '2025-02-01'
), l AS (
    SELECT o.customer_id, x.product_id, p.category, x.quantity, round(x.amount * 100)::bigint AS amount,
           o.returned OR x.quantity < 0 OR x.amount < 0 AS returned
    FROM order_lines x JOIN o USING (order_id) LEFT JOIN products p USING (product_id)
), gaps AS (
    SELECT customer_id, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap, day
    FROM (SELECT DISTINCT customer_id, day FROM o WHERE NOT returned)
), owned AS (
    SELECT customer_id, list_sort(list(product_id)) AS products
    FROM (SELECT customer_id, product_id FROM l GROUP BY ALL HAVING sum(quantity) > 0) GROUP BY ALL
)
SELECT c.customer_id,
       DATE '2025-02-01' - max(o.day) FILTER (NOT returned) AS recency_days,
       DATE '2025-02-01' - min(o.day) FILTER (NOT returned) AS tenure_days,
       count(o.order_id) FILTER (NOT returned) AS frequency,
       coalesce(sum(o.amount), 0) AS monetary_value,
       round(avg(o.amount) FILTER (NOT returned)) AS order_mean,
       round(median(o.amount) FILTER (NOT returned)) AS order_median,
       (SELECT median(gap) FROM gaps g WHERE g.customer_id = c.customer_id) AS gap_median_days,
       (SELECT avg(gap) / (avg(gap) + stddev_pop(gap)) FROM gaps g
        WHERE g.customer_id = c.customer_id HAVING count(gap) >= 2) AS gap_regularity,
       (SELECT arg_max(gap, g.day) FROM gaps g WHERE g.customer_id = c.customer_id) AS last_gap_days,
       (SELECT count(*) FROM gaps g WHERE g.customer_id = c.customer_id) AS purchase_days,
       coalesce(sum(o.amount) FILTER (o.day >= DATE '2025-01-02'), 0) AS spend_30d,
       coalesce(sum(o.amount) FILTER (o.day >= DATE '2024-12-03' AND o.day < DATE '2025-01-02'), 0) AS spend_30d_before,
       count(o.order_id) FILTER (NOT returned AND o.day >= DATE '2024-02-02') AS orders_365d,
       CASE WHEN sum(o.amount) FILTER (NOT returned) > 0
            THEN least(1, -coalesce(sum(o.amount) FILTER (returned), 0) / sum(o.amount) FILTER (NOT returned))
       END AS returns_share,
       (SELECT channel FROM o x WHERE x.customer_id = c.customer_id AND NOT returned AND channel IS NOT NULL
        GROUP BY channel ORDER BY count(*) DESC, max(day) DESC, channel DESC LIMIT 1) AS main_channel,
       coalesce((SELECT list_sort(list(DISTINCT channel)) FROM o x
                 WHERE x.customer_id = c.customer_id AND NOT returned AND channel IS NOT NULL), []) AS channels,
       (SELECT count(DISTINCT category) FROM l WHERE l.customer_id = c.customer_id AND NOT returned)
           AS categories_count,
       (SELECT count(DISTINCT product_id) FROM l WHERE l.customer_id = c.customer_id AND NOT returned)
           AS products_count,
       (SELECT category FROM l WHERE l.customer_id = c.customer_id AND NOT returned AND category IS NOT NULL
        GROUP BY category ORDER BY sum(amount) DESC, count(*) DESC, category DESC LIMIT 1) AS largest_need,
       (SELECT category FROM l WHERE l.customer_id = c.customer_id AND NOT returned AND category IS NOT NULL
        GROUP BY category ORDER BY count(*) DESC, sum(amount) DESC, category DESC LIMIT 1) AS largest_need_by_count,
       coalesce((SELECT products FROM owned WHERE owned.customer_id = c.customer_id), []) AS products_owned
FROM customers c LEFT JOIN o ON o.customer_id = c.customer_id
GROUP BY c.customer_id
"""


def _by_hand(tables: dict[str, Any]) -> list[dict[str, Any]]:
    schemas = {
        "customers": [("customer_id", pa.string())],
        "products": [("product_id", pa.string()), ("category", pa.string())],
        "orders": [
            *[(name, pa.string()) for name in ("order_id", "customer_id", "ordered_at", "channel")],
            ("amount", pa.float64()),
        ],
        "order_lines": [
            *[(name, pa.string()) for name in ("order_id", "product_id")],
            *[(name, pa.float64()) for name in ("quantity", "amount")],
        ],
    }
    with duckdb.connect() as connection:
        for name, schema in schemas.items():
            connection.register(name, pa.Table.from_pylist(list(tables[name]), schema=pa.schema(schema)))
        return list(connection.execute(BY_HAND).to_arrow_table().to_pylist())


def _tables(orders: Any) -> dict[str, Any]:
    """With one order of nobody's, so that no table is empty."""
    return {
        "customers": [{"customer_id": each} for each in histories.CUSTOMERS],
        "products": histories.PRODUCTS,
        "orders": [
            {"order_id": "-", "customer_id": None, "ordered_at": "2024-01-01", "amount": 1, "channel": "web"},
            *orders[0],
        ],
        "order_lines": [
            {"line_id": "-", "order_id": "-", "product_id": "p", "quantity": 1, "amount": 1},
            *orders[1],
        ],
    }


@cache
def _steps() -> tuple[Step, ...]:
    with TemporaryDirectory() as folder:
        facts = staged(Path(folder), _tables(([], [])))
        return profile(facts, catalogue(facts), AS_OF, Parameters(known_through=AS_OF))


@pytest.mark.slow
@settings(max_examples=30)
@given(orders=histories.orders_with_lines())
def test_purchases_say_what_hand_written_sql_says(engine: Engine, orders: Any) -> None:
    tables = _tables(orders)
    expected = {row["customer_id"]: row for row in _by_hand(tables)}
    with TemporaryDirectory() as folder:
        rows = engine.read(_steps(), staged(Path(folder), tables).bindings(range(1))).to_pylist()
    for row in rows:
        wanted = expected[row["customer_id"]]
        for key, value in wanted.items():
            assert row[key] == (pytest.approx(value) if isinstance(value, float) else value), key
