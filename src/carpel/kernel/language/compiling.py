"""An expression as an Ibis value, in the subset that DuckDB and Spark answer alike."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatchmethod
from types import MappingProxyType
from typing import Any, Final

import ibis
import ibis.expr.operations as ops

from carpel.kernel.language.aggregating import aggregate
from carpel.kernel.language.engine_functions import FUNCTIONS
from carpel.kernel.language.evaluating import evaluate_node
from carpel.kernel.language.kinds import Kind, kind
from carpel.kernel.language.patterns import has_escapes, regular_expression
from carpel.kernel.language.tree import (
    Aggregate,
    Among,
    And,
    Arithmetic,
    Between,
    Call,
    Comparison,
    Contains,
    Expression,
    IsNull,
    Like,
    Literal,
    Name,
    Node,
    Not,
    Or,
    walk,
)
from carpel.kernel.types import ValueType

_NONE: Final[Mapping[str, object]] = MappingProxyType({})
_EXACT_DIGITS: Final = 15
_COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    # x/0 is infinite or an error, depending on the engine; here it is unknown.
    "/": lambda left, right: left / right.nullif(0.0),
}


def to_ibis(expression: Expression, row: Any, *, digits: int, parameters: Mapping[str, object] = _NONE) -> Any:
    """The value of an expression over a table, null where it is unknown.

    Args:
        expression: What to build.
        row: The Ibis table that has a column for each symbol, as facts and profiles store it.
        digits: Decimal places of the currency's minor unit.
        parameters: Symbols that are no columns but one value for all rows, such as `as_of`.

    Returns:
        For INTEGER an int64; for every other number, MONEY in major units included, a float64.
    """
    compiler = Compiler(row, digits, parameters)
    value = compiler.value(expression.root)
    if compiler.is_constant(expression.root) and expression.type.is_numeric:
        # Alone, a written number would have whatever type the engine finds for it.
        return value.cast("string").cast(form(expression.type))
    return value


class Compiler:
    """Builds Ibis values over one table."""

    def __init__(self, row: Any, digits: int, parameters: Mapping[str, object] = _NONE) -> None:
        self.row = row
        self.digits = digits
        self._parameters = parameters

    def value(self, node: Node) -> Any:
        """A part's value. What names no column is calculated once, by the other interpreter."""
        if self.is_constant(node):
            return literal(evaluate_node(node, self._parameters, digits=self.digits), node.type)
        return self._of(node)

    def number(self, node: Node) -> Any:
        """A number as float64."""
        if isinstance(node, Literal) and node.value is not None:
            return literal(float(node.value), ValueType.NUMBER)  # type: ignore[arg-type]
        value = self.value(node)
        return value.cast("float64") if node.type is ValueType.INTEGER else value

    def alike(self, nodes: Sequence[Node]) -> list[Any]:
        """Values of one kind in one form: all whole numbers or all float64, all days or all moments."""
        types = {node.type for node in nodes}
        if kind(nodes[0]) is Kind.NUMBER and types != {ValueType.INTEGER}:
            return [self.number(node) for node in nodes]
        if ValueType.INSTANT in types and len(types) > 1:
            return [self.value(node).cast("timestamp(6)") for node in nodes]
        return [self.value(node) for node in nodes]

    def is_constant(self, node: Node) -> bool:
        """Whether a part is the same for all rows."""
        return not any(isinstance(part, Aggregate) or self._is_column(part) for part in walk(node))

    def _is_column(self, node: Node) -> bool:
        return isinstance(node, Name) and node.symbol.name not in self._parameters

    @singledispatchmethod
    def _of(self, node: Node) -> Any:
        raise NotImplementedError(type(node).__name__)

    @_of.register
    def _name(self, node: Name) -> Any:
        column = self.row[node.symbol.name]
        stored = column if column.type() == ibis.dtype(node.type.ibis) else column.cast(node.type.ibis)
        if node.type is not ValueType.MONEY:
            return stored
        return stored.cast("float64") / float(10**self.digits) if self.digits else stored.cast("float64")

    @_of.register
    def _literal(self, node: Literal) -> Any:
        return literal(node.value, node.type)

    @_of.register
    def _and(self, node: And) -> Any:
        return _balanced(operator.and_, [self.value(each) for each in node.conditions])

    @_of.register
    def _or(self, node: Or) -> Any:
        return _balanced(operator.or_, [self.value(each) for each in node.conditions])

    @_of.register
    def _not(self, node: Not) -> Any:
        if isinstance(node.condition, IsNull):
            return self._unbracketed(node.condition.operand).notnull()
        return ~self.value(node.condition)

    @_of.register
    def _comparison(self, node: Comparison) -> Any:
        left, right = map(_bracketed, self.alike((node.left, node.right)))
        return _COMPARE[node.operator](left, right)

    @_of.register
    def _between(self, node: Between) -> Any:
        operand, low, high = self.alike((node.operand, node.low, node.high))
        return operand.between(low, high)

    @_of.register
    def _among(self, node: Among) -> Any:
        operand, *values = self.alike((node.operand, *node.values))
        if node.operand.type is ValueType.BOOLEAN:
            # `(a AND b) IN (TRUE)` reaches the engine without its brackets; comparisons keep theirs.
            return _balanced(operator.or_, [_bracketed(operand) == value for value in values])
        return operand.isin(values)

    @_of.register
    def _contains(self, node: Contains) -> Any:
        element = self.value(node.element)
        found = self.value(node.collection).contains(element)
        # Whether an unknown element is in a set is unknown; Spark would say that it is not.
        return found if self.is_constant(node.element) else element.notnull().ifelse(found, None)

    @_of.register
    def _like(self, node: Like) -> Any:
        text = self.value(node.operand)
        # Engines disagree on what escapes a wildcard; where none is escaped, the plain form reads better.
        return (
            text.re_search(regular_expression(node.pattern)) if has_escapes(node.pattern) else text.like(node.pattern)
        )

    @_of.register
    def _is_null(self, node: IsNull) -> Any:
        return self._unbracketed(node.operand).isnull()

    def _unbracketed(self, node: Node) -> Any:
        """A value that means the same without brackets: `(NOT a) IS NULL` reaches the engine as `NOT a IS NULL`."""
        value = self.value(node)
        return value.cast("int32") if node.type is ValueType.BOOLEAN and not isinstance(node, Name) else value

    @_of.register
    def _arithmetic(self, node: Arithmetic) -> Any:
        return _CALCULATE[node.operator](self.number(node.left), self.number(node.right))

    @_of.register
    def _call(self, node: Call) -> Any:
        return FUNCTIONS[node.function](self, node)

    @_of.register
    def _aggregate(self, node: Aggregate) -> Any:
        return aggregate(self, node)


def _bracketed(value: Any) -> Any:
    """A condition that can be compared: `(a IN (1, 2)) = b` reaches the engine without its brackets."""
    is_list = isinstance(value.op(), ops.InValues | ops.Between)
    return value.cast("int32").cast("boolean") if is_list else value


def form(of: ValueType) -> str:
    """The Ibis type that a type has in expressions; only money differs from how it is stored."""
    return "float64" if of.is_numeric and of is not ValueType.INTEGER else of.ibis


def literal(value: Any, of: ValueType) -> Any:
    """A constant in the form that a type has in expressions."""
    if value is None:
        return ibis.null(form(of))
    if isinstance(value, float) and len(repr(value).partition("e")[0].strip("-0.").replace(".", "")) > _EXACT_DIGITS:
        # Engines read a long decimal as DECIMAL first, which can miss the nearest float64; text they do not.
        return ibis.literal(repr(value)).cast("float64")
    return ibis.literal(value, form(of))


def _balanced(join: Callable[[Any, Any], Any], values: Sequence[Any]) -> Any:
    """Join by halves, so that a thousand conditions are ten deep and not a thousand."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return join(_balanced(join, values[:middle]), _balanced(join, values[middle:]))
