"""What part of a customer's purchases is of each category: needs, whatever the number of purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.clusters.points import Matrix
from carpel.models.clusters.traits import Measure, Trait
from carpel.models.frames.frame import Rows
from carpel.models.frames.moments import NUMBER
from carpel.profiles import Unit

CATEGORIES: Final = 8
"""The most categories that are looked at, those that most customers buy first."""
_RARE: Final = 0.03
"""The least part of buyers who have bought from a category."""
_PULL: Final = 2.0
"""The days of purchases that everybody is taken to have made as the others do: one purchase says little of needs."""
WANTS: Final = ("order_lines.category", "order_lines.day")
"""Without which there are no shares."""


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Categories, and what part of all purchases is of each.

    Attributes:
        categories: Their names.
        usual: The part of each of days on which something was bought from any category, over all customers.
    """

    categories: tuple[str, ...] = ()
    usual: tuple[float, ...] = ()

    @classmethod
    def of(cls, bought: pa.Table) -> Shares:
        """The categories that customers buy from.

        Args:
            bought: Customers by categories, with `days`, as `bought_from` gives them.
        """
        buyers = len(set(bought[NUMBER].to_pylist()))
        counted = bought.group_by("category").aggregate([("days", "sum"), ("days", "count")]).to_pylist()
        often = [each for each in counted if each["days_count"] >= _RARE * buyers]
        largest = sorted(often, key=lambda each: (-each["days_count"], each["category"]))[:CATEGORIES]
        whole = sum(each["days_sum"] for each in counted)
        return cls(
            categories=tuple(each["category"] for each in largest),
            usual=tuple(each["days_sum"] / whole for each in largest),
        )

    @property
    def traits(self) -> tuple[Trait, ...]:
        """One for each category; no rule can name them."""
        return tuple(_trait(each) for each in self.categories)

    def added(self, table: pa.Table, bought: pa.Table) -> pa.Table:
        """Customers with a column for each category; null of those who bought nothing.

        Args:
            table: One row for each customer, in order of `customer_no`.
            bought: As in `of`; of other customers too.
        """
        numbers = np.asarray(table[NUMBER], dtype=np.int64)
        days = self._days(bought, numbers)
        whole = _summed(bought, numbers)
        parts = (days + _PULL * np.array(self.usual)) / (whole + _PULL)[:, None]
        for trait, column in zip(self.traits, parts.T, strict=True):
            table = table.append_column(trait.column, pa.array(column, mask=whole == 0))
        return table

    def _days(self, bought: pa.Table, numbers: Rows) -> Matrix:
        places = {name: place for place, name in enumerate(self.categories)}
        found = np.zeros((len(numbers), len(places)))
        rows, inside = _rows(bought, numbers)
        columns = np.array([places.get(name, -1) for name in bought["category"].to_pylist()], dtype=np.intp)
        inside &= columns >= 0
        found[rows[inside], columns[inside]] = np.asarray(bought["days"], dtype=np.float64)[inside]
        return found

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"categories": list(self.categories), "usual": list(self.usual)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Sequence[Any]]) -> Shares:
        """What `to_json` gave."""
        return cls(categories=tuple(kept["categories"]), usual=tuple(kept["usual"]))


def _trait(category: str) -> Trait:
    return Trait(
        column=f"share: {category}",
        attribute=None,
        measure=Measure.NUMBER,
        type=ValueType.SHARE,
        unit=Unit.SHARE,
        label=text("models.clusters-share-of", category=category),
        member=category,
        changeable=True,
    )


def _rows(bought: pa.Table, numbers: Rows) -> tuple[Rows, np.ndarray[Any, np.dtype[np.bool_]]]:
    """The row of each customer among some, and whether they are among them."""
    theirs = np.asarray(bought[NUMBER], dtype=np.int64)
    rows = np.clip(np.searchsorted(numbers, theirs), 0, max(len(numbers) - 1, 0))
    return rows, numbers[rows] == theirs if len(numbers) else np.zeros(len(theirs), dtype=bool)


def _summed(bought: pa.Table, numbers: Rows) -> Matrix:
    rows, inside = _rows(bought, numbers)
    days = np.asarray(bought["days"], dtype=np.float64)
    return np.bincount(rows[inside], weights=days[inside], minlength=len(numbers)).astype(np.float64)
