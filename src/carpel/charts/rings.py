"""Rings: a circle divided in proportion, and one turned to face another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import pi
from typing import Final

FULL: Final = 2 * pi
LEAST: Final = FULL / 150
"""Anything at all is drawn at least this wide, and marked where it had to be widened."""
_WIDER: Final = 1 + 1e-9


@dataclass(frozen=True)
class Arc:
    """A part of a ring, from the top clockwise, in radians.

    Attributes:
        start: Where it begins.
        end: Where it ends; the same where there is nothing.
        widened: Whether it is drawn wider than it is.
    """

    start: float
    end: float
    widened: bool = False

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.start + self.end) / 2

    @property
    def is_there(self) -> bool:
        """Whether it holds anything."""
        return self.end > self.start


def arcs(values: Sequence[int]) -> tuple[Arc, ...]:
    """A ring divided in proportion; slivers are widened and the others give way, so that the ring stays full."""
    total = sum(values)
    if not total:
        return tuple(Arc(0.0, 0.0) for _ in values)
    exact = [FULL * value / total for value in values]
    found, at = [], 0.0
    for true, drawn in zip(exact, _widened(exact), strict=True):
        found.append(Arc(at, at + drawn, drawn > true * _WIDER))
        at += drawn
    return tuple(found)


def facing(inner: Sequence[Arc], outer: Sequence[Arc]) -> tuple[Arc, ...]:
    """The outer ring, turned so that the ribbons from the inner one lean as little as can be."""
    both = [(one, other) for one, other in zip(inner, outer, strict=True) if one.is_there and other.is_there]
    leaning = [far - near for one, other in both for near, far in ((one.start, other.start), (one.end, other.end))]
    if not leaning:
        return tuple(outer)
    turn = (max(leaning) + min(leaning)) / 2
    return tuple(replace(arc, start=arc.start - turn, end=arc.end - turn) for arc in outer)


def _widened(exact: Sequence[float]) -> list[float]:
    """What slivers take the others give, in proportion to what they have; none of them becomes a sliver by it."""
    least = min(LEAST, FULL / (2 * sum(angle > 0 for angle in exact)))
    slivers = [False for _ in exact]
    while True:
        rest = sum(angle for angle, is_sliver in zip(exact, slivers, strict=True) if not is_sliver)
        scale = (FULL - least * sum(slivers)) / rest
        found = [least if is_sliver else angle * scale for angle, is_sliver in zip(exact, slivers, strict=True)]
        small = [is_sliver or 0 < angle < least for angle, is_sliver in zip(found, slivers, strict=True)]
        if small == slivers:
            return found
        slivers = small
