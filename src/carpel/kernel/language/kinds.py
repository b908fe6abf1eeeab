"""What may be compared or joined with what."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from carpel.kernel.language.tree import Call, Literal, Name, Node
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType


class Kind(StrEnum):
    """Types of one kind may be compared with each other."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CONDITION = "condition"
    SET = "set"

    @property
    def shown(self) -> Text:
        """The kind in words, such as "a number"."""
        return text(f"language.kind-{self.value}")


def kind(node: Node) -> Kind:
    """The kind of a part's type."""
    return kind_of(node.type)


def kind_of(of: ValueType) -> Kind:
    """The kind of a type."""
    if of.is_numeric:
        return Kind.NUMBER
    if of.is_text:
        return Kind.TEXT
    return {ValueType.BOOLEAN: Kind.CONDITION, ValueType.SET: Kind.SET}.get(of, Kind.DATE)


def common_type(nodes: Sequence[Node]) -> ValueType:
    """The type that values of one kind have together; literals follow the others where they can."""
    named = [node.type for node in nodes if not isinstance(node, Literal)]
    types = set(named or [node.type for node in nodes if not is_null(node)])
    if not types:
        return ValueType.NUMBER
    if ValueType.INTEGER in types and any(node.type is ValueType.NUMBER for node in nodes if not is_null(node)):
        types.add(ValueType.NUMBER)
    if len(types) == 1:
        return types.pop()
    one = kind_of(next(iter(types)))
    if one is Kind.NUMBER:
        return ValueType.MONEY if ValueType.MONEY in types else ValueType.NUMBER
    return ValueType.INSTANT if one is Kind.DATE else ValueType.TEXT


def is_null(node: Node) -> bool:
    """Whether it is `null` as written."""
    return isinstance(node, Literal) and node.value is None


def possible_values(node: Node) -> tuple[str, ...]:
    """The only texts that a part can give, where they are known; else nothing."""
    if isinstance(node, Name):
        return node.symbol.values
    if isinstance(node, Literal):
        return (str(node.value),) if kind(node) is Kind.TEXT and node.value is not None else ()
    if isinstance(node, Call) and node.function in {"coalesce", "least", "greatest"}:
        each = [possible_values(argument) for argument in node.arguments if not is_null(argument)]
        written = all(isinstance(argument, Literal) for argument in node.arguments)
        return tuple(dict.fromkeys(value for values in each for value in values)) if all(each) and not written else ()
    return ()
