"""What purchases say: recency, frequency, money, rhythm, returns, discounts, margin."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, ratio, share, whole, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Moment, Pass

WINDOWS: Final = (30, 90, 365)

PASSES: Final = (
    Pass(name="purchases", table="purchases"),
    Pass(name="revenue", table="revenue"),
)


def _bought(rows: Any) -> Any:
    return ~rows.is_return


def _recency(rows: Any, moment: Moment) -> Any:
    return moment.days_since(rows.day.max(where=_bought(rows)))


def _tenure(rows: Any, moment: Moment) -> Any:
    return moment.days_since(rows.day.min(where=_bought(rows)))


def _order_mean(row: Any, _: Moment) -> Any:
    return whole(ratio(row[_BOUGHT_FOR], row.frequency))


def _regularity(row: Any, _: Moment) -> Any:
    """1 / (1 + standard deviation / mean), from whole numbers so that every engine agrees."""
    number, total, squares = (row[name].cast("float64") for name in (_GAPS, _GAP_SUM, _GAP_SQUARES))
    spread = ibis.greatest(number * squares - total * total, 0.0).sqrt()
    return (number >= 2).ifelse(total / (total + spread).nullif(0), None)  # noqa: PLR2004


def _size(rows: Any) -> Any:
    return rows.quantity if "quantity" in rows.columns else rows.amount


def _bulk(rows: Any, moment: Moment) -> Any:
    cut = moment.parameters.bulk_quantity
    return ibis.null("int64") if cut is None else whole_sum(rows.amount, _bought(rows) & (_size(rows) > cut))


def _discount(rows: Any, _: Moment) -> Any:
    given = sum((rows[name].fill_null(0) for name in ("discount", "line_discount") if name in rows.columns), 0)
    return whole_sum(given, _bought(rows))


def _part(part: str, whole_of: str) -> Expression:
    return lambda row, _: share(row[part], row[whole_of])


def _bulk_share(row: Any, moment: Moment) -> Any:
    return ibis.null("float64") if moment.parameters.bulk_quantity is None else share(row[_BULK_FOR], row[_BOUGHT_FOR])


def _discount_share(row: Any, _: Moment) -> Any:
    return share(row[_DISCOUNT], row[_DISCOUNT] + row[_BOUGHT_FOR])


def _margin_share(row: Any, _: Moment) -> Any:
    """Below nothing where costs exceed what was sold."""
    sold = row[_SOLD_AT_KNOWN_COST]
    return (sold > 0).ifelse(ratio(row.margin, sold), None)


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

_BOUGHT_FOR: Final = "__bought_for"
_RETURNED_FOR: Final = "__returned_for"
_BULK_FOR: Final = "__bulk_for"
_DISCOUNT: Final = "__discount"
_SOLD_AT_KNOWN_COST: Final = "__sold_at_known_cost"
_GAPS, _GAP_SUM, _GAP_SQUARES = "__gaps", "__gap_sum", "__gap_squares"


def _purchases(key: str, of: ValueType, unit: Unit, expression: Expression, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": _F.BEHAVIOURAL, "changeable": True} | more
    return Declaration(key=key, type=of, unit=unit, reads="purchases", expression=expression, **settings)


def _step(key: str, expression: Expression, *wants: str) -> Declaration:
    """A figure on the way to others."""
    return Declaration(
        key=key, family=_F.BEHAVIOURAL, type=_V.INTEGER, reads="purchases", wants=wants, expression=expression
    )


def _follows(key: str, of: ValueType, unit: Unit, expression: Expression, *uses: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": _F.BEHAVIOURAL} | more
    return Declaration(
        key=key, type=of, unit=unit, reads=DERIVED, uses=uses, expression=expression, changeable=True, **settings
    )


def _windows() -> tuple[Declaration, ...]:
    spend: dict[str, Any] = {
        "family": _F.VALUE,
        "reads": "revenue",
        "wants": ("revenue.day", "revenue.amount"),
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


_STEPS: Final = (
    _step(_BOUGHT_FOR, lambda rows, _: whole_sum(rows.amount, _bought(rows)), "purchases.amount"),
    _step(_RETURNED_FOR, lambda rows, _: -whole_sum(rows.amount, rows.is_return), "purchases.amount"),
    _step(_BULK_FOR, _bulk, "purchases.amount"),
    _step(_DISCOUNT, _discount, "orders.discount|orders.line_discount"),
    _step(
        _SOLD_AT_KNOWN_COST,
        lambda rows, _: whole_sum(rows.amount, rows.cost.notnull()),
        *("orders.cost", "purchases.amount"),
    ),
    _step(_GAPS, lambda rows, _: rows.gap_days.count(), "purchases.gap_days"),
    _step(_GAP_SUM, lambda rows, _: whole_sum(rows.gap_days), "purchases.gap_days"),
    _step(_GAP_SQUARES, lambda rows, _: whole_sum(rows.gap_days * rows.gap_days), "purchases.gap_days"),
)

ATTRIBUTES: Final = (
    *_STEPS,
    _purchases("recency_days", _V.INTEGER, _U.DAYS, _recency, wants=("purchases.day",)),
    _purchases("frequency", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows, _bought(rows)), empty=0),
    Declaration(
        key="monetary_value",
        family=_F.VALUE,
        type=_V.MONEY,
        unit=_U.MONEY,
        reads="revenue",
        wants=("revenue.amount",),
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
    _follows(
        "purchase_days",
        _V.INTEGER,
        _U.COUNT,
        lambda row, _: row[_GAPS].fill_null(0) + (row.frequency > 0).ifelse(1, 0),
        *(_GAPS, "frequency"),
    ),
    _follows("order_mean", _V.MONEY, _U.MONEY, _order_mean, _BOUGHT_FOR, "frequency", family=_F.VALUE),
    _purchases(
        "order_median",
        _V.MONEY,
        _U.MONEY,
        # Not `median(where=…)`: Spark takes no condition beside a median.
        lambda rows, _: whole(_bought(rows).ifelse(rows.amount, None).median()),
        family=_F.VALUE,
        wants=("purchases.amount",),
    ),
    _purchases(
        "largest_order",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: rows.amount.max(where=_bought(rows)),
        family=_F.VALUE,
        wants=("purchases.amount",),
    ),
    _purchases(
        "gap_median_days",
        _V.NUMBER,
        _U.DAYS,
        lambda rows, _: rows.gap_days.median().cast("float64"),
        wants=("purchases.gap_days",),
    ),
    _follows("gap_regularity", _V.SHARE, _U.SHARE, _regularity, _GAPS, _GAP_SUM, _GAP_SQUARES),
    _purchases("last_gap_days", _V.INTEGER, _U.DAYS, _last_gap, wants=("purchases.gap_days",)),
    *_windows(),
    _purchases("returns_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows, rows.is_return), empty=0),
    _follows("returns_share", _V.SHARE, _U.SHARE, _part(_RETURNED_FOR, _BOUGHT_FOR), _RETURNED_FOR, _BOUGHT_FOR),
    _follows("bulk_share", _V.SHARE, _U.SHARE, _bulk_share, _BULK_FOR, _BOUGHT_FOR),
    _follows("discount_share", _V.SHARE, _U.SHARE, _discount_share, _DISCOUNT, _BOUGHT_FOR, family=_F.VALUE),
    _purchases(
        "margin",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole_sum(rows.amount - rows.cost, rows.cost.notnull()),
        family=_F.VALUE,
        wants=("orders.cost", "purchases.amount"),
    ),
    _follows("margin_share", _V.NUMBER, _U.SHARE, _margin_share, "margin", _SOLD_AT_KNOWN_COST, family=_F.VALUE),
)
