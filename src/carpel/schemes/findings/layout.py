"""Where each segment stands among the leaves: a segment is a run of them, and so is a level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carpel.schemes.partitions import Rule
from carpel.schemes.values import Scheme, Segment


@dataclass(frozen=True)
class Leaves:
    """Leaves that follow each other, by number."""

    first: int
    last: int

    def __contains__(self, leaf: object) -> bool:
        return isinstance(leaf, int) and self.first <= leaf <= self.last


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A segment with a rule.

    Attributes:
        key: The segment.
        rule: Its rule.
        depth: How many segments stand above it.
        position: Its place on its level, from 0.
        leaves: Its leaves.
        level: The leaves of its level.
    """

    key: str
    rule: Rule
    depth: int
    position: int
    leaves: Leaves
    level: Leaves


def ruled(scheme: Scheme) -> tuple[Ruled, ...]:
    """Every segment with a rule, parents before their parts."""
    return tuple(_level(scheme.segments, 0, 0))


def _level(segments: Sequence[Segment], start: int, depth: int) -> Iterator[Ruled]:
    level = Leaves(start, start + sum(len(each.leaves) for each in segments) - 1)
    for position, segment in enumerate(segments):
        own = Leaves(start, start + len(segment.leaves) - 1)
        if segment.when:
            yield Ruled(key=segment.key, rule=segment.when, depth=depth, position=position, leaves=own, level=level)
        if segment.segments:
            yield from _level(segment.segments, start, depth + 1)
        start = own.last + 1
