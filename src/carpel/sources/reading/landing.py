"""Landing: a source's files as one typed Parquet file, written as a stream."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.types import ValueType
from carpel.sources.reading.decisions import Decided, decide
from carpel.sources.reading.formats import Format
from carpel.sources.reading.opening import find_all, open_table
from carpel.sources.reading.readings import AsText, Native
from carpel.sources.reading.scratch import Scratch, quoted
from carpel.sources.reading.tables import RawTable
from carpel.sources.reading.values import Landed, ReadOptions


def land(files: Sequence[Path], *, options: ReadOptions, wanted: Mapping[str, ValueType], to: Path) -> Landed:
    """Write the rows of some files of one source to one Parquet file.

    Args:
        files: The files; they share their columns.
        options: How to read them, as carpel.yaml says.
        wanted: For columns that a mapping uses, the type that its contract promises.
        to: Where to write; its folder must exist.

    Raises:
        CarpelError: A file cannot be read as a table, or there is no room for it.
    """
    if not files:
        raise CarpelError("reading.no-files")
    with Scratch(beside=to.parent) as scratch:
        tables, left_out = find_all(files, options, scratch, named=files)
        found = list({each.source: each for each in reversed(tables)}.values())[::-1]
        if len({each.format is Format.PARQUET for each in found}) > 1:
            raise CarpelError("reading.mixed-formats", place=str(files[0]))
        table = open_table(found, scratch)
        _check_types(options, table, str(files[0]))
        excel = found[0].format is Format.EXCEL
        decided, doubts = decide(table, options, wanted, scratch, place=str(files[0]), excel=excel)
        scratch.copy(_typed(table, decided), to)
    columns = tuple(each.decision for each in decided)
    return Landed(path=to, rows=table.rows, columns=columns, issues=(*left_out, *table.issues, *doubts))


def _check_types(options: ReadOptions, table: RawTable, place: str) -> None:
    """A type told for a column that is not there is a slip of the pen."""
    names = [column.name for column in table.columns]
    for name in options.types:
        if name not in names:
            raise CarpelError("reading.unknown-column", place=place, name=name, hint=nearest(name, names))


def _typed(table: RawTable, decided: Sequence[Decided]) -> str:
    """The query that reads each cell once and keeps the text of those that do not fit."""
    inner = [f"{table.file} AS file", f"{table.row} AS number", f"{table.extra} AS beyond"]
    outer: list[str] = []
    unfit: list[str] = ["CASE WHEN beyond IS NOT NULL THEN '\"__extra\": ' || CAST(to_json(beyond) AS VARCHAR) END"]
    for number, each in enumerate(decided):
        inner.append(f"{_value(each)} AS v{number}")
        outer.append(f"v{number} AS {quoted(each.decision.name)}")
        if each.decision.unread:
            inner.append(f"{each.verdict.text} AS r{number}")
            unfit.append(_kept(each.decision.name, number))
    raw = f"array_to_string([{', '.join(unfit)}], ', ')"
    outer += ["file AS __file", "CAST(number AS BIGINT) AS __row", f"'{{' || nullif({raw}, '') || '}}' AS __raw"]
    return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {table.relation})"


def _value(each: Decided) -> str:
    value = each.verdict.trial.rival.reading.sql(each.verdict.text)
    kind, read = each.decision.type, each.verdict.trial.rival.reading
    if kind is ValueType.DATE and read.type is ValueType.INSTANT:
        return f"CAST({value} AS DATE)"
    if isinstance(read, AsText | Native) and kind in {ValueType.ID, ValueType.TEXT, ValueType.CATEGORY}:
        return f"CAST({value} AS VARCHAR)"
    return value


def _kept(name: str, number: int) -> str:
    key = json.dumps(name, ensure_ascii=False).replace("'", "''")
    entry = f"'{key}: ' || CAST(to_json(r{number}) AS VARCHAR)"
    return f"CASE WHEN r{number} IS NOT NULL AND v{number} IS NULL THEN {entry} END"
