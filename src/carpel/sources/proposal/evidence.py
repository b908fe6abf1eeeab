"""What the files themselves show: their columns with counts, and which columns depend on or refer to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from carpel.kernel.types import ValueType
from carpel.sources.reading import ColumnDecision, Dataset


@dataclass(frozen=True, kw_only=True)
class SeenColumn:
    """A column as its values show it.

    Attributes:
        name: As in the file.
        decision: How it is read, and which other readings fit as well.
        nulls: Rows without a value.
        distinct: Different values.
        values: Its values with their counts, most frequent first, where they are few; else empty.
    """

    name: str
    decision: ColumnDecision
    rows: int
    nulls: int
    distinct: int
    values: tuple[tuple[str, int], ...] = ()

    @property
    def type(self) -> ValueType:
        """How its values are read."""
        return self.decision.type

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return self.rows - self.nulls

    @property
    def filled_share(self) -> float:
        """Rows with a value, as a share of all."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice."""
        return 0 < self.distinct == self.filled

    @property
    def repetition(self) -> float:
        """Rows to each value; 1 where it is unique."""
        return self.filled / self.distinct if self.distinct else 0.0

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.type in {ValueType.INTEGER, ValueType.NUMBER, ValueType.MONEY, ValueType.SHARE}

    @property
    def is_dated(self) -> bool:
        """Whether its values are days or moments."""
        return self.type in {ValueType.DATE, ValueType.INSTANT}


@dataclass(frozen=True, kw_only=True)
class Unsold:
    """What the orders weigh under whose status nothing was sold.

    Attributes:
        orders: How many.
        by_order: For columns whose product may be their money: its sum, once for each order.
        by_row: Likewise its sum over all their rows.
    """

    orders: int
    by_order: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    by_row: Mapping[tuple[str, ...], float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SeenTable:
    """A file, or several of one form, as its values show it.

    Attributes:
        name: What carpel.yaml calls the source.
        title: What the file or sheet is called.
        dataset: How it is read.
        columns: Its columns in order.
        determined: For (key, column): the share of the keys occurring more than once whose rows agree on the column.
            Pairs that were not looked at are absent.
        constant: Likewise, the share of them all of whose rows say the very same, or all nothing.
        unsold: For (status, order's id or None): the orders whose status says that nothing was sold.
    """

    name: str
    title: str
    dataset: Dataset
    rows: int
    columns: tuple[SeenColumn, ...]
    determined: Mapping[tuple[str, str], float] = field(default_factory=dict)
    constant: Mapping[tuple[str, str], float] = field(default_factory=dict)
    unsold: Mapping[tuple[str, str | None], Unsold] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, SeenColumn]:
        """The columns by name."""
        return {column.name: column for column in self.columns}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that was seen.

    Attributes:
        tables: By name, in order of name.
        contained: For two columns, each (table, column): the share of the first's values that the second holds.
    """

    tables: Mapping[str, SeenTable]
    contained: Mapping[tuple[tuple[str, str], tuple[str, str]], float] = field(default_factory=dict)

    def referred(self, source: str, column: str) -> float:
        """The largest share of another file's column whose values this column holds."""
        found = [
            share for (start, home), share in self.contained.items() if home == (source, column) and start[0] != source
        ]
        return max(found, default=0.0)
