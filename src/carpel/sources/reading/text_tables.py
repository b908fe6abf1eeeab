"""Files of text, one after another, as Parquet of plain text cells: the form in which columns are decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.kernel.issues import Issue
from carpel.sources.reading.scratch import Scratch

SPACES: Final = " \t\r\n\u00a0\u3000"
_BATCH_ROWS: Final = 20_000
_BATCH_SIZE: Final = 16 << 20


@dataclass(frozen=True)
class TextTable:
    """One file's cells, still text: columns `c0`, `c1`, … and `extra`, what stood beyond the last column.

    Attributes:
        source: The file that the cells are from.
        path: The Parquet file that holds them, in the file's order; empty cells are null.
        names: The columns' names.
        issues: What was found on the way.
    """

    source: Path
    path: Path
    names: tuple[str, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class TextRow:
    """A row of cells, and what stood beyond the last column."""

    cells: Sequence[str | None]
    extra: str | None = None


def write_rows(rows: Iterable[TextRow], width: int, scratch: Scratch) -> Path:
    """Write rows as they come, short ones filled up with nothing; blank cells become null."""
    to = scratch.new_file(".parquet")
    schema = pa.schema([(f"c{number}", pa.string()) for number in range(width)] + [("extra", pa.string())])
    with pq.ParquetWriter(to, schema, compression="lz4") as writer:
        for batch in _batches(rows):
            columns = [_cells(batch, number) for number in range(width)]
            columns.append(pa.array([row.extra for row in batch], pa.string()))
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    return to


def _batches(rows: Iterable[TextRow]) -> Iterator[list[TextRow]]:
    batch: list[TextRow] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(cell) for cell in row.cells if cell)
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _cells(batch: list[TextRow], number: int) -> pa.Array:
    return pa.array([_cell(row.cells, number) for row in batch], pa.string())


def _cell(cells: Sequence[str | None], number: int) -> str | None:
    cell = cells[number] if number < len(cells) else None
    return (cell.strip(SPACES) or None) if cell else None
