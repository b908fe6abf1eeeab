"""A source's own columns, kept under their own names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.types import ValueType
from carpel.sources.reading import ColumnDecision
from carpel.sources.settings import Source
from carpel.sources.staging.collapsing import repeats

DERIVED: Final = (
    *("customer_no", "day", "source_amount", "is_return", "quantity", "lines", "line_discount", "cost", "gap_days"),
    *("ordered_at", "channel", "category", "line", "from_source", "currency"),
)
"""Names that staging itself may give to a column of some table."""

_RESERVED: Final = frozenset(
    ("and", "or", "not", "in", "is", "like", "between", "null", "true", "false", "distinct", "filter", "where")
)


@dataclass(frozen=True, kw_only=True)
class Extra:
    """A source's own column.

    Attributes:
        name: What it is called from now on.
        column: What was decided about it; its name there is the source's.
    """

    name: str
    column: ColumnDecision

    @property
    def type(self) -> ValueType:
        """What it holds."""
        return self.column.type


def extras(source: Source, table: str, columns: Iterable[ColumnDecision]) -> tuple[Extra, ...]:
    """The source's own columns that a table keeps, under the names that they have there."""
    taken = {*TABLES[table].names, *DERIVED}
    found = []
    for column in kept(source, table, columns):
        name = _free(identifier(column.name), taken)
        taken.add(name)
        found.append(Extra(name=name, column=column))
    return tuple(found)


def kept(source: Source, table: str, columns: Iterable[ColumnDecision]) -> list[ColumnDecision]:
    """The columns that a table claims; where its rows are the source's own, also those that nobody maps or claims."""
    columns, claimed = list(columns), source.tables[table].own
    if claimed:
        return [column for column in columns if column.name in claimed]
    others = {name for each in source.tables.values() for name in each.own}
    rest = [column for column in unmapped(source, columns) if column.name not in others]
    return rest if table == _keeper(source) else []


def _keeper(source: Source) -> str | None:
    """The table whose rows are those of the source; of several, one that takes all rows."""
    finest = [name for name in TABLES if name in source.tables and not repeats(source, name)]
    keeping = [name for name in finest if source.tables[name].extra]
    return min(keeping, key=lambda name: source.tables[name].where is not None, default=None)


def unmapped(source: Source, columns: Iterable[ColumnDecision]) -> list[ColumnDecision]:
    """The columns of a source that no table takes."""
    mappings = [each for table in source.tables.values() for each in table.columns.values()]
    used = {name for mapping in mappings for name in mapping.columns}
    return [column for column in columns if column.name not in used]


def identifier(name: str) -> str:
    """A name as rules write it: `Customer No.` is `customer_no`, `NumWebPurchases` is `num_web_purchases`."""
    plain = unicodedata.normalize("NFKC", name)
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    word = re.sub(r"_+", "_", re.sub(r"\W+", "_", split)).strip("_").lower()
    if not word or word[0].isdigit() or word in _RESERVED:
        word = f"column_{word}".rstrip("_")
    return word


def _free(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    candidates = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(each for each in candidates if each not in taken)
