"""The narrow index: what single look-ups need, in one memory-mapped Arrow file in byte order of customer ids."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.runs.fingerprints import NUMBER

CUSTOMER: Final = "customer_id"
ROWS: Final = 65_536
ALWAYS: Final = ("name", "relationship", "recency_days", "monetary_value")
"""Attributes that the index holds, where profiles have them, beside those that the scheme reads."""


def index_columns(available: Iterable[str], read_by_scheme: Iterable[str]) -> tuple[str, ...]:
    """The attributes that the index holds, in the order of the catalogue."""
    wanted = {*ALWAYS, *read_by_scheme} - {CUSTOMER}
    return tuple(key for key in available if key in wanted)


def write_index(profiles: Sequence[Path], assignments: Sequence[Path], attributes: Sequence[str], to: Path) -> int:
    """Write the index of a run; gives the number of customers.

    Both tables' files come in customer order and hold the same customers, bucket by bucket.

    Args:
        profiles: The profiles' files.
        assignments: The assignments' files.
        attributes: Columns of the profiles to keep.
        to: The file.
    """
    pairs = zip(profiles, assignments, strict=True)
    tables = (_side_by_side(profile, assignment, attributes) for profile, assignment in pairs)
    first = next(tables)
    rows = 0
    # No compression: a look-up reads in place.
    with pa.OSFile(str(to), "wb") as sink, pa.ipc.new_file(sink, first.schema) as writer:
        for table in _chain(first, tables):
            writer.write_table(table.cast(first.schema), max_chunksize=ROWS)
            rows += table.num_rows
    return rows


def _chain(first: pa.Table, others: Iterator[pa.Table]) -> Iterator[pa.Table]:
    yield first
    yield from others


def _side_by_side(profiles: Path, assignments: Path, attributes: Sequence[str]) -> pa.Table:
    left = _in_order(pq.read_table(assignments))
    right = _in_order(pq.read_table(profiles, columns=[NUMBER, *attributes]))
    if not left[NUMBER].equals(right[NUMBER]):
        raise ValueError(assignments)
    labels = left.drop_columns([NUMBER])
    taken = set(labels.column_names)
    for name in attributes:
        if name not in taken:
            labels = labels.append_column(right.schema.field(name), right[name])
    return labels.combine_chunks()


def _in_order(table: pa.Table) -> pa.Table:
    """By customer number; most engines write in order anyway."""
    numbers = table[NUMBER].to_numpy()
    return table if bool((numbers[1:] > numbers[:-1]).all()) else table.sort_by(NUMBER)


class Index:
    """Answers for one customer at a time, by halving: no connection, no lock, no cache."""

    def __init__(self, path: Path) -> None:
        self._map = pa.memory_map(str(path))
        self._reader = pa.ipc.open_file(self._map)
        self._batches = [
            batch for batch in map(self._reader.get_batch, range(self._reader.num_record_batches)) if batch.num_rows
        ]
        self._firsts = [batch.column(0)[0].as_py() for batch in self._batches]
        self._starts = [0, *accumulate(batch.num_rows for batch in self._batches)]

    def __len__(self) -> int:
        return sum(batch.num_rows for batch in self._batches)

    @property
    def columns(self) -> tuple[str, ...]:
        """What it holds of a customer, `customer_id` first."""
        return tuple(self._reader.schema.names)

    def find(self, customer_id: str) -> dict[str, Any] | None:
        """What it holds of a customer; None where there is no such customer. Money in minor units."""
        # Text compares by code point, which is the byte order of its UTF-8.
        at = bisect_right(self._firsts, customer_id) - 1
        if at < 0:
            return None
        batch = self._batches[at]
        row = _position(batch.column(0), customer_id)
        if row is None:
            return None
        return {name: column[row].as_py() for name, column in zip(batch.schema.names, batch.columns, strict=True)}

    def place_of(self, customer_id: str) -> int:
        """How many customers come before that id: the place of it, or where it would be."""
        at = bisect_right(self._firsts, customer_id) - 1
        return self._starts[at] + _insertion(self._batches[at].column(0), customer_id) if at >= 0 else 0

    def at(self, place: int) -> dict[str, Any]:
        """What it holds of the customer in a place; places count from 0 in byte order of ids, as customers' numbers."""
        number = bisect_right(self._starts, place) - 1
        batch, row = self._batches[number], place - self._starts[number]
        return {name: column[row].as_py() for name, column in zip(batch.schema.names, batch.columns, strict=True)}

    def near(self, customer_id: str, count: int = 3) -> tuple[str, ...]:
        """Ids that follow where a customer would be; for a hint beside "no such customer"."""
        at = max(0, bisect_right(self._firsts, customer_id) - 1)
        found: list[str] = []
        for batch in self._batches[at : at + 2]:
            ids = batch.column(0)
            start = _insertion(ids, customer_id)
            found += [ids[row].as_py() for row in range(start, min(start + count, len(ids)))]
        return tuple(found[:count])

    def close(self) -> None:
        """Let go of the file."""
        self._batches, self._firsts, self._starts = [], [], [0]
        self._map.close()


def _position(ids: Any, customer_id: str) -> int | None:
    at = _insertion(ids, customer_id)
    return at if at < len(ids) and ids[at].as_py() == customer_id else None


def _insertion(ids: Any, customer_id: str) -> int:
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) // 2
        if ids[middle].as_py() < customer_id:
            low = middle + 1
        else:
            high = middle
    return low
