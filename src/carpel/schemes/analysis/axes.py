"""What rules ask of a customer, each thing with the values that it can have at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import floor
from typing import Any, Final

from carpel.kernel.language.tree import Name, Node
from carpel.kernel.types import ValueType
from carpel.schemes.analysis.domains import (
    ANY_KNOWN,
    ANYTHING,
    HIGHEST,
    LOWEST,
    ONLY_UNKNOWN,
    Cut,
    Domain,
    after,
    before,
    between,
    points,
)

_EXACT: Final = 2**53
"""Whole numbers below are compared alike as such and in floating point."""
_ONE_DAY: Final = timedelta(days=1)
_TRUTH: Final = points((False, True), unknown=True)
_LESS, _EQUAL, _MORE = -1, 0, 1
_HOW: Final = {
    "<": (_LESS,),
    "<=": (_LESS, _EQUAL),
    "=": (_EQUAL,),
    "<>": (_LESS, _MORE),
    ">=": (_EQUAL, _MORE),
    ">": (_MORE,),
}
TURNED: Final = {"<": ">", "<=": ">=", "=": "=", "<>": "<>", ">=": "<=", ">": "<"}
"""A comparison's operator when its sides change places."""


@dataclass(frozen=True)
class Axis:
    """One thing that rules ask of a customer: an attribute, a label, a formula, how two of them compare.

    What is not analysed further is an axis of its own: whatever its value, it is the same wherever it is asked.

    Attributes:
        key: What it is, as text; equal keys are the same thing.
        universe: Every value that it can have.
        type: What its values are.
    """

    key: str
    universe: Domain = field(compare=False)
    type: ValueType = field(compare=False, default=ValueType.BOOLEAN)

    @property
    def known(self) -> Domain:
        """Every value but "unknown"."""
        return self.universe - ONLY_UNKNOWN

    @property
    def unknown(self) -> Domain:
        """Only "unknown", where it can be."""
        return self.universe & ONLY_UNKNOWN

    def reads(self, value: object) -> bool:
        """Whether comparing with a written value is the order of this axis, and nothing is rounded on the way."""
        if self.type is ValueType.INTEGER:
            return isinstance(value, int | float) and abs(value) < _EXACT
        if self.type.is_numeric:
            return isinstance(value, int | float)
        if self.type.is_text:
            return isinstance(value, str)
        return type(value) is _WRITTEN.get(self.type)

    def compared(self, operator: str, value: Any) -> Domain:
        """The values that compare so with a written one."""
        at = float(value) if self.type.is_numeric and self.type is not ValueType.INTEGER else value
        low, high = self._cut(before(at)), self._cut(after(at))
        found = {
            "<": between(LOWEST, low),
            "<=": between(LOWEST, high),
            "=": between(low, high),
            "<>": ANY_KNOWN - between(low, high),
            ">=": between(low, HIGHEST),
            ">": between(high, HIGHEST),
        }
        return self.universe & found[operator]

    def _cut(self, cut: Cut) -> Cut:
        """The same cut, written just before a value where values come in steps."""
        _, value, side = cut
        if self.type is ValueType.INTEGER:
            whole = floor(value)
            return before(whole if whole == value and not side else whole + 1)
        if self.type is ValueType.DATE and side and value < date.max:
            return before(value + _ONE_DAY)
        return cut


_WRITTEN: Final[dict[ValueType, type]] = {
    ValueType.BOOLEAN: bool,
    ValueType.DATE: date,
    ValueType.INSTANT: datetime,
}


def axis_of(node: Node, labels: Collection[str]) -> Axis:
    """The axis of an attribute, a label or anything else that has a value.

    Args:
        node: What has the value.
        labels: The partitions; everyone has a label of each.
    """
    if not isinstance(node, Name):
        return Axis(repr(node), _TRUTH if node.type is ValueType.BOOLEAN else ANYTHING, node.type)
    symbol = node.symbol
    if symbol.type is ValueType.BOOLEAN:
        return Axis(symbol.name, _TRUTH, symbol.type)
    universe = points(symbol.values, unknown=True) if symbol.values and symbol.type.is_text else ANYTHING
    return Axis(symbol.name, universe - ONLY_UNKNOWN if symbol.name in labels else universe, symbol.type)


def membership(collection: Name, element: str) -> Axis:
    """Whether a set, where it is known, holds a text."""
    return Axis(f"{element!r} in {collection.symbol.name}", points((False, True)))


def comparison(operator: str, left: Node, right: Node) -> tuple[Axis, Domain]:
    """How two values compare, and which outcomes an operator takes; the same axis whichever stands first."""
    sides = sorted((repr(left), repr(right)))
    sign = operator if repr(left) == sides[0] else TURNED[operator]
    possible = (_EQUAL,) if left == right else (_LESS, _EQUAL, _MORE)
    axis = Axis(" ? ".join(sides), points(possible, unknown=True), ValueType.INTEGER)
    return axis, axis.universe & points(_HOW[sign])
