"""What a fact table promises: its columns, their types, and when each is known."""

from dataclasses import dataclass
from enum import StrEnum

from carpel.kernel.types import ValueType


class Known(StrEnum):
    """From which moment on a value may be used."""

    EVENT = "event"
    """From its row's time on; it never changes."""
    DATED_BY = "dated_by"
    """From the moment in another column on; null until then."""
    SNAPSHOT = "snapshot"
    """A CRM overwrites it; Carpel keeps dated copies from the first import on."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a fact table.

    Attributes:
        name: As in carpel.yaml's mapping.
        type: What it holds.
        known: From when on it may be used.
        dated_by: With `Known.DATED_BY`, the column that says when.
        values: For a category with a fixed list, that list; sources map their words onto it.
        references: The table whose key it holds.
        personal: Whether it identifies a person; kept out of logs, and shown to those who may.
    """

    name: str
    type: ValueType
    known: Known = Known.EVENT
    dated_by: str | None = None
    values: tuple[str, ...] = ()
    references: str | None = None
    personal: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A fact table.

    Attributes:
        name: As in DESIGN's list of facts.
        key: The column that identifies a row.
        columns: All columns, the key first.
        time: The column that says when its event happened; None for tables of things.
        amount: The column that holds its money, if it can be the company's revenue or cost.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    time: str | None = None
    amount: str | None = None

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def has_customer(self) -> bool:
        """Whether its rows belong to customers."""
        return "customer_id" in self.names
