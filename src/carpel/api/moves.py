"""Who went where between two dates, and where one customer has been."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import work_out
from carpel.api.money import major
from carpel.api.problems import answers
from carpel.kernel.errors import CarpelError
from carpel.kernel.money import Currency
from carpel.runs import Flow
from carpel.runs.moves import Arrow, Membership, Moment, SegmentMoves
from carpel.workspace import Workspace
from carpel.workspace.moves import MoveTable

router = APIRouter(prefix="/api/v1", tags=["moves"])

_OF_DAYS: Final = frozenset({"runs.moves-order", "runs.as-of-before-first", "runs.past-after-run"})
"""Errors about one of the two days."""


class MomentWire(BaseModel):
    """One end of the period; without a run it was replayed."""

    day: date
    run: str | None

    @classmethod
    def of(cls, moment: Moment) -> MomentWire:
        """The day, and the run that recorded it."""
        return cls(day=moment.day, run=moment.run)


class MoveWire(BaseModel):
    """Customers who went from one segment to another, or stayed; null is outside the base."""

    from_: str | None = Field(serialization_alias="from")
    to: str | None
    customers: int
    revenue: float | None

    @classmethod
    def of(cls, flow: Flow, currency: Currency) -> MoveWire:
        """In major units."""
        money = major(flow.revenue, currency)
        return cls(from_=flow.before, to=flow.after, customers=flow.customers, revenue=money)


class SegmentMovesWire(BaseModel):
    """What came to a segment and left it."""

    key: str
    before: int
    came: int
    entered: int
    left: int
    exited: int
    after: int

    @classmethod
    def of(cls, moves: SegmentMoves) -> SegmentMovesWire:
        """The same by name."""
        return cls(**{name: getattr(moves, name) for name in cls.model_fields})


class ArrowWire(BaseModel):
    """What earlier periods lead one to expect of an arrow, with its interval, and whether it exceeds that."""

    from_: str | None = Field(serialization_alias="from")
    to: str | None
    customers: int
    expected: float
    low: int
    high: int
    exceeds: bool

    @classmethod
    def of(cls, arrow: Arrow) -> ArrowWire:
        """The same by name."""
        figures = {name: getattr(arrow, name) for name in ("customers", "expected", "low", "high", "exceeds")}
        return cls(from_=arrow.before, to=arrow.after, **figures)


class MovesWire(BaseModel):
    """Every arrow between two dates; `expected` is null where nothing earlier is known by the same rules."""

    from_: MomentWire = Field(serialization_alias="from")
    to: MomentWire
    currency: str
    flows: list[MoveWire]
    segments: list[SegmentMovesWire]
    expected: list[ArrowWire] | None
    notes: list[str]

    @classmethod
    def of(cls, found: MoveTable, language: str) -> MovesWire:
        """As a reader of a language sees it."""
        moves, expected = found.moves, found.expected
        return cls(
            from_=MomentWire.of(moves.start),
            to=MomentWire.of(moves.end),
            currency=found.currency.code,
            flows=[MoveWire.of(each, found.currency) for each in moves.flows],
            segments=[SegmentMovesWire.of(each) for each in moves.segments],
            expected=None if expected is None else [ArrowWire.of(each) for each in expected.arrows],
            notes=[each.render(language) for each in found.notes],
        )


class MembershipWire(BaseModel):
    """A customer's stay in a segment; null is outside the base, and `until` null is still there."""

    segment: str | None
    from_: date = Field(serialization_alias="from")
    until: date | None
    days: int | None
    revenue: float | None

    @classmethod
    def of(cls, stay: Membership, currency: Currency) -> MembershipWire:
        """In major units."""
        money = major(stay.revenue, currency)
        return cls(segment=stay.segment, from_=stay.start, until=stay.end, days=stay.days, revenue=money)


@router.get(
    "/moves",
    responses=answers(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT),
)
async def moves(
    workspace: AskedWorkspace,
    language: ReaderLanguage,
    from_: Annotated[
        date | None, Query(alias="from", description="The earlier day; without it, the run before.")
    ] = None,
    to: Annotated[date | None, Query(description="The later day; without it, the current run.")] = None,
) -> MovesWire:
    """Who went where between two dates, with money on each arrow, beside what was expected.

    A day that no run knows up to is replayed, which may take as long as a run.
    """
    with _named_as_asked(from_, to):
        return await work_out(lambda: MovesWire.of(workspace.moves(from_, to), language))


@router.get(
    "/customers/{customer:path}/memberships",
    responses=answers(
        HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT
    ),
)
async def memberships(customer: str, workspace: AskedWorkspace) -> list[MembershipWire]:
    """Where a customer has been, run by run, whether or not the runs are still kept; oldest first."""
    return await work_out(lambda: _memberships(customer, workspace))


@contextmanager
def _named_as_asked(start: date | None, end: date | None) -> Iterator[None]:
    """Errors about one of the days tell the parameter by which it was asked for."""
    try:
        yield
    except CarpelError as error:
        if error.text.key not in _OF_DAYS or start is end is None:
            raise
        is_end = start is None or (end is not None and error.place == end.isoformat())
        raise CarpelError(error.text.key, place="to" if is_end else "from", **error.text.params) from error


def _memberships(customer: str, workspace: Workspace) -> list[MembershipWire]:
    currency, stays = workspace.current.currency, workspace.memberships(customer)
    if not stays:
        raise CarpelError("workspace.no-membership", place=customer)
    return [MembershipWire.of(each, currency) for each in stays]
