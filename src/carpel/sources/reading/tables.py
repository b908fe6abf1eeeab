"""Rows as DuckDB sees them, from text and typed files alike: each column by its text and by its native value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.sources.reading.delimited import trimmed
from carpel.sources.reading.scratch import Scratch, first_line, literal, parquet, quoted
from carpel.sources.reading.text_tables import TextTable


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
    """Text files of the same columns as one table."""
    names = texts[0].names
    relation = parquet([each.path for each in texts], extra=", filename='source', file_row_number=true")
    columns = tuple(RawColumn(name, Kind.TEXT, f"c{number}", f"c{number}") for number, name in enumerate(names))
    whens = " ".join(f"WHEN {literal(str(each.path))} THEN {literal(str(each.source))}" for each in texts)
    return RawTable(
        relation=relation,
        columns=columns,
        file=f"CASE source {whens} END",
        row="file_row_number + 1",
        extra="extra",
        rows=_count(relation, scratch),
        issues=tuple(issue for each in texts for issue in each.issues),
    )


def of_parquet(files: Sequence[Path], scratch: Scratch) -> RawTable:
    """Parquet files of the same columns as one table.

    Raises:
        CarpelError: A file is damaged.
    """
    try:
        relation = parquet(files, extra=", filename='__file', file_row_number=true, union_by_name=true")
        described = scratch.rows(f"DESCRIBE SELECT * FROM {relation}")
        columns = tuple(_typed(name, kind) for name, kind, *_ in described if name not in {"__file", "file_row_number"})
        rows = _count(relation, scratch)
    except duckdb.Error as error:
        place = ", ".join(map(str, files[:3]))
        raise CarpelError("reading.parquet-damaged", place=place, problem=first_line(error)) from error
    return RawTable(relation, columns, "__file", "file_row_number + 1", "NULL::VARCHAR", rows)


def _count(relation: str, scratch: Scratch) -> int:
    return int(scratch.rows(f"SELECT count(*) FROM {relation}")[0][0])


def _typed(name: str, declared: str) -> RawColumn:
    column = quoted(name)
    kind = _kind(declared)
    if kind is Kind.TEXT:
        text = trimmed(column if declared == "VARCHAR" else _as_text(column, declared))
        return RawColumn(name, kind, text, text)
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
