"""Which table keeps a column that has no place in any contract, in a file that feeds several tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.texts import text
from carpel.sources.grains import is_repeated
from carpel.sources.proposal.plan import SourcePlan, TablePlan

_THINGS: Final = ("customers", "products")
"""Things before events: what never differs for a customer tells of the customer, not of one of their orders."""

_NEVER: Final = frozenset({"contacts", "employees", "exchange_rates"})
"""Few and on many rows: that a column does not differ between those of one says little."""


def with_own_columns(sources: Sequence[SourcePlan]) -> tuple[SourcePlan, ...]:
    """Each left column with the thing whose key determines it; the rest stays with the file's own rows, unsaid.

    A thing that no file describes is described by the columns that its key determines.
    """
    described = {table.table for source in sources for table in source.tables}
    found = []
    for source in sources:
        settled = _settled(source, described)
        described |= {table.table for table in settled.tables}
        found.append(settled)
    return tuple(found)


def _settled(source: SourcePlan, described: Collection[str]) -> SourcePlan:
    left = [each.name for each in source.seen.columns if each.name not in source.used and each.distinct > 1]
    own: dict[str, TablePlan] = {}
    for table, key in sorted(_keyed(source, described), key=lambda pair: _place(pair[0])):
        # Not one exception, so that nothing is lost where many rows become one.
        same = tuple(name for name in left if source.seen.constant.get((key, name)) == 1.0)
        left = [name for name in left if name not in same]
        if same:
            why = text("proposal.why-own", table=table.table, count=len(same))
            own[table.table] = replace(table, own=same, own_why=why)
    tables = {table.table: table for table in source.tables} | own
    return replace(source, tables=tuple(sorted(tables.values(), key=lambda table: list(TABLES).index(table.table))))


def _keyed(source: SourcePlan, described: Collection[str]) -> Iterator[tuple[TablePlan, str]]:
    """The tables of which one row is on several rows of the file, with the column that tells them apart."""
    tables = (*source.tables, *_undescribed(source, described))
    names = [table.table for table in tables]
    for table in tables:
        key = table.column(TABLES[table.table].key)
        if key is None or len(key.columns) != 1 or table.where or table.table in _NEVER:
            continue
        if is_repeated(table.table, names):
            yield table, key.columns[0]


def _undescribed(source: SourcePlan, described: Collection[str]) -> Iterator[TablePlan]:
    """Things that the file's rows name and no file describes."""
    for thing in _THINGS:
        named = (table.column(TABLES[thing].key) for table in source.tables if not table.where)
        key = next((each for each in named if each), None)
        if key is not None and thing not in described:
            yield TablePlan(table=thing, columns=(key,), why=text("proposal.table-carried"))


def _place(table: TablePlan) -> int:
    return _THINGS.index(table.table) if table.table in _THINGS else len(_THINGS)
