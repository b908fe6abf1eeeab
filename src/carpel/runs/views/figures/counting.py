"""One pass over each column of the profiles: how many customers of each leaf fall into each bar.

Columns are read a few at a time, each for all customers, so that memory is bounded by a few columns. Bars are chosen on
a part of the customers, evenly spaced; the counts are of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.kernel.types import ValueType
from carpel.models import is_end
from carpel.profiles import Attribute, Family, Profiles
from carpel.runs.making import Assignments
from carpel.runs.views.distributions import Shape
from carpel.runs.views.figures.bins import Bins, choose, is_counted, numbers
from carpel.runs.views.figures.values import Counted, Counts, Foretold, Wanted
from carpel.schemes import Scheme

MEDIANS: Final = (
    "recency_days",
    "frequency",
    "monetary_value",
    "order_mean",
    "gap_median_days",
    "tenure_days",
    "nps",
    "csat",
)
"""Attributes of which the middle is known for every segment, exactly."""

NEXT_PRODUCT: Final = "next_product"
"""The attribute that says what to offer."""

_SAMPLE: Final = 20_000
_VALUES: Final = 4_000_000
"""Values that are held at once."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """Columns of files in customer order, read when they are wanted; each file's head is read once."""

    files: Sequence[pq.ParquetFile]

    @classmethod
    def of(cls, files: Sequence[Path], words: Sequence[str] = ()) -> Columns:
        """Of some files; the columns of words are kept as numbers of words."""
        return cls([pq.ParquetFile(file, read_dictionary=list(words)) for file in files])

    @property
    def rows(self) -> int:
        """How many customers there are."""
        return sum(file.metadata.num_rows for file in self.files)

    def read(self, names: Sequence[str]) -> pa.Table:
        """Some columns of everyone."""
        return pa.concat_tables(file.read(columns=list(names)) for file in self.files)


def leaf_places(assignments: Assignments, scheme: Scheme, column: str = "segment") -> Places:
    """Each customer's leaf by its number; outside the base the number after the last."""
    leaves = tuple(leaf.key for leaf in scheme.leaves)
    table = Columns.of(assignments.files).read([column])
    return Bins(shape=Shape.WORDS, words=leaves).codes(table[column])


def count(profiles: Profiles, places: Places, leaves: int) -> dict[str, Counted]:
    """The counts of every attribute that has a distribution."""
    available = profiles.catalogue.available.values()
    columns = Columns.of(profiles.files, [each.key for each in available if each.type is ValueType.CATEGORY])
    found = {}
    for attributes in _batches([each for each in available if is_counted(each)], columns):
        table = columns.read([each.key for each in attributes])
        for each in attributes:
            found[each.key] = _counted(each, table[each.key], places, leaves, profiles.digits)
    return found


def known(profiles: Profiles, counted: Mapping[str, Counted]) -> dict[str, int]:
    """Of how many customers each attribute is known."""
    columns = Columns.of(profiles.files)
    found = {}
    for key in profiles.catalogue.available:
        if key in counted:
            found[key] = columns.rows - int(counted[key].counts[:, -1].sum())
        else:
            column = columns.read([key])[key]
            found[key] = len(column) - column.null_count
    return found


def medians(profiles: Profiles, places: Places, scheme: Scheme) -> dict[str, dict[str | None, float]]:
    """The middle value of a few attributes among the customers of each segment, and of the base."""
    columns = Columns.of(profiles.files)
    wanted = [key for key in MEDIANS if key in profiles.catalogue.available]
    return {key: dict(_medians(_known(key, numbers(columns.read([key])[key])), places, scheme)) for key in wanted}


def foretold(profiles: Profiles, places: Places, leaves: int) -> dict[str, Foretold]:
    """What models say of the customers of each leaf, of attributes that are numbers."""
    columns, found = Columns.of(profiles.files), {}
    for key, each in profiles.catalogue.available.items():
        if each.family is Family.MODEL and each.type.is_numeric and not is_end(key, profiles.catalogue):
            values = numbers(columns.read([key])[key])
            said = np.isfinite(values)
            sums = np.bincount(places[said], values[said], minlength=leaves + 1)
            customers = np.bincount(places[said], minlength=leaves + 1)
            found[key] = Foretold(tuple(map(float, sums)), tuple(map(int, customers)))
    return found


def wanted(profiles: Profiles, places: Places) -> tuple[Wanted, ...]:
    """How many of each leaf are best offered each product next."""
    if NEXT_PRODUCT not in profiles.catalogue.available:
        return ()
    table = Columns.of(profiles.files).read([NEXT_PRODUCT]).append_column("leaf", pa.array(places))
    counts = (
        table.filter(table[NEXT_PRODUCT].is_valid()).group_by(["leaf", NEXT_PRODUCT]).aggregate([([], "count_all")])
    )
    rows = counts.sort_by([("leaf", "ascending"), (NEXT_PRODUCT, "ascending")]).to_pylist()
    return tuple(Wanted(row["leaf"], row[NEXT_PRODUCT], row["count_all"]) for row in rows)


def rows_of(scheme: Scheme, segment: str) -> tuple[int, ...]:
    """The numbers of a segment's leaves."""
    return tuple(number for number, leaf in enumerate(scheme.leaves) if segment in scheme.paths[leaf.key])


def _batches(attributes: Sequence[Attribute], columns: Columns) -> Iterator[Sequence[Attribute]]:
    size = max(1, min(16, _VALUES // max(1, columns.rows)))
    for start in range(0, len(attributes), size):
        yield attributes[start : start + size]


def _counted(attribute: Attribute, column: pa.ChunkedArray, places: Places, leaves: int, digits: int) -> Counted:
    step = max(1, len(column) // _SAMPLE)
    sample = column.take(pa.array(np.arange(0, len(column), step))) if step > 1 else column
    bins = choose(attribute, sample, _range(attribute, column), digits)
    if bins.shape is Shape.SETS:
        return Counted(bins, _of_sets(bins, column, places, leaves))
    return Counted(bins, _table(places * bins.width + bins.codes(column), leaves, bins.width))


def _range(attribute: Attribute, column: pa.ChunkedArray) -> tuple[float, float] | None:
    """The least and the most of numbers and days."""
    if not attribute.type.is_numeric and attribute.type not in {ValueType.DATE, ValueType.INSTANT}:
        return None
    values = numbers(column)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else None


def _of_sets(bins: Bins, column: pa.ChunkedArray, places: Places, leaves: int) -> Counts:
    """The unknown are those who have nothing in their set."""
    rows, codes = bins.elements(column)
    counts = _table(places[rows] * bins.width + codes, leaves, bins.width)
    lengths = column.combine_chunks().value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    counts[:, -2] = np.bincount(places[lengths > 0], minlength=leaves + 1)
    counts[:, -1] = np.bincount(places[lengths == 0], minlength=leaves + 1)
    return counts


def _table(cells: Places, leaves: int, width: int) -> Counts:
    counts: Counts = np.bincount(cells, minlength=(leaves + 1) * width).reshape(leaves + 1, width)
    return counts


def _known(key: str, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Without those who never bought, where the question is how often people buy."""
    return np.where(values > 0, values, np.nan) if key == "frequency" else values


def _medians(values: npt.NDArray[np.float64], places: Places, scheme: Scheme) -> Iterator[tuple[str | None, float]]:
    finite = np.isfinite(values)
    for segment, rows in _groups(scheme).items():
        chosen = np.zeros(len(scheme.leaves) + 1, dtype=bool)
        chosen[list(rows)] = True
        inside = values[chosen[places] & finite]
        if len(inside):
            yield segment, float(np.median(inside))


def _groups(scheme: Scheme) -> Mapping[str | None, Sequence[int]]:
    everyone: dict[str | None, Sequence[int]] = {None: range(len(scheme.leaves))}
    return everyone | {segment.key: rows_of(scheme, segment.key) for _, segment in scheme.walk()}
