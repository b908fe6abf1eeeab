"""Excel workbooks, xls and xlsx alike: the cells of a sheet as Excel shows them, formulas as their last results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, is_zipfile

import fastexcel
import pyarrow as pa

from carpel.kernel.errors import CarpelError
from carpel.sources.reading.dialects import MAX_COLUMNS, header_of, layout_notes, names_of, titles
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.text_tables import TextRow, TextTable, write_rows
from carpel.sources.reading.values import Header

_LARGEST: Final = 3 << 30
_RATIO: Final = 300
_SAFE: Final = 256 << 20
_LOOKED_AT: Final = 300


class Workbook:
    """An Excel file that is open."""

    def __init__(self, path: Path) -> None:
        _refuse_bombs(path)
        self.path = path
        try:
            self._reader = fastexcel.read_excel(path)
        except fastexcel.FastExcelError as error:
            raise CarpelError("reading.excel-damaged", place=str(path), problem=_problem(error)) from error
        self.sheets: tuple[str, ...] = tuple(self._reader.sheet_names)

    def text_table(self, sheet: str, header: Header, scratch: Scratch) -> TextTable | None:
        """The cells of a sheet; None where it holds nothing."""
        place = f"{self.path}:{sheet}"
        batch = self._load(sheet)
        rows = (row for row in _rows(batch) if any(row))
        first = [row for row, _ in zip(rows, range(_LOOKED_AT), strict=False)]
        if not first:
            return None
        width = max(_last_filled(row) for row in first)
        if width > MAX_COLUMNS:
            raise CarpelError("reading.too-many-columns", place=place, limit=MAX_COLUMNS)
        filled = [[cell or "" for cell in row[:width]] for row in first]
        above = titles([sum(1 for cell in row if cell) for row in filled], width) if header is None else 0
        named = above + 1 if above else header_of(filled, header)
        cells = filled[named - 1] if 0 < named <= len(filled) else []
        names, issues = names_of(cells, batch.num_columns, place)
        path = write_rows(_data(batch, named), len(names), scratch)
        return TextTable(self.path, path, names, (*layout_notes(above, cells, place), *issues))

    def _load(self, sheet: str) -> pa.RecordBatch:
        try:
            loaded = self._reader.load_sheet(sheet, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)
            return loaded.to_arrow()
        except fastexcel.FastExcelError as error:
            raise CarpelError("reading.excel-damaged", place=f"{self.path}:{sheet}", problem=_problem(error)) from error


def _refuse_bombs(path: Path) -> None:
    if not is_zipfile(path):
        return
    try:
        with ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (BadZipFile, OSError) as error:
        raise CarpelError("reading.damaged", place=str(path), packing="zip") from error
    packed = path.stat().st_size
    if unpacked > _LARGEST or (unpacked > _SAFE and unpacked > packed * _RATIO):
        raise CarpelError("reading.bomb", place=str(path), packed=packed, unpacked=unpacked)


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[str | None, ...]]:
    for start in range(0, batch.num_rows, 10_000):
        part = batch.slice(start, 10_000)
        yield from zip(*(column.to_pylist() for column in part.columns), strict=True)


def _data(batch: pa.RecordBatch, skipped: int) -> Iterator[TextRow]:
    """The rows below the header; a row without any value is nobody's row."""
    number = 0
    for row in _rows(batch):
        if not any(row):
            continue
        number += 1
        if number > skipped:
            yield TextRow(row)


def _last_filled(row: tuple[str | None, ...]) -> int:
    return max(number for number, cell in enumerate(row, start=1) if cell)


def _problem(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]
