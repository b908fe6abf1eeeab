"""Customers by features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.errors import CarpelError
from carpel.models.frames.features import Feature, Kind, is_text, measured

Column: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """What a model sees of some customers.

    Attributes:
        features: What there is, in order.
        values: Shape (customers, features). A category is the place of its level, and of any other value the place
            after the last; what is unknown is NaN.
    """

    features: tuple[Feature, ...]
    values: npt.NDArray[np.float64]

    @classmethod
    def of(cls, table: pa.Table, features: Sequence[Feature]) -> Frame:
        """The features of a table of customers, by those that were fixed when a model learned.

        Raises:
            CarpelError: A feature's column is missing, or holds another kind of value.
        """
        values = np.full((table.num_rows, len(features)), np.nan)
        for place, feature in enumerate(features):
            values[:, place] = _column(table, feature)
        return cls(features=tuple(features), values=values)

    @property
    def rows(self) -> int:
        """How many customers."""
        return len(self.values)

    def take(self, rows: Rows) -> Frame:
        """Only some customers."""
        return Frame(features=self.features, values=self.values[rows])

    def only(self, keys: Sequence[str]) -> Frame:
        """Only some features."""
        places = [place for place, feature in enumerate(self.features) if feature.key in set(keys)]
        return Frame(features=tuple(self.features[place] for place in places), values=self.values[:, places])

    def fingerprints(self) -> npt.NDArray[np.uint64]:
        """A number for each customer that follows from the features alone, wherever the row stands."""
        mixed = np.zeros(self.rows, dtype=np.uint64)
        for place in range(len(self.features)):
            hashed = np.asarray(pd.util.hash_array(np.ascontiguousarray(self.values[:, place])), dtype=np.uint64)
            mixed = mixed * np.uint64(1_099_511_628_211) ^ hashed
        return mixed

    def is_known(self, row: int, place: int) -> bool:
        """Whether a feature says anything of a customer."""
        return not np.isnan(self.values[row, place])

    def shown(self, row: int, place: int) -> str | float | None:
        """What a feature says of a customer, as people know it; None where it is unknown, or too rare to be named."""
        value, feature = float(self.values[row, place]), self.features[place]
        if np.isnan(value):
            return None
        if feature.kind is Kind.NUMBER:
            return value
        return feature.levels[int(value)] if value < len(feature.levels) else None


def _column(table: pa.Table, feature: Feature) -> Column:
    if feature.key not in table.column_names:
        raise CarpelError("models.feature-missing", feature=feature.key)
    column = table[feature.key]
    if is_text(column.type) is not (feature.kind is Kind.CATEGORY):
        raise CarpelError("models.feature-of-another-kind", feature=feature.key, kind=str(column.type))
    return _codes(column, feature) if feature.kind is Kind.CATEGORY else _finite(measured(column))


def _codes(column: pa.ChunkedArray, feature: Feature) -> Column:
    plain = column.cast(pa.string())
    place = pc.index_in(plain, value_set=pa.array(feature.levels, pa.string()), skip_nulls=True)
    codes = place.fill_null(len(feature.levels)).cast(pa.float64())
    return _floats(pc.if_else(plain.is_valid(), codes, None))


def _finite(column: pa.ChunkedArray) -> Column:
    found = _floats(column)
    found[~np.isfinite(found)] = np.nan
    return found


def _floats(column: Any) -> Column:
    # A copy: what Arrow lends cannot be written to.
    return np.array(
        column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy(), dtype=np.float64
    )
