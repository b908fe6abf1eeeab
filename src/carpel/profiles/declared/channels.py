"""Through which channels a customer buys."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, share, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Moment, Pass

PASSES: Final = (
    Pass(
        name="channels",
        table="purchases",
        keep=lambda rows, _: ~rows.is_return & rows.channel.notnull(),
        by=("channel",),
        parts={"times": lambda rows, _: count(rows), "last_day": lambda rows, _: rows.day.max()},
    ),
)

_TIMES, _TIMES_IN_MAIN = "__channel_times", "__main_channel_times"


def _main(rows: Any, _: Moment) -> Any:
    """The channel used most; of equal ones that used last, then the later by name."""
    rank = {"times": rows.times, "last_day": rows.last_day, "channel": rows.channel}
    return rows.channel.argmax(ibis.struct(rank))


def _channel(key: str, of: ValueType, expression: Expression, *parts: str, **more: Any) -> Declaration:
    return Declaration(
        key=key,
        family=Family.BEHAVIOURAL,
        type=of,
        reads="channels",
        wants=("purchases.channel",),
        parts=parts,
        expression=expression,
        changeable=True,
        **more,
    )


ATTRIBUTES: Final = (
    _channel(_TIMES, ValueType.INTEGER, lambda rows, _: whole_sum(rows.times), "times"),
    _channel(_TIMES_IN_MAIN, ValueType.INTEGER, lambda rows, _: rows.times.max(), "times"),
    _channel("main_channel", ValueType.CATEGORY, _main, "times", "last_day"),
    Declaration(
        key="main_channel_share",
        family=Family.BEHAVIOURAL,
        type=ValueType.SHARE,
        unit=Unit.SHARE,
        reads=DERIVED,
        uses=(_TIMES_IN_MAIN, _TIMES),
        expression=lambda row, _: share(row[_TIMES_IN_MAIN], row[_TIMES]),
        changeable=True,
    ),
    _channel("channels", ValueType.SET, lambda rows, _: rows.channel.collect().sort(), empty=()),
    _channel("channels_count", ValueType.INTEGER, lambda rows, _: count(rows), unit=Unit.COUNT, empty=0),
)
