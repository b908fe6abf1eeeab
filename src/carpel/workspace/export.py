"""Write a table where people take it: Parquet, CSV or Excel, never with a live formula in it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from carpel.kernel.errors import CarpelError

EXCEL_ROWS: Final = 1_048_576
"""Rows of one Excel sheet, the head among them."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_table(schema: pa.Schema, batches: Iterator[pa.RecordBatch], to: Path) -> int:
    """Write batches to a file whose ending chooses the form; gives the number of rows.

    The file appears whole or not at all.

    Raises:
        CarpelError: Another ending, no such folder, or more rows than Excel takes.
    """
    write = _WRITERS.get(to.suffix.lower())
    if write is None:
        raise CarpelError("workspace.export-ending", file=to.name)
    if not to.parent.is_dir():
        raise CarpelError("workspace.no-folder", place=str(to.parent))
    partial = to.with_name(f".{to.name}.partial")
    try:
        rows = write(schema, batches, partial)
        partial.replace(to)
    except OSError as error:
        error.filename = str(to)
        raise
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return rows


def defused(cell: str) -> str:
    """Text that a spreadsheet will not take for a formula: a leading apostrophe where it would."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _write_parquet(schema: pa.Schema, batches: Iterator[pa.RecordBatch], to: Path) -> int:
    rows = 0
    with pq.ParquetWriter(to, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_csv(schema: pa.Schema, batches: Iterator[pa.RecordBatch], to: Path) -> int:
    rows = 0
    with to.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow([defused(name) for name in schema.names])
        for row in _rows(batches):
            writer.writerow([_csv_cell(value) for value in row])
            rows += 1
    return rows


def _csv_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(str(each) for each in value)
    return defused(value) if isinstance(value, str) else value


def _write_excel(schema: pa.Schema, batches: Iterator[pa.RecordBatch], to: Path) -> int:
    rows = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(to), options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, schema.names, book.add_format({"bold": True}))
        for rows, row in enumerate(_rows(batches), start=1):
            if rows >= EXCEL_ROWS:
                raise CarpelError("workspace.too-many-for-excel", limit=EXCEL_ROWS)
            for column, value in enumerate(row):
                _write_excel_cell(sheet, rows, column, value, day, moment)
    return rows


def _write_excel_cell(sheet: Any, row: int, column: int, value: Any, day: Any, moment: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case str():
            sheet.write_string(row, column, value)
        case list():
            sheet.write_string(row, column, "; ".join(str(each) for each in value))
        case datetime():
            sheet.write_datetime(row, column, value, moment)
        case date():
            sheet.write_datetime(row, column, value, day)
        case _:
            sheet.write_number(row, column, value)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


_WRITERS: Final[dict[str, Callable[[pa.Schema, Iterator[pa.RecordBatch], Path], int]]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".xlsx": _write_excel,
}
