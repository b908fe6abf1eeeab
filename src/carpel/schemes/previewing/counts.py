"""What a preview says: customers and money of every segment, parents and leaves, and of what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from carpel.kernel.texts import Labels
from carpel.schemes.summary import SegmentTotal, Summary
from carpel.schemes.values import Scheme


@dataclass(frozen=True, kw_only=True)
class SegmentCount:
    """One segment of a previewed scheme.

    Attributes:
        key: The segment.
        parent: The segment that it refines; None at the top.
        depth: 0 at the top.
        label: What people call it.
        is_leaf: Whether customers are in it, rather than in its parts.
        is_remainder: Whether it takes everyone whom no rule before it took.
        customers: How many it holds.
        revenue: Their monetary value in minor units; None where profiles have none.
        is_idle: Whether it, or a segment above it, is only for customers whom a partition cannot place, and there are
            none.
    """

    key: str
    parent: str | None
    depth: int
    label: Labels
    is_leaf: bool
    is_remainder: bool
    customers: int
    revenue: int | None
    is_idle: bool = False


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A previewed scheme: its leaves add up to its base, and parts to their parent.

    Attributes:
        summary: The leaves, and what lies outside the base.
        segments: Every segment, parents before their parts, in the scheme's order.
    """

    summary: Summary
    segments: tuple[SegmentCount, ...]

    @classmethod
    def of(cls, scheme: Scheme, summary: Summary) -> Counts:
        """All segments of a scheme from its leaves."""
        totals = {each.key: each for each in summary.segments}
        return cls(summary=summary, segments=tuple(_counted(scheme, totals)))

    def share(self, segment: SegmentCount) -> float:
        """A segment's part of the base's customers."""
        return segment.customers / self.summary.base if self.summary.base else 0.0

    @property
    def remainder(self) -> SegmentCount:
        """Everyone of the base whom no rule of the first level took."""
        return next(each for each in self.segments if each.parent is None and each.is_remainder)


def _counted(scheme: Scheme, totals: Mapping[str, SegmentTotal]) -> Iterator[SegmentCount]:
    idle: set[str] = set()
    for path, segment in scheme.walk():
        leaves = [totals[leaf.key] for leaf in segment.leaves]
        customers = sum(each.customers for each in leaves)
        if (segment.left_over and not customers) or not idle.isdisjoint(path):
            idle.add(segment.key)
        money = [each.revenue for each in leaves if each.revenue is not None]
        yield SegmentCount(
            key=segment.key,
            parent=path[-2] if len(path) > 1 else None,
            depth=len(path) - 1,
            label=segment.name,
            is_leaf=not segment.segments,
            is_remainder=segment.when is None,
            customers=customers,
            revenue=sum(money) if money else None,
            is_idle=segment.key in idle,
        )
