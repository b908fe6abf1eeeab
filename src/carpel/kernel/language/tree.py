"""The typed tree of an expression: what both interpreters read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

from carpel.kernel.language.errors import Source, Span
from carpel.kernel.language.symbols import Symbol
from carpel.kernel.types import ValueType

Value: TypeAlias = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of an expression.

    INTEGER parts are whole numbers of 64 bits; parts of every other numeric type are float64, MONEY in major
    units. All arithmetic is done in float64, so that it never overflows and is the same everywhere.

    Attributes:
        type: What it gives.
        span: Where it is written.
    """

    type: ValueType
    span: Span = field(compare=False, repr=False)

    def parts(self) -> Iterator[Node]:
        """The parts that it is directly made of."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (part for part in value if isinstance(part, Node))


@dataclass(frozen=True, kw_only=True)
class Name(Node):
    """A symbol's value."""

    symbol: Symbol


@dataclass(frozen=True, kw_only=True)
class Literal(Node):
    """A value as written; None is `null`."""

    value: Value


@dataclass(frozen=True, kw_only=True)
class And(Node):
    """Whether all of two or more conditions hold."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Or(Node):
    """Whether any of two or more conditions holds."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Not(Node):
    """Whether a condition does not hold; unknown stays unknown."""

    condition: Node


@dataclass(frozen=True, kw_only=True)
class Comparison(Node):
    """How two values of one kind compare; `operator` is one of `= <> < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class Between(Node):
    """Whether a value lies between two others, both included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, kw_only=True)
class Among(Node):
    """Whether a value is one of those listed."""

    operand: Node
    values: tuple[Literal, ...]


@dataclass(frozen=True, kw_only=True)
class Contains(Node):
    """Whether a set holds a text."""

    collection: Node
    element: Node


@dataclass(frozen=True, kw_only=True)
class Like(Node):
    """Whether a text has the form of a pattern: `%` is any text, `_` one character, a backslash takes it literally."""

    operand: Node
    pattern: str


@dataclass(frozen=True, kw_only=True)
class IsNull(Node):
    """Whether a value is unknown."""

    operand: Node


@dataclass(frozen=True, kw_only=True)
class Arithmetic(Node):
    """A calculation with one of `+ - * /`; a division by zero is unknown."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class Call(Node):
    """A function of one row's values."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Aggregate(Node):
    """A figure over many rows: `sum`, `avg`, `min`, `max`, `median` or `count`.

    Attributes:
        function: Which.
        operand: What is aggregated; None counts rows.
        distinct: Whether equal values count once.
        where: Only rows for which this holds.
    """

    function: str
    operand: Node | None = None
    distinct: bool = False
    where: Node | None = None


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression that has been read and checked; made by `parse` and its siblings.

    Attributes:
        root: Its tree.
        written: The text that it was read from, with its place.
    """

    root: Node
    written: Source

    @property
    def type(self) -> ValueType:
        """What it gives."""
        return self.root.type

    @property
    def source(self) -> str:
        """The expression as written."""
        return self.written.text

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that it names, each once, in order of appearance."""
        named = (node.symbol for node in walk(self.root) if isinstance(node, Name))
        return tuple(dict.fromkeys(named))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of those symbols."""
        return frozenset(symbol.name for symbol in self.symbols)

    def part(self, node: Node) -> Expression:
        """A part of it as an expression of its own."""
        return Expression(node, Source(self.written.written(node.span), self.written.place))


def walk(node: Node) -> Iterator[Node]:
    """A node and everything in it, in the order in which it is written."""
    yield node
    for part in node.parts():
        yield from walk(part)
