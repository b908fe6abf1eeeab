"""Customers, counted from 0 in byte order of their ids, whether a source describes them or only names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import ibis

from carpel.crm import TABLES
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Severity
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.findings import EXAMPLES, Findings
from carpel.sources.staging.preparing import Prepared

_THROUGH: Final = {"invoices": ("orders", "contracts"), "payments": ("invoices", "orders", "contracts")}
"""Tables that may name their customer through another, in the order asked."""


def with_customer(name: str, tables: Mapping[str, Prepared], bench: Bench) -> Rows:
    """A table's rows with their `customer_id`: its own, else that of what the row refers to, else unknown."""
    rows = tables[name].rows
    if "customer_id" in rows.columns:
        return rows
    found = [each for each in _THROUGH.get(name, ()) if each in tables and TABLES[each].key in rows.columns]
    candidates = []
    for target in found:
        key = TABLES[target].key
        other = tables[target].rows
        if "customer_id" not in other.columns or key not in other.columns:
            continue
        known = other.select(**{f"__{target}": other[key], f"__customer_{target}": other["customer_id"]})
        rows = rows.left_join(known, rows[key] == known[f"__{target}"]).drop(f"__{target}")
        candidates.append(f"__customer_{target}")
    customer = ibis.coalesce(*(rows[each] for each in candidates)) if candidates else ibis.null("string")
    return bench.keep(f"named_{name}", rows.mutate(customer_id=customer).drop(*candidates))


def number(rows: Mapping[str, Rows], bench: Bench, findings: Findings) -> tuple[Rows, int]:
    """`customer_id`, `customer_no` and `from_source`, one row each; and how many there are.

    Args:
        rows: Each table's usable rows; those of tables with customers have their `customer_id`.
        bench: Where the numbers are kept.
        findings: Told of customers that no source describes.
    """
    parts = [_ids(name, each) for name, each in rows.items() if "customer_id" in each.columns]
    if not parts:
        raise CarpelError("sources.no-customers")
    every = ibis.union(*parts) if len(parts) > 1 else parts[0]
    every = every.group_by("customer_id").agg(from_source=every["__described"].max() == 1)
    place = ibis.row_number().over(ibis.window(order_by=every["customer_id"].asc()))
    numbers = bench.keep("numbers", every.mutate(customer_no=place.cast("int64")).order_by("customer_no"))
    counts = bench.one(numbers.agg(all=numbers.count(), known=numbers["from_source"].sum().cast("int64")))
    if "customers" in rows:
        _tell_unknown(numbers, int(counts["all"]) - int(counts["known"] or 0), bench, findings)
    return numbers, int(counts["all"])


def _ids(name: str, rows: Rows) -> Rows:
    ids = rows.filter(rows["customer_id"].notnull()).select("customer_id").distinct()
    return ids.mutate(__described=ibis.literal(1 if name == "customers" else 0))


def _tell_unknown(numbers: Rows, count: int, bench: Bench, findings: Findings) -> None:
    if count:
        examples = numbers.filter(~numbers["from_source"]).select("customer_id").order_by("customer_id").limit(EXAMPLES)
        findings.note(
            "sources.unknown-customers",
            place="customers",
            count=count,
            examples=(row["customer_id"] for row in bench.read(examples)),
            severity=Severity.WARNING,
        )
