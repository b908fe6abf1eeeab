"""What invoices and payments say: money asked and received, late, overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, ratio, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Expression, Moment, Pass


def _settled(rows: Any, moment: Moment, table: Callable[[str], Any]) -> Any:
    """Positive invoices with what was paid of them: `unpaid`, and `settled_on` once nothing is."""
    payments = table("payments")
    paid = payments.group_by("customer_no", "invoice_id").agg(
        paid=whole_sum(payments.amount), paid_on=payments.day.max()
    )
    asked = rows.filter(rows.amount > 0).select("customer_no", "invoice_id", "amount", "due_on")
    both = asked.left_join(paid, ["customer_no", "invoice_id"])
    unpaid = both.amount - both.paid.fill_null(0)
    both = both.mutate(unpaid=(unpaid > 0).ifelse(unpaid, 0), settled_on=(unpaid <= 0).ifelse(both.paid_on, None))
    return both.mutate(overdue=(both.unpaid > 0) & (both.due_on < moment.day))


PASSES: Final = (
    Pass(name="invoices", table="invoices"),
    Pass(name="payments", table="payments"),
    Pass(name="invoices_settled", table="invoices", rows=_settled),
)


def _late(rows: Any, _: Moment) -> Any:
    return count(rows, rows.overdue | (rows.settled_on > rows.due_on))


def _delay(rows: Any, _: Moment) -> Any:
    """Mean days from due to settled; paying early counts as negative."""
    days = rows.settled_on.delta(rows.due_on, unit="day")
    return ratio(whole_sum(days), days.count())


def _overdue_days(rows: Any, moment: Moment) -> Any:
    return moment.days_since(rows.due_on.min(where=rows.overdue))


_V, _F, _U = ValueType, Family, Unit


def _declared(reads: str, key: str, of: ValueType, unit: Unit, expression: Expression, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": _F.RELATIONSHIP, "changeable": True} | more
    return Declaration(key=key, type=of, unit=unit, reads=reads, expression=expression, **settings)


def _of_settled(key: str, of: ValueType, unit: Unit, expression: Expression, **more: Any) -> Declaration:
    wants = ("invoices.due_on", "payments.invoice_id")
    return _declared("invoices_settled", key, of, unit, expression, wants=wants, **more)


ATTRIBUTES: Final = (
    _declared("invoices", "invoices_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows), empty=0),
    _declared(
        "invoices",
        "invoiced_amount",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole_sum(rows.amount).fill_null(0),
        family=_F.VALUE,
        empty=0,
    ),
    _declared("payments", "payments_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows), empty=0),
    _declared(
        "payments",
        "paid_amount",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole_sum(rows.amount).fill_null(0),
        family=_F.VALUE,
        empty=0,
    ),
    _declared(
        "payments",
        "days_since_payment",
        _V.INTEGER,
        _U.DAYS,
        lambda rows, moment: moment.days_since(rows.day.max()),
        wants=("payments.day",),
    ),
    _of_settled("payments_late", _V.INTEGER, _U.COUNT, _late, empty=0),
    _of_settled("payment_delay_days", _V.NUMBER, _U.DAYS, _delay),
    _of_settled("unpaid_amount", _V.MONEY, _U.MONEY, lambda rows, _: whole_sum(rows.unpaid).fill_null(0), empty=0),
    _of_settled(
        "overdue_amount",
        _V.MONEY,
        _U.MONEY,
        lambda rows, _: whole_sum(rows.unpaid, rows.overdue).fill_null(0),
        empty=0,
    ),
    _of_settled("overdue_days", _V.INTEGER, _U.DAYS, _overdue_days),
)
