"""Customers of a segment, or found by a search, page by page; and one customer with all that is known."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import work_out
from carpel.api.money import major
from carpel.api.problems import answers
from carpel.kernel.types import ValueType
from carpel.runs.views.customers import CustomerCard, CustomerRow, CustomersPage, KnownValue
from carpel.runs.views.errors import NotThere
from carpel.runs.views.listing import LONGEST
from carpel.runs.views.searching import Matched
from carpel.workspace import Customer, Workspace

router = APIRouter(prefix="/api/v1/customers", tags=["customers"])

MOST: Final = 1_000
_PROBLEMS: Final = answers(
    HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT
)


class CustomerRowWire(BaseModel):
    """A customer in a list.

    Attributes:
        segment: Null outside the base, like its label.
        matched: By what a search found them: `contact` is the name of somebody there; none where nothing was searched.
    """

    customer_id: str
    name: str | None
    segment: str | None
    label: str | None
    monetary_value: float | None
    last_purchase: date | None
    matched: list[Matched]

    @classmethod
    def of(cls, row: CustomerRow, page: CustomersPage, language: str) -> CustomerRowWire:
        """As a reader of a language sees it."""
        return cls(
            customer_id=row.id,
            name=row.name,
            segment=row.segment,
            label=row.label.render(language) if row.label else None,
            monetary_value=major(row.money, page.currency),
            last_purchase=row.last_purchase,
            matched=list(row.matched),
        )


class CustomersWire(BaseModel):
    """Some customers, those of the most money first, then by id; `next` is null on the last page."""

    run: str
    as_of: date
    currency: str
    total: int
    customers: list[CustomerRowWire]
    next: str | None

    @classmethod
    def of(cls, page: CustomersPage, language: str) -> CustomersWire:
        """As a reader of a language sees them."""
        return cls(
            run=page.run,
            as_of=page.as_of,
            currency=page.currency.code,
            total=page.total,
            customers=[CustomerRowWire.of(row, page, language) for row in page.rows],
            next=_cursor(page.after) if page.after else None,
        )


class CustomerWire(BaseModel):
    """One customer as of the current run: where they are, and their profile with money in major units.

    Attributes:
        path: The segments from the top down to theirs; none outside the base.
        labels: What people call these.
        segment_by_rule: Where the rules would put them; another segment while they are held.
        held_until: The day until which they stay; null where nothing holds them.
        attributes: What the profile says, by attribute; null where it is not known.
    """

    customer_id: str
    run: str
    as_of: date
    currency: str
    name: str | None
    segment: str | None
    path: list[str]
    labels: list[str]
    segment_by_rule: str | None
    held_until: date | None
    attributes: dict[str, Any]

    @classmethod
    def of(cls, card: CustomerCard, customer: Customer, language: str) -> CustomerWire:
        """As a reader of a language sees it."""
        known = {each.attribute.key: _value(each, card) for family in card.families for each in family.values}
        return cls(
            customer_id=card.id,
            run=card.run,
            as_of=card.as_of,
            currency=card.currency.code,
            name=card.name,
            segment=card.segment,
            path=list(card.path),
            labels=[each.render(language) for each in card.labels],
            segment_by_rule=customer.values.get("segment_by_rule"),
            held_until=customer.values.get("held_until"),
            attributes=known,
        )


@router.get("", responses=_PROBLEMS)
def customers(
    workspace: AskedWorkspace,
    language: ReaderLanguage,
    segment: Annotated[
        str | None, Query(description="Those of a segment, of any level; `outside` is outside the base.")
    ] = None,
    search: Annotated[
        str | None,
        Query(max_length=LONGEST, description="Those whose id, e-mail address, phone or words of whose name begin so."),
    ] = None,
    after: Annotated[str | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> CustomersWire:
    """Customers of a segment, or found by a search; a page goes on where the one before ended, whatever came since."""
    key = _key(after) if after else None
    page = workspace.customers_page(segment or None, search=search or None, after=key, limit=limit)
    return CustomersWire.of(page, language)


@router.get("/{customer:path}", responses=_PROBLEMS)
async def customer(customer: str, workspace: AskedWorkspace, language: ReaderLanguage) -> CustomerWire:
    """Where a customer is, how long they are held there, and all that their profile says."""
    return await work_out(lambda: _customer(customer, workspace, language))


def _customer(customer: str, workspace: Workspace, language: str) -> CustomerWire:
    found = workspace.customer(customer)
    return CustomerWire.of(workspace.profile(customer, events=0), found, language)


def _value(known: KnownValue, card: CustomerCard) -> Any:
    is_money = known.attribute.type is ValueType.MONEY
    return major(known.value, card.currency) if is_money else known.value


def _cursor(key: str) -> str:
    """Opaque: what a page ends with is nobody's business but ours."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str:
    try:
        key = urlsafe_b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}").decode()
    except ValueError as error:
        raise NotThere("views.no-such-page", place="after") from error
    if _cursor(key) != cursor:
        raise NotThere("views.no-such-page", place="after")
    return key
