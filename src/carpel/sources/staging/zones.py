"""Local time and UTC, with daylight saving, as expressions that every engine can run.

The zone's changes within the range of the data are worked out here and become one case expression; no engine's
own time zone data takes part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import ibis

from carpel.kernel.dates import zone

FIRST_YEAR: Final = 1901
LAST_YEAR: Final = 2100


@dataclass(frozen=True)
class Change:
    """A moment at which a zone's clocks are set.

    Attributes:
        at: The moment, UTC without zone.
        before: What local time was ahead of UTC until then.
        after: What it is from then on.
    """

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def local(self) -> datetime:
        """Local times before this still belong to the clocks before: of an hour that happens twice, the first."""
        return self.at + max(self.before, self.after)


def to_utc(local: Any, time_zone: str, span: tuple[datetime, datetime]) -> Any:
    """A local time as UTC. An hour that the clocks skip counts on from before it."""
    changes, last = _changes(time_zone, *span)
    branches = [(local < _stamp(change.local), _ahead(local, -change.before)) for change in changes]
    return _cases(branches, _ahead(local, -last))


def local_day(instant: Any, time_zone: str, span: tuple[datetime, datetime]) -> Any:
    """The local day of a UTC moment."""
    changes, last = _changes(time_zone, *span)
    branches = [(instant < _stamp(change.at), _ahead(instant, change.before)) for change in changes]
    return _cases(branches, _ahead(instant, last)).cast("date")


def bounded(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime]:
    """The span of some data, within the years that are possible, with a day's room for zones."""
    low, high = datetime(FIRST_YEAR, 1, 1), datetime(LAST_YEAR, 12, 31)  # noqa: DTZ001  UTC without zone, as stored
    first = min(max(first or low, low), high)
    last = max(min(last or high, high), first)
    return first - timedelta(days=2), last + timedelta(days=2)


def _cases(branches: list[tuple[Any, Any]], rest: Any) -> Any:
    return ibis.cases(*branches, else_=rest) if branches else rest


def _stamp(moment: datetime) -> Any:
    return ibis.literal(moment, type="timestamp(6)")


def _ahead(moment: Any, by: timedelta) -> Any:
    seconds = int(by.total_seconds())
    if not seconds:
        return moment
    return (moment + ibis.interval(seconds=seconds)).cast("timestamp(6)")


@lru_cache(maxsize=64)
def _changes(time_zone: str, first: datetime, last: datetime) -> tuple[tuple[Change, ...], timedelta]:
    """The zone's changes between two moments, and what it is ahead by at the end."""
    found = []
    moment, ahead = first, _offset(time_zone, first)
    while moment < last:
        following = min(moment + timedelta(days=7), last)
        after = _offset(time_zone, following)
        if after != ahead:
            found.append(Change(_exact(time_zone, moment, following), ahead, after))
        moment, ahead = following, after
    return tuple(found), ahead


def _exact(time_zone: str, low: datetime, high: datetime) -> datetime:
    """The first second at which the zone is ahead by as much as at `high`."""
    ahead = _offset(time_zone, high)
    low, high = low.replace(microsecond=0), high.replace(microsecond=0) + timedelta(seconds=1)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(time_zone, middle) == ahead:
            high = middle
        else:
            low = middle
    return high


def _offset(time_zone: str, moment: datetime) -> timedelta:
    return moment.replace(tzinfo=UTC).astimezone(zone(time_zone)).utcoffset() or timedelta(0)
