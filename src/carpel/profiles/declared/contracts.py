"""What contracts say: how many, until when, how much they bring every month."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, whole, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Expression, Moment, Pass

PASSES: Final = (Pass(name="contracts", table="contracts"),)

DAYS_IN_MONTH: Final = 365.25 / 12
_A_YEAR_HOLDS: Final = {"month": 12, "quarter": 4, "year": 1}


def _active(rows: Any, moment: Moment) -> Any:
    """Begun and not ended on the moment's day; without an end it runs on, and without any date it has begun."""
    starts = rows.starts_on if "starts_on" in rows.columns else rows.day
    running = (starts.fill_null(rows.day) <= moment.day).fill_null(ibis.literal(value=True))
    if "ends_on" not in rows.columns:
        return running
    return running & (rows.ends_on >= moment.day).fill_null(ibis.literal(value=True))


def _mrr(rows: Any, moment: Moment) -> Any:
    times = rows.period.cases(*_A_YEAR_HOLDS.items(), else_=12) if "period" in rows.columns else 12
    yearly = whole_sum(rows.recurring_amount * times, _active(rows, moment)).fill_null(0)
    return whole(yearly.cast("float64") / 12)


def _end(rows: Any, moment: Moment) -> Any:
    return rows.ends_on.max(where=_active(rows, moment))


def _months_left(rows: Any, moment: Moment) -> Any:
    days = _end(rows, moment).delta(moment.day, unit="day")
    return (days.cast("float64") / DAYS_IN_MONTH).round(2)


def _contract(key: str, of: ValueType, unit: Unit, expression: Expression, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": Family.RELATIONSHIP, "changeable": True} | more
    return Declaration(key=key, type=of, unit=unit, reads="contracts", expression=expression, **settings)


_V, _U = ValueType, Unit

ATTRIBUTES: Final = (
    _contract("contracts_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows), empty=0),
    _contract(
        "contracts_active", _V.INTEGER, _U.COUNT, lambda rows, moment: count(rows, _active(rows, moment)), empty=0
    ),
    _contract("contract_ends_on", _V.DATE, _U.NONE, _end, wants=("contracts.ends_on",)),
    _contract("contract_months_left", _V.NUMBER, _U.MONTHS, _months_left, wants=("contracts.ends_on",)),
    _contract(
        "contract_value",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole_sum(rows.amount).fill_null(0),
        wants=("contracts.amount",),
        family=Family.VALUE,
        empty=0,
    ),
    _contract(
        "mrr",
        _V.MONEY,
        _U.MONEY,
        _mrr,
        wants=("contracts.recurring_amount",),
        family=Family.VALUE,
        empty=0,
    ),
    _contract(
        "renewals_count",
        _V.INTEGER,
        _U.COUNT,
        lambda rows, _: count(rows, rows.renewed_by_contract_id.notnull()),
        wants=("contracts.renewed_by_contract_id",),
        empty=0,
    ),
)
