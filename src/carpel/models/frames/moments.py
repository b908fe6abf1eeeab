"""What was known of customers as of a moment, and what they did after it, by the code that makes profiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.models.frames.features import measured
from carpel.models.frames.frame import Rows
from carpel.models.learning import Ground
from carpel.profiles import Attribute, Catalogue, Family, fit, profile
from carpel.profiles.available import table_behind
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows, with_returns

NUMBER: Final = "customer_no"
SAMPLE: Final = 100_000
"""The most customers that a model learns from; beyond, whole buckets evenly spread over the base."""
MOMENTS: Final = 3
"""One to learn from, a later one to calibrate by, and one later still to be judged by."""
SHORTEST: Final = 14
"""Days; a shorter horizon says more about weekdays than about customers."""
_THERE: Final = "relationship"
"""The attribute that nobody has whom the company did not know yet."""
_UNMEASURED: Final = frozenset({ValueType.DATE, ValueType.INSTANT, ValueType.ID, ValueType.TEXT})

Happened: TypeAlias = Callable[[Facts, AsOf, AsOf], Any]
"""An Ibis table with the `customer_no` of those to whom something happened from one moment until before another."""
Outcome: TypeAlias = Callable[[Ground, pa.Table, AsOf, AsOf], npt.NDArray[np.float64]]
"""Of customers as they were known at one moment, 1 to whom it happened until before another, else 0; NaN of whom it
cannot be asked."""


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Moments that a model learns as of, each with the days after it in which something may happen.

    Attributes:
        starts: Three moments, earliest first; the days after one end where those after the next begin.
        horizon: How many days after each.
        shortened: How many days were wished for, where the facts do not reach back that far.
    """

    starts: tuple[AsOf, ...]
    horizon: int
    shortened: int | None = None

    def end(self, start: AsOf) -> AsOf:
        """When the days after a start are over."""
        return AsOf.start_of(start.day + timedelta(days=self.horizon), start.time_zone)


def windows(facts: Facts, as_of: AsOf, horizon: int) -> Windows | Text:
    """The last three windows before a moment; else, in words, what is missing.

    As much history as one window must lie before the first, so that there is something to learn from.
    """
    if facts.first_event is None:
        return text("models.nothing-dated")
    known = (as_of.day - facts.first_event).days
    days = min(horizon, known // (MOMENTS + 1))
    if days < SHORTEST:
        return text("models.history-too-short", known=known, count=SHORTEST * (MOMENTS + 1))
    starts = [as_of.day - timedelta(days=days * back) for back in range(MOMENTS, 0, -1)]
    return Windows(
        starts=tuple(AsOf.start_of(day, facts.time_zone) for day in starts),
        horizon=days,
        shortened=horizon if days < horizon else None,
    )


def learnable(catalogue: Catalogue, at: AsOf) -> tuple[Attribute, ...]:
    """What a model may look at as of a moment.

    Kept out are columns that are known only as of today, whatever names somebody or was a day (how long ago it was is
    another attribute), and what other models say.
    """
    return tuple(each for each in learnable_today(catalogue) if _was_known(each, at))


def learnable_today(catalogue: Catalogue) -> tuple[Attribute, ...]:
    """The same, with columns that are known only as of today: for what has no date, so that nothing was before it."""
    found = (each for each in catalogue.available.values() if not each.personal and each.family is not Family.MODEL)
    return tuple(each for each in found if each.type not in _UNMEASURED)


def _was_known(attribute: Attribute, at: AsOf) -> bool:
    since = attribute.known_since
    return not attribute.as_known_today or (since is not None and since <= at.stored)


def sampled(facts: Facts) -> tuple[int, ...]:
    """The customer buckets that models learn from; all of them where there are few customers."""
    wanted = max(1, SAMPLE // facts.bucket_size)
    every = -(-facts.bucket_count // wanted)
    return tuple(range(0, facts.bucket_count, every))


def known_as_of(
    facts: Facts, catalogue: Catalogue, at: AsOf, engine: Engine, *, keys: Sequence[str], buckets: Sequence[int]
) -> pa.Table:
    """Profiles as of a moment: `customer_no` and the attributes asked for, one row per customer.

    Nothing that happened at the moment or later has a part in them, nor in the population numbers they use.
    """
    seen = replace(catalogue, available={key: catalogue.available[key] for key in keys})
    steps = profile(facts, seen, at, fit(facts, seen, at, engine))
    return engine.read(steps, facts.bindings(buckets))


def happened_to(
    facts: Facts, happened: Happened, start: AsOf, end: AsOf, engine: Engine, *, buckets: Sequence[int]
) -> npt.NDArray[np.int64]:
    """The numbers of customers to whom something happened from a moment until before another, in order."""
    found = engine.read(happened(facts, start, end).select(NUMBER).distinct(), facts.bindings(buckets))
    return np.sort(np.asarray(found[NUMBER].drop_null(), dtype=np.int64))


def purchased(facts: Facts, start: AsOf, end: AsOf) -> Any:
    """Customers who bought something; a return is no purchase."""
    rows = _since(facts, table_behind("purchases", facts), start, end)
    return rows.filter(~rows.is_return)


def last_purchases(facts: Facts, start: AsOf, end: AsOf) -> Any:
    """The last day on which each customer bought something in these days, as `last`; an Ibis table."""
    rows = purchased(facts, start, end)
    return rows.group_by(NUMBER).agg(last=rows.day.max())


def bought(column: str, value: str) -> Happened:
    """Customers who bought a product or a category: a value of a column of order lines."""

    def happened(facts: Facts, start: AsOf, end: AsOf) -> Any:
        rows = _since(facts, "order_lines", start, end)
        return rows.filter(~rows.is_return & (rows[column] == value))

    return happened


def bought_from(facts: Facts, start: AsOf | None, end: AsOf) -> Any:
    """From which categories each customer bought until a moment, or since another: days, the first and the last.

    One row for each customer and category; an Ibis table.
    """
    rows = _since(facts, "order_lines", start, end) if start else _until(facts, "order_lines", end)
    rows = rows.filter(~rows.is_return & rows.category.notnull() & rows.day.notnull())
    found = rows.group_by(NUMBER, "category").agg(days=rows.day.nunique(), first=rows.day.min(), last=rows.day.max())
    return found.order_by(NUMBER, "category")


def _since(facts: Facts, table: str, start: AsOf, end: AsOf) -> Any:
    rows = _until(facts, table, end)
    return rows.filter(rows.day >= start.day)


def _until(facts: Facts, table: str, end: AsOf) -> Any:
    return with_returns(known_rows(facts, table, Moment(as_of=end, parameters=Parameters(known_through=end))))


@dataclass(frozen=True, kw_only=True, eq=False)
class Past:
    """Customers as of each of several moments, and to whom something happened in the days after.

    Attributes:
        table: Their attributes, the rows of one moment after those of another.
        outcome: 1 where it happened.
        parts: The rows of each moment.
        windows: The moments.
    """

    table: pa.Table
    outcome: npt.NDArray[np.float64]
    parts: tuple[Rows, ...]
    windows: Windows


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of whom something is asked: those whose attribute lies between two bounds, themselves included.

    Attributes:
        key: The attribute; whoever has none is not asked.
        least: The lower bound; None where there is none.
        most: The upper bound.
    """

    key: str
    least: float | None = None
    most: float | None = None

    def holds(self, table: pa.Table) -> npt.NDArray[np.bool_]:
        """Of which rows it is asked."""
        values = measured(table[self.key]).to_numpy(zero_copy_only=False).astype(np.float64)
        found: npt.NDArray[np.bool_] = np.isfinite(values)
        if self.least is not None:
            found &= values >= self.least
        if self.most is not None:
            found &= values <= self.most
        return found


def past_of(ground: Ground, *, during: Windows, asked: Sequence[Asked], outcome: Outcome) -> Past:
    """What a model learns from.

    Args:
        ground: What may be known.
        during: As of when, and how far to look from there.
        asked: Who is asked about.
        outcome: What happened to them.
    """
    keys = tuple(each.key for each in learnable(ground.catalogue, during.starts[0]))
    tables, outcomes = [], []
    for start in during.starts:
        table = asked_of(ground, start, keys, asked)
        found = outcome(ground, table, start, during.end(start))
        told = np.isfinite(found)
        outcomes.append(found[told])
        tables.append(table.select(keys).filter(pa.array(told)))
    ends = np.cumsum([0, *(table.num_rows for table in tables)])
    return Past(
        table=pa.concat_tables(tables),
        outcome=np.concatenate(outcomes),
        parts=tuple(np.arange(first, last) for first, last in pairwise(ends)),
        windows=during,
    )


def asked_of(ground: Ground, at: AsOf, keys: Sequence[str], asked: Sequence[Asked]) -> pa.Table:
    """Those of the sample of whom something was asked at a moment, in order.

    Args:
        ground: What may be known.
        at: Nothing that happened at this moment or later has a part in it.
        keys: The attributes to give, beside their number and those that tell of whom it is asked.
        asked: Who is asked about.
    """
    table = _profiles(ground, at, tuple(dict.fromkeys([*keys, *(each.key for each in asked)])))
    for each in asked:
        table = table.filter(pa.array(each.holds(table)))
    return table


def whether(happened: Happened) -> Outcome:
    """1 for those to whom something happened, else 0."""

    def outcome(ground: Ground, table: pa.Table, start: AsOf, end: AsOf) -> npt.NDArray[np.float64]:
        those = happened_to(ground.facts, happened, start, end, ground.engine, buckets=sampled(ground.facts))
        return np.isin(np.asarray(table[NUMBER]), those).astype(np.float64)

    return outcome


def _profiles(ground: Ground, at: AsOf, keys: tuple[str, ...]) -> pa.Table:
    """Profiles as of a moment of those in the sample whom the company knew by then, read once for all models."""
    known = ground.remembered.get((at, keys))
    if known is None:
        buckets = sampled(ground.facts)
        there = [*keys, *({_THERE} & ground.catalogue.available.keys() - set(keys))]
        known = known_as_of(ground.facts, ground.catalogue, at, ground.engine, keys=there, buckets=buckets)
        if _THERE in there:
            known = known.filter(known[_THERE].is_valid())
        ground.remembered[at, keys] = known.select([NUMBER, *keys]).sort_by(NUMBER)
    return ground.remembered[at, keys]
