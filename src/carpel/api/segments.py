"""The current segments with their customers and money."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import look_up
from carpel.api.problems import answers
from carpel.workspace import SegmentRow, SegmentTable

router = APIRouter(prefix="/api/v1/segments", tags=["segments"])


class SegmentWire(BaseModel):
    """A segment: customers, their share of the base, and revenue in major units."""

    key: str
    parent: str | None
    label: str
    customers: int
    share: float
    revenue: float | None

    @classmethod
    def of(cls, row: SegmentRow, table: SegmentTable, language: str) -> SegmentWire:
        """As a reader of a language sees it."""
        return cls(
            key=row.key,
            parent=row.parent,
            label=row.label.render(language),
            customers=row.customers,
            share=table.share(row),
            revenue=None if row.revenue is None else float(table.currency.major(row.revenue)),
        )


class SegmentsWire(BaseModel):
    """All segments; leaves add up to the base, leaves and rests to the source's money."""

    as_of: date
    run: str
    currency: str
    base: int
    outside_base: int
    segments: list[SegmentWire]
    rests: dict[str, float]

    @classmethod
    def of(cls, table: SegmentTable, language: str) -> SegmentsWire:
        """As a reader of a language sees them."""
        return cls(
            as_of=table.as_of,
            run=table.run,
            currency=table.currency.code,
            base=table.base,
            outside_base=table.outside_base,
            segments=[SegmentWire.of(row, table, language) for row in table.rows],
            rests={name: float(table.currency.major(amount)) for name, amount in table.rests.items()},
        )


@router.get("", responses=answers(HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT))
async def segments(workspace: AskedWorkspace, language: ReaderLanguage) -> SegmentsWire:
    """The segments of the current run, parents before their parts."""
    return await look_up(lambda: SegmentsWire.of(workspace.segments(), language))
