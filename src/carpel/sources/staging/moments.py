"""Times of the sources as UTC, and the local days that they fall on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis

from carpel.sources.staging.zones import FIRST_YEAR, LAST_YEAR, local_day, to_utc


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Turns what a source writes into moments and days.

    A time written without a zone is local to the workspace; one written with a zone is UTC by now.

    Attributes:
        time_zone: The workspace's.
        span: The earliest and latest moment of the data.
    """

    time_zone: str
    span: tuple[datetime, datetime]

    def instant(self, value: Any, *, zoned: bool) -> Any:
        """The moment, UTC without zone; an impossible year gives none."""
        moment = possible(_stamp(value))
        return moment if zoned else to_utc(moment, self.time_zone, self.span)

    def day(self, value: Any, *, zoned: bool) -> Any:
        """The local day; an impossible year gives none."""
        if value.type().is_date():
            return possible(value)
        moment = self.instant(value, zoned=zoned)
        return local_day(moment, self.time_zone, self.span)


def possible(moment: Any) -> Any:
    """The moment, or nothing where its year is a placeholder such as 1900 or 9999."""
    return moment.year().between(FIRST_YEAR, LAST_YEAR).ifelse(moment, None)


def _stamp(value: Any) -> Any:
    if value.type().is_timestamp():
        return value.cast("timestamp(6)")
    if value.type().is_string():
        return value.try_cast("timestamp(6)")
    if value.type().is_date():
        return value.cast("timestamp(6)")
    return ibis.null("timestamp(6)")
