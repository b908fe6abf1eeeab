"""Where the source's money is, to the minor unit; and the span of time that the facts cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import ibis

from carpel.crm import TABLES, FactTable, Ledger
from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.layout import files
from carpel.sources.staging.preparing import Prepared
from carpel.sources.staging.purchases import Purchases
from carpel.sources.staging.quarantine import Money, cut

_NOT_EVENTS: Final = frozenset({"budgets", "exchange_rates"})


@dataclass(frozen=True, kw_only=True)
class Books:
    """What the ledger is added up from.

    Attributes:
        bench: Where sums are made.
        digits: Of the reporting currency.
        tables: Usable rows, with their exact money.
        staged: The facts.
        purchases: Orders and lines brought together.
        aside: Money set aside, by table.
        left_out: Money that the mapping leaves out, by table.
    """

    bench: Bench
    digits: int
    tables: Mapping[str, Prepared]
    staged: Mapping[str, FactTable]
    purchases: Purchases | None
    aside: Mapping[str, Money]
    left_out: Mapping[str, Money]

    def ledger(self, revenue: str) -> Ledger | None:
        """The revenue table's money; None where it has none."""
        table = self.staged.get(revenue)
        if table is None or "amount" not in table.columns:
            return None
        aside, left_out = (self._of(revenue, moneys) for moneys in (self.aside, self.left_out))
        source = cut(self._exact(revenue) + aside.exact + left_out.exact, self.digits)
        customers = self._staged(table.buckets)
        without = self._staged((table.without_customer,) if table.without_customer else ())
        return Ledger(
            table=revenue,
            source=source,
            customers=customers,
            without_customer=without,
            quarantine=aside.minor,
            left_out=left_out.minor,
            rounding=source - customers - without - aside.minor - left_out.minor,
        )

    def _of(self, revenue: str, moneys: Mapping[str, Money]) -> Money:
        """The revenue table's part of some money; orders and their lines are one."""
        names = ("orders", "order_lines") if revenue == "orders" else (revenue,)
        found = [moneys[name] for name in names if name in moneys]
        return Money(exact=sum((each.exact for each in found), Decimal(0)), minor=sum(each.minor for each in found))

    def _exact(self, revenue: str) -> Decimal:
        if revenue != "orders" or self.purchases is None:
            return self._sum(self.tables[revenue].rows)
        found = self._sum(self.purchases.orders)
        if self.purchases.lines is not None and self.purchases.lines_have_money:
            found += self._sum(self.purchases.lines.filter(~self.purchases.lines["__own"]))
        return found

    def _sum(self, rows: Rows) -> Decimal:
        if "__exact" not in rows.columns:
            return Decimal(0)
        found = self.bench.one(rows.agg(exact=amounts.total(rows["__exact"])))["exact"]
        return found if isinstance(found, Decimal) else Decimal(0)

    def _staged(self, paths: tuple[Any, ...]) -> int:
        if not paths:
            return 0
        rows = self.bench.take("ledger_rows", paths)
        return int(self.bench.one(rows.agg(amount=amounts.whole_sum(rows["amount"])))["amount"] or 0)


def spans(
    staged: Mapping[str, FactTable], now: datetime, bench: Bench
) -> tuple[date | None, datetime | None, datetime | None]:
    """Day of the first event, moment of the last that is not in the future, and of the first that is."""
    found = [_span(staged, name, now, bench) for name in staged if _has_events(staged, name)]
    return (
        min((each["first"] for each in found if each["first"]), default=None),
        max((each["last"] for each in found if each["last"]), default=None),
        min((each["following"] for each in found if each["following"]), default=None),
    )


def _has_events(staged: Mapping[str, FactTable], name: str) -> bool:
    time = TABLES[name].time
    return time is not None and time in staged[name].columns and name not in _NOT_EVENTS


def _span(staged: Mapping[str, FactTable], name: str, now: datetime, bench: Bench) -> Mapping[str, Any]:
    """The same of one table."""
    rows, time = bench.take(f"span_{name}", files(staged, name)), TABLES[name].time
    past = rows[time] <= ibis.literal(now, type="timestamp(6)")
    return bench.one(
        rows.agg(
            first=rows["day"].min(where=past),
            last=rows[time].max(where=past),
            following=rows[time].min(where=~past),
        )
    )
