"""What every model of orders answers, whatever it assumes of how customers order and leave."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Self

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.models.value.arrays import Array, Numbers
from carpel.models.value.estimating import Estimator
from carpel.models.value.fitting import Fit, Likelihood, maximise
from carpel.models.value.histories import Histories
from carpel.models.value.quadrature import graded_times

_AT_ONCE: Final = 8_192
_STARTING_SAMPLE: Final = 2_000
_FORGOTTEN: Final = 40.0
"""Discounted by exp(-40), nothing is left of any value."""


class OrderModel(Estimator):
    """How often customers order, until they leave without saying so.

    Time is in whatever unit the columns have; `horizon` and `discount` are in the same one.
    """

    def fit(
        self,
        frequency: Numbers,
        recency: Numbers,
        age: Numbers,
        weights: Numbers | None = None,
        log_gaps: Numbers | None = None,
    ) -> Self:
        """Learn from order histories; the columns are those of `Histories`.

        Raises:
            CarpelError: An impossible history, too few customers, or nobody who ordered again.
        """
        return self.fit_histories(Histories.of(frequency, recency, age, weights, log_gaps))

    def fit_histories(self, histories: Histories) -> Self:
        """Learn from order histories that are at hand as such."""
        groups, _ = histories.grouped()
        self._require(groups)
        self._result = self._fitted(groups)
        return self

    def log_likelihood(self, histories: Histories) -> Array:
        """How likely each customer's history is, as the logarithm of the density of its orders in time."""
        return self._core(histories) + self._gap_term(histories.frequency, histories.recency, histories.log_gaps)

    def later_log_likelihood(self, before: Histories, whole: Histories) -> Array:
        """How likely what each customer did later is, given what they had done before.

        Args:
            before: Histories up to some day.
            whole: The same customers in the same order, up to a later one.
        """
        later = whole.frequency - before.frequency
        if len(before.frequency) != len(whole.frequency) or (later < 0).any() or (whole.age < before.age).any():
            raise CarpelError("models.not-later")
        gaps = None
        if whole.log_gaps is not None and before.log_gaps is not None:
            gaps = whole.log_gaps - before.log_gaps
        elapsed = np.where(later > 0, whole.recency - before.recency, 0.0)
        return self._core(whole) - self._core(before) + self._gap_term(later, elapsed, gaps)

    def expected_orders(self, horizon: float) -> float:
        """Orders of a new customer in (0, horizon], after the first."""
        return float(self.conditional_orders(horizon, [0], [0], [0])[0])

    def conditional_orders(self, horizon: float, frequency: Numbers, recency: Numbers, age: Numbers) -> Array:
        """Orders to expect of each customer in (age, age + horizon]."""
        return self.orders_within((horizon,), frequency, recency, age)[:, 0]

    def orders_within(self, horizons: Sequence[float], frequency: Numbers, recency: Numbers, age: Numbers) -> Array:
        """Orders to expect of each customer within each of several horizons, shape (customers, horizons)."""
        for horizon in horizons:
            _require_horizon(horizon)

        def answer(groups: Histories) -> Array:
            orders = self._orders(groups)
            return np.stack([orders(horizon) for horizon in horizons], axis=1)

        return self._each(frequency, recency, age, answer)

    def alive_probability(self, frequency: Numbers, recency: Numbers, age: Numbers) -> Array:
        """The probability that each customer has not left."""
        return self._each(frequency, recency, age, self._alive)

    def return_probability(self, horizon: float, frequency: Numbers, recency: Numbers, age: Numbers) -> Array:
        """The probability of at least one order in (age, age + horizon]."""
        _require_horizon(horizon)
        return self._each(frequency, recency, age, lambda groups: self._returning(horizon, groups))

    def discounted_orders(
        self, horizon: float, discount: float, frequency: Numbers, recency: Numbers, age: Numbers
    ) -> Array:
        """Orders to expect in (age, age + horizon], an order after time t counting (1 + discount)^-t.

        By parts: the integral of exp(-d t) dE(t) is exp(-d h) E(h) + d times that of exp(-d t) E(t), whose terms
        are all positive.

        Args:
            horizon: How far to look; infinite for a lifetime, if there is a discount.
            discount: What waiting one unit of time costs, as 0.01 for 1 %.
            frequency: Orders after the first.
            recency: From the first order to the latest.
            age: From the first order to now.
        """
        rate = float(np.log1p(discount))
        if not np.isfinite(rate) or rate < 0 or (rate == 0 and not np.isfinite(horizon)):
            raise CarpelError("models.discount-wanted")
        end = min(horizon, _FORGOTTEN / rate) if rate > 0 else horizon
        _require_horizon(end)
        return self._each(frequency, recency, age, lambda groups: self._discounted(end, rate, groups))

    # What each distribution says for itself.

    @abstractmethod
    def _starts(self, groups: Histories) -> tuple[list[Array], Array]:
        """Parameters to start from, and the natural size of each."""

    @abstractmethod
    def _density(self, theta: Array, groups: Histories) -> Array:
        """The log-likelihood of each group, without what the gaps alone say."""

    @abstractmethod
    def _alive(self, groups: Histories) -> Array:
        """The probability of being alive at the end."""

    @abstractmethod
    def _orders(self, groups: Histories) -> Callable[[float], Array]:
        """Orders to expect, as a function of the horizon."""

    @abstractmethod
    def _returning(self, horizon: float, groups: Histories) -> Array:
        """The probability of at least one order within the horizon."""

    @abstractmethod
    def _sloped(self, theta: Array, groups: Histories) -> tuple[Array, Array]:
        """The same, with its derivative by each parameter, shape (parameters, groups)."""

    def _gap_term(self, orders: Array, elapsed: Array, log_gaps: Array | None) -> Array:  # noqa: ARG002 (for others)
        """What the times between orders add to the log-likelihood; nothing where orders come at random."""
        return np.zeros_like(orders)

    # What follows for all of them.

    def _require(self, groups: Histories) -> None:
        needed = len(self.names) + 1
        if groups.customers < needed:
            raise CarpelError("models.too-few-customers", model=self.title, count=groups.customers, needed=needed)
        if groups.orders == 0:
            raise CarpelError("models.nobody-returned", model=self.title)

    def _fitted(self, groups: Histories) -> Fit:
        starts, units = self._starts(groups)
        sample = groups.sample(_STARTING_SAMPLE)
        quick = None if sample is groups else self._likelihood(sample)
        return maximise(self.names, self._likelihood(groups), starts=starts, units=units, quick=quick)

    def _likelihood(self, groups: Histories) -> Likelihood:
        gaps = float(groups.weights @ self._gap_term(groups.frequency, groups.recency, groups.log_gaps))
        return Likelihood(
            total=lambda theta: float(groups.weights @ self._density(theta, groups)),
            fixed=gaps,
            sloped=partial(self._all_sloped, groups=groups),
            customers=groups.customers,
        )

    def _all_sloped(self, theta: Array, groups: Histories) -> tuple[float, Array]:
        density, slopes = self._sloped(theta, groups)
        return float(groups.weights @ density), slopes @ groups.weights

    def _core(self, histories: Histories) -> Array:
        groups, where = histories.grouped()
        return self._density(self.theta, groups)[where]

    def _each(self, frequency: Numbers, recency: Numbers, age: Numbers, answer: Callable[[Histories], Array]) -> Array:
        """An answer for each customer, computed once for equal histories and some thousands at a time."""
        groups, where = Histories.of(frequency, recency, age).grouped()
        size = len(groups.frequency)
        parts = [answer(groups.take(slice(start, start + _AT_ONCE))) for start in range(0, size, _AT_ONCE)]
        return np.concatenate(parts)[where]

    def _discounted(self, horizon: float, rate: float, groups: Histories) -> Array:
        orders = self._orders(groups)
        last = np.exp(-rate * horizon) * orders(horizon)
        if rate == 0:
            return np.asarray(last, dtype=np.float64)
        times, weights = graded_times(horizon)
        parts = (
            rate * weight * np.exp(-rate * time) * orders(float(time))
            for time, weight in zip(times, weights, strict=True)
        )
        return np.asarray(sum(parts, last), dtype=np.float64)


def time_per_order(groups: Histories) -> float:
    """The natural unit of ordering rates: time observed for each order, the first included."""
    return float(groups.weights @ groups.age) / (groups.customers + groups.orders)


def mean_age(groups: Histories) -> float:
    """The natural unit of lifetimes: how long customers have been observed."""
    return float(groups.weights @ groups.age) / groups.customers


def _require_horizon(horizon: float) -> None:
    if not np.isfinite(horizon) or horizon < 0:
        raise CarpelError("models.horizon-wanted")
