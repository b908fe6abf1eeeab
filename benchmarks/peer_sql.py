"""The obvious alternative: one chain of DuckDB SQL over the export, as a good analyst writes it by hand.

Run as `python -m benchmarks.peer_sql COMPANY OUT SCHEME`. It computes the same attributes, cut points and
segments as Carpel's workspace of `benchmarks.workspace`, and writes both to Parquet.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.scheme import AS_OF, CASES

PROFILES = f"""
CREATE TABLE profiles AS
WITH line AS (
    SELECT l.order_id, o.customer_id, o.ordered_at::date AS day, o.channel, p.category, l.product_id, l.quantity,
           round(l.quantity * l.unit_price - l.discount, 2) AS amount
    FROM order_lines l JOIN orders o USING (order_id) LEFT JOIN products p USING (product_id)
    WHERE o.ordered_at < DATE '{AS_OF}'
), purchase AS (
    SELECT customer_id, order_id, any_value(day) AS day, any_value(channel) AS channel, sum(amount) AS amount
    FROM line GROUP BY customer_id, order_id
), per_customer AS (
    SELECT customer_id,
           DATE '{AS_OF}' - max(day) FILTER (WHERE amount >= 0) AS recency_days,
           count(*) FILTER (WHERE amount >= 0) AS frequency,
           sum(amount) AS monetary_value,
           DATE '{AS_OF}' - min(day) FILTER (WHERE amount >= 0) AS tenure_days,
           avg(amount) FILTER (WHERE amount >= 0) AS order_mean,
           median(amount) FILTER (WHERE amount >= 0) AS order_median,
           coalesce(sum(amount) FILTER (WHERE day >= DATE '{AS_OF}' - 30), 0) AS spend_30d,
           coalesce(sum(amount) FILTER (WHERE day >= DATE '{AS_OF}' - 90), 0) AS spend_90d,
           coalesce(sum(amount) FILTER (WHERE day >= DATE '{AS_OF}' - 365), 0) AS spend_365d,
           count(*) FILTER (WHERE amount >= 0 AND day >= DATE '{AS_OF}' - 90) AS orders_90d,
           count(*) FILTER (WHERE amount >= 0 AND day >= DATE '{AS_OF}' - 365) AS orders_365d,
           mode(channel ORDER BY channel) FILTER (WHERE amount >= 0) AS main_channel,
           count(DISTINCT channel) FILTER (WHERE amount >= 0) AS channels_count,
           -sum(amount) FILTER (WHERE amount < 0) / nullif(sum(amount) FILTER (WHERE amount >= 0), 0) AS returns_share
    FROM purchase GROUP BY customer_id
), gap AS (
    SELECT customer_id, median(days) AS gap_median_days
    FROM (SELECT customer_id, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS days
          FROM (SELECT DISTINCT customer_id, day FROM purchase WHERE amount >= 0))
    GROUP BY customer_id
), product AS (
    SELECT customer_id, count(DISTINCT category) AS categories_count, count(DISTINCT product_id) AS products_count,
           mode(category) AS largest_need_by_count
    FROM line WHERE amount >= 0 GROUP BY customer_id
), need AS (
    SELECT customer_id, arg_max(category, (amount, category)) AS largest_need
    FROM (SELECT customer_id, category, sum(amount) AS amount FROM line WHERE amount >= 0 GROUP BY ALL)
    GROUP BY customer_id
)
SELECT c.customer_id, c.kind, c.country, x.* EXCLUDE (customer_id), g.gap_median_days,
       d.* EXCLUDE (customer_id), n.largest_need
FROM customers c
LEFT JOIN per_customer x USING (customer_id)
LEFT JOIN gap g USING (customer_id)
LEFT JOIN product d USING (customer_id)
LEFT JOIN need n USING (customer_id)
"""

ASSIGNMENTS = """
CREATE TABLE assignments AS
WITH cut AS (
    SELECT quantile_disc(monetary_value, [0.80, 0.95, 0.99]) FILTER (WHERE monetary_value > 0) AS value,
           quantile_cont(recency_days, [0.2, 0.4, 0.6, 0.8]) AS recency,
           quantile_cont(frequency, [0.2, 0.4, 0.6, 0.8]) AS frequency,
           quantile_cont(monetary_value, [0.2, 0.4, 0.6, 0.8]) AS money
    FROM profiles
), scored AS (
    SELECT p.*,
           CASE WHEN monetary_value IS NULL OR monetary_value <= 0 THEN 'unranked'
                WHEN monetary_value > value[3] THEN 'top' WHEN monetary_value > value[2] THEN 'large'
                WHEN monetary_value > value[1] THEN 'medium' ELSE 'small' END AS value,
           CASE WHEN recency_days IS NULL THEN 0 WHEN recency_days <= recency[1] THEN 5
                WHEN recency_days <= recency[2] THEN 4 WHEN recency_days <= recency[3] THEN 3
                WHEN recency_days <= recency[4] THEN 2 ELSE 1 END AS r,
           CASE WHEN p.frequency IS NULL THEN 0 WHEN p.frequency <= cut.frequency[1] THEN 1
                WHEN p.frequency <= cut.frequency[2] THEN 2 WHEN p.frequency <= cut.frequency[3] THEN 3
                WHEN p.frequency <= cut.frequency[4] THEN 4 ELSE 5 END AS f,
           CASE WHEN monetary_value IS NULL THEN 0 WHEN monetary_value <= money[1] THEN 1
                WHEN monetary_value <= money[2] THEN 2 WHEN monetary_value <= money[3] THEN 3
                WHEN monetary_value <= money[4] THEN 4 ELSE 5 END AS m
    FROM profiles p, cut
)
SELECT customer_id, value, r, f, m, CASE {cases} ELSE 'everyone-else' END AS segment
FROM scored
"""


def main(company: Path, out: Path) -> None:
    """Build profiles and assignments, and write both."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(out / "spill")}) as connection:
        for table in ("customers", "products", "orders", "order_lines"):
            connection.execute(f"CREATE VIEW {table} AS FROM '{company}/{table}.parquet'")
        connection.execute(PROFILES)
        connection.execute(ASSIGNMENTS.format(cases=CASES))
        for table in ("profiles", "assignments"):
            connection.execute(f"COPY {table} TO '{out}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
