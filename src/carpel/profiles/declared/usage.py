"""What usage says: how much, how recently, of how many features."""

from __future__ import annotations

from typing import Any, Final

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, finite, growth
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Pass

PASSES: Final = (Pass(name="usage", table="usage"),)

_WINDOWS: Final = (30, 90)
_DAY: Final = ("usage.day",)


def _used(days: int, *, before: bool = False) -> Expression:
    """The quantity used, or the number of uses where no quantity is known."""

    def used(rows: Any, moment: Any) -> Any:
        inside = moment.within(rows, days, before=before)
        if "quantity" not in rows.columns:
            return count(rows, inside)
        return finite(rows.quantity.fill_null(1).sum(where=inside).fill_null(0))

    return used


def _grown(days: int) -> Expression:
    return lambda row, _: growth(row[f"usage_{days}d"], row[f"usage_{days}d_before"])


_V, _U = ValueType, Unit


def _usage(key: str, of: ValueType, unit: Unit, expression: Expression, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"reads": "usage", "changeable": True} | more
    return Declaration(key=key, family=Family.BEHAVIOURAL, type=of, unit=unit, expression=expression, **settings)


ATTRIBUTES: Final = (
    _usage("usage_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows), empty=0),
    *(
        _usage(
            f"usage_{days}d_before" if before else f"usage_{days}d",
            _V.NUMBER,
            _U.COUNT,
            _used(days, before=before),
            wants=_DAY,
            empty=0,
            changeable=not before,
        )
        for days in _WINDOWS
        for before in (False, True)
    ),
    *(
        _usage(
            f"usage_growth_{days}d",
            _V.NUMBER,
            _U.SHARE,
            _grown(days),
            reads=DERIVED,
            uses=(f"usage_{days}d", f"usage_{days}d_before"),
        )
        for days in _WINDOWS
    ),
    _usage(
        "usage_days_90d",
        _V.INTEGER,
        _U.COUNT,
        lambda rows, moment: rows.day.nunique(where=moment.within(rows, 90)),
        wants=_DAY,
        empty=0,
    ),
    _usage(
        "features_90d",
        _V.INTEGER,
        _U.COUNT,
        lambda rows, moment: rows.feature.nunique(where=moment.within(rows, 90)),
        wants=(*_DAY, "usage.feature"),
        empty=0,
    ),
    _usage(
        "days_since_usage",
        _V.INTEGER,
        _U.DAYS,
        lambda rows, moment: moment.days_since(rows.day.max()),
        wants=_DAY,
    ),
)
