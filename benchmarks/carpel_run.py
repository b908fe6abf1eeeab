"""Carpel's side: a workspace over the same export, staged beforehand, then run as a process of its own.

`python -m benchmarks.carpel_run stage WORKSPACE COMPANY` writes the workspace and stages its sources;
`python -m benchmarks.carpel_run run WORKSPACE` makes a run and prints its stages' seconds as JSON;
`python -m benchmarks.carpel_run look WORKSPACE` prints the milliseconds of one customer's segment and why.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import carpel
from benchmarks.scheme import AS_OF, RULES

ATTRIBUTES = (
    "customer_id", "kind", "country", "recency_days", "frequency", "monetary_value", "tenure_days", "order_mean",
    "order_median", "gap_median_days", "spend_30d", "spend_90d", "spend_365d", "orders_90d", "orders_365d",
    "main_channel", "channels_count", "returns_share", "categories_count", "products_count", "largest_need",
    "largest_need_by_count",
)  # fmt: skip

SETTINGS = """\
workspace: bench
currency: PHP
memory: 3GB
profile: [{attributes}]
sources:
  customers:
    files: "{company}/customers.parquet"
    tables: {{customers: {{customer_id: customer_id, kind: kind, country: country}}}}
  products:
    files: "{company}/products.parquet"
    tables: {{products: {{product_id: product_id, name: name, category: category}}}}
  orders:
    files: "{company}/orders.parquet"
    tables: {{orders: {{order_id: order_id, customer_id: customer_id, ordered_at: ordered_at, channel: channel}}}}
  lines:
    files: "{company}/order_lines.parquet"
    tables:
      order_lines:
        order_id: order_id
        product_id: product_id
        quantity: quantity
        unit_price: unit_price
        discount: discount
"""

PARTITIONS = """\
scheme: bench
partitions:
  value:
    tiers: monetary_value
    over: monetary_value > 0
    shares: {top: 1%, large: 4%, medium: 15%, small: 80%}
  r: {tiers: recency_days, quantiles: ['5', '4', '3', '2', '1']}
  f: {tiers: frequency, over: recency_days is not null, quantiles: ['1', '2', '3', '4', '5']}
  m: {tiers: monetary_value, over: recency_days is not null, quantiles: ['1', '2', '3', '4', '5']}
segments:
"""


def stage(workspace: Path, company: Path) -> None:
    """Write the workspace and read its sources once."""
    (workspace / "schemes").mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(company=company.resolve(), attributes=", ".join(ATTRIBUTES[1:]))
    (workspace / "carpel.yaml").write_text(settings)
    rules = "".join(f'  - key: {key}\n    when: "{rule}"\n' for key, rule in RULES)
    (workspace / "schemes" / "bench.yaml").write_text(
        f"{PARTITIONS}{rules}  - key: everyone-else\n    otherwise: true\n"
    )
    with carpel.open(workspace) as opened:
        opened.check()


def run(workspace: Path) -> None:
    """One whole run."""
    with carpel.open(workspace) as opened:
        made = opened.run(as_of=AS_OF)
        if not made.is_sound:
            raise SystemExit("; ".join(str(issue.text) for issue in made.failures))
        print(json.dumps(dict(made.manifest.timings) | {"run": str(made.folder)}))


def look(workspace: Path) -> None:
    """One customer's segment and why, opened once; the median of many."""
    with carpel.open(workspace) as opened:
        ids = [opened.current.index.near(f"C{number:09d}", 1)[0] for number in range(0, 90_000, 450)]
        opened.customer(ids[0]).why()
        took = []
        for customer in ids:
            begun = time.perf_counter()
            opened.customer(customer).why()
            took.append(time.perf_counter() - begun)
    took.sort()
    print(json.dumps({"median_ms": took[len(took) // 2] * 1000, "p99_ms": took[int(len(took) * 0.99)] * 1000}))


if __name__ == "__main__":
    wish, workspace_folder = sys.argv[1], Path(sys.argv[2])
    if wish == "stage":
        stage(workspace_folder, Path(sys.argv[3]))
    else:
        {"run": run, "look": look}[wish](workspace_folder)
