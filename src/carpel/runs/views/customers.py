"""Customers' values: a page of them, one customer's card, and what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text
from carpel.profiles import Attribute, Family
from carpel.runs.views.searching.hits import Matched


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """One customer in a list.

    Attributes:
        id: The customer's id.
        name: What they are called; None where no source says.
        segment: The leaf that they are in; None outside the base.
        label: What people call it; None outside the base.
        money: Their monetary value in minor units; None where it is not known.
        last_purchase: The day of their last purchase; None where there is none.
        matched: By what a search found them.
    """

    id: str
    name: str | None
    segment: str | None
    label: Labels | None
    money: int | None
    last_purchase: date | None
    matched: tuple[Matched, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CustomersPage:
    """Some customers, those of the most money first, then by id.

    Attributes:
        run: The run's id.
        as_of: The day that it knows up to.
        currency: Of all money.
        rows: This page.
        after: Give this as `after` for the next page; None where this is the last.
        total: How many there are on all pages.
        segment: The segment that was asked for.
        search: What was searched for.
        where: The bars that were asked for, by attribute.
        gone: How many more there were, by the arrow that leads here, who are no longer in the records.
    """

    run: str
    as_of: date
    currency: Currency
    rows: tuple[CustomerRow, ...]
    after: str | None
    total: int
    segment: str | None = None
    search: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    gone: int = 0


@dataclass(frozen=True, kw_only=True)
class KnownValue:
    """What one customer's profile says of one attribute.

    Attributes:
        attribute: Which.
        value: As stored: money in minor units; None where it is not known.
        shown: As people say it; None where it is not known.
    """

    attribute: Attribute
    value: Any
    shown: Text | None


@dataclass(frozen=True, kw_only=True)
class ValueFamily:
    """The attributes of one family.

    Attributes:
        family: Which.
        values: Those known first, in the catalogue's order.
    """

    family: Family
    values: tuple[KnownValue, ...]

    @property
    def known(self) -> tuple[KnownValue, ...]:
        """Only what is known."""
        return tuple(each for each in self.values if each.value not in (None, ()))


@dataclass(frozen=True, kw_only=True)
class ContactPerson:
    """A person at a customer that is an organisation.

    Attributes:
        name: What they are called.
        role: What they do there.
        email: Their e-mail.
        phone: Their phone.
        decides: Whether they decide; None where nobody knows.
    """

    name: str | None
    role: str | None
    email: str | None
    phone: str | None
    decides: bool | None


@dataclass(frozen=True, kw_only=True)
class Consent:
    """By which ways the customer has agreed to be approached; None where nobody knows."""

    phone: bool | None = None
    email: bool | None = None
    message: bool | None = None


class EventKind(StrEnum):
    """What can happen to a customer."""

    ORDER = "order"
    RETURN = "return"
    INVOICE = "invoice"
    PAYMENT = "payment"
    CONTRACT = "contract"
    OPPORTUNITY = "opportunity"
    INTERACTION = "interaction"
    FEEDBACK = "feedback"
    SEGMENT = "segment"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: What it was.
        at: When, in UTC with its zone; a change of segment at the start of the day.
        day: Its day in the workspace's time zone.
        text: What happened, in a sentence.
        money: In minor units; None where it has none.
        key: The row's own id in its table; None where it has none.
        said: What the customer, or the one who talked to them, wrote.
        details: Whatever else the row says, by column.
    """

    kind: EventKind
    at: datetime
    day: date
    text: Text
    money: int | None = None
    key: str | None = None
    said: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What happened to a customer up to the run's moment, newest first.

    Attributes:
        customer: The customer's id.
        events: This page.
        after: Give this as `after` for what happened earlier; None where this is the last page.
        total: How many events there are on all pages.
        counts: How many of each kind.
        undated: Rows whose time nobody knows, which are on no page.
    """

    customer: str
    events: tuple[Event, ...]
    after: str | None
    total: int
    counts: Mapping[EventKind, int]
    undated: int = 0


@dataclass(frozen=True, kw_only=True)
class CustomerCard:
    """One customer as of the current run; `Workspace.customer(id)` says why they are where they are.

    Attributes:
        run: The run's id.
        as_of: The day that it knows up to.
        currency: Of all money.
        id: The customer's id.
        name: What they are called.
        email: Their e-mail.
        phone: Their phone.
        language: The language that they speak.
        address: City, region and country, as far as they are known.
        consent: By which ways they may be approached.
        contacts: The people there, where it is an organisation.
        segment: The leaf that they are in; None outside the base.
        path: The segments from the top to that leaf.
        labels: What people call these.
        money: Their monetary value in minor units; None where it is not known.
        last_purchase: The day of their last purchase.
        next_purchase: When they are due to buy again.
        families: What the profile says, by family.
        timeline: What happened last; None where nothing of it was asked for.
    """

    run: str
    as_of: date
    currency: Currency
    id: str
    name: str | None
    email: str | None
    phone: str | None
    language: str | None
    address: tuple[str, ...]
    consent: Consent
    contacts: tuple[ContactPerson, ...]
    segment: str | None
    path: tuple[str, ...]
    labels: tuple[Labels, ...]
    money: int | None
    last_purchase: date | None
    next_purchase: date | None
    families: tuple[ValueFamily, ...]
    timeline: Timeline | None
