"""Every source's files as one typed Parquet file, its columns read as what they are mapped to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.types import ValueType
from carpel.sources.reading import ColumnDecision, Landed, land
from carpel.sources.settings import ColumnMapping, Form, Source, TableMapping
from carpel.sources.staging.bench import Bench, Rows

_STRONGEST: Final = (
    ValueType.INSTANT,
    ValueType.DATE,
    ValueType.ID,
    ValueType.CATEGORY,
    ValueType.TEXT,
    ValueType.MONEY,
    ValueType.NUMBER,
    ValueType.INTEGER,
    ValueType.BOOLEAN,
)
"""Where one column is mapped twice: from the type that can be made into the others, down."""

_FORMS: Final = {Form.YEAR: ValueType.INTEGER, Form.SHARE: ValueType.NUMBER, Form.PERCENT: ValueType.NUMBER}


@dataclass(frozen=True, kw_only=True)
class LandedSource:
    """A source whose files have been read.

    Attributes:
        source: Where it is described.
        files: The files, in order.
        landed: What reading found.
        rows: Its rows, on the bench.
    """

    source: Source
    files: tuple[Path, ...]
    landed: Landed
    rows: Rows

    def column(self, name: str, place: str) -> ColumnDecision:
        """What was decided about a column.

        Raises:
            CarpelError: The files have no such column; names the nearest.
        """
        known = {each.name: each for each in self.landed.columns}
        if name not in known:
            raise CarpelError(
                "sources.no-such-column",
                place=place or self.source.place,
                name=name,
                source=self.source.name,
                hint=nearest(name, known),
            )
        return known[name]


def land_source(source: Source, files: Sequence[Path], sources: Sequence[Source], bench: Bench) -> LandedSource:
    """Read one source's files onto the bench."""
    name = f"landed_{source.name}"
    landed = land(files, options=source.read, wanted=wanted(source, sources), to=bench.place(name))
    found = LandedSource(source=source, files=tuple(files), landed=landed, rows=bench.take(name, [landed.path]))
    for table in source.tables.values():
        for mapping in table.columns.values():
            for column in mapping.columns:
                found.column(column, mapping.place)
        for column in table.own:
            found.column(column, table.place)
    return found


def wanted(source: Source, sources: Sequence[Source]) -> dict[str, ValueType]:
    """What each mapped column of a source is to be read as."""
    found: dict[str, set[ValueType]] = {}
    for table, mapping in source.tables.items():
        for name, of in _mapped_types(table, mapping):
            found.setdefault(name, set()).add(of)
    for name, of in _looked_up(source.name, sources):
        found.setdefault(name, set()).add(of)
    return {name: next(of for of in _STRONGEST if of in types) for name, types in found.items()}


def _mapped_types(table: str, mapping: TableMapping) -> Iterator[tuple[str, ValueType]]:
    for name, each in mapping.columns.items():
        of = _read_as(each, TABLES[table].column(name).type)
        yield from ((column, of) for column in each.columns)


def _read_as(mapping: ColumnMapping, of: ValueType) -> ValueType:
    if mapping.lookup:
        return ValueType.ID
    if mapping.values:
        return ValueType.CATEGORY
    if mapping.form:
        return _FORMS[mapping.form]
    if len(mapping.columns) > 1 or of is ValueType.SET:
        return ValueType.TEXT
    return ValueType.NUMBER if of is ValueType.SHARE else of


def _looked_up(name: str, sources: Sequence[Source]) -> Iterator[tuple[str, ValueType]]:
    """Columns of this source that other sources look things up in."""
    for table, column, mapping in _mappings(sources):
        if mapping.lookup and mapping.lookup.source == name:
            of = TABLES[table].column(column).type
            yield mapping.lookup.key, ValueType.ID
            yield mapping.lookup.column, ValueType.TEXT if of is ValueType.SET else of


def _mappings(sources: Sequence[Source]) -> Iterator[tuple[str, str, ColumnMapping]]:
    for source in sources:
        for table, mapping in source.tables.items():
            for name, each in mapping.columns.items():
                yield table, name, each
