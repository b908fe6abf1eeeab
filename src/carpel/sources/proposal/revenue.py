"""Which table is the company's revenue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from carpel.kernel.texts import text
from carpel.sources.proposal.plan import Setting, SourcePlan

REVENUE_TABLES: Final = ("orders", "invoices", "contracts", "payments")
"""Tables whose money can be the company's revenue, the likeliest first."""


def chosen_revenue(sources: Sequence[SourcePlan], answers: Mapping[str, str]) -> Setting:
    """The table that is the company's revenue: the answer, else the likeliest of those with money."""
    there = revenue_tables(sources)
    if answers.get("revenue") in there:
        return Setting(value=answers["revenue"], why=text("proposal.chosen"))
    if not there:
        return Setting(value=REVENUE_TABLES[0], why=text("proposal.revenue-none"))
    key = "proposal.revenue-only" if len(there) == 1 else "proposal.revenue-first"
    return Setting(value=there[0], why=text(key, tables=", ".join(there)))


def revenue_tables(sources: Sequence[SourcePlan]) -> tuple[str, ...]:
    """Tables with money of which one is the company's revenue."""
    return tuple(name for name in REVENUE_TABLES if any(_has_money(source, name) for source in sources))


def _has_money(source: SourcePlan, name: str) -> bool:
    table = source.table(name)
    if table is not None and any(table.column(each) for each in ("amount", "recurring_amount")):
        return True
    lines = source.table("order_lines") if name == "orders" else None
    return lines is not None and any(lines.column(each) for each in ("amount", "unit_price"))
