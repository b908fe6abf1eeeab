"""A condition's tree to the customers for whom it is true, or false; for all others it is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from carpel.kernel.language.evaluating import evaluate_node
from carpel.kernel.language.row_functions import skips_unknown
from carpel.kernel.language.tree import (
    Among,
    And,
    Arithmetic,
    Between,
    Call,
    Comparison,
    Contains,
    IsNull,
    Like,
    Name,
    Node,
    Not,
    Or,
    walk,
)
from carpel.kernel.types import ValueType
from carpel.schemes.analysis.axes import TURNED, Axis, axis_of, comparison, membership
from carpel.schemes.analysis.domains import Domain, points
from carpel.schemes.analysis.regions import EVERYWHERE, NOWHERE, Region, box, join, meet

_OPPOSITE: Final = {"<": ">=", "<=": ">", "=": "<>", "<>": "=", ">=": "<", ">": "<="}


@dataclass(frozen=True)
class Conditions:
    """Reads conditions of one scheme.

    Attributes:
        labels: Its partitions; everyone has a label of each.
        moments: Whether moments are compared; not where it is open when a written day begins.
    """

    labels: frozenset[str] = frozenset()
    moments: bool = True

    def true(self, node: Node) -> Region:
        """For whom a condition holds."""
        return self._where(node, wanted=True)

    def axis(self, node: Node) -> Axis:
        """The axis of something that has a value."""
        return axis_of(node, self.labels)

    def within(self, node: Node, axis: Axis, allowed: Domain) -> Region:
        """Who has one of some known values; then whatever it is made of is known too."""
        needed = {self.axis(name): self.axis(name).known for name in _needed(node)}
        return box({**needed, axis: allowed})

    def _where(self, node: Node, *, wanted: bool) -> Region:
        if _is_constant(node):
            return EVERYWHERE if evaluate_node(node, {}, digits=0) is wanted else NOWHERE
        match node:
            case And() | Or():
                parts = [self._where(each, wanted=wanted) for each in node.conditions]
                return meet(parts) if isinstance(node, And) is wanted else join(parts)
            case Not():
                return self._where(node.condition, wanted=not wanted)
            case _:
                return self._asked(node, wanted=wanted)

    def _asked(self, node: Node, *, wanted: bool) -> Region:
        match node:
            case Comparison():
                return self._compared(node.operator if wanted else _OPPOSITE[node.operator], node.left, node.right)
            case Between():
                return self._where(_both_bounds(node), wanted=wanted)
            case Among():
                return self._listed(node, wanted=wanted)
            case Contains(collection=Name() as collection, element=element) if _is_constant(element):
                return self._held(collection, evaluate_node(element, {}, digits=0), wanted=wanted)
            case IsNull():
                axis = self.axis(node.operand)
                return box({axis: axis.unknown}) if wanted else self.within(node.operand, axis, axis.known)
            case _:
                return self._simply(node, wanted=wanted)

    def _simply(self, node: Node, *, wanted: bool) -> Region:
        axis = self.axis(node)
        return self.within(node, axis, axis.universe & points((wanted,)))

    def _compared(self, operator: str, left: Node, right: Node) -> Region:
        if _is_constant(left):
            left, right, operator = right, left, TURNED[operator]
        if not _is_constant(right):
            return self._between_two(operator, left, right)
        value = evaluate_node(right, {}, digits=0)
        if value is None:
            return NOWHERE
        if left.type is ValueType.BOOLEAN and isinstance(value, bool):
            return self._where(left, wanted=value is (operator == "="))
        axis = self.axis(left)
        if not self._reads(axis, value):
            return self._between_two(operator, left, right)
        return self.within(left, axis, axis.compared(operator, value))

    def _between_two(self, operator: str, left: Node, right: Node) -> Region:
        axis, allowed = comparison(operator, left, right)
        either = {self.axis(name): self.axis(name).known for name in (*_needed(left), *_needed(right))}
        return box({**either, axis: allowed})

    def _listed(self, node: Among, *, wanted: bool) -> Region:
        values = [each.value for each in node.values]
        if node.operand.type is ValueType.BOOLEAN:
            parts = [self._compared("=" if wanted else "<>", node.operand, each) for each in node.values]
            return join(parts) if wanted else meet(parts)
        axis = self.axis(node.operand)
        if not all(self._reads(axis, value) for value in values):
            return self._simply(node, wanted=wanted)
        listed = axis.compared("=", values[0])
        for value in values[1:]:
            listed |= axis.compared("=", value)
        return self.within(node.operand, axis, listed if wanted else axis.known - listed)

    def _held(self, collection: Name, element: str | None, *, wanted: bool) -> Region:
        if element is None:
            return NOWHERE
        whole = self.axis(collection)
        return box({whole: whole.known, membership(collection, element): points((wanted,))})

    def _reads(self, axis: Axis, value: Any) -> bool:
        return axis.reads(value) and (self.moments or axis.type is not ValueType.INSTANT)


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Name) for part in walk(node))


def _both_bounds(node: Between) -> And:
    low, high = (
        Comparison(type=node.type, span=node.span, operator=operator, left=node.operand, right=bound)
        for operator, bound in ((">=", node.low), ("<=", node.high))
    )
    return And(type=node.type, span=node.span, conditions=(low, high))


def _needed(node: Node) -> frozenset[Name]:
    """The attributes without which a value is unknown."""
    match node:
        case Name():
            return frozenset({node})
        case Call() if skips_unknown(node.function):
            return frozenset.intersection(*(_needed(each) for each in node.arguments))
        case Arithmetic() | Call() | Comparison() | Like() | Contains() | Among() | Not():
            return frozenset[Name]().union(*(_needed(each) for each in node.parts()))
        case _:
            return frozenset()
