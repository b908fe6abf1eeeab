"""Unions of boxes: for which customers a condition can be true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from carpel.schemes.analysis.axes import Axis
from carpel.schemes.analysis.domains import Domain

MOST_BOXES: Final = 32
"""Beyond it a region is widened and called inexact: what cannot be decided within a moment is left alone."""


@dataclass(frozen=True)
class Box:
    """Customers each of whose values is within limits; what has no limit may be anything."""

    limits: Mapping[Axis, Domain]

    def meet(self, other: Box) -> Box | None:
        """Who is in both; None: nobody."""
        limits = dict(self.limits)
        for axis, allowed in other.limits.items():
            limits[axis] = limits.get(axis, axis.universe) & allowed
            if not limits[axis]:
                return None
        return Box(limits)

    def without(self, other: Box) -> list[Box]:
        """Who is in this and not in the other, as boxes of which no two overlap."""
        if self.meet(other) is None:
            return [self]
        found: list[Box] = []
        inside = dict(self.limits)
        for axis, allowed in other.limits.items():
            here = inside.get(axis, axis.universe)
            outside = here - allowed
            if outside:
                found.append(Box({**inside, axis: outside}))
            inside[axis] = here & allowed
        return found


@dataclass(frozen=True)
class Region:
    """Customers who are in any of some boxes.

    Attributes:
        boxes: Everyone who satisfies the condition is in one of them.
        exact: Whether everyone who is in one of them satisfies it too.
    """

    boxes: tuple[Box, ...]
    exact: bool = field(default=True)

    def __and__(self, other: Region) -> Region:
        """Who is in both."""
        if len(self.boxes) * len(other.boxes) > MOST_BOXES**2:
            return Region(self.boxes, exact=False)
        met = (one.meet(two) for one in self.boxes for two in other.boxes)
        boxes = _merged(box for box in met if box)
        if len(boxes) > MOST_BOXES:
            return Region(self.boxes, exact=False)
        return Region(boxes, self.exact and other.exact)

    def __or__(self, other: Region) -> Region:
        """Who is in either."""
        boxes = _merged((*self.boxes, *other.boxes))
        if len(boxes) > MOST_BOXES:
            return Region(EVERYWHERE.boxes, exact=False)
        return Region(boxes, self.exact and other.exact)

    def __sub__(self, other: Region) -> Region:
        """Who is in this and surely not in the other; nobody is taken away where that is not sure."""
        if not other.exact:
            return Region(self.boxes, exact=False)
        boxes = list(self.boxes)
        for taken in other.boxes:
            boxes = [piece for box in boxes for piece in box.without(taken)]
            if len(boxes) > MOST_BOXES:
                return Region(self.boxes, exact=False)
        return Region(tuple(boxes), self.exact)


EVERYWHERE: Final = Region((Box({}),))
NOWHERE: Final = Region(())


def box(limits: Mapping[Axis, Domain]) -> Region:
    """Customers within limits; nobody where a limit allows nothing."""
    return Region((Box(limits),)) if all(limits.values()) else NOWHERE


def meet(regions: Iterable[Region]) -> Region:
    """Who is in all of them."""
    return reduce(Region.__and__, regions, EVERYWHERE)


def join(regions: Iterable[Region]) -> Region:
    """Who is in any of them."""
    return reduce(Region.__or__, regions, NOWHERE)


def _merged(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Fewer boxes for the same customers: those that limit one and the same thing only become one."""
    single: dict[Axis, Domain] = {}
    others: list[Box] = []
    for each in boxes:
        if len(each.limits) == 1:
            ((axis, allowed),) = each.limits.items()
            single[axis] = single[axis] | allowed if axis in single else allowed
        elif not each.limits:
            return (each,)
        else:
            others.append(each)
    return (*(Box({axis: allowed}) for axis, allowed in single.items()), *others)
