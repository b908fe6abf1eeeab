"""Orders that were none: cancelled, refunded or never paid. They are left out where their status says so clearly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from carpel.kernel.money import Currency, Money
from carpel.kernel.texts import Text, text
from carpel.sources.proposal.deriving import any_of
from carpel.sources.proposal.evidence import SeenColumn, Unsold
from carpel.sources.proposal.plan import LEAVE_OUT, ColumnPlan, Plan, Question, SourcePlan, TablePlan
from carpel.sources.proposal.spending import named
from carpel.sources.proposal.values import may_be_delivery, without_sale

KEEP: Final = "keep"


def sales_only(sources: tuple[SourcePlan, ...], answers: Mapping[str, str]) -> tuple[SourcePlan, ...]:
    """Without orders under which nothing was sold, unless an answer keeps them."""
    return tuple(
        _without_unsold(source) if answers.get(_key(source), _default(source)) == LEAVE_OUT else source
        for source in sources
    )


def what_is_no_sale(plan: Plan, source: SourcePlan) -> Iterator[Question]:
    """Whether orders count under whose status nothing was sold, with how many they are and their money."""
    values = unsold_values(source)
    if not values:
        return
    found = _weight(source)
    money = _money(plan, source, found) if found else None
    count = found.orders if found else sum(times for value, times in _status(source).values if value in values)
    yield Question(
        key=_key(source),
        text=_asked(source.seen.title, ", ".join(values), count, money),
        choices=((LEAVE_OUT, text("proposal.choice-leave-out")), (KEEP, text("proposal.choice-keep"))),
        default=_default(source),
    )


def _asked(file: str, values: str, count: int, money: Money | None) -> Text:
    if money is None:
        return text("proposal.ask-no-sale", file=file, values=values, count=count)
    return text("proposal.ask-no-sale-money", file=file, values=values, count=count, money=money)


def unsold_values(source: SourcePlan) -> tuple[str, ...]:
    """Values of an orders' status under which nothing was sold."""
    orders = source.table("orders")
    status = orders.column("status") if orders else None
    if status is None or not status.columns or source.table("opportunities") or named(status.columns[0]) is None:
        return ()
    return without_sale(source.seen.by_name[status.columns[0]].values)


def _key(source: SourcePlan) -> str:
    return f"no_sale.{source.seen.name}"


def _default(source: SourcePlan) -> str:
    """Leave out, unless words are of how goods travel and may speak of what was sold and paid."""
    values = unsold_values(source)
    return KEEP if values and may_be_delivery(_status(source).name, values) else LEAVE_OUT


def _status(source: SourcePlan) -> SeenColumn:
    return source.seen.by_name[_only_column(source.table("orders"), "status") or ""]


def _only_column(table: TablePlan | None, name: str) -> str | None:
    """The file's column that a contract column is taken from, where it is one."""
    plan: ColumnPlan | None = table.column(name) if table else None
    return plan.columns[0] if plan and len(plan.columns) == 1 else None


def _weight(source: SourcePlan) -> Unsold | None:
    return source.seen.unsold.get((_status(source).name, _only_column(source.table("orders"), "order_id")))


def _money(plan: Plan, source: SourcePlan, found: Unsold) -> Money | None:
    """What those orders amount to; None where the file does not say it, or in several currencies."""
    orders, lines = source.table("orders"), source.table("order_lines")
    currency = _only_column(orders, "currency")
    if currency is not None and source.seen.by_name[currency].distinct > 1:
        return None
    stated, line = (_only_column(table, "amount") for table in (orders, lines))
    count, price = (_only_column(lines, each) for each in ("quantity", "unit_price"))
    if stated:
        amount = found.by_order.get((stated,))
    elif line:
        amount = found.by_row.get((line,))
    else:
        amount = found.by_row.get((count, price)) if count and price and not _only_column(lines, "discount") else None
    reporting = Currency(plan.currency.value)
    return None if amount is None else reporting.money(round(amount * 10**reporting.digits))


def _without_unsold(source: SourcePlan) -> SourcePlan:
    values = unsold_values(source)
    if not values:
        return source
    status = _status(source)
    where = f"not ({any_of(named(status.name) or '', values)})"
    # A status that stands on an order's first line only is its orders' to say; lines follow their order.
    judged = {"orders"} if status.nulls else {"orders", "order_lines"}
    if status.nulls:
        where = f"{named(status.name)} is null or {where}"
    why = text("proposal.where-no-sale", values=", ".join(values))
    tables = (replace(each, where=where, where_why=why) if each.table in judged else each for each in source.tables)
    return replace(source, tables=tuple(tables))
