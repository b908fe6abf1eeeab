"""Orders and their lines: lines take the customer and time of their order, orders take their sums from lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis

from carpel.crm import FactColumn, Known
from carpel.kernel.issues import Severity
from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Bench, Rows, certain
from carpel.sources.staging.checking import NO_ORDER, examples
from carpel.sources.staging.findings import Findings
from carpel.sources.staging.finishing import NUMBER, Finished, arranged, money, numbered, stored, with_gap_days
from carpel.sources.staging.preparing import Prepared


@dataclass(frozen=True, kw_only=True)
class Purchases:
    """Orders and lines on the bench, before their last columns, which need a whole bucket of both.

    Attributes:
        orders: With `customer_no`, `__exact` and `__own`: whether the order knows its amount itself.
        lines: With the customer and time of their order; None where no source has lines.
        order_columns: From the contract and the sources.
        line_columns: Likewise.
        digits: Of the reporting currency.
        costs_of_products: Whether lines that do not say what they cost take it from their product.
    """

    orders: Rows
    lines: Rows | None
    order_columns: Prepared
    line_columns: Prepared | None
    digits: int
    costs_of_products: bool = False

    @property
    def lines_have_money(self) -> bool:
        """Whether amounts of lines are known."""
        return self.lines is not None and "amount" in self.lines.columns

    @property
    def has_money(self) -> bool:
        """Whether amounts of orders are known."""
        return "amount" in self.order_columns.names or self.lines_have_money

    def finished_orders(self) -> Finished:
        """Orders with what their lines add up to, returns told apart, and gaps between purchase days."""
        columns = self.order_columns.columns()
        rows = self.orders
        if self.lines is not None:
            sums = self._sums(self.lines)
            rows = rows.left_join(sums, rows["order_id"] == sums["__order_id"]).drop("__order_id")
        values = {name: stored(rows, name, each, self.digits) for name, each in columns.items()}
        values |= {NUMBER: rows[NUMBER], "customer_id": rows["customer_id"], "day": rows["day"]}
        values |= self._amounts(rows, values)
        values |= self._line_sums(rows)
        values |= self._returns(rows, values)
        staged, derived = arranged(columns, tuple(name for name in _ORDER_ADDED if name in values or name in _LAST))
        staged = self._with_cost(staged)
        result = rows.select(**values)
        result = result.mutate(is_return=_is_return(result))
        order = tuple(name for name in ("ordered_at", "order_id") if name in staged)
        return Finished(name="orders", rows=with_gap_days(result, order), columns=staged, derived=derived, order=order)

    def finished_lines(self, orders: Rows) -> Finished:
        """Lines with whether they are returns, which their finished order knows."""
        lines, prepared = self.lines, self.line_columns
        if lines is None or prepared is None:
            raise ValueError("no lines")
        known = orders.select(__order_id=orders["order_id"], __order_is_return=orders["is_return"])
        rows = lines.left_join(known, lines["order_id"] == known["__order_id"]).drop("__order_id")
        negative = [rows[name] < 0 for name in ("quantity", "amount") if name in rows.columns]
        is_return = certain(rows["__order_is_return"])
        for each in negative:
            is_return = is_return | certain(each)
        columns = {name: each for name, each in prepared.columns().items() if name in rows.columns}
        staged, derived = arranged(columns, tuple(name for name in _LINE_ADDED if name in (*rows.columns, "is_return")))
        staged = self._with_cost(staged) if "cost" in derived else staged
        order = ("ordered_at", "order_id", "line_id", "product_id", "quantity", "amount")
        return Finished(
            name="order_lines",
            rows=rows.mutate(is_return=is_return).select(*staged),
            columns=staged,
            derived=derived,
            order=tuple(name for name in order if name in staged),
        )

    def _with_cost(self, columns: dict[str, FactColumn]) -> dict[str, FactColumn]:
        """Costs worked out from what products cost today are overwritten with them."""
        if "cost" not in columns or self.lines is None or not self.costs_of_products:
            return columns
        return columns | {"cost": replace(columns["cost"], known=Known.SNAPSHOT)}

    def _sums(self, lines: Rows) -> Rows:
        sums: dict[str, Any] = {"__lines": lines.count().cast("int64")}
        if self.lines_have_money:
            sums |= {
                "__lines_amount": amounts.whole_sum(lines["amount"]),
                "__lines_source": lines["source_amount"].sum().cast(amounts.STORED),
            }
        if "quantity" in lines.columns:
            sums["__lines_quantity"] = lines["__quantity"].sum().cast("float64")
        if "discount" in lines.columns:
            sums["__lines_discount"] = amounts.whole_sum(lines["discount"])
        if "cost" in lines.columns:
            sums["__lines_cost"] = (lines["cost"].count() == lines.count()).ifelse(
                amounts.whole_sum(lines["cost"]), None
            )
        if "returns_order_id" in lines.columns:
            sums["__lines_returns"] = lines["returns_order_id"].min()
        return lines.group_by(__order_id=lines["order_id"]).agg(**sums)

    def _amounts(self, rows: Rows, values: Mapping[str, Any]) -> dict[str, Any]:
        parts = [values["amount"]] if "amount" in values else []
        sources = [rows["amount"].cast(amounts.STORED)] if "amount" in values else []
        if self.lines_have_money:
            parts.append(rows["__lines_amount"])
            sources.append(rows["__lines_source"])
        if not parts:
            return {}
        return {"amount": ibis.coalesce(*parts, 0).cast("int64"), "source_amount": ibis.coalesce(*sources)}

    def _line_sums(self, rows: Rows) -> dict[str, Any]:
        names = {
            "quantity": "__lines_quantity",
            "lines": "__lines",
            "line_discount": "__lines_discount",
            "cost": "__lines_cost",
        }
        found = {name: rows[column] for name, column in names.items() if column in rows.columns}
        if "lines" in found:
            found["lines"] = found["lines"].fill_null(0)
        return found

    def _returns(self, rows: Rows, values: Mapping[str, Any]) -> dict[str, Any]:
        if "__lines_returns" not in rows.columns:
            return {}
        lines = rows["__lines_returns"]
        return {
            "returns_order_id": values["returns_order_id"].coalesce(lines) if "returns_order_id" in values else lines
        }


_ORDER_ADDED: Final = (
    *(NUMBER, "customer_id", "day", "amount", "source_amount", "is_return", "quantity", "lines", "line_discount"),
    *("cost", "gap_days"),
)
_LAST: Final = ("is_return", "gap_days")
_FROM_ORDER: Final = (NUMBER, "customer_id", "ordered_at", "day", "channel", "__rate", "__own")
_LINE_ADDED: Final = (
    *(NUMBER, "customer_id", "ordered_at", "day", "channel", "amount", "source_amount", "cost", "category", "line"),
    "is_return",
)


def _is_return(rows: Rows) -> Any:
    found = ibis.literal(value=False)
    if "amount" in rows.columns:
        found = certain(rows["amount"] < 0)
    return found | rows["returns_order_id"].notnull() if "returns_order_id" in rows.columns else found


def joined(
    tables: Mapping[str, Prepared], numbers: Rows, digits: int, bench: Bench, findings: Findings
) -> Purchases | None:
    """Orders and lines brought together; None where no source has orders."""
    if "orders" not in tables:
        return None
    orders = tables["orders"]
    rows = numbered(orders.rows, numbers)
    own = rows["amount"].notnull() if "amount" in rows.columns else ibis.literal(value=False)
    kept = bench.keep("orders_numbered", rows.mutate(__own=own))
    lines = tables.get("order_lines")
    return Purchases(
        orders=kept,
        lines=_lines(lines, kept, tables, digits, bench, findings) if lines else None,
        order_columns=orders,
        line_columns=lines,
        digits=digits,
        costs_of_products="products" in tables and "unit_cost" in tables["products"].names,
    )


def _lines(
    lines: Prepared, orders: Rows, tables: Mapping[str, Prepared], digits: int, bench: Bench, findings: Findings
) -> Rows:
    rows = lines.rows
    of_order = [name for name in _FROM_ORDER if name in orders.columns]
    known = orders.select(__order_id=orders["order_id"], **{f"__order_{name}": orders[name] for name in of_order})
    lost = rows.anti_join(orders.select("order_id"), "order_id")
    _tell_lost(lost.mutate(__reason=ibis.literal(NO_ORDER)), bench, findings)
    rows = rows.inner_join(known, rows["order_id"] == known["__order_id"])
    rows = rows.rename({name: f"__order_{name}" for name in of_order})
    return bench.keep("lines_joined", _line_values(_with_product(rows, tables.get("products")), lines, digits))


def _with_product(rows: Rows, products: Prepared | None) -> Rows:
    """What is known of a line's product: category, line of products, unit cost."""
    if products is None or "product_id" not in rows.columns:
        return rows
    known = products.rows
    wanted = {"category": "category", "line": "line", "__unit_cost": "unit_cost"}
    found = {name: known[column] for name, column in wanted.items() if column in known.columns}
    if not found:
        return rows
    of_product = known.select(__product_id=known["product_id"], **found)
    return rows.left_join(of_product, rows["product_id"] == of_product["__product_id"]).drop("__product_id")


def _line_values(rows: Rows, lines: Prepared, digits: int) -> Rows:
    columns = {name: each for name, each in lines.columns().items() if name != "amount"}
    values = {name: stored(rows, name, each, digits) for name, each in columns.items()}
    for name in (NUMBER, "customer_id", "ordered_at", "day", "channel", "category", "line", "__own"):
        if name in rows.columns:
            values[name] = rows[name]
    if "amount" in rows.columns:
        values |= {"amount": money(rows, "amount", digits), "source_amount": rows["amount"].cast(amounts.STORED)}
        values["__exact"] = amounts.converted(rows["amount"], rows["__rate"] if "__rate" in rows.columns else None)
    if "quantity" in rows.columns:
        values["__quantity"] = rows["quantity"]
    cost = _cost(rows, values, digits)
    return rows.select(**values if cost is None else values | {"cost": cost})


def _cost(rows: Rows, values: Mapping[str, Any], digits: int) -> Any | None:
    """What a line cost: as it says itself, else its quantity times the product's unit cost."""
    if "__unit_cost" not in rows.columns:
        return None
    unit = rows["__unit_cost"]
    product = amounts.times(rows["quantity"], unit) if "quantity" in rows.columns else unit
    computed = amounts.minor(amounts.converted(product, None), digits)
    return values["cost"].coalesce(computed) if "cost" in values else computed


def _tell_lost(lost: Rows, bench: Bench, findings: Findings) -> None:
    count = int(bench.one(lost.agg(rows=lost.count()))["rows"])
    if not count:
        return
    findings.note(
        f"sources.{NO_ORDER}",
        place="order_lines",
        count=count,
        examples=examples(lost, bench),
        severity=Severity.WARNING,
        table="order_lines",
    )
    findings.put_aside("order_lines", lost, {NO_ORDER: count})
