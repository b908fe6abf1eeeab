"""What order lines say: products owned, categories, needs."""

from __future__ import annotations

from typing import Any, Final

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, finite, rank, share, whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Moment, Pass


def _units(rows: Any, _: Moment) -> Any:
    """Bought less returned, so that what was sent back is not owned."""
    units = rows.quantity if "quantity" in rows.columns else rows.is_return.ifelse(-1, 1)
    return finite(units.sum())


def _spent(rows: Any, where: Any = None) -> Any:
    """What lines cost their buyers; nothing where only whole orders say it, so that counts decide alone."""
    return whole_sum(rows.amount, where).fill_null(0) if "amount" in rows.columns else count(rows) * 0


PASSES: Final = (
    Pass(name="lines", table="order_lines", keep=lambda rows, _: ~rows.is_return),
    Pass(
        name="products_of_customer",
        table="order_lines",
        keep=lambda rows, _: rows.product_id.notnull(),
        by=("product_id",),
        parts={
            "units": _units,
            "times": lambda rows, _: count(rows, ~rows.is_return),
            "spent": lambda rows, _: _spent(rows, ~rows.is_return),
        },
    ),
    Pass(
        name="categories_of_customer",
        table="order_lines",
        keep=lambda rows, _: ~rows.is_return & rows.category.notnull(),
        by=("category",),
        parts={
            "times": lambda rows, _: count(rows),
            "spent": lambda rows, _: _spent(rows),
        },
    ),
)


def _most(rows: Any, name: str, *measures: str) -> Any:
    """The name with the largest measures; equal ones are told apart by the name itself, the later first."""
    return rows[name].argmax(rank({each: rows[each] for each in (*measures, name)}, unknown="spent"))


def _need(key: str, of: ValueType, expression: Expression, *parts: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"wants": ("order_lines.category",), "changeable": True} | more
    return Declaration(
        key=key,
        family=Family.NEED,
        type=of,
        reads="categories_of_customer",
        parts=parts,
        expression=expression,
        **settings,
    )


def _product(key: str, of: ValueType, expression: Expression, *parts: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": Family.BEHAVIOURAL, "wants": ("order_lines.product_id",), "changeable": True}
    return Declaration(
        key=key, type=of, reads="products_of_customer", parts=parts, expression=expression, **settings | more
    )


_VALUED: Final = ("order_lines.category", "order_lines.amount")
_COUNTED: Final = {"unit": Unit.COUNT, "empty": 0}

ATTRIBUTES: Final = (
    _need("categories", ValueType.SET, lambda rows, _: rows.category.collect().sort(), empty=()),
    _need("categories_count", ValueType.INTEGER, lambda rows, _: count(rows), **_COUNTED),
    _need(
        "largest_need",
        ValueType.CATEGORY,
        lambda rows, _: _most(rows, "category", "spent", "times"),
        "spent",
        "times",
        wants=_VALUED,
    ),
    _need("__spent", ValueType.INTEGER, lambda rows, _: whole_sum(rows.spent), "spent", wants=_VALUED),
    _need("__spent_on_largest_need", ValueType.INTEGER, lambda rows, _: rows.spent.max(), "spent", wants=_VALUED),
    Declaration(
        key="largest_need_share",
        family=Family.NEED,
        type=ValueType.SHARE,
        unit=Unit.SHARE,
        reads=DERIVED,
        uses=("__spent_on_largest_need", "__spent"),
        expression=lambda row, _: share(row["__spent_on_largest_need"], row["__spent"]),
        changeable=True,
    ),
    _need(
        "largest_need_by_count",
        ValueType.CATEGORY,
        lambda rows, _: _most(rows, "category", "times", "spent"),
        "spent",
        "times",
    ),
    _product(
        "products_owned",
        ValueType.SET,
        lambda rows, _: rows.product_id.collect(where=rows.units > 0).sort(),
        "units",
        family=Family.NEED,
        empty=(),
    ),
    _product("products_count", ValueType.INTEGER, lambda rows, _: count(rows, rows.times > 0), "times", **_COUNTED),
    _product(
        "main_product",
        ValueType.ID,
        lambda rows, _: rows.product_id.argmax(
            rank({"times": rows.times, "spent": rows.spent, "product_id": rows.product_id}, unknown="spent"),
            where=rows.times > 0,
        ),
        "times",
        "spent",
        family=Family.NEED,
    ),
    Declaration(
        key="units_bought",
        family=Family.BEHAVIOURAL,
        type=ValueType.NUMBER,
        unit=Unit.COUNT,
        reads="lines",
        wants=("order_lines.quantity",),
        expression=lambda rows, _: finite(rows.quantity.sum()),
        empty=0,
        changeable=True,
    ),
)
