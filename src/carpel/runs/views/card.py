"""One customer's card, from the index, one row of profiles, and one bucket of facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.errors import CarpelError
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Family
from carpel.runs.moves.membership import Membership
from carpel.runs.opening import Run
from carpel.runs.tally import MONEY
from carpel.runs.views.customers import (
    Consent,
    ContactPerson,
    CustomerCard,
    Event,
    KnownValue,
    Timeline,
    ValueFamily,
)
from carpel.runs.views.figures import Figures
from carpel.runs.views.happening import Happenings, timeline
from carpel.runs.views.listing import last_purchase
from carpel.runs.views.reading import facts_of_customer, table_of_customer
from carpel.runs.views.words import shown

_ADDRESS: Final = ("city", "region", "country")
_CONTACT: Final = ("name", "email", "phone", "language", *_ADDRESS, "consent_phone", "consent_email", "consent_message")
_PERSON: Final = ("name", "role", "email", "phone", "decision_maker")
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Person:
    """One customer who was found in the index.

    Attributes:
        run: The run.
        figures: Its figures.
        id: The customer's id.
        entry: What the index holds of them.
    """

    run: Run
    figures: Figures
    id: str
    entry: Row

    @property
    def number(self) -> int:
        """The customer's number."""
        return self.run.index.place_of(self.id)

    @property
    def facts(self) -> Facts | None:
        """The run's facts; None where they are gone."""
        try:
            return self.run.facts
        except CarpelError:
            return None

    @cached_property
    def row(self) -> pa.Table:
        """Their row of the profiles, as a table."""
        size = self.facts.bucket_size if self.facts else None
        files = self.run.profiles.files
        chosen = files if size is None else files[self.number // size : self.number // size + 1]
        return pa.concat_tables(table_of_customer(file, self.number) for file in chosen)

    def profile(self) -> Row:
        """Their row of the profiles."""
        found: list[Row] = self.row.to_pylist()
        return found[0] if found else {}

    def contact(self, profile: Row) -> Row:
        """Names and addresses: as sources have them, else as the profile does."""
        rows = facts_of_customer(self.facts, "customers", self.number, _CONTACT) if self.facts else []
        return {**{name: profile.get(name) for name in _CONTACT}, **(rows[0] if rows else {})}

    def contacts(self) -> tuple[ContactPerson, ...]:
        """The people there."""
        rows = facts_of_customer(self.facts, "contacts", self.number, _PERSON) if self.facts else []
        return tuple(
            ContactPerson(
                name=row.get("name"),
                role=row.get("role"),
                email=row.get("email"),
                phone=row.get("phone"),
                decides=row.get("decision_maker"),
            )
            for row in rows
        )

    @cached_property
    def happened(self) -> tuple[Sequence[Event], int]:
        """Every event of the facts, and how many rows have no time; nothing where facts are gone."""
        if self.facts is None:
            return (), 0
        products = self.figures.products
        return Happenings(run=self.run, facts=self.facts, number=self.number, products=products).all()

    def timeline(self, stays: Sequence[Membership], *, after: str | None = None, limit: int = 50) -> Timeline:
        """What happened to them."""
        return timeline(self.id, self.run, self.happened, stays, after=after, limit=limit)


def card(person: Person, stays: Sequence[Membership], *, events: int = 20) -> CustomerCard:
    """Everything that is known of one customer.

    Args:
        person: The customer.
        stays: Where they have been.
        events: How many events the card begins its timeline with; 0 reads none of them, which takes half the time.
    """
    run, entry, profile = person.run, person.entry, person.profile()
    contact = person.contact(profile)
    path = run.scheme.paths.get(entry.get("segment") or "", ())
    return CustomerCard(
        run=run.id,
        as_of=run.as_of.day,
        currency=run.currency,
        id=person.id,
        name=contact["name"],
        email=contact["email"],
        phone=contact["phone"],
        language=contact["language"],
        address=tuple(contact[part] for part in _ADDRESS if contact[part]),
        consent=Consent(
            phone=contact["consent_phone"], email=contact["consent_email"], message=contact["consent_message"]
        ),
        contacts=person.contacts(),
        segment=entry.get("segment"),
        path=path,
        labels=tuple(run.scheme.segment(key).name for key in path),
        money=entry.get(MONEY),
        last_purchase=profile.get("last_purchase_on") or last_purchase(run, entry),
        next_purchase=profile.get("next_purchase_on"),
        families=tuple(_families(person, profile)),
        timeline=person.timeline(stays, limit=events) if events else None,
    )


def _families(person: Person, profile: Row) -> Iterator[ValueFamily]:
    attributes = person.run.catalogue.available.values()
    for family in Family:
        values = [_value(person, each, profile.get(each.key)) for each in attributes if each.family is family]
        if values:
            yield ValueFamily(family=family, values=tuple(sorted(values, key=lambda each: each.shown is None)))


def _value(person: Person, attribute: Attribute, stored: Any) -> KnownValue:
    said = shown(attribute, stored, person.run.currency, person.figures.names_of(attribute.key))
    value = tuple(stored) if attribute.type is ValueType.SET and stored is not None else stored
    return KnownValue(attribute=attribute, value=value, shown=said)
