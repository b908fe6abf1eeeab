"""Pareto/NBD: orders at random, and an unseen moment at which a customer leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final, NamedTuple

import numpy as np

from carpel.models.value.arrays import Array, digamma, log_gamma, log_sum, relative_growth
from carpel.models.value.histories import Histories
from carpel.models.value.ordering import OrderModel, mean_age, time_per_order
from carpel.models.value.quadrature import interval_nodes

_STARTS: Final = ((0.5, 0.5, 0.5, 0.3), (1.0, 1.0, 1.0, 1.0), (0.3, 0.3, 0.3, 0.1), (2.0, 2.0, 0.5, 0.5))


class _Moments(NamedTuple):
    """The log-likelihood of still being there and of each moment of leaving, with what both are made of."""

    alive: Array
    left: Array
    times: Array
    by_orders: Array
    by_life: Array


class ParetoNBD(OrderModel):
    """Pareto/NBD (Schmittlein, Morrison and Colombo, "Counting your customers", Management Science 33 (1987)).

    Ordering rates are gamma(r, alpha), rates of leaving gamma(s, beta). The likelihood is taken as the integral
    over the moment of leaving that stands before the source's hypergeometric functions (Fader and Hardie, "A
    note on deriving the Pareto/NBD model", 2005): its terms are positive, so it neither overflows nor cancels.
    """

    title: ClassVar[str] = "Pareto/NBD"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    def _starts(self, groups: Histories) -> tuple[list[Array], Array]:
        units = np.array([1.0, time_per_order(groups), 1.0, mean_age(groups)])
        return [np.array(start) * units for start in _STARTS], units

    def _density(self, theta: Array, groups: Histories) -> Array:
        moments = self._moments(theta, groups)
        return self._common(theta, groups) + np.logaddexp(moments.alive, log_sum(moments.left))

    def _common(self, theta: Array, groups: Histories) -> Array:
        r, alpha, s, beta = theta
        found = log_gamma(r + groups.frequency) - log_gamma(r) + r * np.log(alpha) + s * np.log(beta)
        return np.asarray(found, dtype=np.float64)

    def _moments(self, theta: Array, groups: Histories) -> _Moments:
        r, alpha, s, beta = theta
        shape, ages = r + groups.frequency, groups.age
        alive = -shape * np.log(alpha + ages) - s * np.log(beta + ages)
        scale = 1 / (shape / (alpha + groups.recency) + (s + 1) / (beta + groups.recency))
        times, log_weights = interval_nodes(groups.recency, np.maximum(ages, groups.recency), scale)
        by_orders, by_life = np.log(alpha + times), np.log(beta + times)
        left = np.log(s) + log_weights - shape[:, None] * by_orders - (s + 1) * by_life
        return _Moments(alive, left, times, by_orders, by_life)

    def _sloped(self, theta: Array, groups: Histories) -> tuple[Array, Array]:
        """Each term's own derivative, weighted with how likely its moment of leaving (or none) is."""
        r, alpha, s, beta = theta
        shape, ages = r + groups.frequency, groups.age
        moments = self._moments(theta, groups)
        whole = np.logaddexp(moments.alive, log_sum(moments.left))
        there, gone = np.exp(moments.alive - whole), np.exp(moments.left - whole[:, None])
        orders, life = alpha + ages, beta + ages
        by_r = digamma(shape) - digamma(r) + np.log(alpha) - there * np.log(orders) - _mean(gone, moments.by_orders)
        by_alpha = r / alpha - shape * (there / orders + _mean(gone, 1 / (alpha + moments.times)))
        by_s = np.log(beta) + (1 - there) / s - there * np.log(life) - _mean(gone, moments.by_life)
        by_beta = s / beta - there * s / life - (s + 1) * _mean(gone, 1 / (beta + moments.times))
        return self._common(theta, groups) + whole, np.array([by_r, by_alpha, by_s, by_beta])

    def _alive(self, groups: Histories) -> Array:
        moments = self._moments(self.theta, groups)
        return np.asarray(np.exp(-np.logaddexp(0, log_sum(moments.left) - moments.alive)), dtype=np.float64)

    def _orders(self, groups: Histories) -> Callable[[float], Array]:
        """The source's (22), written so that s = 1 is no exception."""
        r, alpha, s, beta = self.theta
        lives = beta + groups.age
        scale = self._alive(groups) * (r + groups.frequency) / (alpha + groups.age) * lives

        def within(horizon: float) -> Array:
            span = np.log1p(horizon / lives)
            return np.asarray(scale * span * relative_growth((1 - s) * span), dtype=np.float64)

        return within

    def _returning(self, horizon: float, groups: Histories) -> Array:
        """The density of the next order's moment, while the customer is there, summed over the horizon."""
        r, alpha, s, beta = self.theta
        start = np.zeros_like(groups.age)
        scale = 1 / ((r + groups.frequency) / (alpha + groups.age) + s / (beta + groups.age))
        times, log_weights = interval_nodes(start, np.full_like(start, horizon), scale)
        shape, orders, lives = (
            (r + groups.frequency)[:, None],
            (alpha + groups.age)[:, None],
            (beta + groups.age)[:, None],
        )
        waiting = -(shape + 1) * np.log1p(times / orders) - s * np.log1p(times / lives)
        chance = np.exp(log_sum(log_weights + np.log(shape / orders) + waiting))
        return np.minimum(self._alive(groups) * chance, 1.0)


def _mean(weights: Array, values: Array) -> Array:
    return np.asarray(np.einsum("ij,ij->i", weights, values), dtype=np.float64)
