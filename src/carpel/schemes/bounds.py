"""Where a scheme's rules and tiers change their answer, for one customer: the only values worth trying."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from carpel.kernel.language import Expression, evaluate
from carpel.kernel.language.tree import Among, Between, Comparison, Contains, Literal, Name, Node, walk
from carpel.kernel.types import ValueType
from carpel.schemes.binding import Bound
from carpel.schemes.cuts import Cuts
from carpel.schemes.partitions import Categories, Tiers

_SECANTS: Final = 40
WHOLE: Final = frozenset({ValueType.INTEGER, ValueType.MONEY})
"""Types that count in whole units, as profiles store them."""


@dataclass(frozen=True)
class Edge:
    """Two sides whose order decides a rule or a tier; an attribute on either side may turn it.

    Attributes:
        name: The attribute.
        type: Its type.
        left: One side.
        right: The other; a number for a cut point.
        alone: Whether the attribute is all of the left side and not on the right, so that the right is the bound.
    """

    name: str
    type: ValueType
    left: Expression
    right: Expression | float
    alone: bool

    @property
    def names(self) -> frozenset[str]:
        """The attributes on either side."""
        return self.left.names | (frozenset() if isinstance(self.right, float) else self.right.names)


@dataclass(frozen=True)
class Wishes:
    """Texts that rules ask for, by the attribute whose value or element they would be."""

    values: Mapping[str, tuple[str, ...]]
    elements: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=32)
def edges(bound: Bound, cuts: Cuts) -> Mapping[str, tuple[Edge, ...]]:
    """All edges of a scheme by attribute."""
    found: dict[str, dict[tuple[Any, ...], Edge]] = {}
    for edge in (*_edges_of_rules(bound), *_edges_of_tiers(bound, cuts)):
        right = edge.right if isinstance(edge.right, float) else edge.right.source
        found.setdefault(edge.name, {})[edge.left.source, right] = edge
    return {name: tuple(some.values()) for name, some in found.items()}


@lru_cache(maxsize=1_024)
def meets(bound: Bound, cuts: Cuts, one: str, other: str) -> bool:
    """Whether the order of two sides depends on both attributes, so that neither has bounds of its own."""
    return any(other in edge.names for edge in edges(bound, cuts).get(one, ()))


@lru_cache(maxsize=32)
def wishes(bound: Bound) -> Wishes:
    """All texts that rules compare attributes with."""
    values: dict[str, dict[str, None]] = {}
    elements: dict[str, dict[str, None]] = {}
    for expression in bound.expressions.values():
        for name, text, element in _texts(expression.root):
            (elements if element else values).setdefault(name, {})[text] = None
    for partition in bound.scheme.partitions:
        if isinstance(partition, Categories):
            listed = (value for _, some in partition.values for value in some)
            for name in bound.tree(partition.of).names:
                values.setdefault(name, {}).update(dict.fromkeys(listed))
    return Wishes(
        values={name: tuple(some) for name, some in values.items()},
        elements={name: tuple(some) for name, some in elements.items()},
    )


def turning_point(edge: Edge, row: Mapping[str, Any], digits: int) -> float | None:
    """The attribute's value at which the two sides are equal, other things as they are.

    In the units of rules, so money in major ones. None where a side is unknown or no such value is found; for an
    attribute inside a calculation it is sought by the secant method from the customer's own value.
    """
    if edge.alone:
        return _number(edge.right, row, digits)
    scale = 10**digits if edge.type is ValueType.MONEY else 1

    def gap(at: float) -> float | None:
        changed = {**row, edge.name: at}
        left, right = _number(edge.left, changed, digits), _number(edge.right, changed, digits)
        return None if left is None or right is None else left - right

    found = _root(gap, row[edge.name], whole=edge.type in WHOLE)
    return None if found is None else found / scale


def _edges_of_rules(bound: Bound) -> Iterator[Edge]:
    for expression in bound.expressions.values():
        for left, right in _sides(expression.root):
            yield from _edges(expression.part(left), expression.part(right))


def _edges_of_tiers(bound: Bound, cuts: Cuts) -> Iterator[Edge]:
    for partition in bound.scheme.partitions:
        if isinstance(partition, Tiers):
            for cut in cuts.tiers[partition.key].bounds or ():
                yield from _edges(bound.tree(partition.of), cut)


def _edges(left: Expression, right: Expression | float) -> Iterator[Edge]:
    """One edge for each attribute that is a number on either side."""
    if not left.type.is_numeric:
        return
    others = frozenset() if isinstance(right, float) else right.names
    for symbol in dict.fromkeys((*left.symbols, *(() if isinstance(right, float) else right.symbols))):
        if not symbol.type.is_numeric:
            continue
        if isinstance(left.root, Name) and symbol.name not in others:
            yield Edge(symbol.name, symbol.type, left, right, alone=True)
        elif isinstance(right, Expression) and isinstance(right.root, Name) and symbol.name not in left.names:
            yield Edge(symbol.name, symbol.type, right, left, alone=True)
        else:
            yield Edge(symbol.name, symbol.type, left, right, alone=False)


def _sides(root: Node) -> Iterator[tuple[Node, Node]]:
    for node in walk(root):
        match node:
            case Comparison():
                yield node.left, node.right
            case Between():
                yield node.operand, node.low
                yield node.operand, node.high
            case Among():
                yield from ((node.operand, value) for value in node.values)
            case _:
                pass


def _texts(root: Node) -> Iterator[tuple[str, str, bool]]:
    """Each attribute that is compared with a text, that text, and whether it would be an element of a set."""
    for node in walk(root):
        match node:
            case Comparison(left=Name(symbol=symbol), right=Literal(value=str() as text)):
                yield symbol.name, text, False
            case Comparison(left=Literal(value=str() as text), right=Name(symbol=symbol)):
                yield symbol.name, text, False
            case Among(operand=Name(symbol=symbol), values=values):
                yield from ((symbol.name, each.value, False) for each in values if isinstance(each.value, str))
            case Contains(collection=Name(symbol=symbol), element=Literal(value=str() as text)):
                yield symbol.name, text, True
            case _:
                pass


def _number(side: Expression | float, row: Mapping[str, Any], digits: int) -> float | None:
    if isinstance(side, float):
        return side
    value = evaluate(side, row, digits=digits)
    return float(value) if isinstance(value, int | float) and isfinite(value) else None


def _root(gap: Callable[[float], float | None], start: float, *, whole: bool) -> float | None:
    """Where the gap closes; for a whole number it is asked at whole numbers only, and may lie between two."""
    before, at = start, start + 1
    gap_before, gap_at = gap(before), gap(at)
    for _ in range(_SECANTS):
        if gap_before is None or gap_at is None:
            return None
        if gap_at in {0, gap_before}:
            return None if gap_at else at
        crossing = at - gap_at * (at - before) / (gap_at - gap_before)
        if not isfinite(crossing):
            return None
        after = round(crossing) if whole else crossing
        if after in {before, at}:
            return crossing
        before, at = at, after
        gap_before, gap_at = gap_at, gap(at)
    return at
