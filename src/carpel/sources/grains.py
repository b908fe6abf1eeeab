"""Which of the tables that one file feeds is the finest: its rows are the file's own, the others' repeat."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_THINGS: Final = {"contacts": 2, "customers": 3, "products": 3, "employees": 4, "exchange_rates": 5}


def grain(table: str) -> int:
    """How coarse a table is: lines of orders are the finest, then events, then the things that they name."""
    return 0 if table == "order_lines" else _THINGS.get(table, 1)


def is_repeated(table: str, tables: Collection[str]) -> bool:
    """Whether a file that feeds the tables has several rows for one of this table, by nature."""
    return any(grain(other) < grain(table) for other in tables)
