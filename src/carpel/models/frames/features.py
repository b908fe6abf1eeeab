"""What a model may look at: one feature for each column that says something, fixed when it learns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.texts import Labels, Text

LEVELS: Final = 40
"""The most values of a category that are told apart; the rarer ones are one."""
ENOUGH: Final = 20
"""Customers from whom on a value of a category is told apart."""


class Kind(StrEnum):
    """How a feature is measured."""

    NUMBER = "number"
    CATEGORY = "category"


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One thing that a model looks at.

    Attributes:
        key: The attribute.
        kind: How it is measured. Yes and no are 1 and 0, days are counted from 1970, a set by how much it holds.
        label: Its name.
        levels: With a category, the values that are told apart, most frequent first.
    """

    key: str
    kind: Kind
    label: Text | Labels
    levels: tuple[str, ...] = ()


def features_of(
    table: pa.Table, *, leave_out: Collection[str] = (), labels: Mapping[str, Text | Labels] | None = None
) -> tuple[Feature, ...]:
    """The features that a table of customers holds: every column but those left out and those that say nothing.

    A column says nothing where it is unknown of everybody or the same for everybody, and where each of its texts
    belongs to too few customers, as a name does.

    Args:
        table: One row per customer.
        leave_out: Columns that a model must not see.
        labels: Names by column; the column's own where there is none.
    """
    named = labels or {}
    found = (
        _feature(name, table[name], named.get(name) or Labels({"en": name}))
        for name in table.column_names
        if name not in leave_out
    )
    return tuple(each for each in found if each)


def _feature(key: str, column: pa.ChunkedArray, label: Text | Labels) -> Feature | None:
    if not is_text(column.type):
        return Feature(key=key, kind=Kind.NUMBER, label=label) if _varies(measured(column)) else None
    counts = [(row["values"], row["counts"]) for row in _counts(column)]
    levels = tuple(value for value, many in counts[:LEVELS] if many >= min(ENOUGH, column.length() // 2))
    # With one level told apart, the rest, or being unknown, must be something else.
    says = len(levels) > 1 or (levels and len(counts) > 1) or (levels and column.null_count)
    return Feature(key=key, kind=Kind.CATEGORY, label=label, levels=levels) if says else None


def _counts(column: pa.ChunkedArray) -> list[dict[str, Any]]:
    """Each known value with how often it occurs; the most frequent first, equals by name."""
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    counted = plain.drop_null().value_counts().to_pylist()
    return sorted(counted, key=lambda row: (-row["counts"], row["values"]))


def _varies(column: pa.ChunkedArray) -> bool:
    known = column.filter(pc.is_finite(column))
    if not len(known):
        return False
    ends = pc.min_max(known)
    return bool(ends["min"] != ends["max"]) or len(known) < len(column)


def is_text(of: pa.DataType) -> bool:
    """Whether a column of that type is a category."""
    inner = of.value_type if pa.types.is_dictionary(of) else of
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def measured(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as numbers; what is unknown stays null."""
    of = column.type
    if pa.types.is_list(of) or pa.types.is_large_list(of):
        return pc.list_value_length(column).cast(pa.float64())
    if pa.types.is_date(of):
        return column.cast(pa.date32()).cast(pa.int32()).cast(pa.float64())
    if pa.types.is_timestamp(of):
        return measured(column.cast(pa.date32()))
    if pa.types.is_boolean(of):
        return column.cast(pa.int8()).cast(pa.float64())
    return column.cast(pa.float64(), safe=False)
