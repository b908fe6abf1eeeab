"""How a built-in attribute is declared: what it is, what it reads, and its expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import ibis

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Labels, Text, text
from carpel.kernel.types import ValueType
from carpel.profiles.attributes import Better, Family, Unit
from carpel.profiles.parameters import Parameters

DERIVED: Final = "derived"
"""The `reads` of an attribute that is worked out from other attributes of the same customer."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What an expression may use beside its rows.

    Attributes:
        as_of: The moment that the profile knows up to.
        parameters: Population numbers.
    """

    as_of: AsOf
    parameters: Parameters

    @property
    def instant(self) -> Any:
        """The moment as facts store times."""
        return ibis.literal(self.as_of.stored, type="timestamp(6)")

    @property
    def day(self) -> Any:
        """The local day of the moment."""
        return ibis.literal(self.as_of.day)

    def days_since(self, day: Any) -> Any:
        """Whole local days from a day to the moment."""
        return self.day.delta(day, unit="day")

    def days_ago(self, days: int) -> Any:
        """The day some days before the moment's; the first day there is where that lies before it."""
        return ibis.literal(self.as_of.day - timedelta(days=min(days, (self.as_of.day - date.min).days)))

    def within(self, rows: Any, days: int, *, before: bool = False) -> Any:
        """Rows of the last days, or of as many days just before those."""
        start = self.days_ago(days)
        return (rows.day >= self.days_ago(2 * days)) & (rows.day < start) if before else rows.day >= start


Expression: TypeAlias = Callable[[Any, Moment], Any]
"""An Ibis value over rows: an aggregate of a customer's facts, or a function of a customer's attributes."""


Beside: TypeAlias = Callable[[Any, Moment, Callable[[str], Any]], Any]
"""Rows, the moment, and a way to the known rows of another table by name (None where there is none): new rows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pass:
    """One chain of group-bys over one table, giving at most one row per customer.

    Attributes:
        name: `reads` of the attributes computed in it.
        table: The fact table; `purchases` and `revenue` stand for the tables that hold them here.
        keep: Rows that count; None means all.
        by: A finer grain to sum to before the customer, such as a customer's category.
        parts: What may be summed at the finer grain, by name; only those that a wanted attribute asks for are.
        rows: What is done to the rows before anything else, where another table must be looked at.
    """

    name: str
    table: str
    keep: Expression | None = None
    by: tuple[str, ...] = ()
    parts: Mapping[str, Expression] = field(default_factory=dict)
    rows: Beside | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it sums all rows of its table, straight to the customer."""
        return not (self.by or self.keep or self.rows)


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One attribute of the catalogue, before it meets a workspace's facts.

    Attributes:
        key: Its name.
        family: Which of the ten it belongs to.
        type: What it holds.
        unit: What one of it counts.
        reads: The pass that computes it, `customers` for a function of the customer's own columns, or `derived`.
        chain: The pass itself, where it is none of the built-in ones.
        wants: Tables and `table.column`s without which it cannot be; `a|b` means either.
        uses: With `derived`, the attributes it is worked out from.
        uses_if_there: With `derived`, attributes that refine it where the facts give them.
        parts: What it needs of its pass's `parts`.
        expression: How it is computed.
        empty: What it is for a customer of whom the table says nothing: 0 for counts, nothing for
            sets, else unknown.
        changeable: Whether the company's own action can change it.
        better: Which way, for an attribute of the workspace's own.
        values: For a category with a fixed list, that list in its natural order.
        personal: Whether it identifies a person.
        as_known_today: Whether it stands on rows that a CRM overwrites as a whole; columns say so themselves.
        label: None takes it from the catalogue of texts.
        description: Likewise.
    """

    key: str
    family: Family
    type: ValueType
    unit: Unit = Unit.NONE
    reads: str
    chain: Pass | None = None
    wants: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    uses_if_there: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    expression: Expression
    empty: int | tuple[()] | None = None
    changeable: bool = False
    better: Better = Better.EITHER
    values: tuple[str, ...] = ()
    personal: bool = False
    as_known_today: bool = False
    label: Text | Labels | None = None
    description: Text | Labels | None = None

    @property
    def shown_label(self) -> Text | Labels:
        """Its short name."""
        return self.label or text(f"profiles.{self.key}.label")

    @property
    def shown_description(self) -> Text | Labels:
        """Its one sentence."""
        return self.description or text(f"profiles.{self.key}.description")
