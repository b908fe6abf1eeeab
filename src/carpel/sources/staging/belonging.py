"""Which table keeps a column that nobody maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from carpel.crm import TABLES
from carpel.kernel.types import ValueType
from carpel.sources.reading import ColumnDecision
from carpel.sources.settings import Source
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.collapsing import repeats
from carpel.sources.staging.extras import unmapped

Belonging: TypeAlias = dict[str, tuple[ColumnDecision, ...]]
"""For each table, the unmapped columns that it keeps."""

_AT_ONCE: Final = 100
_ORDER: Final = ("customers", "employees", "products", "contacts")
"""Which thing a column tells something of, where it is one and the same for several."""


def belonging(source: Source, columns: Sequence[ColumnDecision], rows: Rows, bench: Bench) -> Belonging:
    """Share the unmapped columns out over the tables that a source feeds.

    A column that never differs between the rows of one customer tells something of the customer, likewise of a
    product or an order; what is left belongs to the table whose rows are those of the file.
    """
    left = unmapped(source, columns)
    keepers = [name for name in TABLES if name in source.tables and source.tables[name].extra]
    found: Belonging = {}
    for table in sorted((name for name in keepers if _is_thing(source, name)), key=_place):
        if left:
            found[table] = _constant(left, rows, source.tables[table].columns[TABLES[table].key].columns, bench)
            left = [each for each in left if each not in found[table]]
    finest = [name for name in keepers if not repeats(source, name)]
    if finest:
        found[min(finest, key=lambda name: source.tables[name].where is not None)] = tuple(left)
    return {table: kept for table, kept in found.items() if kept}


def _is_thing(source: Source, table: str) -> bool:
    """Whether the table has one row for each of several rows of the file, told apart by columns of the file."""
    mapping = source.tables[table]
    return repeats(source, table) and not mapping.where and bool(mapping.columns[TABLES[table].key].columns)


def _place(table: str) -> int:
    return _ORDER.index(table) if table in _ORDER else len(_ORDER)


def _constant(
    columns: Sequence[ColumnDecision], rows: Rows, key: Sequence[str], bench: Bench
) -> tuple[ColumnDecision, ...]:
    """Those that never differ between rows of one key, where a key has several rows at all."""
    known = rows.filter(*[rows[each].notnull() for each in key])
    found: list[ColumnDecision] = []
    for start in range(0, len(columns), _AT_ONCE):
        some = columns[start : start + _AT_ONCE]
        same = {f"same_{place}": _same(known, each) for place, each in enumerate(some)}
        keyed = known.group_by(list(key)).agg(**same, __rows=known.count())
        asked = {name: keyed[name].min() for name in same}
        answer = bench.one(keyed.agg(**asked, __most=keyed["__rows"].max()))
        if (answer["__most"] or 0) > 1:
            found += [each for place, each in enumerate(some) if answer[f"same_{place}"]]
    return tuple(found)


def _same(rows: Rows, column: ColumnDecision) -> Any:
    """1 where all rows say the same, or all say nothing; 0 where they differ."""
    value = rows[column.name]
    if column.type is ValueType.INSTANT:
        value = value.cast("string")
    filled = value.count()
    return ((filled == 0) | ((filled == rows.count()) & (value.min() == value.max()))).cast("int64")
