"""A condition in words: "Days since the last purchase (here 120) is more than 90"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import singledispatchmethod
from types import MappingProxyType, UnionType
from typing import Any, Final, TypeAlias

from carpel.kernel.language.row_values import stored_reader
from carpel.kernel.language.tree import (
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
from carpel.kernel.money import Currency, Money
from carpel.kernel.texts import Labels, Parameter, Text, text
from carpel.kernel.types import ValueType

_OPPOSITE: Final = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_EQUALITY: Final = frozenset({"=", "<>"})
_SUMS: Final = frozenset({"+", "-"})
_WORDS: Final = {"=": "is", "<>": "is-not", "<": "less", "<=": "at-most", ">": "more", ">=": "at-least"}
_DAYS: Final = frozenset({ValueType.DATE, ValueType.INSTANT})
_NO_LABELS: Final[Mapping[str, Text | Labels]] = MappingProxyType({})

Word: TypeAlias = Callable[[str, str], Text | Labels | str]
"""What people call a value, from a symbol's name and the value as it is stored."""


def _as_stored(_: str, value: str) -> str:
    return value


def sentence(
    expression: Expression,
    labels: Mapping[str, Text | Labels] = _NO_LABELS,
    *,
    values: Mapping[str, object] | None = None,
    word: Word = _as_stored,
    digits: int = 2,
    currency: Currency | None = None,
) -> Text:
    """An expression as a sentence to render in any language.

    Args:
        expression: Any but an aggregate.
        labels: What its symbols are called; a symbol without a label stands under its name.
        values: A customer's values as stored; each is then shown beside its symbol.
        word: What people call a text that a symbol holds.
        digits: Decimal places of the currency's minor unit.
        currency: What amounts of money are in; None writes them as plain numbers.
    """
    said = _Words(labels, values, word, digits, currency).say(expression.root)
    return said if isinstance(said, Text) else text("language.says-value", value=said)


class _Words:
    """Says each part of a tree; a value stays a value, so that it is written as its language writes it."""

    def __init__(
        self,
        labels: Mapping[str, Text | Labels],
        values: Mapping[str, object] | None,
        word: Word,
        digits: int,
        currency: Currency | None,
    ) -> None:
        self._labels = labels
        self._values = values
        self._word = word
        self._digits = digits
        self._currency = currency

    @singledispatchmethod
    def say(self, node: Node) -> Parameter:
        """One part."""
        return self._condition(node, "")

    @say.register(Name)
    def _name(self, node: Name) -> Parameter:
        name = node.symbol.name
        label = self._labels.get(name, name)
        if self._values is None or name not in self._values:
            return label
        return text("language.says-here", name=label, value=self._shown(node, self._values[name]))

    def _shown(self, node: Name, stored: Any) -> Parameter:
        of, name = node.type, node.symbol.name
        value = stored_reader(of, self._digits)(stored)
        if value is None:
            return None
        if of is ValueType.MONEY:
            return self._money(Decimal(int(stored)).scaleb(-self._digits))
        if of is ValueType.SET:
            return _listed([self._word(name, each) for each in value]) if value else text("language.says-nothing")
        shown: Parameter = self._word(name, value) if isinstance(value, str) else value
        return shown

    @say.register(Literal)
    def _literal(self, node: Literal) -> Parameter:
        return _quoted(node.value) if isinstance(node.value, str) else node.value

    def _beside(self, node: Node, *others: Node) -> Parameter:
        """A part that stands beside others: a number beside money is money too, a text is a value of what it names."""
        if isinstance(node, Literal) and isinstance(node.value, str):
            names = [each.symbol.name for each in others if isinstance(each, Name)]
            return self._word(names[0], node.value) if names and node.value.strip() else _quoted(node.value)
        if not isinstance(node, Literal) or not isinstance(node.value, int | float):
            return self.say(node)
        is_money = any(each.type is ValueType.MONEY for each in others)
        return self._money(Decimal(str(node.value))) if is_money else node.value

    def _money(self, amount: Decimal) -> Decimal | Money:
        return Money(amount, self._currency) if self._currency else amount

    @say.register(And)
    def _and(self, node: And) -> Parameter:
        return _joined("language.says-and", [self._grouped(each, Or) for each in node.conditions])

    @say.register(Or)
    def _or(self, node: Or) -> Parameter:
        return _joined("language.says-or", [self._grouped(each, And) for each in node.conditions])

    @say.register(Not)
    def _not(self, node: Not) -> Parameter:
        inner = node.condition
        if isinstance(inner, Not):
            return self.say(inner.condition)
        if isinstance(inner, Comparison):
            return self._compared(_OPPOSITE[inner.operator], inner.left, inner.right)
        if isinstance(inner, Between | Among | Contains | Like | IsNull):
            return self._condition(inner, "not-")
        return text("language.says-not", inner=self._grouped(inner, And | Or))

    @say.register(Comparison)
    def _comparison(self, node: Comparison) -> Parameter:
        return self._compared(node.operator, node.left, node.right)

    def _condition(self, node: Node, negated: str) -> Text:
        match node:
            case Between():
                sides = (node.operand, node.low, node.high)
                left, low, high = (self._beside(each, *sides) for each in sides)
                return text(f"language.says-{negated}between", left=left, low=low, high=high)
            case Among():
                values = _listed([self._beside(each, node.operand) for each in node.values])
                return text(f"language.says-{negated}among", left=self.say(node.operand), values=values)
            case Contains():
                left, value = self.say(node.collection), self._beside(node.element, node.collection)
                return text(f"language.says-{negated}contains", left=left, value=value)
            case Like():
                return text(f"language.says-{negated}like", left=self.say(node.operand), pattern=_quoted(node.pattern))
            case IsNull():
                return text(f"language.says-{negated}null", left=self.say(node.operand))
            case _:
                raise NotImplementedError(type(node).__name__)

    def _compared(self, operator: str, left: Node, right: Node) -> Text:
        if operator == "=" and self._says_itself(left, right):
            return text("language.says-is", left=self._called(left), right=self._beside(right, left))
        said = self._beside(left, right), self._beside(right, left)
        days = "day-" if operator not in _EQUALITY and {left.type, right.type} & _DAYS else ""
        return text(f"language.says-{days}{_WORDS[operator]}", left=said[0], right=said[1])

    def _says_itself(self, left: Node, right: Node) -> bool:
        """Whether a name is compared with the very text that it holds, which need not be said twice."""
        if not isinstance(left, Name) or not isinstance(right, Literal) or not isinstance(right.value, str):
            return False
        return (self._values or {}).get(left.symbol.name) == right.value

    def _called(self, node: Node) -> Parameter:
        name = node.symbol.name if isinstance(node, Name) else ""
        return self._labels.get(name, name)

    @say.register(Arithmetic)
    def _arithmetic(self, node: Arithmetic) -> Parameter:
        left, right = (self._term(each, node) for each in (node.left, node.right))
        return text("language.says-calculated", left=left, operator=node.operator, right=right)

    def _term(self, part: Node, whole: Arithmetic) -> Parameter:
        if isinstance(part, Literal) and whole.operator in _SUMS:
            return self._beside(part, whole.left, whole.right)
        return self._grouped(part, Arithmetic)

    @say.register(Call)
    def _call(self, node: Call) -> Parameter:
        arguments = _listed([self.say(each) for each in node.arguments])
        return text("language.says-call", function=node.function, arguments=arguments)

    def _grouped(self, node: Node, kind: type[Node] | UnionType) -> Parameter:
        said = self.say(node)
        return text("language.says-grouped", inner=said) if isinstance(node, kind) else said


def _joined(key: str, parts: Sequence[Parameter]) -> Parameter:
    """Joined by halves, so that many parts are not nested deeply."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return text(key, first=_joined(key, parts[:middle]), last=_joined(key, parts[middle:]))


def _listed(parts: Sequence[Parameter]) -> Parameter:
    return _joined("language.says-list", parts)


def _quoted(value: str) -> Text:
    """A text that nothing else tells apart from the words around it."""
    return text("language.says-quoted", value=value)
