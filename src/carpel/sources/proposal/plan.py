"""The proposed mapping as values: sources, their tables, each column with the reason for it, and what to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from carpel.kernel.texts import Text
from carpel.sources.proposal.evidence import SeenTable

LEAVE_OUT: Final = "leave-out"
"""The answer that leaves rows or a file out."""

Form: TypeAlias = "str | Mapping[str, object]"
"""A column mapping as carpel.yaml writes it: a column's name, or how its value is made."""


@dataclass(frozen=True, kw_only=True)
class ColumnPlan:
    """Where one contract column's values come from.

    Attributes:
        name: The contract's column.
        form: What carpel.yaml says.
        columns: The file's columns that it takes.
        why: What was seen that speaks for it.
    """

    name: str
    form: Form
    columns: tuple[str, ...] = ()
    why: Text


@dataclass(frozen=True, kw_only=True)
class TablePlan:
    """How a source's rows become rows of a table.

    Attributes:
        table: The fact table.
        columns: In the contract's order.
        why: What was seen that speaks for it.
        where: Which rows only; None takes all.
        where_why: Why the others are left out.
        own: The file's columns that tell something of this table's rows and have no place in its contract.
        own_why: What was seen that speaks for that.
    """

    table: str
    columns: tuple[ColumnPlan, ...]
    why: Text
    where: str | None = None
    where_why: Text | None = None
    own: tuple[str, ...] = ()
    own_why: Text | None = None

    def column(self, name: str) -> ColumnPlan | None:
        """The plan of a contract column, if it is mapped."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True, kw_only=True)
class SourcePlan:
    """A source of carpel.yaml.

    Attributes:
        seen: The files.
        tables: What they feed; none where they only serve to look names up.
        why: What one row of it was taken to be.
        read: What to add to how it is read, by entry.
    """

    seen: SeenTable
    tables: tuple[TablePlan, ...]
    why: Text
    read: Mapping[str, object] = field(default_factory=dict)

    @property
    def used(self) -> frozenset[str]:
        """The file's columns that some contract column takes."""
        return frozenset(each for table in self.tables for column in table.columns for each in column.columns)

    def table(self, name: str) -> TablePlan | None:
        """The plan of a table, if the source feeds it."""
        return next((each for each in self.tables if each.table == name), None)


@dataclass(frozen=True, kw_only=True)
class AttributePlan:
    """A custom attribute.

    Attributes:
        key: Its name.
        table: What it is made from.
        value: Its expression.
        labels: Its name in languages.
        why: What was seen that speaks for it.
    """

    key: str
    table: str
    value: str
    labels: Mapping[str, str]
    why: Text


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting of the whole workspace with the reason for it."""

    value: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that the files leave open.

    Attributes:
        key: Its name, for `Proposal.answer`.
        text: What is asked.
        choices: Each answer with its meaning.
        default: The answer that is taken where nobody says otherwise.
    """

    key: str
    text: Text
    choices: tuple[tuple[str, Text], ...]
    default: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that carpel.yaml will say.

    Attributes:
        workspace: Its name.
        currency: The reporting currency.
        time_zone: Where days are cut.
        revenue: The table that is the company's revenue.
        sources: In order of name.
        unused: Files that nothing was made of.
        attributes: Proposed custom attributes.
        questions: What the files leave open.
    """

    workspace: str
    currency: Setting
    time_zone: Setting
    revenue: Setting
    sources: tuple[SourcePlan, ...]
    unused: tuple[SeenTable, ...] = ()
    attributes: tuple[AttributePlan, ...] = ()
    questions: tuple[Question, ...] = ()
