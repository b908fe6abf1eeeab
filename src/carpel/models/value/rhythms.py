"""How each customer has bought and signed so far: what value is worked out from, one row for each customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self

import ibis
import numpy as np
import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.models.frames.moments import NUMBER
from carpel.models.value.arrays import Array, Positions
from carpel.models.value.histories import Histories
from carpel.profiles.available import table_behind
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows, with_returns

WEEK: Final = 7.0
"""Days; models count time in weeks."""
_FINE: Final = 1_000_000
"""Logarithms are summed as whole millionths: the sum is the same in whatever order rows come."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rhythm:
    """The purchases of some customers, but for what a contract charges.

    Attributes:
        numbers: The customers, in order.
        histories: Their purchase days after the first, in weeks.
        days: On how many days each has bought.
        spent: What they have paid after returns, in minor units; NaN where purchases have no amounts.
        margin: What was left of that after costs, of what has known costs; NaN where none is known.
        costed: What was paid for what has known costs.
    """

    numbers: Positions
    histories: Histories
    days: Array
    spent: Array
    margin: Array
    costed: Array

    @classmethod
    def of(cls, table: pa.Table, as_of: AsOf) -> Self:
        """From what `purchase_rhythm` gives."""
        day = as_of.day.toordinal()
        first, last = (_ordinals(table[name]) for name in ("first", "last"))
        days, log_gaps = _floats(table["days"]), _floats(table["log_gaps"])
        frequency = days - 1
        histories = Histories.of(
            frequency,
            (last - first) / WEEK,
            np.maximum(day - first, last - first) / WEEK,
            log_gaps=np.nan_to_num(log_gaps) / _FINE - frequency * np.log(WEEK),
        )
        money = {name: _floats(table[name]) for name in ("spent", "margin", "costed")}
        return cls(numbers=np.asarray(table[NUMBER], dtype=np.intp), histories=histories, days=days, **money)

    @property
    def mean_value(self) -> Array:
        """What a purchase day has brought on average, after returns."""
        return np.nan_to_num(self.spent / self.days)

    def take(self, rows: Positions) -> Rhythm:
        """Only some customers."""
        return Rhythm(
            numbers=self.numbers[rows],
            histories=self.histories.take(rows),
            **{name: getattr(self, name)[rows] for name in ("days", "spent", "margin", "costed")},
        )


def purchase_rhythm(facts: Facts, as_of: AsOf) -> Any:
    """One row for each customer who has bought: days, first, last, logarithms of gaps, money; an Ibis table."""
    rows = _own_purchases(facts, as_of)
    bought = rows.filter(~rows.is_return)
    days = bought.select(NUMBER, "day").distinct()
    order = ibis.window(group_by=days[NUMBER], order_by=days.day)
    gaps = days.mutate(gap=days.day.delta(days.day.lag().over(order), unit="day"))
    log_gap = (gaps.gap.cast("float64").ln() * float(_FINE)).round().cast("int64")
    of_days = gaps.group_by(NUMBER).agg(
        days=gaps.count().cast("int64"), first=gaps.day.min(), last=gaps.day.max(), log_gaps=_total(log_gap)
    )
    amount, cost = (_amounts(rows, name) for name in ("amount", "cost"))
    of_money = rows.group_by(NUMBER).agg(
        spent=_total(amount), margin=_total(amount - cost), costed=_total(cost.notnull().ifelse(amount, None))
    )
    return of_days.left_join(of_money, NUMBER).select(*of_days.columns, "spent", "margin", "costed").order_by(NUMBER)


def has_purchases(facts: Facts) -> bool:
    """Whether anything says when customers bought."""
    table = facts.tables.get(table_behind("purchases", facts))
    return table is not None and "day" in table.columns


def charges_are_told_apart(facts: Facts) -> bool:
    """Whether purchases say which of them a contract charges, so that nothing is counted twice."""
    table = facts.tables.get(table_behind("purchases", facts))
    return table is None or "contract_id" in table.columns


def _own_purchases(facts: Facts, as_of: AsOf) -> Any:
    moment = Moment(as_of=as_of, parameters=Parameters(known_through=as_of))
    rows = with_returns(known_rows(facts, table_behind("purchases", facts), moment))
    rows = rows.filter(rows.day.notnull())
    return rows.filter(rows.contract_id.isnull()) if "contract_id" in rows.columns else rows


def _amounts(rows: Any, name: str) -> Any:
    return rows[name] if name in rows.columns else ibis.null("int64")


def _total(value: Any) -> Any:
    return value.sum().cast("decimal(38,0)").cast("int64")


@dataclass(frozen=True, kw_only=True, eq=False)
class Tenures:
    """The contracts of some customers.

    Attributes:
        numbers: The customers, in order.
        renewals: How often what they have signed was renewed, for each that was not a renewal itself.
        running: How many contracts are in force, so that the next renewal is still to come.
        ended: How many ended without a renewal.
        weeks_left: Until the end of what is in force; NaN without an end.
        yearly: What is in force brings in a year, in minor units.
        term: How many weeks a contract lasts; NaN where ends are unknown.
    """

    numbers: Positions
    renewals: Array
    running: Array
    ended: Array
    weeks_left: Array
    yearly: Array
    term: Array

    @classmethod
    def of(cls, table: pa.Table, as_of: AsOf) -> Self:
        """From what `contract_tenures` gives."""
        count, renewed, running = (_floats(table[name]) for name in ("contracts", "renewed", "running"))
        chains = np.maximum(count - renewed, 1)
        days, ended_at = _floats(table["term_days"]), _ordinals(table["ends_on"])
        return cls(
            numbers=np.asarray(table[NUMBER], dtype=np.intp),
            renewals=np.floor(renewed / chains),
            running=np.minimum(running, chains),
            ended=np.maximum(chains - running, 0),
            weeks_left=np.maximum(ended_at - as_of.day.toordinal(), 0) / WEEK,
            yearly=_floats(table["yearly"]),
            term=days / WEEK,
        )


def has_contracts(facts: Facts) -> bool:
    """Whether contracts tell when they end."""
    table = facts.tables.get("contracts")
    return table is not None and {"starts_on", "ends_on"} <= table.columns.keys()


def contract_tenures(facts: Facts, as_of: AsOf) -> Any:
    """One row for each customer who has signed: contracts, renewals, what is in force; an Ibis table."""
    moment = Moment(as_of=as_of, parameters=Parameters(known_through=as_of))
    rows = known_rows(facts, "contracts", moment)
    # A contract that begins later is a renewal of one in force: signed, and not yet lived through.
    begun = rows.filter(rows.starts_on <= as_of.day)
    runs = (begun.ends_on >= as_of.day).fill_null(ibis.literal(value=True))
    follows = begun.renewed_by_contract_id.notnull() if "renewed_by_contract_id" in begun.columns else _false()
    over = follows & ~runs
    yearly = (
        begun.recurring_amount * _times_a_year(begun) if "recurring_amount" in begun.columns else ibis.null("int64")
    )
    return (
        begun.group_by(NUMBER)
        .agg(
            contracts=begun.count().cast("int64"),
            renewed=over.sum().cast("int64"),
            running=runs.sum().cast("int64"),
            ends_on=begun.ends_on.max(where=runs),
            yearly=_total(runs.ifelse(yearly, None)),
            term_days=begun.ends_on.delta(begun.starts_on, unit="day").max(),
        )
        .order_by(NUMBER)
    )


def _times_a_year(rows: Any) -> Any:
    return rows.period.cases(("month", 12), ("quarter", 4), ("year", 1), else_=12) if "period" in rows.columns else 12


def _false() -> Any:
    return ibis.literal(value=False)


def earlier(as_of: AsOf, weeks: int) -> AsOf:
    """So many weeks before a moment."""
    return AsOf.start_of(as_of.day - timedelta(weeks=weeks), as_of.time_zone)


def _ordinals(column: pa.ChunkedArray) -> Array:
    """Days counted as dates count them; NaN where unknown."""
    since_1970 = column.cast(pa.date32()).cast(pa.int32())
    return _floats(since_1970) + 719_163


def _floats(column: pa.ChunkedArray) -> Array:
    return np.array(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
