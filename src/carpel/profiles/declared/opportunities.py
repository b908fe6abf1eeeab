"""What opportunities say: sales being worked, won and lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, share, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Moment, Pass

PASSES: Final = (Pass(name="opportunities", table="opportunities"),)

_LONG_AGO: Final = datetime(1, 1, 1)  # noqa: DTZ001  UTC without zone, as stored


def _open(rows: Any) -> Any:
    return rows.closed_at.isnull()


def _won(rows: Any) -> Any:
    return rows.won.fill_null(ibis.literal(value=False))


def _stage(rows: Any, _: Moment) -> Any:
    """That of the open opportunity opened last; of two at once, the one with the later id; undated ones come first."""
    opened = rows.opened_at.fill_null(ibis.literal(_LONG_AGO, type="timestamp(6)"))
    latest = ibis.struct({"opened_at": opened, "opportunity_id": rows.opportunity_id})
    return rows.stage.argmax(latest, where=_open(rows) & rows.stage.notnull())


_V, _U = ValueType, Unit
_CLOSED: Final = "opportunities.closed_at"
_WON: Final = "opportunities.won"


def _declared(key: str, of: ValueType, unit: Unit, expression: Expression, *wants: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": Family.NEED, "changeable": True} | more
    return Declaration(
        key=key, type=of, unit=unit, reads="opportunities", wants=wants, expression=expression, **settings
    )


ATTRIBUTES: Final = (
    _declared("opportunities_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows), empty=0),
    _declared("open_opportunities", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows, _open(rows)), _CLOSED, empty=0),
    _declared(
        "open_opportunity_amount",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole_sum(rows.amount, _open(rows)).fill_null(0),
        _CLOSED,
        "opportunities.amount",
        empty=0,
    ),
    _declared("opportunity_stage", _V.CATEGORY, _U.NONE, _stage, _CLOSED, "opportunities.stage"),
    _declared("opportunities_won", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows, _won(rows)), _WON, empty=0),
    _declared(
        "opportunities_lost",
        _V.INTEGER,
        _U.COUNT,
        lambda rows, _: count(rows, (~rows.won).fill_null(ibis.literal(value=False))),
        _WON,
        empty=0,
    ),
    Declaration(
        key="win_rate",
        family=Family.NEED,
        type=_V.SHARE,
        unit=_U.SHARE,
        reads=DERIVED,
        uses=("opportunities_won", "opportunities_lost"),
        expression=lambda row, _: share(row.opportunities_won, row.opportunities_won + row.opportunities_lost),
        changeable=True,
    ),
    _declared(
        "days_since_opportunity",
        _V.INTEGER,
        _U.DAYS,
        lambda rows, moment: moment.days_since(rows.day.max()),
        "opportunities.day",
    ),
)
