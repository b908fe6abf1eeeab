"""A syntax tree to a typed tree: every name known, every comparison sensible, or an error that says what to write."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carpel.kernel.language.calls import CallReader
from carpel.kernel.language.errors import LanguageError, Source, Span
from carpel.kernel.language.kinds import Kind, is_null, kind
from carpel.kernel.language.literals import as_date, is_text, require_known_value, require_same_kind
from carpel.kernel.language.patterns import pattern_problem
from carpel.kernel.language.remedies import nearest_of
from carpel.kernel.language.symbols import Symbol
from carpel.kernel.language.syntax import Tree, span, tokens, trees
from carpel.kernel.language.tree import (
    Among,
    And,
    Arithmetic,
    Between,
    Comparison,
    Contains,
    IsNull,
    Like,
    Literal,
    Name,
    Node,
    Not,
    Or,
)
from carpel.kernel.types import ValueType

_INT64: Final = 2**63
_ORDERS: Final = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True)
class Reader:
    """Reads one expression.

    Attributes:
        source: The expression.
        symbols: What it may name.
        time_zone: Where a day begins, when a written date is compared with a moment.
        aggregates: Whether it is over many rows.
    """

    source: Source
    symbols: Mapping[str, Symbol]
    time_zone: str = "UTC"
    aggregates: bool = False

    def node(self, tree: Tree) -> Node:
        """Any part; `null` too."""
        read = getattr(self, f"_{tree.data}")
        node: Node = read(tree)
        return node

    def value(self, tree: Tree) -> Node:
        """A part that may not be `null` as written."""
        node = self.node(tree)
        if is_null(node):
            raise self.source.error("language.null-value", node.span)
        return node

    def condition(self, tree: Tree) -> Node:
        """A part that is true or false."""
        node = self.value(tree)
        if node.type is not ValueType.BOOLEAN:
            raise self._misfit("language.not-a-condition", node)
        return node

    def number(self, tree: Tree) -> Node:
        """A part that is a number."""
        node = self.value(tree)
        self.require_number(node)
        return node

    def require_number(self, node: Node) -> None:
        """Refuse to calculate with anything else."""
        if node.type.is_numeric:
            return
        key = "language.date-arithmetic" if kind(node) is Kind.DATE else "language.not-a-number"
        raise self._misfit(key, node)

    def agreeing(self, nodes: Sequence[Node]) -> list[Node]:
        """Values that are to be compared or joined, with written texts made dates where the others are dates.

        Raises:
            LanguageError: They are of different kinds, or a text is no value of the category beside it.
        """
        typed = [node for node in nodes if not is_null(node)]
        first = next((node for node in typed if not isinstance(node, Literal)), typed[0] if typed else None)
        if first is None:
            return list(nodes)
        agreed = [self._beside(first, node) for node in nodes]
        for node in agreed:
            if not is_null(node):
                require_same_kind(self.source, first, node)
        return agreed

    def name(self, written: str, at: Span) -> Name:
        """A symbol by its name."""
        symbol = self.symbols.get(written)
        if symbol is None:
            raise self.source.error("language.unknown-name", at, name=written, hint=nearest_of(written, self.symbols))
        return Name(type=symbol.type, span=at, symbol=symbol)

    def _misfit(self, key: str, node: Node) -> LanguageError:
        """An error about a part that is of the wrong kind."""
        return self.source.error(key, node.span, found=self.source.written(node.span), kind=kind(node).shown)

    def _beside(self, first: Node, node: Node) -> Node:
        if not isinstance(node, Literal) or not is_text(node):
            return node
        if kind(first) is Kind.DATE:
            return as_date(self.source, node, first.type, self.time_zone)
        return node

    def _any(self, tree: Tree) -> Node:
        conditions = tuple(self.condition(child) for child in trees(tree))
        return Or(type=ValueType.BOOLEAN, span=span(tree), conditions=conditions)

    def _all(self, tree: Tree) -> Node:
        conditions = tuple(self.condition(child) for child in trees(tree))
        return And(type=ValueType.BOOLEAN, span=span(tree), conditions=conditions)

    def _negated(self, tree: Tree) -> Node:
        return Not(type=ValueType.BOOLEAN, span=span(tree), condition=self.condition(trees(tree)[0]))

    def _comparison(self, tree: Tree) -> Node:
        operators = tokens(tree)
        if len(operators) > 1:
            raise self.source.error("language.chained", span(operators[1]))
        operator = "<>" if operators[0] == "!=" else str(operators[0])
        written = [self.node(child) for child in trees(tree)]
        for node in written:
            if is_null(node):
                raise self.source.error("language.compared-with-null", span(tree), operator=str(operators[0]))
        left, right = self._comparable(written)
        if operator in _ORDERS and kind(left) is Kind.CONDITION:
            raise self.source.error("language.no-order", span(operators[0]), kind=kind(left).shown)
        return Comparison(type=ValueType.BOOLEAN, span=span(tree), operator=operator, left=left, right=right)

    def _between(self, tree: Tree) -> Node:
        operand, low, high = self._comparable([self.value(child) for child in trees(tree)])
        if kind(operand) is Kind.CONDITION:
            raise self.source.error("language.no-order", operand.span, kind=kind(operand).shown)
        between = Between(type=ValueType.BOOLEAN, span=span(tree), operand=operand, low=low, high=high)
        return self._unless(tree, between)

    def _like(self, tree: Tree) -> Node:
        operand, pattern = (self.value(child) for child in trees(tree))
        if kind(operand) is not Kind.TEXT:
            raise self._misfit("language.not-a-text", operand)
        if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
            raise self.source.error("language.pattern", pattern.span)
        if pattern_problem(pattern.value):
            raise self.source.error("language.pattern-end", pattern.span)
        like = Like(type=ValueType.BOOLEAN, span=span(tree), operand=operand, pattern=pattern.value)
        return self._unless(tree, like)

    def _among(self, tree: Tree) -> Node:
        operand_tree, *listed = trees(tree)
        operand = self.value(operand_tree)
        if not listed:
            raise self.source.error("language.empty-list", span(tree))
        values = [self.node(child) for child in listed]
        if len(values) == 1 and kind(values[0]) is Kind.SET:
            return self._unless(tree, self._holding(tree, values[0], operand))
        for value in values:
            if not isinstance(value, Literal):
                raise self.source.error("language.list-of-values", value.span, found=self.source.written(value.span))
            if value.value is None:
                raise self.source.error("language.compared-with-null", value.span, operator="in")
        operand, *agreed = self._comparable([operand, *values])
        literals = tuple(value for value in agreed if isinstance(value, Literal))
        among = Among(type=ValueType.BOOLEAN, span=span(tree), operand=operand, values=literals)
        return self._unless(tree, among)

    def _contained(self, tree: Tree) -> Node:
        element_tree, collection_tree = trees(tree)
        collection = self.value(collection_tree)
        if kind(collection) is not Kind.SET:
            raise self._misfit("language.not-a-set", collection)
        return self._unless(tree, self._holding(tree, collection, self.value(element_tree)))

    def _holding(self, tree: Tree, collection: Node, element: Node) -> Contains:
        if kind(element) is not Kind.TEXT:
            raise self._misfit("language.not-a-text", element)
        if isinstance(element, Literal):
            require_known_value(self.source, collection, element)
        return Contains(type=ValueType.BOOLEAN, span=span(tree), collection=collection, element=element)

    def _is_null(self, tree: Tree) -> Node:
        operand = self.node(trees(tree)[0])
        return self._unless(tree, IsNull(type=ValueType.BOOLEAN, span=span(tree), operand=operand))

    def _chain(self, tree: Tree) -> Node:
        first, *rest = trees(tree)
        result = self.number(first)
        for operator, child in zip(tokens(tree), rest, strict=True):
            right = self.number(child)
            at = Span(span(tree).start, right.span.end)
            kept = arithmetic_type(str(operator), result, right)
            result = Arithmetic(type=kept, span=at, operator=str(operator), left=result, right=right)
        return result

    def _signed(self, tree: Tree) -> Node:
        operand = self.number(trees(tree)[0])
        if tokens(tree)[0] == "+":
            return operand
        if isinstance(operand, Literal) and isinstance(operand.value, int | float):
            return replace(operand, value=-operand.value, span=span(tree))
        kept = ValueType.MONEY if operand.type is ValueType.MONEY else ValueType.NUMBER
        zero = Literal(type=ValueType.INTEGER, span=span(tree), value=0)
        return Arithmetic(type=kept, span=span(tree), operator="-", left=zero, right=operand)

    def _number(self, tree: Tree) -> Node:
        written = str(tokens(tree)[0])
        if written.isdecimal() and int(written) < _INT64:
            return Literal(type=ValueType.INTEGER, span=span(tree), value=int(written))
        number = float(written)
        if math.isinf(number):
            raise self.source.error("language.number-too-large", span(tree))
        return Literal(type=ValueType.NUMBER, span=span(tree), value=number)

    def _text(self, tree: Tree) -> Node:
        value = str(tokens(tree)[0])[1:-1].replace("''", "'")
        return Literal(type=ValueType.TEXT, span=span(tree), value=value)

    def _boolean(self, tree: Tree) -> Node:
        value = str(tokens(tree)[0]).lower() == "true"
        return Literal(type=ValueType.BOOLEAN, span=span(tree), value=value)

    def _null(self, tree: Tree) -> Node:
        return Literal(type=ValueType.NUMBER, span=span(tree), value=None)

    def _name(self, tree: Tree) -> Node:
        return self.name(str(tokens(tree)[0]).strip("`"), span(tree))

    def _call(self, tree: Tree) -> Node:
        return CallReader(self, tree).read()

    def _comparable(self, nodes: Sequence[Node]) -> list[Node]:
        """Values that can be compared; sets cannot, and a category only with what it can be."""
        agreed = self.agreeing(nodes)
        for node in agreed:
            if kind(node) is Kind.SET:
                name = self.source.written(node.span)
                raise self.source.error("language.set-compared", node.span, name=name, value="'…'")
        known = [node for node in agreed if not isinstance(node, Literal)]
        for literal in agreed:
            if isinstance(literal, Literal) and known and is_text(literal):
                require_known_value(self.source, known[0], literal)
        return agreed

    def _unless(self, tree: Tree, node: Node) -> Node:
        negated = any(token.type == "NOT" for token in tokens(tree))
        return Not(type=ValueType.BOOLEAN, span=span(tree), condition=node) if negated else node


def arithmetic_type(operator: str, left: Node, right: Node) -> ValueType:
    """Money stays money where that makes sense; every other result is a plain number."""
    left_money, right_money = (node.type is ValueType.MONEY for node in (left, right))
    if operator in {"+", "-"}:
        return ValueType.MONEY if left_money or right_money else ValueType.NUMBER
    if operator == "*":
        return ValueType.MONEY if left_money != right_money else ValueType.NUMBER
    return ValueType.MONEY if left_money and not right_money else ValueType.NUMBER
