"""Order histories as their sufficient statistics: how often, how recently, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.models.value.arrays import Array, Numbers, Positions, column

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Histories:
    """What an order model needs to know of each customer, in one unit of time.

    Orders of one day count once, and a customer's first order begins the history without being counted.

    Attributes:
        frequency: Orders after the first.
        recency: Time from the first order to the latest; 0 where there is no order after the first.
        age: Time from the first order to the end of what is known.
        weights: How many customers each row stands for.
        log_gaps: The sum of the logarithms of the times between orders; None where only the three above are
            known. They tell how regular orders are.
    """

    frequency: Array
    recency: Array
    age: Array
    weights: Array
    log_gaps: Array | None = None

    @classmethod
    def of(
        cls,
        frequency: Numbers,
        recency: Numbers,
        age: Numbers,
        weights: Numbers | None = None,
        log_gaps: Numbers | None = None,
    ) -> Histories:
        """Histories from columns of equal length.

        Raises:
            CarpelError: A row that no customer can have, by its number; columns of different length; no rows.
        """
        often = column(frequency)
        many = np.ones_like(often) if weights is None else column(weights)
        gaps = None if log_gaps is None else column(log_gaps)
        histories = cls(frequency=often, recency=column(recency), age=column(age), weights=many, log_gaps=gaps)
        _check(histories)
        return histories

    @property
    def customers(self) -> float:
        """How many customers the rows stand for."""
        return float(self.weights.sum())

    @property
    def orders(self) -> float:
        """How many orders after the first they have made together."""
        return float(self.weights @ self.frequency)

    def grouped(self) -> tuple[Histories, Positions]:
        """One row for customers of equal history, and the row of each customer."""
        where, count = _group((self.frequency, self.recency, self.age))
        first = np.zeros(count, dtype=np.intp)
        first[where[::-1]] = np.arange(len(where))[::-1]
        weights = np.bincount(where, self.weights, minlength=count).astype(np.float64)
        gaps = None
        if self.log_gaps is not None:
            sums = np.bincount(where, self.weights * self.log_gaps, minlength=count)
            gaps = np.divide(sums, weights, out=np.zeros(count), where=weights > 0)
        kept = Histories(
            frequency=self.frequency[first],
            recency=self.recency[first],
            age=self.age[first],
            weights=weights,
            log_gaps=gaps,
        )
        return kept, where

    def take(self, rows: Positions | slice) -> Histories:
        """Only some of the rows."""
        return Histories(
            frequency=self.frequency[rows],
            recency=self.recency[rows],
            age=self.age[rows],
            weights=self.weights[rows],
            log_gaps=None if self.log_gaps is None else self.log_gaps[rows],
        )

    def sample(self, size: int) -> Histories:
        """A seeded sample of the rows, to find good starts by; all of them where there are no more than that."""
        if len(self.frequency) <= size:
            return self
        rows = np.random.default_rng(0).choice(len(self.frequency), size, replace=False)
        return self.take(np.sort(rows))


def _group(columns: tuple[Array, ...]) -> tuple[Positions, int]:
    """The number of each row's group, in order of the columns, and how many groups there are."""
    codes = np.zeros(len(columns[0]), dtype=np.intp)
    count = 1
    for values in columns:
        distinct, place = np.unique(values, return_inverse=True)
        merged, codes = np.unique(codes * len(distinct) + place, return_inverse=True)
        count = len(merged)
    return codes.astype(np.intp), count


def _check(histories: Histories) -> None:
    check_columns(
        {
            "frequency": histories.frequency,
            "recency": histories.recency,
            "age": histories.age,
            "weights": histories.weights,
        }
    )
    often, recency, age = histories.frequency, histories.recency, histories.age
    _refuse("models.frequency-not-whole", often != np.floor(often), often)
    _refuse("models.recency-without-orders", (often == 0) & (recency > 0), recency)
    _refuse("models.orders-without-recency", (often > 0) & (recency == 0), often)
    _refuse("models.recency-after-age", recency > age * (1 + _ROUNDING), recency)
    if histories.log_gaps is not None:
        check_columns({"frequency": often}, free={"log_gaps": histories.log_gaps})


def check_columns(columns: dict[str, Array], free: dict[str, Array] | None = None) -> None:
    """Columns are of one length, finite, and not negative unless they are free to be."""
    everything = {**columns, **(free or {})}
    _check_lengths(everything)
    for name, values in everything.items():
        _refuse("models.not-a-number", ~np.isfinite(values), values, column=name)
    for name, values in columns.items():
        _refuse("models.negative", values < 0, values, column=name)


def _check_lengths(columns: dict[str, Array]) -> None:
    (first, wanted), *rest = ((name, len(values)) for name, values in columns.items())
    if not wanted:
        raise CarpelError("models.no-customers")
    for name, length in rest:
        if length != wanted:
            raise CarpelError("models.lengths-differ", first=first, length=wanted, second=name, other=length)


def _refuse(key: str, wrong: Iterable[bool], values: Array, **params: str) -> None:
    rows = np.flatnonzero(np.asarray(wrong))
    if len(rows):
        raise CarpelError(key, row=int(rows[0]) + 1, value=str(float(values[rows[0]])), **params)
