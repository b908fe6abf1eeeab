"""One table from all its sources: mapped, joined, checked, every key once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import ibis

from carpel.crm import TABLES, FactColumn, Known, Table
from carpel.kernel.issues import Severity
from carpel.sources.staging import quality
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.checking import good, judged
from carpel.sources.staging.choosing import goes_elsewhere
from carpel.sources.staging.collapsing import collapse, repeats
from carpel.sources.staging.currencies import with_rate
from carpel.sources.staging.duplicates import settle
from carpel.sources.staging.extras import Extra, extras
from carpel.sources.staging.findings import Findings
from carpel.sources.staging.landing import LandedSource
from carpel.sources.staging.mapping import Mapper
from carpel.sources.staging.moments import Moments

_AT_A_TIME: Final = 25_000_000
"""Rows that are compared with each other at a time."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A table's usable rows, not yet by customer.

    Attributes:
        table: Its contract.
        rows: On the bench; money as decimals of its own currency, beside `__rate` where it has several.
        extras: The sources' own columns.
        judged: All rows before any was set aside, with `__reason` and `__exact`.
        left_out: Rows that the mapping leaves out and no other table takes, with `__exact`; None where there are none.
    """

    table: Table
    rows: Rows
    judged: Rows
    extras: tuple[Extra, ...] = ()
    left_out: Rows | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The contract columns that it has, in the contract's order, then the sources' own."""
        own = tuple(each.name for each in self.extras)
        return tuple(name for name in (*self.table.names, *own) if name in self.rows.columns)

    def columns(self) -> dict[str, FactColumn]:
        """What each of them is."""
        own = {each.name: each for each in self.extras}
        return {name: self._custom(own[name]) if name in own else self._contract(name) for name in self.names}

    def _contract(self, name: str) -> FactColumn:
        column = self.table.column(name)
        dated = column.known is Known.DATED_BY
        undated = dated and column.dated_by not in self.rows.columns
        return FactColumn(
            type=column.type,
            known=Known.SNAPSHOT if undated else column.known,
            dated_by=None if undated else column.dated_by,
            personal=column.personal,
        )

    def _custom(self, extra: Extra) -> FactColumn:
        known = Known.SNAPSHOT if self.table.time is None else Known.EVENT
        return FactColumn(type=extra.type, known=known, custom=True, label=extra.column.name)


@dataclass(kw_only=True)
class Preparation:
    """What preparing needs of its surroundings.

    Attributes:
        sources: All landed sources, by name.
        bench: Where tables are made.
        findings: What is found on the way.
        moments: How times are read.
        currency: The reporting currency.
        rates: Exchange rates, once they are prepared.
    """

    sources: Mapping[str, LandedSource]
    bench: Bench
    findings: Findings
    moments: Moments
    currency: str
    rates: Rows = None
    has_lines: bool = field(default=False)

    def prepare(self, name: str) -> Prepared | None:
        """A table's rows from all sources that map it; None where none does."""
        feeding = {key: each for key, each in self.sources.items() if name in each.source.tables}
        if not feeding:
            return None
        table = TABLES[name]
        own = {key: extras(each.source, name, each.landed.columns) for key, each in feeding.items()}
        parts = [self._mapped(each, table, own[key]) for key, each in feeding.items()]
        kept = self.bench.keep(f"judged_{name}", self._judged(parts, table))
        usable = good(kept, table, self.bench, self.findings)
        if table.key in usable.columns:
            usable = settle(usable, table, list(feeding), self.bench, self.findings)
        else:
            self._tell_copies(feeding, table)
        left_out = self._left_out(feeding, table, kept)
        return Prepared(table=table, rows=usable, judged=kept, extras=_merged(own), left_out=left_out)

    def _judged(self, parts: list[Rows], table: Table) -> Rows:
        rows = _aligned(parts)
        if self.rates is not None and "day" in rows.columns:
            rows = with_rate(rows, self.rates, self.currency)
        return judged(rows, table, has_lines=self.has_lines)

    def _left_out(self, feeding: Mapping[str, LandedSource], table: Table, kept: Rows) -> Rows | None:
        """Rows with money that `where` leaves out, every key once; a key that some row kept is not left out."""
        some = [each for each in feeding.values() if each.source.tables[table.name].where]
        some = [each for each in some if not goes_elsewhere(each.source, table.name)]
        if table.amount is None or not some:
            return None
        rows = self._judged([self._unmapped(each, table) for each in some], table)
        if table.key in rows.columns and table.key in kept.columns:
            rows = _each_once(rows, table.key).anti_join(kept.select(table.key), table.key)
        rows = self.bench.keep(f"left_out_{table.name}", rows)
        if not (count := int(self.bench.one(rows.agg(rows=rows.count()))["rows"])):
            return None
        where = [example for each in some if (example := each.source.tables[table.name].where)]
        self.findings.note(
            "sources.left-out",
            place=table.name,
            count=count,
            examples=where,
            severity=Severity.NOTE,
            table=table.name,
        )
        return rows

    def _unmapped(self, source: LandedSource, table: Table) -> Rows:
        """The rows of a source that its `where` leaves out, as rows of the table."""
        rows, written = Mapper(source, table.name, self.sources, self.moments).mapped((), left_out=True)
        rows = rows.drop(*[before for before, _ in written.values()])
        if repeats(source.source, table.name):
            rows = collapse(f"left_out_{source.source.name}_{table.name}", rows, table, self.bench, Findings())
        return rows

    def _mapped(self, source: LandedSource, table: Table, own: tuple[Extra, ...]) -> Rows:
        rows, written = Mapper(source, table.name, self.sources, self.moments).mapped(own)
        if written:
            quality.tell_unrecognised(rows, written, source, table, self.bench, self.findings)
            rows = rows.drop(*[before for before, _ in written.values()])
        if repeats(source.source, table.name):
            rows = collapse(f"{source.source.name}_{table.name}", rows, table, self.bench, self.findings)
        return rows

    def _tell_copies(self, feeding: Mapping[str, LandedSource], table: Table) -> None:
        """Rows without an id of their own stand for themselves, however alike; say how many are alike."""
        for name, source in feeding.items():
            if more := self._copies(source):
                place = f"{table.name} ({name})"
                self.findings.note("sources.alike", place=place, count=more, severity=Severity.NOTE, table=table.name)

    def _copies(self, source: LandedSource) -> int:
        """How many rows say only what an earlier one says; a part of them at a time, so that memory is bounded."""
        parts = max(1, -(-source.landed.rows // _AT_A_TIME))
        digest = ibis.struct({each.name: source.rows[each.name] for each in source.landed.columns}).hash()
        digests = source.rows.select(__digest=digest)
        # A remainder has the sign of what it is of.
        place = (digests["__digest"] % parts + parts) % parts
        return sum(self._copies_in(digests.filter(place == part)) for part in range(parts))

    def _copies_in(self, digests: Rows) -> int:
        alike = digests.group_by("__digest").agg(__times=digests.count())
        alike = alike.filter(alike["__times"] > 1)
        more = self.bench.one(alike.agg(more=(alike["__times"].sum() - alike.count()).cast("int64")))["more"]
        return int(more or 0)


def _each_once(rows: Rows, key: str) -> Rows:
    """Of rows that share a key the one that was written last; rows without a key stand for themselves."""
    order = [rows["__file"].desc(), rows["__row"].desc()]
    placed = rows.mutate(__place=ibis.row_number().over(ibis.window(group_by=rows[key], order_by=order)))
    return placed.filter(placed[key].isnull() | (placed["__place"] == 0)).drop("__place")


def _aligned(parts: list[Rows]) -> Rows:
    """The rows of all parts, each with all columns."""
    if len(parts) == 1:
        return parts[0]
    types: dict[str, Any] = {}
    for part in parts:
        for name, of in part.schema().items():
            types[name] = of if types.get(name, of) == of else ibis.dtype("string")
    return ibis.union(*[part.select(**{name: _as(part, name, of) for name, of in types.items()}) for part in parts])


def _as(part: Rows, name: str, of: Any) -> Any:
    if name not in part.columns:
        return ibis.null(of)
    return part[name] if part[name].type() == of else part[name].cast(of)


def _merged(own: Mapping[str, tuple[Extra, ...]]) -> tuple[Extra, ...]:
    """The own columns of all sources; one name is one column."""
    return tuple({each.name: each for each in (each for many in own.values() for each in many)}.values())
