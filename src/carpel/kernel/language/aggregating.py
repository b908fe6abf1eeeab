"""Aggregates for engines: sums are exact, so that the order of rows changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis

from carpel.kernel.language.tree import Aggregate, Name, Node
from carpel.kernel.types import ValueType

if TYPE_CHECKING:
    from carpel.kernel.language.compiling import Compiler

_LARGEST_EXACT: Final = 1e24


def aggregate(compiler: Compiler, node: Aggregate) -> Any:
    """One aggregate over the compiler's table."""
    where = compiler.value(node.where) if node.where else None
    if node.operand is None:
        return compiler.row.count(where=where)
    if node.function == "count":
        value = compiler.value(node.operand)
        return value.nunique(where=where) if node.distinct else value.count(where=where)
    if node.function == "sum":
        return _sum(compiler, node.operand, where)
    if node.function == "avg":
        rows = compiler.value(node.operand).count(where=where).cast("float64")
        total = _sum(compiler, node.operand, where)
        return total.cast("float64") / rows.nullif(0.0)
    if node.function == "median":
        # Not `median(where=…)`: Spark takes no condition beside a median.
        number = compiler.number(node.operand)
        return (number if where is None else where.ifelse(number, None)).median()
    value = compiler.value(node.operand)
    return value.min(where=where) if node.function == "min" else value.max(where=where)


def _sum(compiler: Compiler, operand: Node, where: Any) -> Any:
    """Whole numbers as they are, money in minor units, other numbers to six decimal places."""
    if operand.type is ValueType.INTEGER:
        return _whole(compiler.value(operand), where)
    if isinstance(operand, Name) and operand.type is ValueType.MONEY:
        minor = _whole(compiler.row[operand.symbol.name], where)
        return minor.cast("float64") / float(10**compiler.digits)
    number = compiler.number(operand)
    countable = ibis.ifelse(number.abs() < _LARGEST_EXACT, number, ibis.null("float64"))
    return countable.cast("decimal(38, 6)").sum(where=where).cast("float64")


def _whole(value: Any, where: Any) -> Any:
    return value.sum(where=where).cast("decimal(38,0)").cast("int64")
