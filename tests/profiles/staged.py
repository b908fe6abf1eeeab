"""Small staged facts from rows, laid out as `carpel.crm.facts` describes, without the sources stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
from ibis.formats.pyarrow import PyArrowSchema

from carpel.crm import TABLES, FactColumn, Facts, FactTable, Ledger
from carpel.kernel.types import ValueType as V

Row = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

DERIVED: dict[str, dict[str, V]] = {
    "orders": {
        "is_return": V.BOOLEAN,
        "quantity": V.NUMBER,
        "lines": V.INTEGER,
        "line_discount": V.MONEY,
        "cost": V.MONEY,
        "gap_days": V.INTEGER,
    },
    "order_lines": {
        "ordered_at": V.INSTANT,
        "day": V.DATE,
        "channel": V.CATEGORY,
        "customer_id": V.ID,
        "is_return": V.BOOLEAN,
        "category": V.CATEGORY,
        "line": V.CATEGORY,
    },
    "customers": {"from_source": V.BOOLEAN},
}


def staged(
    folder: Path,
    tables: Mapping[str, Rows] | None = None,
    *,
    revenue: str | None = "orders",
    time_zone: str = "Asia/Manila",
    bucket_size: int = 1000,
    first_seen: datetime | None = None,
    **given: Rows,
) -> Facts:
    """Facts of some rows; times are local ISO texts or instants, money is in major units."""
    rows = {name: [dict(row) for row in table] for name, table in {**(tables or {}), **given}.items()}
    named_only = _derive_customers(rows, source="customers" in rows)
    numbers = {row["customer_id"]: n for n, row in enumerate(rows["customers"])}
    zone = ZoneInfo(time_zone)
    types = {name: _types(name, rows[name]) for name in rows}
    for name, columns in types.items():
        _typed(name, rows[name], columns, zone)
    _derive_orders(rows)
    for name, table in rows.items():
        for row in table:
            if "customer_no" in types[name]:
                row["customer_no"] = numbers.get(row.get("customer_id"))
    count = len(rows["customers"])
    written = {name: _write(folder, name, rows[name], types[name], count, bucket_size) for name in rows}
    written["customers"] = replace(written["customers"], mapped=not named_only)
    amounts = [row["amount"] or 0 for row in rows.get(revenue or "", [])]
    return Facts(
        folder=folder,
        fingerprint="test",
        currency="PHP",
        time_zone=time_zone,
        customers=count,
        bucket_size=bucket_size,
        tables=written,
        ledger=Ledger(table=revenue, source=sum(amounts), customers=sum(amounts)) if revenue in rows else None,
        first_seen=first_seen,
    )


def _derive_customers(rows: dict[str, list[Row]], *, source: bool) -> bool:
    orders = {row["order_id"]: row for row in rows.get("orders", [])}
    for line in rows.get("order_lines", []):
        line["customer_id"] = orders[line["order_id"]]["customer_id"]
    customers = rows.setdefault("customers", [])
    for row in customers:
        row.setdefault("from_source", True)
    known = {row["customer_id"] for row in customers}
    named = {row.get("customer_id") for table in rows.values() for row in table} - known - {None}
    customers.extend({"customer_id": each, "from_source": False} for each in named)
    customers.sort(key=lambda row: row["customer_id"].encode())
    return not source


def _types(name: str, rows: list[Row]) -> dict[str, FactColumn]:
    table = TABLES[name]
    present = {key for row in rows for key in row}
    columns = {}
    for column in table.columns:
        if column.name in present or column.name in (table.key, table.time, "amount", "customer_id") or not rows:
            columns[column.name] = FactColumn(
                type=column.type, known=column.known, dated_by=column.dated_by, personal=column.personal
            )
    derived = DERIVED.get(name, {})
    columns |= {key: FactColumn(type=of) for key, of in derived.items()}
    if table.time:
        columns["day"] = FactColumn(type=V.DATE)
    if "customer_id" in columns:
        columns["customer_no"] = FactColumn(type=V.INTEGER)
    for extra in sorted(present - set(columns)):
        columns[extra] = FactColumn(type=_guess([row.get(extra) for row in rows]), custom=True, label=extra.title())
    return columns


def _guess(values: list[Any]) -> V:
    first = next((value for value in values if value is not None), "")
    return {bool: V.BOOLEAN, int: V.INTEGER, float: V.NUMBER, date: V.DATE}.get(type(first), V.TEXT)


def _typed(name: str, rows: list[Row], types: dict[str, FactColumn], zone: ZoneInfo) -> None:
    for row in rows:
        for key, column in types.items():
            row[key] = _value(row.get(key), column.type, zone)
        time = TABLES[name].time
        if time:
            row["day"] = _local_day(row[time], zone)


def _value(value: Any, of: V, zone: ZoneInfo) -> Any:
    if value is None:
        return None
    if of is V.MONEY:
        return int(Decimal(str(value)).scaleb(2).to_integral_exact())
    if of is V.INSTANT:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).replace(tzinfo=None)
    if of is V.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return float(value) if of is V.NUMBER else value


def _local_day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.replace(tzinfo=UTC).astimezone(zone).date() if moment else None


def _derive_orders(rows: dict[str, list[Row]]) -> None:
    products = {row["product_id"]: row for row in rows.get("products", [])}
    orders = {row["order_id"]: row for row in rows.get("orders", [])}
    for row in orders.values():
        row["is_return"] = bool((row["amount"] or 0) < 0 or row.get("returns_order_id"))
    for line in rows.get("order_lines", []):
        _derive_line(line, orders[line["order_id"]], products.get(line.get("product_id"), {}))
    _sum_lines(rows, orders)
    last: dict[str, date] = {}
    for row in sorted(orders.values(), key=lambda each: (each["ordered_at"], each["order_id"])):
        who, day = row["customer_id"], row["day"]
        if who is not None and not row["is_return"]:
            row["gap_days"] = (day - last[who]).days if who in last and day > last[who] else None
            last[who] = day


def _derive_line(line: Row, order: Row, product: Row) -> None:
    line |= {name: order.get(name) for name in ("ordered_at", "day", "channel", "customer_id")}
    if line["amount"] is None:
        line["amount"] = int(line["quantity"] * line["unit_price"]) - (line.get("discount") or 0)
    line["is_return"] = order["is_return"] or (line.get("quantity") or 0) < 0 or line["amount"] < 0
    line["category"], line["line"] = product.get("category"), product.get("line")
    if line.get("cost") is None and product.get("unit_cost") is not None:
        line["cost"] = int(product["unit_cost"] * line["quantity"])


def _sum_lines(rows: dict[str, list[Row]], orders: dict[str, Row]) -> None:
    for order_id, order in orders.items():
        lines = [line for line in rows.get("order_lines", []) if line["order_id"] == order_id]
        if lines:
            order["lines"] = len(lines)
            order["quantity"] = sum(line.get("quantity") or 0.0 for line in lines)
            order["line_discount"] = sum(line.get("discount") or 0 for line in lines)
            costs = [line.get("cost") for line in lines]
            order["cost"] = None if None in costs else sum(costs)


def _write(
    folder: Path, name: str, rows: list[Row], types: dict[str, FactColumn], customers: int, bucket_size: int
) -> FactTable:
    schema = PyArrowSchema.from_ibis(_schema(types))
    (folder / name).mkdir(parents=True, exist_ok=True)
    if "customer_no" not in types:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / name / "all.parquet")
        return FactTable(name=name, rows=len(rows), columns=types, buckets=(folder / name / "all.parquet",))
    mine = [row for row in rows if row["customer_no"] is not None]
    mine.sort(key=lambda row: row["customer_no"])
    paths = []
    for bucket in range(max(1, -(-customers // bucket_size))):
        paths.append(folder / name / f"{bucket:04}.parquet")
        inside = [row for row in mine if row["customer_no"] // bucket_size == bucket]
        pq.write_table(pa.Table.from_pylist(inside, schema=schema), paths[-1])
    return FactTable(name=name, rows=len(mine), columns=types, buckets=tuple(paths))


def _schema(types: dict[str, FactColumn]) -> Any:
    import ibis  # noqa: PLC0415

    return ibis.schema({name: column.type.ibis for name, column in types.items()})
