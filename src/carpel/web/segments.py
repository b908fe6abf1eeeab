"""The table of segments as pages show it: its columns, and its order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from carpel.kernel.texts import text
from carpel.runs.views.overview import Overview, SegmentLine
from carpel.web.page import Page
from carpel.web.tables import Column, Sorting

_ALWAYS: Final = (
    Column(key="name", label=text("web.segments.segment"), is_number=False),
    Column(key="customers", label=text("web.segments.customers")),
    Column(key="change", label=text("web.segments.change")),
    Column(key="share", label=text("web.segments.share")),
)
_MONEY: Final = (
    Column(key="revenue", label=text("web.segments.revenue")),
    Column(key="revenue-change", label=text("web.segments.change"), rank=2),
    Column(key="money-share", label=text("web.segments.money-share")),
)
_PAST: Final = Column(key="past", label=text("web.segments.past"), is_number=False, sorts=False, rank=3)
_OWNER: Final = Column(key="owner", label=text("web.segments.owner"), is_number=False, rank=3)


@dataclass(frozen=True, kw_only=True)
class SegmentsTable:
    """The table of segments.

    Attributes:
        columns: Those of money only where there is money, the past only where there is one.
        sorting: As the reader asks.
        lines: As the scheme has them, parts beneath the whole; sorted, the leaves alone.
    """

    columns: tuple[Column, ...]
    sorting: Sorting
    lines: tuple[SegmentLine, ...]

    @classmethod
    def of(cls, page: Page, overview: Overview) -> Self:
        """As a page's reader asks for it."""
        columns = _columns(overview)
        sorting = Sorting.of(page.request, columns)
        if sorting.column is None:
            return cls(columns=columns, sorting=sorting, lines=_there(overview.segments))
        return cls(columns=columns, sorting=sorting, lines=_sorted(page, overview, sorting))


def _columns(overview: Overview) -> tuple[Column, ...]:
    money = _MONEY if overview.in_segments else ()
    past = (_PAST,) if any(len(line.history) > 1 for line in overview.segments) else ()
    return (*_ALWAYS, *money, *past, _OWNER)


def _sorted(page: Page, overview: Overview, sorting: Sorting) -> tuple[SegmentLine, ...]:
    return sorting.apply(
        _there(overview.leaves),
        {
            "name": lambda line: page.reader.shown(line.row.label),
            "customers": lambda line: line.row.customers,
            "change": lambda line: line.customers.change,
            "share": lambda line: line.share,
            "revenue": lambda line: line.row.revenue,
            "revenue-change": lambda line: line.revenue.change if line.revenue else None,
            "money-share": lambda line: line.money_share,
            "owner": lambda line: line.owner,
        },
    )


def _there(lines: Iterable[SegmentLine]) -> tuple[SegmentLine, ...]:
    return tuple(line for line in lines if not line.row.is_idle)
