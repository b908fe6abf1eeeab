"""The moment that a run knows up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text

OLD: Final = timedelta(days=30)
"""Beyond this age of the latest event, "now" would make everybody look lost."""


def moment_of(facts: Facts, now: datetime) -> tuple[AsOf, tuple[Issue, ...]]:
    """Now; where the latest event is over 30 days old, the start of the day after it, which is said."""
    today = AsOf.at(now, facts.time_zone)
    if facts.last_event is None:
        return today, ()
    latest = AsOf.at(facts.last_event.replace(tzinfo=UTC), facts.time_zone)
    if today.instant - latest.instant <= OLD:
        return today, ()
    as_of = AsOf.start_of(latest.day + timedelta(days=1), facts.time_zone)
    said = text("runs.as-of-after-latest", latest=latest.day, as_of=as_of.day, count=(today.day - latest.day).days)
    return as_of, (Issue(severity=Severity.NOTE, text=said, place="as_of"),)


def refuse_unknowable(wished: AsOf, facts: Facts, now: datetime) -> None:
    """Refuse a moment of which the facts can say nothing.

    Raises:
        CarpelError: It lies in the future, or before anything happened.
    """
    if wished.instant > now:
        raise CarpelError(
            "runs.as-of-in-future", place="as_of", as_of=wished.day, today=AsOf.at(now, facts.time_zone).day
        )
    if facts.first_event and wished.instant <= AsOf.start_of(facts.first_event, facts.time_zone).instant:
        after = facts.first_event + timedelta(days=1)
        raise CarpelError(
            "runs.as-of-before-first", place="as_of", as_of=wished.day, first=facts.first_event, after=after
        )
