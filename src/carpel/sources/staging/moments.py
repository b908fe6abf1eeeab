"""Times of the sources as UTC, and the local days that they fall on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ibis

from carpel.sources.reading import ColumnDecision
from carpel.sources.staging.zones import FIRST_YEAR, LAST_YEAR, bounded, local_day, to_utc


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Turns what a source writes into moments and days.

    A time written without a zone is local to the workspace; one written with a zone is UTC by now.

    Attributes:
        time_zone: The workspace's.
    """

    time_zone: str

    def instant(self, value: Any, column: ColumnDecision | None) -> Any:
        """The moment, UTC without zone; an impossible year gives none."""
        moment = _stamp(value)
        utc = moment if column and column.zoned else to_utc(moment, self.time_zone, _span(column))
        return _possible(moment).ifelse(utc, None)

    def day(self, value: Any, column: ColumnDecision | None) -> Any:
        """The local day; an impossible year gives none."""
        if value.type().is_date():
            return _possible(value).ifelse(value, None)
        moment = _stamp(value)
        day = local_day(moment, self.time_zone, _span(column)) if column and column.zoned else moment.cast("date")
        return _possible(moment).ifelse(day, None)


def _possible(moment: Any) -> Any:
    """Whether a year is one that anybody meant, and no placeholder such as 1900 or 9999."""
    return moment.year().between(FIRST_YEAR, LAST_YEAR)


def _stamp(value: Any) -> Any:
    of = value.type()
    if of.is_timestamp() or of.is_date():
        return value if of == ibis.dtype("timestamp(6)") else value.cast("timestamp(6)")
    return value.try_cast("timestamp(6)") if of.is_string() else ibis.null("timestamp(6)")


def _span(column: ColumnDecision | None) -> tuple[datetime, datetime]:
    """From the earliest to the latest moment of a column, so that few changes of clocks take part."""
    first, last = (_moment(each) for each in (column.minimum, column.maximum)) if column else (None, None)
    return bounded(first, last) if first and last else bounded(None, None)


def _moment(bound: object) -> datetime | None:
    if isinstance(bound, datetime):
        return bound.astimezone(UTC).replace(tzinfo=None) if bound.tzinfo else bound
    if isinstance(bound, date):
        return datetime(bound.year, bound.month, bound.day)  # noqa: DTZ001  a local day, widened by `bounded`
    return None
