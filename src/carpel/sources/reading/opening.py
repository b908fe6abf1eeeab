"""From files to rows: each file is looked at by its format, and files of the same columns become one table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.sources.reading import delimited, dialects, excel, json_rows, tables
from carpel.sources.reading.encodings import UTF8
from carpel.sources.reading.formats import Format, format_of
from carpel.sources.reading.plain_text import plain_text
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.tables import RawTable
from carpel.sources.reading.text_tables import TextTable
from carpel.sources.reading.unpacking import Packing, packing
from carpel.sources.reading.values import ReadOptions


@dataclass(frozen=True)
class Found:
    """A table found in a file, its rows not yet read.

    Attributes:
        source: The file.
        format: What the file is.
        names: The columns' names.
        read: How it is laid out, as carpel.yaml would say it.
        sheet: The sheet, for Excel; None too where a workbook has one sheet only.
        cells: Reads its rows; None for Parquet, which DuckDB reads as it is.
    """

    source: Path
    format: Format
    names: tuple[str, ...]
    read: ReadOptions
    sheet: str | None = None
    cells: Callable[[], TextTable] | None = None


def find(path: Path, options: ReadOptions, scratch: Scratch) -> tuple[Found, ...]:
    """The tables of a file: one, or one for each sheet that holds anything.

    Raises:
        CarpelError: The file cannot be read as a table; says why and what helps.
    """
    kind = format_of(path)
    finder = {Format.PARQUET: _parquet, Format.EXCEL: _excel, Format.JSON: _json, Format.DELIMITED: _delimited}[kind]
    return finder(path, options, scratch)


def find_all(
    paths: Sequence[Path], options: ReadOptions, scratch: Scratch, *, named: Collection[Path]
) -> tuple[tuple[Found, ...], tuple[Issue, ...]]:
    """The tables of many files. One that is empty, or that nobody named and cannot be read, is left out with an issue.

    Raises:
        CarpelError: A file that was named cannot be read, or none can.
    """
    found: list[Found] = []
    errors: list[CarpelError] = []
    for path in paths:
        try:
            found += find(path, options, scratch)
        except CarpelError as error:
            nothing_lost = error.text.key == "reading.empty" and len(paths) > 1
            if path in named and not nothing_lost:
                raise
            errors.append(error)
    if errors and not found:
        raise errors[0]
    return tuple(found), tuple(_left_out(error) for error in errors)


def _left_out(error: CarpelError) -> Issue:
    message = text("reading.left-out", problem=error.text)
    return Issue(severity=Severity.WARNING, text=message, place=error.place or "")


def open_table(found: Sequence[Found], scratch: Scratch) -> RawTable:
    """The rows of some tables of the same format."""
    if found[0].format is Format.PARQUET:
        return tables.of_parquet([each.source for each in found], scratch)
    return tables.of_texts([each.cells() for each in found if each.cells], scratch)


def _parquet(path: Path, options: ReadOptions, scratch: Scratch) -> tuple[Found, ...]:  # noqa: ARG001 - as the others
    if packing(path) is not Packing.NONE:
        raise CarpelError("reading.packed-parquet", place=str(path))
    names = tuple(column.name for column in tables.of_parquet([path], scratch).columns)
    return (Found(path, Format.PARQUET, names, ReadOptions()),)


def _delimited(path: Path, options: ReadOptions, scratch: Scratch) -> tuple[Found, ...]:
    plain = plain_text(path, scratch, options.encoding)
    layout = dialects.dialect(plain.path, options, str(path))
    read = ReadOptions(
        delimiter=layout.delimiter if layout.delimiter != "," else None,
        encoding=plain.encoding if plain.encoding != UTF8 else None,
        header=layout.header if layout.header is not True else None,
    )

    def cells() -> TextTable:
        return delimited.text_table(path, plain, layout, scratch)

    return (Found(path, Format.DELIMITED, layout.names, read, cells=cells),)


def _json(path: Path, options: ReadOptions, scratch: Scratch) -> tuple[Found, ...]:
    table = json_rows.text_table(path, plain_text(path, scratch, options.encoding), scratch)
    return (Found(path, Format.JSON, table.names, ReadOptions(), cells=lambda: table),)


def _excel(path: Path, options: ReadOptions, scratch: Scratch) -> tuple[Found, ...]:
    if packing(path) is not Packing.NONE:
        raise CarpelError("reading.packed-excel", place=str(path))
    workbook = excel.Workbook(path)
    wished = [options.sheet] if options.sheet is not None else list(workbook.sheets)
    if missing := [each for each in wished if each not in workbook.sheets]:
        hint = nearest(missing[0], workbook.sheets)
        raise CarpelError("reading.unknown-sheet", place=str(path), sheet=missing[0], hint=hint)
    found = tuple(each for sheet in wished if (each := _sheet(workbook, sheet, options, scratch)))
    if not found:
        raise CarpelError("reading.empty", place=str(path))
    return found


def _sheet(workbook: excel.Workbook, sheet: str, options: ReadOptions, scratch: Scratch) -> Found | None:
    table = workbook.text_table(sheet, options.header, scratch)
    if table is None:
        return None
    several = len(workbook.sheets) > 1
    read = ReadOptions(sheet=sheet if several else None)
    return Found(workbook.path, Format.EXCEL, table.names, read, sheet, cells=lambda: table)
