"""What overwritten columns said before, taken from their dated copies and laid out like the facts they belong to.

A row's history is only what is no longer so: most rows never change and have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow.parquet as pq

from carpel.crm import TABLES, FactColumn, FactTable, History
from carpel.kernel.types import ValueType
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.finishing import NUMBER
from carpel.sources.staging.layout import Layout, files
from carpel.sources.staging.snapshots import SEEN, copies, overwritten

UNTIL: Final = "until"
"""When a row was seen to say something else, UTC without zone."""

_INSTANT: Final = ValueType.INSTANT.ibis


@dataclass(frozen=True)
class _Copy:
    """One dated copy: when it was taken, and what it holds."""

    taken: datetime
    path: Path
    schema: Any

    def holds(self, name: str, column: FactColumn) -> bool:
        """Whether it has the column, in a form that can be read as what the column holds now."""
        if name not in self.schema:
            return False
        then, now = self.schema[name], ibis.dtype(column.type.ibis)
        return bool(then == now or not (then.is_nested() or now.is_nested()))


def with_history(tables: Mapping[str, FactTable], root: Path, layout: Layout) -> dict[str, FactTable]:
    """The tables, each saying since when its overwritten columns were copied, and what they said before.

    Args:
        tables: Just staged, their copies already taken.
        root: The folder of copies.
        layout: Where the tables lie and how they are cut into buckets.
    """
    return {name: _with_history(table, root, layout) for name, table in tables.items()}


def _with_history(table: FactTable, root: Path, layout: Layout) -> FactTable:
    names = overwritten(table)
    taken = [_Copy(*each, _schema(each[1])) for each in copies(root, table.name)] if names else []
    if not taken:
        return table
    dated = {name: replace(table.columns[name], first_seen=_since(taken, name, table.columns[name])) for name in names}
    table = replace(table, columns={**table.columns, **dated}, first_seen=taken[0].taken)
    return replace(table, history=_Past(table, names, taken, layout.bench).written(layout))


def _since(taken: Sequence[_Copy], name: str, column: FactColumn) -> datetime | None:
    """When a column was first copied, of the time that it has been there without a break."""
    held = list(takewhile(lambda each: each.holds(name, column), reversed(taken)))
    return held[-1].taken if held else None


@dataclass(frozen=True)
class _Past:
    """A table's earlier values."""

    table: FactTable
    names: tuple[str, ...]
    taken: Sequence[_Copy]
    bench: Bench

    def written(self, layout: Layout) -> History | None:
        """As files beside the table's own; None where nothing was ever different."""
        if len(self.taken) == 1:
            return None
        kept = self.bench.keep(f"history_{self.table.name}", self._rows())
        until = self.bench.one(kept.agg(until=kept[UNTIL].max()))[UNTIL]
        if until is None:
            return None
        return History(key=self._key, columns=self.names, until=until, buckets=self._buckets(kept, layout))

    @property
    def _key(self) -> str:
        return TABLES[self.table.name].key

    def _rows(self) -> Rows:
        """What was replaced, and for rows that came later the time before they were seen; only of rows still there."""
        versions = ibis.union(*[self._version(number, each) for number, each in enumerate(self.taken)])
        following = ibis.window(group_by=versions[self._key], order_by=versions[SEEN].asc())
        versions = versions.mutate(**{UNTIL: versions[SEEN].lead().over(following)})
        replaced = versions.filter(versions[UNTIL].notnull())
        past = ibis.union(replaced, self._before_seen(versions).select(*replaced.columns))
        now = self._now()
        return now.inner_join(past, now["__key"] == past[self._key]).drop("__key")

    def _version(self, number: int, copy: _Copy) -> Rows:
        rows = self.bench.take(f"copy_{number}_{self.table.name}", [copy.path])
        values = {name: self._value(rows, copy, name) for name in self.names}
        return rows.select(**{self._key: rows[self._key], SEEN: rows[SEEN].cast(_INSTANT)}, **values)

    def _value(self, rows: Rows, copy: _Copy, name: str) -> Any:
        column, of = self.table.columns[name], self.table.columns[name].type.ibis
        if not copy.holds(name, column):
            return ibis.null(of)
        return rows[name] if copy.schema[name] == ibis.dtype(of) else rows[name].try_cast(of)

    def _before_seen(self, versions: Rows) -> Rows:
        """Rows that the first import did not have, until they were seen."""
        first = versions.group_by(self._key).agg(**{UNTIL: versions[SEEN].min()})
        later = first.filter(first[UNTIL] > ibis.literal(self.taken[0].taken, type=_INSTANT))
        nothing = {name: ibis.null(self.table.columns[name].type.ibis) for name in self.names}
        return later.mutate(**{SEEN: ibis.null(_INSTANT)}, **nothing)

    def _now(self) -> Rows:
        rows = self.bench.take(f"now_{self.table.name}", files({self.table.name: self.table}, self.table.name))
        number = {NUMBER: rows[NUMBER]} if self.table.bucketed else {}
        return rows.select(__key=rows[self._key], **number)

    def _buckets(self, kept: Rows, layout: Layout) -> tuple[Path, ...]:
        folder = layout.folder / self.table.name / "history"
        if not self.table.bucketed:
            self.bench.write(kept.order_by(self._key, UNTIL), folder / "all.parquet")
            return (folder / "all.parquet",)
        *parts, _ = layout.parts(f"{self.table.name}/history")
        for place, part in parts:
            self.bench.write(part(kept).order_by(NUMBER, self._key, UNTIL), place)
        return tuple(place for place, _ in parts)


def _schema(path: Path) -> Any:
    return ibis.Schema.from_pyarrow(pq.read_schema(path))
