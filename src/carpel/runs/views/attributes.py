"""The catalogue's values: each attribute with its distribution, coverage, freshness and use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carpel.kernel.texts import Labels, Text
from carpel.profiles import Attribute, Family
from carpel.runs.views.distributions import Distribution


class UseKind(StrEnum):
    """What uses an attribute."""

    BASE = "base"
    """It decides who is divided at all."""
    PARTITION = "partition"
    """A named division."""
    SEGMENT = "segment"
    """A segment's rule."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """One place of the scheme that reads an attribute.

    Attributes:
        kind: What it is.
        key: The partition or segment; the scheme's name for its base.
        label: What people call it.
        through: The partition that reads it for this rule; None where the rule names it itself.
    """

    kind: UseKind
    key: str
    label: Labels
    through: str | None = None


@dataclass(frozen=True, kw_only=True)
class AttributePage:
    """One attribute of the current run.

    Attributes:
        attribute: Its names, type, unit and what it means.
        run: The run's id.
        as_of: The day that it knows up to.
        known: Of how many customers, inside and outside the base, it is known.
        customers: How many there are.
        distribution: Among all customers of the base; None for ids, free text and what identifies a person.
        freshest: The day of the latest event in the tables that it reads; None where none is dated.
        tables: The fact tables that it reads.
        uses: Where the scheme reads it.
        notes: What must be said beside it.
    """

    attribute: Attribute
    run: str
    as_of: date
    known: int
    customers: int
    distribution: Distribution | None
    freshest: date | None
    tables: tuple[str, ...]
    uses: tuple[Use, ...]
    notes: tuple[Text, ...] = ()

    @property
    def coverage(self) -> float:
        """Of which part of the customers it is known, 0 to 1."""
        return self.known / self.customers if self.customers else 0.0


@dataclass(frozen=True, kw_only=True)
class UnavailableAttribute:
    """An attribute that the facts cannot give.

    Attributes:
        attribute: Which.
        wants: The tables, or `table.column`s, that would bring it.
        text: The same in a sentence.
    """

    attribute: Attribute
    wants: tuple[str, ...]
    text: Text


@dataclass(frozen=True, kw_only=True)
class AttributeGroup:
    """The attributes of one family.

    Attributes:
        family: Which.
        available: Those that profiles hold.
        unavailable: Those that the facts cannot give.
    """

    family: Family
    available: tuple[AttributePage, ...]
    unavailable: tuple[UnavailableAttribute, ...]
