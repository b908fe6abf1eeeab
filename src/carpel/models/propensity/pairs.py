"""Customers who have bought, each beside categories that they may buy from next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Text, text
from carpel.models.frames import Windows, bought_from
from carpel.models.frames.moments import NUMBER, sampled
from carpel.models.learning import Ground

MOST: Final = 40
"""Categories that are told apart: those with the most buyers."""
POPULAR: Final = 3
"""Categories that are asked about of everybody; the others of those who have bought from them."""
_TYPES: Final[Mapping[str, pa.DataType]] = {"category": pa.string()}
LABELS: Final[Mapping[str, Text]] = {
    key: text(f"models.category-feature-{key.replace('_', '-')}")
    for key in ("category", "days", "since_last", "since_first", "part", "all_days", "since_any", "buyers")
}
"""What a pair is told by."""
_EPOCH: Final = 719_163
"""1970-01-01 as dates count days."""

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """Customers who have bought, each beside the categories that they may buy from next.

    Those are all that they have bought from, and the few that most customers buy from.

    Attributes:
        numbers: The customers, in order.
        names: The categories.
        customer: Of each pair, the place of its customer; in order.
        category: Of each pair, the place of its category.
        table: What each pair is told by.
        favourites: Of each customer, the pair with the category that they have bought from on the most days, of equals
            the last bought from; of those who have bought from none of these, the pair with the commonest.
        commonest: Of each customer, the pair with the category that most customers buy from.
    """

    numbers: Whole
    names: tuple[str, ...]
    customer: Whole
    category: Whole
    table: pa.Table
    favourites: Whole
    commonest: Whole

    @classmethod
    def of(cls, bought: pa.Table, at: AsOf, names: Sequence[str], buyers: Mapping[str, float]) -> Self:
        """From what `bought_from` gives until a moment; `buyers` is each category's part of all customers."""
        today = at.day.toordinal()
        numbers, where = np.unique(np.asarray(bought[NUMBER], dtype=np.int64), return_inverse=True)
        place = _places(bought["category"], names)
        days = np.asarray(bought["days"], dtype=np.float64)
        first, last = (today - _ordinals(bought[name]) for name in ("first", "last"))
        told, shape = place >= 0, (len(numbers), len(names))
        cell = (where[told], place[told])
        own, since_last, since_first = np.zeros(shape), np.full(shape, np.nan), np.full(shape, np.nan)
        own[cell], since_last[cell], since_first[cell] = days[told], last[told], first[told]
        total, latest = np.bincount(where, days, len(numbers)), np.full(len(numbers), np.inf)
        np.minimum.at(latest, where, last)
        beside = own > 0
        beside[:, :POPULAR] = True
        pair = np.full(shape, -1)
        pair[beside] = np.arange(beside.sum())
        customer, category = np.nonzero(beside)
        # Days are whole, so a part of one decides only between equals.
        ranked = own - np.nan_to_num(since_last, nan=0.0) / (today + 1)
        columns: dict[str, Any] = {
            "category": np.array(names, dtype=object)[category],
            "days": own[beside],
            "since_last": since_last[beside],
            "since_first": since_first[beside],
            "part": own[beside] / np.maximum(total, 1)[customer],
            "all_days": total[customer],
            "since_any": latest[customer],
            "buyers": np.array([buyers[name] for name in names])[category],
        }
        return cls(
            numbers=numbers,
            names=tuple(names),
            customer=customer,
            category=category,
            table=pa.table({key: pa.array(each, _TYPES.get(key), from_pandas=True) for key, each in columns.items()}),
            favourites=pair[np.arange(len(numbers)), ranked.argmax(axis=1)],
            commonest=pair[:, 0],
        )

    def likeliest(self, chances: Numbers) -> Whole:
        """Of each customer, the pair with the greatest of these; of equals the commoner category."""
        order = np.lexsort((self.category, -chances, self.customer))
        return np.asarray(order[np.searchsorted(self.customer, np.arange(len(self.numbers)))], dtype=np.int64)

    def outcome(self, later: pa.Table) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Of each pair, 1 where `bought_from` later gives it, else 0; of each customer, whether it gives any."""
        place, number = _places(later["category"], self.names), np.asarray(later[NUMBER], dtype=np.int64)
        told = (place >= 0) & np.isin(number, self.numbers)
        row = np.searchsorted(self.numbers, number[told])
        many = max(len(self.names), 1)
        pairs = self.customer * many + self.category
        happened = np.isin(pairs, row * many + place[told]).astype(np.float64)
        return happened, np.isin(np.arange(len(self.numbers)), row)


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """Pairs as of a moment, and what came of them in the days after.

    Attributes:
        pairs: Customers and categories.
        happened: 1 where the customer bought from the category, else 0.
        bought: Of each customer, whether they bought from any category.
    """

    pairs: Pairs
    happened: Numbers
    bought: npt.NDArray[np.bool_]


def bought_until(ground: Ground, at: AsOf, since: AsOf | None = None) -> pa.Table:
    """What `bought_from` gives of the sample that models learn from."""
    return ground.engine.read(bought_from(ground.facts, since, at), ground.facts.bindings(sampled(ground.facts)))


def names_of(bought: pa.Table) -> tuple[str, ...]:
    """The categories with the most buyers, those first; equals by name."""
    counts = bought["category"].value_counts().to_pylist()
    ranked = sorted(counts, key=lambda row: (-row["counts"], row["values"]))
    return tuple(row["values"] for row in ranked[:MOST])


def part_of_buyers(bought: pa.Table, names: Sequence[str]) -> dict[str, float]:
    """Of all who have bought, the part that has bought from each category."""
    counts = {row["values"]: row["counts"] for row in bought["category"].value_counts().to_pylist()}
    everybody = max(len(bought[NUMBER].unique()), 1)
    return {name: counts.get(name, 0) / everybody for name in names}


def part_of(ground: Ground, start: AsOf, during: Windows, names: Sequence[str]) -> Part:
    """Pairs as of a moment, and whether the customer bought from the category in the days after."""
    before = bought_until(ground, start)
    pairs = Pairs.of(before, start, names, part_of_buyers(before, names))
    happened, bought = pairs.outcome(bought_until(ground, during.end(start), start))
    return Part(pairs=pairs, happened=happened, bought=bought)


def _places(column: pa.ChunkedArray, names: Sequence[str]) -> Whole:
    places = {name: place for place, name in enumerate(names)}
    return np.array([places.get(name, -1) for name in column.to_pylist()], dtype=np.int64)


def _ordinals(column: pa.ChunkedArray) -> Numbers:
    days = column.cast(pa.date32()).cast(pa.int32()).to_numpy()
    return np.asarray(days, dtype=np.float64) + _EPOCH
