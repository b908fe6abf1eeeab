"""How a scheme divides customers and money; leaves and rests add up to everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Labels, text
from carpel.schemes.values import Scheme


@dataclass(frozen=True, kw_only=True)
class SegmentTotal:
    """One leaf of a scheme with what it holds.

    Attributes:
        key: The segment.
        parent: The segment that it refines; None at the top.
        label: What people call it.
        customers: How many are in it.
        share: Their share of the base, 0 to 1; 0 where the base is empty.
        revenue: Their monetary value in minor units; None where profiles have none.
    """

    key: str
    parent: str | None
    label: Labels
    customers: int
    share: float
    revenue: int | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """All leaves of a scheme and what lies outside its base.

    Attributes:
        base: Customers whom the scheme divides; the leaves' customers add up to it.
        outside_base: Customers whom it does not.
        segments: The leaves in the scheme's order, empty ones too.
        outside_revenue: Monetary value outside the base, in minor units; None where profiles have none.
    """

    base: int
    outside_base: int
    segments: tuple[SegmentTotal, ...]
    outside_revenue: int | None = None

    @property
    def revenue(self) -> int | None:
        """Monetary value of every customer, inside and outside the base."""
        if self.outside_revenue is None:
            return None
        return self.outside_revenue + sum(each.revenue or 0 for each in self.segments)


def summarise(scheme: Scheme, totals: pa.Table, *, valued: bool = True) -> Summary:
    """Read the result of `totals`.

    Args:
        scheme: The scheme.
        totals: `segment, customers, revenue`; one row for each segment that has customers.
        valued: Whether profiles have `monetary_value`.
    """
    rows = {row["segment"]: row for row in totals.to_pylist()}
    outside = rows.pop(None, {})
    base = sum(int(row["customers"]) for row in rows.values())
    return Summary(
        base=base,
        outside_base=int(outside.get("customers", 0)),
        segments=tuple(_totals(scheme, rows, base, valued=valued)),
        outside_revenue=int(outside.get("revenue") or 0) if valued else None,
    )


def too_small(scheme: Scheme, summary: Summary) -> Iterator[Issue]:
    """A segment with fewer customers than the scheme's own limit is hardly worth serving apart."""
    fewest = scheme.limits.customers
    for each in summary.segments:
        if fewest is not None and each.customers < fewest:
            found = text("schemes.too-small", segment=each.label, customers=each.customers, limit=fewest)
            yield Issue(severity=Severity.WARNING, text=found, place=each.key, count=each.customers)


def _totals(
    scheme: Scheme, rows: Mapping[str, Mapping[str, int]], base: int, *, valued: bool
) -> Iterator[SegmentTotal]:
    for leaf in scheme.leaves:
        row = rows.get(leaf.key, {})
        customers = int(row.get("customers", 0))
        path = scheme.paths[leaf.key]
        yield SegmentTotal(
            key=leaf.key,
            parent=path[-2] if len(path) > 1 else None,
            label=leaf.name,
            customers=customers,
            share=customers / base if base else 0.0,
            revenue=int(row.get("revenue") or 0) if valued else None,
        )
