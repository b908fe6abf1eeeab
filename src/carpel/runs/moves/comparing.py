"""Moves between two dates: every arrow with its customers and their money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Step
from carpel.kernel.errors import CarpelError
from carpel.kernel.progress import Progress
from carpel.kernel.texts import text
from carpel.runs.moves.log import LoggedRun, chain
from carpel.runs.moves.states import State, state_from_log, state_of
from carpel.runs.opening import Run, current_run, open_run
from carpel.runs.past import FOLDER as PAST
from carpel.runs.past import past
from carpel.runs.planning.plans import Flow
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.runs.tally import MONEY

_WHOLE: Final = "decimal(38,0)"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One side of a comparison.

    Attributes:
        day: The day up to which it knows.
        run: The run that recorded it; None where it was replayed with the current run's scheme and facts.
        logic: The fingerprint of the logic that divided customers.
    """

    day: date
    run: str | None
    logic: str


@dataclass(frozen=True, kw_only=True)
class SegmentMoves:
    """What came to one segment and what left it.

    Attributes:
        key: The segment.
        before: Customers at first.
        after: Customers in the end.
        came: From other segments.
        entered: From outside the base, new customers among them.
        left: To other segments.
        exited: To outside the base.
    """

    key: str
    before: int
    after: int
    came: int
    entered: int
    left: int
    exited: int

    @property
    def net(self) -> int:
        """By how many it grew."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class Moves:
    """Who went where between two dates. Every customer who was in the base on either date is on one arrow.

    Attributes:
        start: The earlier side.
        end: The later side.
        flows: From each segment to each, staying included; None is outside the base. Money is what the customers were
            worth in the end, as far as that is known.
    """

    start: Moment
    end: Moment
    flows: tuple[Flow, ...]

    @property
    def moved(self) -> tuple[Flow, ...]:
        """Only the arrows that lead elsewhere; the most customers first."""
        elsewhere = (each for each in self.flows if each.before != each.after)
        return tuple(sorted(elsewhere, key=lambda each: (-each.customers, each.before or "", each.after or "")))

    @property
    def segments(self) -> tuple[SegmentMoves, ...]:
        """Entries and exits of each segment."""
        keys = dict.fromkeys(key for each in self.flows for key in (each.before, each.after) if key is not None)
        return tuple(self._segment(key) for key in sorted(keys))

    def _segment(self, key: str) -> SegmentMoves:
        to = {each.before: each.customers for each in self.flows if each.after == key}
        out = {each.after: each.customers for each in self.flows if each.before == key}
        stayed, entered, exited = to.get(key, 0), to.get(None, 0), out.get(None, 0)
        before, after = sum(out.values()), sum(to.values())
        return SegmentMoves(
            key=key,
            before=before,
            after=after,
            came=after - stayed - entered,
            entered=entered,
            left=before - stayed - exited,
            exited=exited,
        )


def moves_between(
    settings: Settings,
    store: RunStore,
    engine: Engine,
    *,
    start: AsOf | None = None,
    end: AsOf | None = None,
    progress: Progress | None = None,
) -> Moves:
    """Who went where between two dates: as recorded where a run knows up to that very day, else replayed.

    Args:
        settings: The workspace.
        store: Knows the runs.
        engine: Where expressions run.
        start: The earlier date; None is the run before.
        end: The later date; None is the current run.
        progress: Is told what a replay does.

    Raises:
        CarpelError: There is no earlier run, the dates are in the wrong order, or the facts do not reach so far back.
    """
    logged, current = chain(settings, store), current_run(settings, store)
    until = end.day if end else current.as_of.day
    earlier = [each for each in logged if each.day < until]
    if start is None and not earlier:
        raise CarpelError("runs.moves-one-run", place=settings.workspace)
    since = start.day if start else earlier[-1].day
    if since >= until:
        raise CarpelError("runs.moves-order", place=settings.workspace, start=since, end=until)
    reading = _Reading(settings, engine, logged, current, progress)
    before, first = reading.on(start, since, "before")
    after, last = reading.on(end, until, "after")
    return Moves(start=first, end=last, flows=_flows(before, after, engine))


def state_on(settings: Settings, store: RunStore, engine: Engine, current: Run, day: AsOf) -> State:
    """Where customers were on a day, as moves since it are counted from.

    Raises:
        CarpelError: No run knows up to that very day, and the facts do not reach so far back.
    """
    return _Reading(settings, engine, chain(settings, store), current, None).on(day, day.day, "before")[0]


@dataclass(frozen=True)
class _Reading:
    """Finds where customers were."""

    settings: Settings
    engine: Engine
    logged: Sequence[LoggedRun]
    current: Run
    progress: Progress | None

    def on(self, at: AsOf | None, day: date, name: str) -> tuple[State, Moment]:
        """The state of a day, and how it is known."""
        found = [place for place, each in enumerate(self.logged) if each.day == day]
        if found:
            return self._recorded(found[0], name)
        if at is None or day == self.current.as_of.day:
            run = self.current
            moment = Moment(day=day, run=run.id, logic=run.manifest.logic)
            return state_of(name, run.assignments, run.profiles), moment
        return self._replayed(at, name)

    def _recorded(self, place: int, name: str) -> tuple[State, Moment]:
        logged = self.logged[place]
        moment = Moment(day=logged.day, run=logged.run, logic=logged.logic)
        if not logged.kept:
            return state_from_log(name, self.logged[: place + 1]), moment
        run = open_run(self.settings, logged.run)
        return state_of(name, run.assignments, run.profiles), moment

    def _replayed(self, at: AsOf, name: str) -> tuple[State, Moment]:
        run = self.current
        keep = [MONEY] if MONEY in run.catalogue.available else []
        folder = self.settings.folder / PAST
        made = past(run, self.engine, run.scheme, at, folder, keep=keep, progress=self.progress)
        moment = Moment(day=at.day, run=None, logic=run.manifest.logic)
        return state_of(name, made.assignments, made.profiles), moment


def _flows(before: State, after: State, engine: Engine) -> tuple[Flow, ...]:
    rows = engine.read(flows_query(before[0], after[0]), {**before[1], **after[1]}).to_pylist()
    flows = (Flow(before=r["before"], after=r["after"], customers=r["customers"], revenue=r["revenue"]) for r in rows)
    return tuple(sorted(flows, key=lambda each: (each.before or "", each.after or "")))


def flows_query(before: Any, after: Any) -> tuple[Step, ...]:
    """Customers and money by where they were and where they are."""
    nothing = ibis.null("string")
    old = before.select("customer_id", before=before.segment, after=nothing, revenue=ibis.null("int64"))
    new = after.select("customer_id", before=nothing, after=after.segment, revenue=after.revenue)
    both = Step("both_days", text("runs.step-both-days"), old.union(new))
    row = both.unbound()
    each = row.group_by("customer_id").agg(before=row.before.max(), after=row.after.max(), revenue=row.revenue.max())
    placed = Step("by_customer", text("runs.step-by-customer"), each)
    row = placed.unbound()
    divided = row.filter(row.before.notnull() | row.after.notnull())
    revenue = divided.revenue.sum().cast(_WHOLE).cast("int64")
    summed = divided.group_by("before", "after").agg(customers=divided.count(), revenue=revenue)
    return both, placed, Step("flows", text("runs.step-flows"), summed)
