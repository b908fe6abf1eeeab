"""Which rows cannot be used, and why: they are set aside with the reason, and the others go on."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.crm import Table
from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Bench, Rows, certain
from carpel.sources.staging.findings import EXAMPLES, Findings

NO_KEY: Final = "no-key"
NO_TIME: Final = "no-time"
NO_AMOUNT: Final = "no-amount"
NO_RATE: Final = "no-rate"
NO_ORDER: Final = "no-order"
IMPOSSIBLE_SCORE: Final = "impossible-score"

MAY_LACK_TIME: Final = frozenset({"opportunities", "contracts"})
"""Being worked or being in force, they exist before anybody dates them."""

_MAY_LACK_AMOUNT: Final = frozenset({"orders", "opportunities", "contracts"})
"""An order's lines may know it; a sale being worked may not have it yet; a contract may only recur."""


def judged(rows: Rows, table: Table, *, has_lines: bool) -> Rows:
    """Add `__reason`, null for a row that can be used, and `__exact`, its money in the reporting currency."""
    if table.name == "order_lines":
        rows = _with_line_amount(rows)
    if table.amount in rows.columns:
        rows = rows.mutate(__exact=amounts.converted(rows[table.amount], _rate(rows)))
    branches = [(holds, reason) for holds, reason in _faults(rows, table, has_lines=has_lines)]
    reason = ibis.cases(*branches, else_=ibis.null("string")) if branches else ibis.null("string")
    return rows.mutate(__reason=reason)


def _faults(rows: Rows, table: Table, *, has_lines: bool) -> list[tuple[Any, str]]:
    found = []
    key = "order_id" if table.name == "order_lines" else table.key
    if key in rows.columns:
        found.append((rows[key].isnull(), NO_KEY))
    if table.time in rows.columns and table.name not in MAY_LACK_TIME:
        found.append((rows[table.time].isnull(), NO_TIME))
    needs_amount = table.name not in _MAY_LACK_AMOUNT or (table.name == "orders" and not has_lines)
    if table.amount in rows.columns and needs_amount:
        found.append((rows[table.amount].isnull(), NO_AMOUNT))
    if "__rate" in rows.columns:
        found.append((rows["__rate"].isnull(), NO_RATE))
        if "__exact" in rows.columns:
            found.append((rows[table.amount].notnull() & rows["__exact"].isnull(), NO_AMOUNT))
    if {"score", "scale_max"} <= set(rows.columns):
        found.append((certain(rows["score"] > rows["scale_max"]), IMPOSSIBLE_SCORE))
    return found


def _with_line_amount(rows: Rows) -> Rows:
    """A line's amount is quantity times unit price less discount, where it does not say it itself."""
    if "unit_price" not in rows.columns:
        return rows
    price = rows["unit_price"]
    gross = amounts.times(rows["quantity"], price) if "quantity" in rows.columns else price
    if "discount" in rows.columns:
        gross = amounts.less(gross, rows["discount"])
    amount = rows["amount"].coalesce(gross) if "amount" in rows.columns else gross
    return rows.mutate(amount=amount)


def _rate(rows: Rows) -> Any | None:
    return rows["__rate"] if "__rate" in rows.columns else None


def good(rows: Rows, table: Table, bench: Bench, findings: Findings) -> Rows:
    """The rows that can be used; the others are counted, noted and set aside."""
    bad = rows.filter(rows["__reason"].notnull())
    counted = bad.group_by("__reason").agg(rows=bad.count())
    counts = {row["__reason"]: int(row["rows"]) for row in bench.read(counted)}
    for reason in sorted(set(counts) - {NO_RATE}):
        findings.note(
            f"sources.{reason}",
            place=table.name,
            count=counts[reason],
            examples=examples(bad.filter(bad["__reason"] == reason), bench),
            table=table.name,
        )
    findings.put_aside(table.name, bad, counts)
    return rows.filter(rows["__reason"].isnull()) if counts else rows


def examples(rows: Rows, bench: Bench) -> list[str]:
    """Where the first few of some rows stand."""
    first = rows.select("__source", "__file", "__row").order_by("__source", "__file", "__row").limit(EXAMPLES)
    return [place(row) for row in bench.read(first)]


def place(row: dict[str, Any]) -> str:
    """A row's place, as a person finds it: file and row."""
    return f"{str(row['__file']).rsplit('/', maxsplit=1)[-1]}:{row['__row']}"
