"""Rows as DuckDB sees them, from text and typed files alike: each column by its text and by its native value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb

from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.sources.reading.delimited import trimmed
from carpel.sources.reading.dialects import RESERVED
from carpel.sources.reading.scratch import Scratch, first_line, literal, parquet, quoted
from carpel.sources.reading.text_tables import TextTable

_FILE: Final = "__carpel_file"


class Kind(StrEnum):
    """What a column is before anything is decided."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    ZONED = "zoned"
    """A moment with a zone, in UTC."""


@dataclass(frozen=True)
class RawColumn:
    """A column as it lies in a file.

    Attributes:
        name: Its name.
        kind: What it is.
        text: SQL of its value as text, trimmed, null where blank.
        native: SQL of its value; the same as `text` for text.
    """

    name: str
    kind: Kind
    text: str
    native: str


@dataclass(frozen=True)
class RawTable:
    """The rows of some files of the same columns.

    Attributes:
        relation: What SQL selects from.
        columns: Its columns.
        file: SQL of the file's path.
        row: SQL of the row's number in its file, from 1.
        extra: SQL of what stood beyond the last column, as text.
        rows: How many rows there are.
        issues: What was found while reading.
    """

    relation: str
    columns: tuple[RawColumn, ...]
    file: str
    row: str
    extra: str
    rows: int
    issues: tuple[Issue, ...] = ()


def of_texts(texts: Sequence[TextTable], scratch: Scratch) -> RawTable:
    """Text files as one table; columns go by their names, and one that a file lacks is empty there."""
    names = {name.casefold(): name for each in reversed(texts) for name in reversed(each.names)}
    order = list(dict.fromkeys(name.casefold() for each in texts for name in each.names))
    if all([name.casefold() for name in each.names] == order for each in texts):
        relation = parquet([each.path for each in texts], extra=", filename='source', file_row_number=true")
    else:
        relation = f"({' UNION ALL '.join(_aligned(each, order) for each in texts)})"
    whens = " ".join(f"WHEN {literal(str(each.path))} THEN {literal(str(each.source))}" for each in texts)
    lacking = [str(each.source) for each in texts if len(each.names) < len(order)]
    return RawTable(
        relation=relation,
        columns=tuple(RawColumn(names[key], Kind.TEXT, f"c{at}", f"c{at}") for at, key in enumerate(order)),
        file=f"CASE source {whens} END",
        row="file_row_number + 1",
        extra="extra",
        rows=_count(relation, scratch),
        issues=(*(issue for each in texts for issue in each.issues), *_lacking(lacking)),
    )


def _aligned(each: TextTable, order: Sequence[str]) -> str:
    """One file's cells under the numbers that their names have in the whole table."""
    own = {name.casefold(): f"c{number}" for number, name in enumerate(each.names)}
    cells = ", ".join(f"{own.get(key, 'NULL::VARCHAR')} AS c{number}" for number, key in enumerate(order))
    rows = parquet([each.path], extra=", filename='source', file_row_number=true")
    return f"SELECT {cells}, extra, source, file_row_number FROM {rows}"


def _lacking(files: Sequence[str]) -> tuple[Issue, ...]:
    if not files:
        return ()
    message = text("reading.other-columns", count=len(files))
    return (
        Issue(severity=Severity.WARNING, text=message, place=files[0], count=len(files), examples=tuple(files[:5])),
    )


def of_parquet(files: Sequence[Path], scratch: Scratch) -> RawTable:
    """Parquet files of the same columns as one table.

    Raises:
        CarpelError: A file is damaged.
    """
    try:
        relation = parquet(files, extra=f", filename='{_FILE}', file_row_number=true, union_by_name=true")
        described = scratch.rows(f"DESCRIBE SELECT * FROM {relation}")
        columns = tuple(_typed(name, kind) for name, kind, *_ in described if name not in {_FILE, "file_row_number"})
        rows = _count(relation, scratch)
    except duckdb.Error as error:
        place = ", ".join(map(str, files[:3]))
        raise CarpelError("reading.parquet-damaged", place=place, problem=first_line(error)) from error
    return RawTable(relation, columns, _FILE, "file_row_number + 1", "NULL::VARCHAR", rows)


def _count(relation: str, scratch: Scratch) -> int:
    return int(scratch.rows(f"SELECT count(*) FROM {relation}")[0][0])


def _typed(name: str, declared: str) -> RawColumn:
    column = quoted(name)
    name = f"{name}_" if name.casefold() in RESERVED else name
    kind = _kind(declared)
    if kind is Kind.TEXT:
        plain = trimmed(column if declared == "VARCHAR" else _as_text(column, declared))
        return RawColumn(name, kind, plain, plain)
    native = _native(column, declared, kind)
    return RawColumn(name, kind, f"CAST({native} AS VARCHAR)", native)


def _kind(declared: str) -> Kind:
    if declared in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}:
        return Kind.INTEGER
    if declared.startswith("DECIMAL"):
        return Kind.DECIMAL
    if declared.startswith("TIMESTAMP"):
        return Kind.ZONED if declared.endswith("ZONE") else Kind.INSTANT
    return {"FLOAT": Kind.FLOAT, "DOUBLE": Kind.FLOAT, "BOOLEAN": Kind.BOOLEAN, "DATE": Kind.DATE}.get(
        declared, Kind.TEXT
    )


def _as_text(column: str, declared: str) -> str:
    nested = declared.endswith("]") or declared.startswith(("STRUCT", "MAP"))
    return f"CAST(to_json({column}) AS VARCHAR)" if nested else f"CAST({column} AS VARCHAR)"


def _native(column: str, declared: str, kind: Kind) -> str:
    """Not a number and infinities are no values; a single-precision 9.8 means 9.8; moments are UTC."""
    if kind is Kind.FLOAT:
        double = f"CAST(CAST({column} AS VARCHAR) AS DOUBLE)" if declared == "FLOAT" else column
        return f"CASE WHEN isfinite({double}) THEN {double} END"
    if kind is Kind.ZONED:
        return f"({column} AT TIME ZONE 'UTC')"
    if kind is Kind.INSTANT:
        return f"CAST({column} AS TIMESTAMP)"
    return column
