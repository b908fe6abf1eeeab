"""From usable rows to facts: money in minor units, numbers in their stored form, customers by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import ibis

from carpel.crm import FactColumn, Known
from carpel.kernel.types import ValueType
from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Rows, certain
from carpel.sources.staging.preparing import Prepared

NUMBER: Final = "customer_no"

_WHOLE: Final = FactColumn(type=ValueType.INTEGER)
_MONEY: Final = FactColumn(type=ValueType.MONEY)

ADDED: Final[Mapping[str, FactColumn]] = {
    NUMBER: _WHOLE,
    "customer_id": FactColumn(type=ValueType.ID),
    "day": FactColumn(type=ValueType.DATE),
    "ordered_at": FactColumn(type=ValueType.INSTANT),
    "channel": FactColumn(type=ValueType.CATEGORY),
    "amount": _MONEY,
    "source_amount": FactColumn(type=ValueType.NUMBER),
    "is_return": FactColumn(type=ValueType.BOOLEAN),
    "quantity": FactColumn(type=ValueType.NUMBER),
    "lines": _WHOLE,
    "line_discount": _MONEY,
    "cost": _MONEY,
    "gap_days": _WHOLE,
    "category": FactColumn(type=ValueType.CATEGORY, known=Known.SNAPSHOT),
    "line": FactColumn(type=ValueType.CATEGORY, known=Known.SNAPSHOT),
    "from_source": FactColumn(type=ValueType.BOOLEAN),
}
"""What each column is that staging adds."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A table's rows as facts, not yet in buckets.

    Attributes:
        name: The table.
        rows: Its columns.
        columns: What each staged column is, in order.
        derived: Which of them staging added.
        order: What its rows are sorted by, after the customer's number.
    """

    name: str
    rows: Rows
    columns: Mapping[str, FactColumn]
    derived: frozenset[str]
    order: tuple[str, ...]
    mapped: bool = field(default=True)


def money(rows: Rows, name: str, digits: int) -> Any:
    """A money column in minor units of the reporting currency."""
    return amounts.minor(amounts.converted(rows[name], rows["__rate"] if "__rate" in rows.columns else None), digits)


def stored(rows: Rows, name: str, column: FactColumn, digits: int) -> Any:
    """A column in its stored form."""
    if column.type is ValueType.MONEY and not column.custom:
        return money(rows, name, digits)
    value = rows[name]
    return value if value.type() == ibis.dtype(column.type.ibis) else value.cast(column.type.ibis)


def arranged(columns: Mapping[str, FactColumn], added: tuple[str, ...]) -> tuple[dict[str, FactColumn], frozenset[str]]:
    """The contract's columns, then what staging adds, then the source's own; and which are added."""
    contract = {name: each for name, each in columns.items() if not each.custom}
    own = {name: each for name, each in columns.items() if each.custom}
    new = tuple(name for name in added if name not in contract)
    return contract | {name: ADDED[name] for name in new} | own, frozenset(new)


def numbered(rows: Rows, numbers: Rows) -> Rows:
    """Rows with their customer's number."""
    known = numbers.select(__id=numbers["customer_id"], customer_no=numbers[NUMBER])
    return rows.left_join(known, rows["customer_id"] == known["__id"]).drop("__id")


def finished(prepared: Prepared, rows: Rows, numbers: Rows, digits: int, *, is_purchase: bool = False) -> Finished:
    """A table other than customers, orders and lines."""
    columns, table = prepared.columns(), prepared.table
    added: tuple[str, ...] = ()
    values = {name: stored(rows, name, each, digits) for name, each in columns.items()}
    if table.has_customer:
        rows_no = numbered(rows, numbers)
        values = {name: stored(rows_no, name, each, digits) for name, each in columns.items()}
        values |= {NUMBER: rows_no[NUMBER], "customer_id": rows_no["customer_id"]}
        added, rows = (NUMBER, "customer_id"), rows_no
    if table.time in columns:
        values["day"] = rows["day"]
        added += ("day",)
    if table.amount in columns:
        values["source_amount"] = rows[table.amount].cast(amounts.STORED)
        added += ("source_amount",)
    staged, derived = arranged(columns, added)
    result = rows.select(**{name: values[name] for name in staged})
    order = tuple(name for name in (table.time, table.key) if name in staged)
    if is_purchase:
        result, staged, derived = _with_gaps(result, staged, derived, order)
    return Finished(name=table.name, rows=result, columns=staged, derived=derived, order=order)


def _with_gaps(
    rows: Rows, columns: dict[str, FactColumn], derived: frozenset[str], order: tuple[str, ...]
) -> tuple[Rows, dict[str, FactColumn], frozenset[str]]:
    new = ("is_return", "gap_days")
    rows = with_gap_days(rows.mutate(is_return=certain(rows["amount"] < 0)), order)
    staged, added = arranged(columns, new)
    return rows, staged, derived | added


def with_gap_days(rows: Rows, order: tuple[str, ...]) -> Rows:
    """Add the days since the same customer's previous purchase day, on the first purchase of a later day.

    Args:
        rows: Purchases.
        order: What tells which of a day's purchases is the first; the order of rows never does.
    """
    within_day = [rows[name].asc() for name in (*order, "amount") if name in rows.columns]
    following = ibis.window(group_by=[rows[NUMBER], rows["is_return"]], order_by=[rows["day"].asc(), *within_day])
    before = rows["day"].lag().over(following)
    gap = rows["day"].delta(before, unit="day")
    counts = rows[NUMBER].notnull() & ~rows["is_return"] & (gap > 0)
    return rows.mutate(gap_days=counts.ifelse(gap, None).cast("int64"))


def customers(prepared: Prepared | None, numbers: Rows, digits: int) -> Finished:
    """The customers table: everyone numbered, with what a source says of them."""
    columns = prepared.columns() if prepared else {"customer_id": FactColumn(type=ValueType.ID)}
    staged, derived = arranged(columns, (NUMBER, "from_source"))
    values: dict[str, Any] = {"customer_id": numbers["customer_id"]}
    rows = numbers
    if prepared:
        known = prepared.rows
        known = known.select(
            __id=known["customer_id"],
            **{name: stored(known, name, each, digits) for name, each in columns.items() if name != "customer_id"},
        )
        rows = numbers.left_join(known, numbers["customer_id"] == known["__id"])
        values |= {name: rows[name] for name in columns}
    values |= {NUMBER: rows[NUMBER], "from_source": rows["from_source"]}
    result = rows.select(**{name: values[name] for name in staged})
    return Finished(
        name="customers", rows=result, columns=staged, derived=derived, order=(), mapped=prepared is not None
    )
