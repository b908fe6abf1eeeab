"""Where one customer has been, as far back as moves are logged, whether or not the runs are still kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis

from carpel.kernel.engine import Engine
from carpel.runs.moves.log import LOG, LoggedRun


@dataclass(frozen=True, kw_only=True)
class Membership:
    """One stay of a customer in a segment.

    Attributes:
        segment: The segment; None outside the base.
        start: The day of the first run that found them there.
        end: The day of the first run that found them elsewhere; None where they still are.
        revenue: Their money when they came, in minor units; None where it is not known.
    """

    segment: str | None
    start: date
    end: date | None
    revenue: int | None

    @property
    def days(self) -> int | None:
        """How long they stayed; None where they still are."""
        return (self.end - self.start).days if self.end else None


def memberships(customer: str, logged: Sequence[LoggedRun], engine: Engine) -> tuple[Membership, ...]:
    """Every stay of a customer, oldest first; none where no run had them in its base.

    Args:
        customer: The customer's id.
        logged: The runs of the log.
        engine: Where the log is read.
    """
    if not logged:
        return ()
    log = ibis.table(LOG, name="log")
    query = log.filter(log.customer_id == customer).order_by("day")
    rows = engine.read(query, {"log": [each.file for each in logged]}).to_pylist()
    ends = [*(row["day"] for row in rows[1:]), None]
    return tuple(
        Membership(segment=row["segment"], start=row["day"], end=end, revenue=row["revenue"])
        for row, end in zip(rows, ends, strict=False)
    )
