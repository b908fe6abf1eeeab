"""An expression answered for one customer, in Python, within microseconds: the tree becomes closures once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache, singledispatchmethod
from typing import Any, Final, TypeAlias

from carpel.kernel.language.errors import LanguageError
from carpel.kernel.language.kinds import Kind, kind
from carpel.kernel.language.patterns import matcher
from carpel.kernel.language.row_functions import FUNCTIONS, Function, skips_unknown
from carpel.kernel.language.row_values import as_float, as_moment, stored_reader
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
)
from carpel.kernel.types import ValueType

Row: TypeAlias = Mapping[str, object]
Answer: TypeAlias = Callable[[Row], Any]


def evaluate(expression: Expression, values: Row, *, digits: int) -> Any:
    """The value of an expression for one customer; None where it is unknown.

    Args:
        expression: What to answer; without aggregates.
        values: By name, as facts and profiles store them: MONEY in minor units, None (or NaN) for unknown.
        digits: Decimal places of the currency's minor unit.

    Raises:
        LanguageError: A symbol that the expression names has no entry.
    """
    try:
        return answer(expression, digits)(values)
    except KeyError as error:
        raise LanguageError(
            "language.value-missing", place=expression.written.place, name=str(error.args[0]), excerpt=""
        ) from error


@lru_cache(maxsize=4096)
def answer(expression: Expression, digits: int) -> Answer:
    """The expression as a function of one customer's values; made once, then remembered."""
    return _Maker(digits).of(expression.root)


def evaluate_node(node: Node, values: Row, *, digits: int) -> Any:
    """The value of a part of an expression."""
    return _Maker(digits).of(node)(values)


def _greater(left: float, right: float) -> bool:
    """As engines order: what is not a number equals itself and is greater than every number."""
    return left > right or (left != left and right == right)  # noqa: PLR0124  only NaN differs from itself


def _equal(left: float, right: float) -> bool:
    return left == right or (left != left and right != right)  # noqa: PLR0124  as above


_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARE_FLOATS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": _equal,
    "<>": lambda left, right: not _equal(left, right),
    "<": lambda left, right: _greater(right, left),
    "<=": lambda left, right: not _greater(left, right),
    ">": _greater,
    ">=": lambda left, right: not _greater(right, left),
}
_CALCULATE: Final[Mapping[str, Callable[[float, float], float | None]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: left / right if right else None,
}


class _Maker:
    """Makes a function of a customer's values from each part of a tree."""

    def __init__(self, digits: int) -> None:
        self._digits = digits

    @singledispatchmethod
    def of(self, node: Node) -> Answer:
        """The function for one part."""
        raise NotImplementedError(type(node).__name__)

    def _alike(self, *nodes: Node) -> list[Answer]:
        """Functions of parts of one kind in one form: all whole numbers or all floats, all days or all moments."""
        types = {node.type for node in nodes}
        if kind(nodes[0]) is Kind.NUMBER and types != {ValueType.INTEGER}:
            return [self._number(node) for node in nodes]
        if ValueType.INSTANT in types and len(types) > 1:
            return [_then(as_moment, self.of(node)) for node in nodes]
        return [self.of(node) for node in nodes]

    def _number(self, node: Node) -> Answer:
        return _then(as_float, self.of(node)) if node.type is ValueType.INTEGER else self.of(node)

    @of.register
    def _name(self, node: Name) -> Answer:
        name = node.symbol.name
        read = stored_reader(node.type, self._digits)
        return lambda row: read(row[name])

    @of.register
    def _literal(self, node: Literal) -> Answer:
        value = node.value
        return lambda _: value

    @of.register
    def _and(self, node: And) -> Answer:
        return _decided(by=False, conditions=[self.of(each) for each in node.conditions])

    @of.register
    def _or(self, node: Or) -> Answer:
        return _decided(by=True, conditions=[self.of(each) for each in node.conditions])

    @of.register
    def _not(self, node: Not) -> Answer:
        return _then(operator.not_, self.of(node.condition))

    @of.register
    def _comparison(self, node: Comparison) -> Answer:
        return self._compared(node.operator, node.left, node.right)

    def _compared(self, sign: str, *nodes: Node) -> Answer:
        left, right = self._alike(*nodes)
        return _both((_COMPARE_FLOATS if kind(nodes[0]) is Kind.NUMBER else _COMPARE)[sign], left, right)

    @of.register
    def _between(self, node: Between) -> Answer:
        not_below = Comparison(type=ValueType.BOOLEAN, span=node.span, operator=">=", left=node.operand, right=node.low)
        not_above = Comparison(
            type=ValueType.BOOLEAN, span=node.span, operator="<=", left=node.operand, right=node.high
        )
        return self.of(And(type=ValueType.BOOLEAN, span=node.span, conditions=(not_below, not_above)))

    @of.register
    def _among(self, node: Among) -> Answer:
        operand, *values = self._alike(node.operand, *node.values)
        listed = frozenset(value({}) for value in values)
        return _then(listed.__contains__, operand)

    @of.register
    def _contains(self, node: Contains) -> Answer:
        return _both(operator.contains, self.of(node.collection), self.of(node.element))

    @of.register
    def _like(self, node: Like) -> Answer:
        return _then(matcher(node.pattern), self.of(node.operand))

    @of.register
    def _is_null(self, node: IsNull) -> Answer:
        operand = self.of(node.operand)
        return lambda row: operand(row) is None

    @of.register
    def _arithmetic(self, node: Arithmetic) -> Answer:
        return _both(_CALCULATE[node.operator], self._number(node.left), self._number(node.right))

    @of.register
    def _call(self, node: Call) -> Answer:
        function = FUNCTIONS[node.function]
        floats = node.type.is_numeric and node.type is not ValueType.INTEGER
        arguments = [self._number(each) for each in node.arguments] if floats else self._alike(*node.arguments)
        return _skipping(function, arguments) if skips_unknown(node.function) else _all(function, arguments)

    @of.register
    def _aggregate(self, node: Aggregate) -> Answer:
        raise LanguageError("language.no-aggregates", place=None, function=node.function, excerpt="")


def _decided(*, by: bool, conditions: list[Answer]) -> Answer:
    """One condition that says `by` decides; where none does, one that is unknown leaves the whole unknown."""

    def result(row: Row) -> bool | None:
        found: bool | None = not by
        for condition in conditions:
            said: bool | None = condition(row)
            if said is by:
                return by
            if said is None:
                found = None
        return found

    return result


def _then(function: Callable[[Any], Any], operand: Answer) -> Answer:
    def result(row: Row) -> Any:
        value = operand(row)
        return None if value is None else function(value)

    return result


def _both(function: Callable[[Any, Any], Any], left: Answer, right: Answer) -> Answer:
    def result(row: Row) -> Any:
        first = left(row)
        if first is None:
            return None
        second = right(row)
        return None if second is None else function(first, second)

    return result


def _all(function: Function, arguments: list[Answer]) -> Answer:
    def result(row: Row) -> Any:
        values = [argument(row) for argument in arguments]
        return None if None in values else function(*values)

    return result


def _skipping(function: Function, arguments: list[Answer]) -> Answer:
    def result(row: Row) -> Any:
        values = [value for argument in arguments if (value := argument(row)) is not None]
        return function(*values) if values else None

    return result
