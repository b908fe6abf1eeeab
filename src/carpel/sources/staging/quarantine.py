"""Rows set aside, in a form that a person can read and a ledger can add up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.preparing import Prepared

SCHEMA: Final = pa.schema(
    [
        ("table", pa.string()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("reason", pa.string()),
        ("raw", pa.string()),
        ("amount", pa.int64()),
    ]
)


@dataclass
class Money:
    """Money on rows set aside, before and after each is cut to minor units."""

    exact: Decimal = Decimal(0)
    minor: int = 0


def write_quarantine(name: str, parts: list[Rows], digits: int, bench: Bench, to: Path) -> Money:
    """Write the rows of one table that were set aside; gives the money that counts as the table's."""
    money = Money()
    to.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(to, SCHEMA, compression="zstd") as writer:
        for rows in parts:
            for batch in bench.batches(_shown(rows)):
                found = [_entry(name, row, digits, money) for row in batch.to_pylist()]
                writer.write_table(pa.Table.from_pylist(found, schema=SCHEMA))
    return money


def _shown(rows: Rows) -> Rows:
    content = [name for name in rows.columns if not name.startswith("__")]
    marks = ["__source", "__file", "__row", "__raw", "__reason"]
    more = [name for name in ("__exact", "__counts") if name in rows.columns]
    return rows.select(*content, *marks, *more).order_by("__source", "__file", "__row")


def _entry(table: str, row: dict[str, Any], digits: int, money: Money) -> dict[str, Any]:
    exact: Decimal | None = row.get("__exact")
    minor = None if exact is None else cut(exact, digits)
    if exact is not None and minor is not None and row.get("__counts", True):
        money.exact += exact
        money.minor += minor
    return {
        "table": table,
        "source": row["__source"],
        "file": row["__file"],
        "row": row["__row"],
        "reason": row["__reason"],
        "raw": _raw(row),
        "amount": minor,
    }


def _raw(row: dict[str, Any]) -> str:
    """What the row says, and as written where it could not be read."""
    content = {name: each for name, each in row.items() if not name.startswith("__") and each is not None}
    unread = json.loads(row["__raw"]) if row["__raw"] else {}
    return json.dumps(content | unread, ensure_ascii=False, default=str)


def cut(exact: Decimal, digits: int) -> int:
    """Whole minor units, halves away from zero, as `amounts.minor` cuts."""
    return int(exact.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def with_order_money(rows: Rows, orders: Prepared | None) -> Rows:
    """Lines set aside, with their money at their order's rate where it can be known.

    A line of an order that states its own amount does not count beside it.
    """
    if "amount" not in rows.columns or orders is None:
        return rows
    judged = orders.judged
    own = judged["amount"].notnull().any() if "amount" in judged.columns else ibis.literal(value=False)
    rate = judged["__rate"].max() if "__rate" in judged.columns else ibis.literal(1).cast(amounts.RATE)
    known = judged.filter(judged["order_id"].notnull()).group_by(__known_id=judged["order_id"])
    known = known.agg(__known_rate=rate, __known_own=own)
    keep = [name for name in rows.columns if name not in ("__exact", "__counts")]
    joined = rows.select(*keep).left_join(known, rows["order_id"] == known["__known_id"])
    known_rate = joined["__known_rate"]
    if "__rate" not in judged.columns:
        known_rate = known_rate.fill_null(1).cast(amounts.RATE)
    return joined.mutate(
        __exact=amounts.converted(joined["amount"], known_rate),
        __counts=~joined["__known_own"].fill_null(ibis.literal(_all_state_amounts(orders))),
    ).drop("__known_id", "__known_rate", "__known_own")


def _all_state_amounts(orders: Prepared) -> bool:
    """Whether the company's money is what orders state, so that a line of an unknown order adds nothing."""
    return "amount" in orders.judged.columns
