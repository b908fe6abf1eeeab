"""What a partition's label says of the customers who have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Final

from carpel.kernel.language.tree import Name
from carpel.kernel.types import ValueType
from carpel.schemes.analysis.axes import Axis
from carpel.schemes.analysis.conditions import Conditions
from carpel.schemes.analysis.domains import Domain, points
from carpel.schemes.analysis.regions import EVERYWHERE, Region, box, join
from carpel.schemes.binding import Bound
from carpel.schemes.partitions import (
    UNKNOWN,
    UNRANKED,
    Categories,
    Cross,
    Order,
    Partition,
    Refined,
    Rules,
    Thresholds,
    Tiers,
    joined,
)

_MOST_LABELS: Final = 32
"""A limit that leaves more labels of a partition says little of its customers, and is not followed up."""


class Meanings:
    """For each label of each partition, a region that holds everyone who has it."""

    def __init__(self, bound: Bound, conditions: Conditions) -> None:
        self._partitions = [_Meaning(each, bound, conditions) for each in bound.scheme.partitions]

    def is_nobody(self, region: Region) -> bool:
        """Whether surely no customer is in a region, given what their labels say of them."""
        for meaning in reversed(self._partitions):
            if any(meaning.axis in each.limits for each in region.boxes):
                region = join(meaning.followed(Region((each,))) for each in region.boxes)
        return not region.boxes


class _Meaning:
    def __init__(self, partition: Partition, bound: Bound, conditions: Conditions) -> None:
        self.axis = label_axis(partition)
        self._partition = partition
        self._bound = bound
        self._conditions = conditions

    def followed(self, one: Region) -> Region:
        """One box, narrowed to what its labels allow."""
        allowed = one.boxes[0].limits.get(self.axis)
        if allowed is None:
            return one
        labels = [label for label in self._partition.labels if allowed & points((label,))]
        if len(labels) > _MOST_LABELS:
            return one
        return one & join(self._regions.get(label, EVERYWHERE) for label in labels)

    @cached_property
    def _regions(self) -> Mapping[str, Region]:
        match self._partition:
            case Rules():
                return dict(self._of_rules(self._partition))
            case Tiers():
                return dict(self._of_tiers(self._partition))
            case Categories():
                return dict(self._of_categories(self._partition))
            case Cross():
                return dict(_of_cross(self._partition))
            case Refined():
                return dict(_of_refined(self._partition))

    def _of_rules(self, rules: Rules) -> Iterator[tuple[str, Region]]:
        left = EVERYWHERE
        for part in rules.parts:
            taken = self._conditions.true(self._bound.tree(part.when).root) if part.when else EVERYWHERE
            yield part.key, left & taken
            left = left - taken

    def _of_tiers(self, tiers: Tiers) -> Iterator[tuple[str, Region]]:
        node = self._bound.tree(tiers.of).root
        axis = self._conditions.axis(node)
        ranked = self._conditions.true(self._bound.tree(tiers.over).root) if tiers.over else EVERYWHERE
        for label, allowed in _allowed(tiers, axis):
            yield label, ranked & self._conditions.within(node, axis, allowed)
        # A formula that gives no finite number has no tier either.
        yield UNKNOWN, ranked & box({axis: axis.unknown}) if isinstance(node, Name) else ranked
        # Cut points fitted on nobody rank nobody, whatever their values.
        fixed = isinstance(tiers.cut, Thresholds)
        yield UNRANKED, EVERYWHERE - ranked if fixed else EVERYWHERE

    def _of_categories(self, categories: Categories) -> Iterator[tuple[str, Region]]:
        axis = self._conditions.axis(self._bound.tree(categories.of).root)
        rest = axis.known
        for label, values in categories.values:
            yield label, box({axis: axis.universe & points(values)})
            rest = rest - points(values)
        yield categories.rest, box({axis: rest})
        yield UNKNOWN, box({axis: axis.unknown})


def label_axis(partition: Partition) -> Axis:
    """The axis of a partition's label: everyone has one."""
    return Axis(partition.key, points(partition.labels), ValueType.CATEGORY)


def _allowed(tiers: Tiers, axis: Axis) -> Iterator[tuple[str, Domain]]:
    """The values that each tier can hold, where that is settled before any data."""
    cut = tiers.cut
    bounds = [float(bound) for _, bound in cut.parts] if isinstance(cut, Thresholds) else []
    if not bounds or not all(axis.reads(bound) for bound in bounds):
        yield from ((label, axis.known) for label in cut.labels)
        return
    descending = cut.order is Order.DESCENDING
    inside, beyond = (">=", "<") if descending else ("<=", ">")
    reached = [axis.compared(inside, bound) for bound in bounds]
    missed = [axis.known, *(axis.compared(beyond, bound) for bound in bounds)]
    for label, at_least, below in zip(cut.labels, [*reached, axis.known], missed, strict=True):
        yield label, at_least & below


def _of_cross(cross: Cross) -> Iterator[tuple[str, Region]]:
    axes = [label_axis(each) for each in cross.of]
    for some in product(*(each.labels for each in cross.of)):
        yield joined(some), box({axis: points((label,)) for axis, label in zip(axes, some, strict=True)})


def _of_refined(refined: Refined) -> Iterator[tuple[str, Region]]:
    whole, parts = label_axis(refined.of), dict(refined.parts)
    for label in refined.of.labels:
        if label not in parts:
            yield label, box({whole: points((label,))})
            continue
        inside = label_axis(parts[label])
        for part in parts[label].labels:
            yield joined((label, part)), box({whole: points((label,)), inside: points((part,))})
