"""What every model is: a question that is learned from the past, and answered for each customer as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Query
from carpel.kernel.texts import Text
from carpel.models.cards import Card
from carpel.models.reasons import Reason
from carpel.profiles import Attribute, Catalogue

_NUMBER: Final = "customer_no"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a model may know.

    Attributes:
        facts: What happened.
        catalogue: The attributes of profiles; those of models are not looked at.
        as_of: Nothing at or after this moment counts.
        engine: Where expressions run.
        remembered: Profiles as of earlier moments that some model has read, so that the next need not.
    """

    facts: Facts
    catalogue: Catalogue
    as_of: AsOf
    engine: Engine
    remembered: dict[tuple[AsOf, tuple[str, ...]], pa.Table] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, eq=False)
class Customers:
    """Some customers whom a model is asked about.

    Attributes:
        profiles: One row for each, in order of `customer_no`.
        buckets: Which buckets of the facts are theirs.
        ground: What may be known of them.
        some: Whether others are in those buckets too.
    """

    profiles: pa.Table
    buckets: tuple[int, ...]
    ground: Ground
    some: bool = False

    def read(self, query: Query) -> pa.Table:
        """What the facts say of these customers; rows have their `customer_no`."""
        found = self.ground.engine.read(query, self.ground.facts.bindings(self.buckets))
        if not self.some:
            return found
        return found.filter(pc.is_in(found[_NUMBER], value_set=self.profiles[_NUMBER].combine_chunks()))


class Learned(Protocol):
    """A model that has learned: small, immutable, and the same whoever loads it."""

    @property
    def card(self) -> Card:
        """What is told of it."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """The attributes of facts that profiles must hold when it is asked."""
        ...

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """Each of the model's attributes for each customer; what cannot be said is null.

        An attribute that is left out is unknown of everybody.
        """
        ...

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """For each customer, why; the strongest first, and none where there is nothing to say."""
        ...

    def to_json(self) -> dict[str, Any]:
        """All of it but the card, in plain values."""
        ...


@dataclass(frozen=True, kw_only=True)
class Model:
    """A question that is asked of the past.

    Attributes:
        key: Its name, and that of its card.
        asks: The question, in words.
        wants: Tables and `table.column`s without which it cannot be asked; `a|b` means either.
        attributes: What the answer becomes.
        horizon: How many days ahead it looks; None where it looks further than a window.
        module: Where it is learned: a module with `learn(model, ground)` and `restored(model, kept, card)`. It is
            imported when it is needed, as what learns is large.
    """

    key: str
    asks: Text
    wants: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    horizon: int | None = None
    module: str

    def learn(self, ground: Ground) -> Learned:
        """Learn from the company's past, on the highest rung that it carries."""
        # Many small fits: threads that wait for each other take seven times as long.
        with threadpool_limits(1):
            learned: Learned = import_module(self.module).learn(self, ground)
        return learned

    def restored(self, kept: Mapping[str, Any], card: Card) -> Learned:
        """What learned before, from what its `to_json` gave."""
        learned: Learned = import_module(self.module).restored(self, kept, card)
        return learned
