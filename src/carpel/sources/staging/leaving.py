"""Rows that the mapping leaves out: lines follow their order, and the money of both is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.preparing import Prepared
from carpel.sources.staging.quarantine import Money, with_order_money


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What the mapping leaves out of orders, and of their lines with them.

    Attributes:
        tables: The tables, lines without those whose order was left out.
        following: Those lines; None where no order was left out.
    """

    tables: Mapping[str, Prepared]
    following: Rows | None = None

    def money(self, name: str, digits: int, bench: Bench) -> Money:
        """The money that the mapping leaves out of a table."""
        found = Money()
        for rows in self._priced(name):
            if "__exact" in rows.columns:
                _add(found, rows, digits, bench)
        return found

    def _priced(self, name: str) -> Iterator[Rows]:
        table = self.tables.get(name)
        rows = table.left_out if table else None
        if name != "order_lines":
            yield from [] if rows is None else [rows]
            return
        orders = self.tables.get("orders")
        gone = _of_left_out(orders)
        if rows is not None and gone is None:
            yield with_order_money(rows, orders)
        elif rows is not None and gone is not None:
            yield with_order_money(_without(rows, gone), orders)
            yield with_order_money(_within(rows, gone), gone)
        if self.following is not None:
            yield with_order_money(self.following, gone)


def left_out(tables: Mapping[str, Prepared]) -> LeftOut:
    """The tables, with lines going where their orders went."""
    gone, lines = _of_left_out(tables.get("orders")), tables.get("order_lines")
    if gone is None or lines is None:
        return LeftOut(tables=tables)
    kept = replace(lines, rows=_without(lines.rows, gone))
    return LeftOut(tables={**tables, "order_lines": kept}, following=_within(lines.rows, gone))


def _of_left_out(orders: Prepared | None) -> Prepared | None:
    """The orders that were left out, as if they were all that there are."""
    if orders is None or orders.left_out is None:
        return None
    return replace(orders, judged=orders.left_out)


def _within(lines: Rows, orders: Prepared) -> Rows:
    return lines.semi_join(orders.judged, "order_id").select(*lines.columns)


def _without(lines: Rows, orders: Prepared) -> Rows:
    return lines.anti_join(orders.judged, "order_id").select(*lines.columns)


def _add(money: Money, rows: Rows, digits: int, bench: Bench) -> None:
    counted = rows.filter(rows["__counts"]) if "__counts" in rows.columns else rows
    minor = amounts.whole_sum(amounts.minor(counted["__exact"], digits))
    found = bench.one(counted.agg(exact=amounts.total(counted["__exact"]), minor=minor))
    money.exact += found["exact"] or Decimal(0)
    money.minor += int(found["minor"] or 0)
