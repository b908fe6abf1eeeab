"""Symbols of every type, and rows of them stored as profiles store them."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.kernel.language import Symbol
from carpel.kernel.types import ValueType

SYMBOLS = {
    symbol.name: symbol
    for symbol in (
        Symbol("customer_id", ValueType.ID),
        Symbol("name", ValueType.TEXT),
        Symbol("nickname", ValueType.TEXT),
        Symbol("kind", ValueType.CATEGORY, ("consumer", "business", "reseller")),
        Symbol("tier", ValueType.CATEGORY, ("top", "large", "small")),
        Symbol("recency_days", ValueType.INTEGER),
        Symbol("frequency", ValueType.INTEGER),
        Symbol("gap_median_days", ValueType.NUMBER),
        Symbol("score", ValueType.NUMBER),
        Symbol("returns_share", ValueType.SHARE),
        Symbol("monetary_value", ValueType.MONEY),
        Symbol("cost", ValueType.MONEY),
        Symbol("active", ValueType.BOOLEAN),
        Symbol("subscribed", ValueType.BOOLEAN),
        Symbol("birth_date", ValueType.DATE),
        Symbol("as_of", ValueType.DATE),
        Symbol("acquired_at", ValueType.INSTANT),
        Symbol("products_owned", ValueType.SET),
        Symbol("Invoice Number", ValueType.TEXT),
    )
}

_ARROW = {
    ValueType.INTEGER: pa.int64(),
    ValueType.MONEY: pa.int64(),
    ValueType.NUMBER: pa.float64(),
    ValueType.SHARE: pa.float64(),
    ValueType.BOOLEAN: pa.bool_(),
    ValueType.DATE: pa.date32(),
    ValueType.INSTANT: pa.timestamp("us"),
    ValueType.SET: pa.list_(pa.string()),
}

Row = Mapping[str, Any]


def store(rows: Sequence[Row], path: Path) -> Path:
    """Rows as a Parquet file; a symbol that a row leaves out is null."""
    columns = {
        name: pa.array([_stored(row.get(name)) for row in rows], _ARROW.get(symbol.type, pa.string()))
        for name, symbol in SYMBOLS.items()
    }
    pq.write_table(pa.table(columns | {"row": pa.array(range(len(rows)), pa.int64())}), path)
    return path


def whole(row: Row) -> dict[str, Any]:
    """A row with an entry for every symbol."""
    return {name: row.get(name) for name in SYMBOLS}


def _stored(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
