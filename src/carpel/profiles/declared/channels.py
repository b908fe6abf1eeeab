"""Through which channels a customer buys; each channel that occurs has a share of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, rank, share, whole_sum
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
    by = {"times": rows.times, "last_day": rows.last_day, "channel": rows.channel}
    return rows.channel.argmax(rank(by, unknown="last_day"))


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


SHARE: Final = "channel_share_"
"""How the keys of a channel's own share begin."""

_LONGEST: Final = 40


def channel_shares(channels: Iterable[str]) -> tuple[Declaration, ...]:
    """For each channel its share of a customer's purchases, and the count that it is worked out from."""
    return tuple(
        each for channel, name in _names(channels) for each in (_times_in(channel, name), _share(channel, name))
    )


def any_channel_share() -> Declaration:
    """What the shares of channels have in common; for the reference, never computed."""
    return _share(text("profiles.channel_share.any"), "…")


def _times_in(channel: str, name: str) -> Declaration:
    def times(rows: Any, _: Moment) -> Any:
        return whole_sum(rows.times, rows.channel == channel).fill_null(0)

    return _channel(f"__channel_times_{name}", ValueType.INTEGER, times, "times")


def _share(channel: str | Text, name: str) -> Declaration:
    times = f"__channel_times_{name}"
    return Declaration(
        key=SHARE + name,
        family=Family.BEHAVIOURAL,
        type=ValueType.SHARE,
        unit=Unit.SHARE,
        reads=DERIVED,
        uses=(times, _TIMES),
        expression=lambda row, _: share(row[times], row[_TIMES]),
        changeable=True,
        label=text("profiles.channel_share.label", channel=channel),
        description=text("profiles.channel_share.description", channel=channel),
    )


def _names(channels: Iterable[str]) -> list[tuple[str, str]]:
    """Each channel with its name in keys; of channels that read the same, the later ones are numbered."""
    found: dict[str, str] = {}
    for number, channel in enumerate(sorted(channels), start=1):
        name = _identifier(channel) or str(number)
        while name in found:
            name = f"{name}_{number}"
        found[name] = channel
    return [(channel, name) for name, channel in found.items()]


def _identifier(channel: str) -> str:
    plain = unicodedata.normalize("NFKC", channel)
    return re.sub(r"[\W_]+", "_", plain).strip("_").lower()[:_LONGEST]
