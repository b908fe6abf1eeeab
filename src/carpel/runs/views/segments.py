"""The segments of a run, with their customers and money, as people and scripts read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels
from carpel.runs.opening import Run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class SegmentRow:
    """One segment in one run.

    Attributes:
        key: Its stable name.
        parent: The segment that it refines; None at the top.
        depth: 0 at the top.
        label: Its name for people.
        is_leaf: Whether customers are in it, rather than in its parts.
        customers: How many customers it holds.
        revenue: Their money in minor units; None where no table has money.
        is_idle: Whether it, or a segment above it, is only for customers whom a partition cannot place, and there are
            none.
    """

    key: str
    parent: str | None
    depth: int
    label: Labels
    is_leaf: bool
    customers: int
    revenue: int | None
    is_idle: bool = False


@dataclass(frozen=True, kw_only=True)
class SegmentTable:
    """All segments of a run. Leaves add up to the base; leaves and rests to the source's money.

    Attributes:
        run: The run's id.
        as_of: The day it knows up to.
        currency: The reporting currency.
        base: Customers who are in a segment.
        outside_base: Customers whom the scheme does not divide.
        rows: Parents before their parts, in the scheme's order.
        rests: Money that is in no segment, by why, in minor units.
    """

    run: str
    as_of: date
    currency: Currency
    base: int
    outside_base: int
    rows: tuple[SegmentRow, ...]
    rests: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> SegmentTable:
        """The segments of a run."""
        manifest = run.manifest
        outside = {} if manifest.outside_revenue is None else {"outside_base": manifest.outside_revenue}
        return cls(
            run=run.id,
            as_of=run.as_of.day,
            currency=run.currency,
            base=manifest.base,
            outside_base=manifest.outside_base,
            rows=tuple(_rows(run)),
            rests={**outside, **manifest.rests},
        )

    @property
    def leaves(self) -> tuple[SegmentRow, ...]:
        """The segments that customers are in."""
        return tuple(row for row in self.rows if row.is_leaf)

    @property
    def has_money(self) -> bool:
        """Whether the workspace knows revenue."""
        return any(row.revenue is not None for row in self.rows)

    @property
    def revenue(self) -> int:
        """The money of all segments, in minor units."""
        return sum(row.revenue or 0 for row in self.leaves)

    def share(self, row: SegmentRow) -> float:
        """A segment's part of the base's customers."""
        return row.customers / self.base if self.base else 0.0

    def to_pandas(self) -> pd.DataFrame:
        """One row per segment: key, parent, label, customers, share, revenue."""
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(
            {
                "key": row.key,
                "parent": row.parent,
                "label": row.label.render(),
                "customers": row.customers,
                "share": self.share(row),
                "revenue": None if row.revenue is None else self.currency.major(row.revenue),
            }
            for row in self.rows
        )

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        caption = f"<caption>{self.base:,} &middot; {escape(self.as_of.isoformat())}</caption>"
        return str(self.to_pandas().to_html(index=False)).replace(">\n", f">{caption}\n", 1)


def _rows(run: Run) -> Iterator[SegmentRow]:
    sizes = {size.key: size for size in run.manifest.segments}
    idle: set[str] = set()
    for path, segment in run.scheme.walk():
        leaves = [sizes[leaf.key] for leaf in segment.leaves]
        customers = sum(leaf.customers for leaf in leaves)
        if (segment.left_over and not customers) or not idle.isdisjoint(path):
            idle.add(segment.key)
        money = [leaf.revenue for leaf in leaves if leaf.revenue is not None]
        yield SegmentRow(
            key=segment.key,
            parent=path[-2] if len(path) > 1 else None,
            depth=len(path) - 1,
            label=segment.name,
            is_leaf=not segment.segments,
            customers=customers,
            revenue=sum(money) if money else None,
            is_idle=segment.key in idle,
        )
