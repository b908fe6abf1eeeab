"""The counted figures of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from carpel.runs.moves.expecting import Expectation
from carpel.runs.planning.plans import Flow
from carpel.runs.views.figures.bins import Bins

PRODUCTS: Final = frozenset({"products_owned", "main_product", "next_product"})
"""Attributes whose values are ids of products."""

Counts: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """How customers fall into an attribute's bars.

    Attributes:
        bins: The bars.
        counts: Customers by leaf (row; the last row is everyone outside the base) and bar (column; the last column is
            those of whom the value is not known, and of sets the one before it those who have anything).
    """

    bins: Bins
    counts: Counts

    def of(self, rows: Sequence[int]) -> Counts:
        """Customers of some leaves together, by bar; the unknown last."""
        found: Counts = self.counts[list(rows)].sum(axis=0)
        return found


@dataclass(frozen=True)
class Sold:
    """Purchases of one leaf in one month on one day of the week.

    Attributes:
        leaf: The leaf's number; after the last leaf, everyone outside the base.
        month: The first day of the month; None where the day is not known.
        weekday: 1 is Monday; 0 where the day is not known.
        orders: How many purchases, returns not counted.
        revenue: Their money less returns, in minor units.
    """

    leaf: int
    month: date | None
    weekday: int
    orders: int
    revenue: int


@dataclass(frozen=True)
class Line:
    """What one leaf paid for one product.

    Attributes:
        leaf: The leaf's number.
        category: The product's category; None where nobody says.
        product: The product; None where lines name none.
        revenue: Less returns, in minor units; None where lines have no money.
    """

    leaf: int
    category: str | None
    product: str | None
    revenue: int | None


@dataclass(frozen=True)
class Foretold:
    """What a model says of customers, by leaf; the last is everyone outside the base.

    Attributes:
        sums: Of what it says; money in minor units.
        customers: Of how many it says something.
    """

    sums: tuple[float, ...]
    customers: tuple[int, ...]

    def of(self, rows: Sequence[int]) -> tuple[float, int]:
        """The sum of some leaves together, and of how many."""
        return sum(self.sums[row] for row in rows), sum(self.customers[row] for row in rows)


@dataclass(frozen=True)
class Wanted:
    """Customers of one leaf to whom one product is best offered next.

    Attributes:
        leaf: The leaf's number.
        product: The product's id.
        customers: How many they are.
    """

    leaf: int
    product: str
    customers: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What pages show of a run, by leaf; those of a segment of parts are the sums of its leaves.

    Attributes:
        leaves: The leaves' keys in the scheme's order; figures number them so.
        counted: By attribute; those of ids, free text and what identifies a person are not.
        known: Of how many customers each attribute is known, inside and outside the base.
        medians: By attribute, then by segment; None is the whole base.
        foretold: What models say, by attribute; of those that are numbers.
        wanted: What to offer next; empty where no model says.
        flows: Who went where since the run before; None where there is none.
        expected: What earlier movement leads one to expect of that.
        sold: Purchases by month and day of the week; None where facts are gone or nothing is dated.
        lines: What was paid for products; None where no lines are known.
        products: Names of products.
        freshest: The day of the latest event before the run's moment, by fact table.
    """

    leaves: tuple[str, ...]
    counted: Mapping[str, Counted]
    known: Mapping[str, int] = field(default_factory=dict)
    medians: Mapping[str, Mapping[str | None, float]] = field(default_factory=dict)
    foretold: Mapping[str, Foretold] = field(default_factory=dict)
    wanted: tuple[Wanted, ...] = ()
    flows: tuple[Flow, ...] | None = None
    expected: Expectation | None = None
    sold: tuple[Sold, ...] | None = None
    lines: tuple[Line, ...] | None = None
    products: Mapping[str, str] = field(default_factory=dict)
    freshest: Mapping[str, date] = field(default_factory=dict)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The number of each leaf."""
        return {key: number for number, key in enumerate(self.leaves)}

    def names_of(self, attribute: str) -> Mapping[str, str]:
        """What the values of an attribute are called, where they are ids of products."""
        return self.products if attribute in PRODUCTS else {}

    @property
    def base(self) -> range:
        """The numbers of all leaves."""
        return range(len(self.leaves))
