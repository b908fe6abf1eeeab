"""Sales that a file does not call sales: opportunities that were won."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from carpel.kernel.texts import text
from carpel.sources.proposal.plan import ColumnPlan, SourcePlan, TablePlan
from carpel.sources.proposal.spending import named

_FROM_OPPORTUNITY: Final = {
    "orders": {
        "order_id": "opportunity_id",
        "customer_id": "customer_id",
        "ordered_at": "closed_at",
        "currency": "currency",
        "amount": "amount",
        "employee_id": "employee_id",
    },
    "order_lines": {
        "line_id": "opportunity_id",
        "order_id": "opportunity_id",
        "product_id": "product_id",
        "amount": "amount",
    },
}
_SOLD: Final = ("opportunity_id", "customer_id", "closed_at", "amount", "won")


def orders_of_won(sources: tuple[SourcePlan, ...], answers: Mapping[str, str]) -> tuple[SourcePlan, ...]:
    """Where no file holds orders, opportunities that were won are taken for orders."""
    if any(source.table("orders") or source.table("invoices") for source in sources):
        return sources
    if answers.get("won_orders") == "no":
        return sources
    return tuple(_with_won(source) for source in sources)


def _with_won(source: SourcePlan) -> SourcePlan:
    opportunities = source.table("opportunities")
    if opportunities is None or not all(opportunities.column(each) for each in _SOLD):
        return source
    where = _where_won(opportunities)
    if where is None:
        return source
    wanted = ["orders"] + (["order_lines"] if opportunities.column("product_id") else [])
    made = tuple(_table_of_won(table, opportunities, where) for table in wanted)
    return replace(source, tables=(*made, *source.tables))


def _table_of_won(table: str, opportunities: TablePlan, where: str) -> TablePlan:
    pairs = ((name, opportunities.column(of)) for name, of in _FROM_OPPORTUNITY[table].items())
    columns = tuple(replace(plan, name=name) for name, plan in pairs if plan is not None)
    quantity = ColumnPlan(name="quantity", form={"value": 1}, why=text("proposal.why-one-each"))
    return TablePlan(
        table=table,
        columns=(*columns, quantity) if table == "order_lines" else columns,
        why=text("proposal.table-won", table=table),
        where=where,
        where_why=text("proposal.where-won"),
    )


def _where_won(opportunities: TablePlan) -> str | None:
    won = opportunities.column("won")
    if won is None or not won.columns or (name := named(won.columns[0])) is None:
        return None
    if isinstance(won.form, str):
        return name
    values = won.form.get("values")
    words = sorted(word for word, truth in values.items() if truth is True) if isinstance(values, Mapping) else []
    return any_of(name, tuple(words)) if words else None


def any_of(name: str, words: tuple[str, ...]) -> str:
    """A condition: a column holds one of some words."""
    literals = ["'" + word.replace("'", "''") + "'" for word in words]
    return f"{name} = {literals[0]}" if len(literals) == 1 else f"{name} in ({', '.join(literals)})"
