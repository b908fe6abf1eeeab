"""What an attribute is, and the catalogue of those that a workspace has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from carpel.kernel.dates import AsOf
from carpel.kernel.language import Symbol
from carpel.kernel.texts import Labels, Text, text
from carpel.kernel.types import ValueType
from carpel.profiles.codes import name_of_code

if TYPE_CHECKING:
    from carpel.profiles.declarations import Declaration


class Family(StrEnum):
    """The ten families of attributes."""

    DEMOGRAPHIC = "demographic"
    GEOGRAPHIC = "geographic"
    PSYCHOGRAPHIC = "psychographic"
    BEHAVIOURAL = "behavioural"
    FIRMOGRAPHIC = "firmographic"
    VALUE = "value"
    NEED = "need"
    RELATIONSHIP = "relationship"
    FEEDBACK = "feedback"
    MODEL = "model"

    @property
    def label(self) -> Text:
        """Its name in the reader's language."""
        return text(f"profiles.family.{self}")


class Unit(StrEnum):
    """What one of a numeric attribute counts."""

    NONE = "none"
    MONEY = "money"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    SHARE = "share"
    COUNT = "count"
    POINTS = "points"

    @property
    def label(self) -> Text:
        """Its name in the reader's language."""
        return text(f"profiles.unit.{self}")


class Better(StrEnum):
    """Which way a company wants its action to move an attribute of its own."""

    MORE = "more"
    LESS = "less"
    EITHER = "either"


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One column of a profile.

    Attributes:
        key: Its name in rules, tables and files.
        family: Which of the ten it belongs to.
        type: What it holds and how that is stored.
        unit: What one of it counts.
        label: Its short name.
        description: One sentence; also its help text.
        needs: Fact tables without which it cannot be computed.
        changeable: Whether the company's own action can change it (spend can be raised, age cannot).
        better: Which way, for an attribute of the workspace's own; built-in ones are known.
        values: For a category with a fixed list, that list in its natural order.
        personal: Whether it identifies a person.
        as_known_today: Whether it stands on what a CRM overwrites.
        known_since: With that, the moment from which imports have kept what it stands on; a replay of an earlier one
            must use today's value.
    """

    key: str
    family: Family
    type: ValueType
    unit: Unit = Unit.NONE
    label: Text | Labels
    description: Text | Labels
    needs: frozenset[str] = frozenset()
    changeable: bool = False
    better: Better = Better.EITHER
    values: tuple[str, ...] = ()
    personal: bool = False
    as_known_today: bool = False
    known_since: datetime | None = None

    @property
    def symbol(self) -> Symbol:
        """The attribute as the rule language sees it."""
        return Symbol(self.key, self.type, self.values)

    def word(self, value: str) -> Text | Labels | str:
        """One of its values as people say it; one that is of no fixed list and no known code stays as it is."""
        if value in self.values:
            return text(f"profiles.value.{value.replace('_', '-')}")
        return name_of_code(self.key, value) or value

    @property
    def type_label(self) -> Text:
        """The name of its type in the reader's language."""
        return text(f"profiles.type.{self.type}")


@dataclass(frozen=True, kw_only=True)
class Unavailable:
    """An attribute of the catalogue that this workspace's facts cannot give.

    Attributes:
        attribute: Which.
        wants: What is missing: tables, or `table.column`s.
    """

    attribute: Attribute
    wants: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The attributes of a workspace.

    Attributes:
        available: By key, in the order in which profiles hold them.
        unavailable: By key, with what each wants.
        declarations: How each is computed, and what is computed on the way; for profiles alone.
    """

    available: Mapping[str, Attribute]
    unavailable: Mapping[str, Unavailable] = field(default_factory=dict)
    declarations: Mapping[str, Declaration] = field(default_factory=dict, repr=False, compare=False)

    @property
    def of_facts(self) -> tuple[str, ...]:
        """The available ones that follow from facts alone; what models say comes after them."""
        return tuple(key for key, each in self.available.items() if each.family is not Family.MODEL)

    @property
    def symbols(self) -> dict[str, Symbol]:
        """What rules may name."""
        return {key: attribute.symbol for key, attribute in self.available.items()}

    def as_known_today(self, as_of: AsOf) -> tuple[str, ...]:
        """The attributes that a profile must take as they are known today: nobody had kept them by then."""
        later = (key for key, each in self.available.items() if each.known_since and each.known_since > as_of.stored)
        return tuple(later)
