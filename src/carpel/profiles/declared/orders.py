"""What purchases say: recency, frequency, money, rhythm, growth, returns, channels, discounts, margin."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, ratio, share, whole, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Expression, Moment, Pass

WINDOWS: Final = (30, 90, 365)

PASSES: Final = (
    Pass(name="purchases", table="purchases"),
    Pass(name="revenue", table="revenue"),
    Pass(
        name="channels",
        table="purchases",
        keep=lambda rows, _: ~rows.is_return & rows.channel.notnull(),
        by=("channel",),
        parts={"times": lambda rows, _: count(rows), "last_day": lambda rows, _: rows.day.max()},
    ),
)


def _bought(rows: Any) -> Any:
    return ~rows.is_return


def _recency(rows: Any, moment: Moment) -> Any:
    return moment.days_since(rows.day.max(where=_bought(rows)))


def _tenure(rows: Any, moment: Moment) -> Any:
    return moment.days_since(rows.day.min(where=_bought(rows)))


def _order_mean(rows: Any, _: Moment) -> Any:
    return whole(ratio(whole_sum(rows.amount, _bought(rows)), count(rows, _bought(rows))))


def _regularity(rows: Any, _: Moment) -> Any:
    """1 / (1 + standard deviation / mean), from whole numbers so that every engine agrees."""
    gaps = rows.gap_days.cast("float64")
    number, total, squares = gaps.count().cast("float64"), gaps.sum(), (gaps * gaps).sum()
    spread = ibis.greatest(number * squares - total * total, 0.0).sqrt()
    return (number >= 2).ifelse(total / (total + spread).nullif(0), None)  # noqa: PLR2004


def _returns_share(rows: Any, _: Moment) -> Any:
    return share(-whole_sum(rows.amount, rows.is_return), whole_sum(rows.amount, _bought(rows)))


def _size(rows: Any) -> Any:
    return rows.quantity if "quantity" in rows.columns else rows.amount


def _bulk_share(rows: Any, moment: Moment) -> Any:
    cut = moment.parameters.bulk_quantity
    if cut is None:
        return ibis.null("float64")
    bulk = whole_sum(rows.amount, _bought(rows) & (_size(rows) > cut)).fill_null(0)
    return share(bulk, whole_sum(rows.amount, _bought(rows)))


def _discount_share(rows: Any, _: Moment) -> Any:
    given = sum((rows[name].fill_null(0) for name in ("discount", "line_discount") if name in rows.columns), 0)
    bought = _bought(rows)
    return share(whole_sum(given, bought), whole_sum(given + rows.amount, bought))


def _margin(rows: Any, _: Moment) -> Any:
    return whole_sum(rows.amount - rows.cost, rows.cost.notnull())


def _margin_share(rows: Any, moment: Moment) -> Any:
    sold = whole_sum(rows.amount, rows.cost.notnull())
    return ratio(_margin(rows, moment), (sold > 0).ifelse(sold, None))


def _last_gap(rows: Any, _: Moment) -> Any:
    return rows.gap_days.argmax(rows.day, where=rows.gap_days.notnull())


def _spend(days: int, *, before: bool = False) -> Expression:
    def spend(rows: Any, moment: Moment) -> Any:
        return whole_sum(rows.amount, moment.within(rows, days, before=before)).fill_null(0)

    return spend


def _orders(days: int, *, before: bool = False) -> Expression:
    def orders(rows: Any, moment: Moment) -> Any:
        return count(rows, moment.within(rows, days, before=before) & _bought(rows))

    return orders


_V, _F, _U = ValueType, Family, Unit


def _purchases(key: str, of: ValueType, unit: Unit, expression: Expression, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": _F.BEHAVIOURAL, "changeable": True} | more
    return Declaration(key=key, type=of, unit=unit, reads="purchases", expression=expression, **settings)


def _windows() -> tuple[Declaration, ...]:
    spend: dict[str, Any] = {
        "family": _F.VALUE,
        "reads": "revenue",
        "wants": ("revenue.day",),
        "unit": _U.MONEY,
        "empty": 0,
    }
    orders: dict[str, Any] = {
        "family": _F.BEHAVIOURAL,
        "reads": "purchases",
        "wants": ("purchases.day",),
        "unit": _U.COUNT,
        "empty": 0,
    }
    found = [
        declaration
        for days in WINDOWS
        for before in (False, True)
        for declaration in (
            _window(f"spend_{days}d", _V.MONEY, _spend(days, before=before), spend, before=before),
            _window(f"orders_{days}d", _V.INTEGER, _orders(days, before=before), orders, before=before),
        )
    ]
    return tuple(found)


def _window(key: str, of: ValueType, expression: Expression, more: dict[str, Any], *, before: bool) -> Declaration:
    return Declaration(
        key=f"{key}_before" if before else key, type=of, expression=expression, changeable=not before, **more
    )


ATTRIBUTES: Final = (
    _purchases("recency_days", _V.INTEGER, _U.DAYS, _recency, wants=("purchases.day",)),
    _purchases("frequency", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows, _bought(rows)), empty=0),
    Declaration(
        key="monetary_value",
        family=_F.VALUE,
        type=_V.MONEY,
        unit=_U.MONEY,
        reads="revenue",
        expression=lambda rows, _: whole_sum(rows.amount).fill_null(0),
        empty=0,
        changeable=True,
    ),
    _purchases("tenure_days", _V.INTEGER, _U.DAYS, _tenure, wants=("purchases.day",), changeable=False),
    _purchases(
        "first_purchase_on",
        _V.DATE,
        _U.NONE,
        lambda rows, _: rows.day.min(where=_bought(rows)),
        wants=("purchases.day",),
        changeable=False,
    ),
    _purchases(
        "last_purchase_on",
        _V.DATE,
        _U.NONE,
        lambda rows, _: rows.day.max(where=_bought(rows)),
        wants=("purchases.day",),
    ),
    _purchases(
        "purchase_days",
        _V.INTEGER,
        _U.COUNT,
        lambda rows, _: rows.gap_days.count().cast("int64") + (count(rows, _bought(rows)) > 0).ifelse(1, 0),
        wants=("purchases.gap_days",),
        empty=0,
    ),
    _purchases("order_mean", _V.MONEY, _U.MONEY, _order_mean, family=_F.VALUE),
    _purchases(
        "order_median",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole(rows.amount.median(where=_bought(rows))),
        family=_F.VALUE,
    ),
    _purchases(
        "largest_order", _V.MONEY, _U.MONEY, lambda rows, _: rows.amount.max(where=_bought(rows)), family=_F.VALUE
    ),
    _purchases(
        "gap_median_days",
        _V.NUMBER,
        _U.DAYS,
        lambda rows, _: rows.gap_days.median().cast("float64"),
        wants=("purchases.gap_days",),
    ),
    _purchases("gap_regularity", _V.SHARE, _U.SHARE, _regularity, wants=("purchases.gap_days",)),
    _purchases("last_gap_days", _V.INTEGER, _U.DAYS, _last_gap, wants=("purchases.gap_days",)),
    *_windows(),
    _purchases("returns_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows, rows.is_return), empty=0),
    _purchases("returns_share", _V.SHARE, _U.SHARE, _returns_share),
    _purchases("bulk_share", _V.SHARE, _U.SHARE, _bulk_share),
    _purchases(
        "discount_share",
        _V.SHARE,
        _U.SHARE,
        _discount_share,
        family=_F.VALUE,
        wants=("orders.discount|orders.line_discount",),
    ),
    _purchases("margin", _V.MONEY, _U.MONEY, _margin, family=_F.VALUE, wants=("orders.cost",)),
    _purchases("margin_share", _V.SHARE, _U.SHARE, _margin_share, family=_F.VALUE, wants=("orders.cost",)),
    Declaration(
        key="main_channel",
        family=_F.BEHAVIOURAL,
        type=_V.CATEGORY,
        reads="channels",
        wants=("purchases.channel",),
        parts=("times", "last_day"),
        expression=lambda rows, _: rows.channel.argmax(
            ibis.struct({"times": rows.times, "last_day": rows.last_day, "channel": rows.channel})
        ),
        changeable=True,
    ),
    Declaration(
        key="main_channel_share",
        family=_F.BEHAVIOURAL,
        type=_V.SHARE,
        unit=_U.SHARE,
        reads="channels",
        wants=("purchases.channel",),
        parts=("times",),
        expression=lambda rows, _: share(rows.times.max(), whole_sum(rows.times)),
        changeable=True,
    ),
    Declaration(
        key="channels",
        family=_F.BEHAVIOURAL,
        type=_V.SET,
        reads="channels",
        wants=("purchases.channel",),
        expression=lambda rows, _: rows.channel.collect().sort(),
        empty=(),
        changeable=True,
    ),
    Declaration(
        key="channels_count",
        family=_F.BEHAVIOURAL,
        type=_V.INTEGER,
        unit=_U.COUNT,
        reads="channels",
        wants=("purchases.channel",),
        expression=lambda rows, _: count(rows),
        empty=0,
        changeable=True,
    ),
)
