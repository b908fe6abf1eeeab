"""One customer, or some: where they are, and why."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import look_up, work_out
from carpel.api.problems import answers
from carpel.kernel.types import ValueType
from carpel.schemes import Change, Why
from carpel.workspace import Customer

router = APIRouter(prefix="/api/v1/customers", tags=["customers"])

MOST = 1_000
"""Customers that one request may ask for."""
_PROBLEMS = answers(
    HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT
)


class ChangedAttributeWire(BaseModel):
    """An attribute's value and what it would have to be; money in major units."""

    attribute: str
    before: Any
    after: Any


class ChangeWire(BaseModel):
    """The smallest change that would move a customer, where to, and from when; null is at once."""

    segment: str
    from_day: date | None
    attributes: list[ChangedAttributeWire]
    sentence: str


class WhyWire(BaseModel):
    """Why a customer is where they are."""

    customer_id: str | None
    segment: str | None
    path: list[str]
    segment_by_rule: str | None
    held_until: date | None
    sentence: str
    because: list[str]
    runner_up: str | None
    would_change: ChangeWire | None

    @classmethod
    def of(cls, customer: Customer, language: str) -> WhyWire:
        """As a reader of a language sees it."""
        why = customer.why()
        return cls(
            customer_id=why.customer_id,
            segment=why.segment,
            path=list(why.path),
            segment_by_rule=why.by_rule,
            held_until=why.held_until,
            sentence=why.sentence.render(language),
            because=[each.render(language) for each in why.because],
            runner_up=why.runner_up,
            would_change=_change(why, customer, language),
        )


class AskedCustomers(BaseModel):
    """The customers of a worklist."""

    customers: Annotated[list[str], Field(min_length=1, max_length=MOST)]


@router.get("/{customer:path}/why", responses=_PROBLEMS)
async def why(customer: str, workspace: AskedWorkspace, language: ReaderLanguage) -> WhyWire:
    """Why a customer is in their segment."""
    return await look_up(lambda: WhyWire.of(workspace.customer(customer), language))


@router.post("/why", responses=_PROBLEMS)
async def why_each(asked: AskedCustomers, workspace: AskedWorkspace, language: ReaderLanguage) -> list[WhyWire]:
    """The same of many customers at once, in the order asked."""
    return await work_out(lambda: [WhyWire.of(each, language) for each in workspace.customers(asked.customers)])


def _change(why: Why, customer: Customer, language: str) -> ChangeWire | None:
    change = why.would_change
    if change is None:
        return None
    attributes = list(_attributes(change, customer))
    return ChangeWire(
        segment=change.segment, from_day=change.from_day, attributes=attributes, sentence=why.change.render(language)
    )


def _attributes(change: Change, customer: Customer) -> list[ChangedAttributeWire]:
    return [
        ChangedAttributeWire(attribute=name, before=_plain(name, before, customer), after=_plain(name, after, customer))
        for name, before, after in change.attributes
    ]


def _plain(attribute: str, stored: Any, customer: Customer) -> Any:
    of = customer.run.catalogue.available.get(attribute)
    is_money = of and of.type is ValueType.MONEY and stored is not None
    return float(customer.run.currency.major(stored)) if is_money else stored
