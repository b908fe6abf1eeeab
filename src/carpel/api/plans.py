"""What publishing the scheme's file would change."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.issues import IssueWire
from carpel.api.lanes import work_out
from carpel.api.money import major
from carpel.api.problems import answers
from carpel.governance import Difference
from carpel.runs import BudgetTouched, Flow, Plan, Resize, Touched

router = APIRouter(prefix="/api/v1/plan", tags=["schemes"])


class FlowWire(BaseModel):
    """Customers who are in one segment and would be in another; null is outside the base."""

    from_: str | None = Field(serialization_alias="from")
    to: str | None
    customers: int
    revenue: float | None

    @classmethod
    def of(cls, flow: Flow, plan: Plan) -> FlowWire:
        """In major units."""
        money = major(flow.revenue, plan.currency)
        return cls(from_=flow.before, to=flow.after, customers=flow.customers, revenue=money)


class ResizeWire(BaseModel):
    """A leaf before and after; null where it is new, or goes."""

    key: str | None
    label: str
    customers_before: int | None
    customers_after: int | None
    revenue_before: float | None
    revenue_after: float | None

    @classmethod
    def of(cls, size: Resize, plan: Plan, language: str) -> ResizeWire:
        """As a reader of a language sees it."""
        return cls(
            key=size.key,
            label=size.label.render(language),
            customers_before=size.customers_before,
            customers_after=size.customers_after,
            revenue_before=major(size.revenue_before, plan.currency),
            revenue_after=major(size.revenue_after, plan.currency),
        )


class TouchedWire(BaseModel):
    """An owner, a team or a playbook whose customers would change."""

    kind: str
    name: str
    gains: int
    loses: int
    revenue: float | None

    @classmethod
    def of(cls, touched: Touched, plan: Plan) -> TouchedWire:
        """In major units."""
        money = major(touched.revenue, plan.currency)
        return cls(kind=touched.kind, name=touched.name, gains=touched.gains, loses=touched.loses, revenue=money)


class BudgetWire(BaseModel):
    """Money planned for a segment that would change or go."""

    segment: str
    from_month: date
    amount: float
    goes: bool
    gains: int
    loses: int

    @classmethod
    def of(cls, budget: BudgetTouched, plan: Plan) -> BudgetWire:
        """In major units."""
        return cls(
            segment=budget.segment,
            from_month=budget.from_month,
            amount=float(plan.currency.major(budget.amount)),
            goes=budget.goes,
            gains=budget.gains,
            loses=budget.loses,
        )


class SchemeChangeWire(BaseModel):
    """One thing that differs between what is published and the file."""

    kind: str
    subject: str
    before: str | None
    after: str | None
    sentence: str


class DifferenceWire(BaseModel):
    """What differs, and whether it may place anybody differently."""

    logic: bool
    changes: list[SchemeChangeWire]
    lines: list[str]

    @classmethod
    def of(cls, difference: Difference, language: str) -> DifferenceWire:
        """As a reader of a language sees it."""
        changes = [
            SchemeChangeWire(
                kind=each.kind.value,
                subject=each.subject,
                before=each.before,
                after=each.after,
                sentence=each.text.render(language),
            )
            for each in difference.changes
        ]
        return cls(logic=difference.logic, changes=changes, lines=list(difference.lines))


class PlanWire(BaseModel):
    """Who would move from where to where, what that is worth, and whom it touches."""

    scheme: str
    version: int | None
    run: str
    as_of: date
    currency: str
    moving: int
    divided: int
    staying: int
    difference: DifferenceWire
    moves: list[FlowWire]
    segments: list[ResizeWire]
    touched: list[TouchedWire]
    budgets: list[BudgetWire]
    issues: list[IssueWire]

    @classmethod
    def of(cls, plan: Plan, language: str) -> PlanWire:
        """As a reader of a language sees it."""
        return cls(
            scheme=plan.scheme,
            version=plan.version,
            run=plan.run,
            as_of=plan.as_of,
            currency=plan.currency.code,
            moving=plan.moving,
            divided=plan.divided,
            staying=plan.staying,
            difference=DifferenceWire.of(plan.difference, language),
            moves=[FlowWire.of(each, plan) for each in plan.moves],
            segments=[ResizeWire.of(each, plan, language) for each in plan.sizes],
            touched=[TouchedWire.of(each, plan) for each in plan.touched],
            budgets=[BudgetWire.of(each, plan) for each in plan.budgets],
            issues=[IssueWire.of(each, language) for each in plan.issues],
        )


@router.get("", responses=answers(HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT))
async def plan(workspace: AskedWorkspace, language: ReaderLanguage) -> PlanWire:
    """What publishing the scheme's file would change, on the customers of the current run. It changes nothing."""
    return await work_out(lambda: PlanWire.of(workspace.plan(), language))
