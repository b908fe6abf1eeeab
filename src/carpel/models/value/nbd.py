"""NBD: orders at random, and nobody ever leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

import numpy as np

from carpel.models.value.arrays import Array, digamma, log_gamma
from carpel.models.value.histories import Histories
from carpel.models.value.ordering import OrderModel, time_per_order

_STARTS: Final = ((0.5, 0.5), (1.0, 1.0), (0.2, 0.5))


class NBD(OrderModel):
    """Negative binomial distribution (Ehrenberg, "The pattern of consumer purchases", Applied Statistics 8 (1959)).

    A baseline: whatever model knows that customers leave should beat it.
    """

    title: ClassVar[str] = "NBD"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha")

    def _starts(self, groups: Histories) -> tuple[list[Array], Array]:
        units = np.array([1.0, time_per_order(groups)])
        return [np.array(start) * units for start in _STARTS], units

    def _density(self, theta: Array, groups: Histories) -> Array:
        r, alpha = theta
        shape = r + groups.frequency
        found = log_gamma(shape) - log_gamma(r) + r * np.log(alpha) - shape * np.log(alpha + groups.age)
        return np.asarray(found, dtype=np.float64)

    def _sloped(self, theta: Array, groups: Histories) -> tuple[Array, Array]:
        r, alpha = theta
        shape, ages = r + groups.frequency, alpha + groups.age
        by_r = digamma(shape) - digamma(r) + np.log(alpha) - np.log(ages)
        return self._density(theta, groups), np.array([by_r, r / alpha - shape / ages])

    def _alive(self, groups: Histories) -> Array:
        return np.ones_like(groups.frequency)

    def _orders(self, groups: Histories) -> Callable[[float], Array]:
        r, alpha = self.theta
        rate = (r + groups.frequency) / (alpha + groups.age)
        return lambda horizon: np.asarray(rate * horizon, dtype=np.float64)

    def _returning(self, horizon: float, groups: Histories) -> Array:
        r, alpha = self.theta
        silent = (r + groups.frequency) * np.log1p(horizon / (alpha + groups.age))
        return np.asarray(-np.expm1(-silent), dtype=np.float64)
