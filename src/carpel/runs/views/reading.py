"""One customer's rows, from the one piece of a file that may hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.crm import Facts
from carpel.runs.fingerprints import NUMBER


def rows_of_customer(file: Path, number: int, columns: Sequence[str] | None = None) -> list[Mapping[str, Any]]:
    """The rows of one customer in a file that is sorted by customer.

    Args:
        file: Parquet with `customer_no`.
        number: The customer's.
        columns: Those that are wanted, as far as the file has them; None is all.
    """
    found: list[Mapping[str, Any]] = table_of_customer(file, number, columns).to_pylist()
    return found


def table_of_customer(file: Path, number: int, columns: Sequence[str] | None = None) -> pa.Table:
    """The same as a table."""
    opened = pq.ParquetFile(file)
    names = opened.schema_arrow.names
    wanted = None if columns is None else [NUMBER, *(each for each in columns if each in names and each != NUMBER)]
    parts = []
    for group in _groups(opened, names.index(NUMBER), number):
        table = opened.read_row_group(group, columns=wanted)
        numbers = table[NUMBER].to_numpy()
        first, last = np.searchsorted(numbers, [number, number + 1])
        parts.append(table.slice(first, last - first))
    return pa.concat_tables(parts) if parts else opened.schema_arrow.empty_table().select(wanted or names)


def facts_of_customer(facts: Facts, table: str, number: int, columns: Sequence[str]) -> list[Mapping[str, Any]]:
    """One customer's rows of a fact table; none where there is no such table."""
    found = facts.tables.get(table)
    if found is None or not found.bucketed:
        return []
    return rows_of_customer(found.buckets[number // facts.bucket_size], number, columns)


def _groups(opened: pq.ParquetFile, place: int, number: int) -> Iterator[int]:
    """The row groups that may hold the customer."""
    for group in range(opened.num_row_groups):
        known = opened.metadata.row_group(group).column(place).statistics
        if known is None or not known.has_min_max or known.min <= number <= known.max:
            yield group
