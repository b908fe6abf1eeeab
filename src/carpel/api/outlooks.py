"""What models say of one customer, or of some, and why."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import work_out
from carpel.api.problems import answers
from carpel.runs.views.outlook import Answer, Outlook
from carpel.workspace import Workspace

router = APIRouter(prefix="/api/v1/customers", tags=["customers"])

MOST = 100
"""Customers that one request may ask for: each is read from the facts."""
_PROBLEMS = answers(
    HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT
)


class AnswerWire(BaseModel):
    """What a model says, as people read it, with the ends of its 95 % interval where it has them."""

    attribute: str
    label: str
    said: str
    low: str | None
    high: str | None

    @classmethod
    def of(cls, answer: Answer, language: str) -> AnswerWire:
        """As a reader of a language sees it."""
        return cls(
            attribute=answer.attribute.key,
            label=answer.attribute.label.render(language),
            said=answer.shown.render(language),
            low=answer.low.render(language) if answer.low else None,
            high=answer.high.render(language) if answer.high else None,
        )


class ReasonWire(BaseModel):
    """What speaks for an answer, or against it, and how much it counts beside the answer's other reasons."""

    attribute: str
    said: str
    supports: bool
    weight: float


class OutlookWire(BaseModel):
    """What one model says of one customer; the strongest reasons first."""

    model: str
    asks: str
    answers: list[AnswerWire]
    reasons: list[ReasonWire]

    @classmethod
    def of(cls, outlook: Outlook, language: str) -> OutlookWire:
        """As a reader of a language sees it."""
        return cls(
            model=outlook.model,
            asks=outlook.asks.render(language),
            answers=[AnswerWire.of(each, language) for each in outlook.answers],
            reasons=[
                ReasonWire(
                    attribute=each.of, said=each.said.render(language), supports=each.supports, weight=each.weight
                )
                for each in outlook.reasons
            ],
        )


class CustomerOutlookWire(BaseModel):
    """What every model of the current run says of one customer."""

    customer_id: str
    models: list[OutlookWire]


class AskedOutlooks(BaseModel):
    """The customers of a worklist."""

    customers: Annotated[list[str], Field(min_length=1, max_length=MOST)]


@router.get("/{customer:path}/outlook", responses=_PROBLEMS)
async def outlook(customer: str, workspace: AskedWorkspace, language: ReaderLanguage) -> CustomerOutlookWire:
    """What models say of a customer, and why."""
    return await work_out(lambda: _outlooks(workspace, [customer], language)[0])


@router.post("/outlook", responses=_PROBLEMS)
async def outlook_each(
    asked: AskedOutlooks, workspace: AskedWorkspace, language: ReaderLanguage
) -> list[CustomerOutlookWire]:
    """The same of several customers at once, in the order asked."""
    return await work_out(lambda: _outlooks(workspace, asked.customers, language))


def _outlooks(workspace: Workspace, customers: list[str], language: str) -> list[CustomerOutlookWire]:
    found = workspace.outlooks(customers)
    return [
        CustomerOutlookWire(customer_id=customer, models=[OutlookWire.of(each, language) for each in outlooks])
        for customer, outlooks in zip(customers, found, strict=True)
    ]
