"""What the next order of each customer is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final, Self

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import text
from carpel.models.value.arrays import Array, Numbers, column, log_gamma
from carpel.models.value.estimating import Estimator
from carpel.models.value.fitting import Fit, Likelihood, maximise
from carpel.models.value.histories import check_columns

_STARTS: Final = ((1.0, 3.0, 2.0), (6.0, 4.0, 0.5), (0.5, 1.5, 1.0), (3.0, 10.0, 3.0))
_STARTING_SAMPLE: Final = 2_000
_RELATED: Final = 0.3


class GammaGamma(Estimator):
    """Gamma-Gamma model of spend (Fader, Hardie and Lee, "RFM and CLV", Journal of Marketing Research 42 (2005)).

    A customer's orders are gamma(p, v) and v is gamma(q, gamma) over customers. How much and how often are taken
    as independent; `dependence` says how far that holds.

    Attributes:
        dependence: The correlation of the number of orders with their mean value, between customers.
        typical: The mean over customers of that mean value.
    """

    title: ClassVar[str] = "Gamma-Gamma"
    names: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")

    def __init__(self, typical: float | None = None) -> None:
        """Nothing is known yet; a model whose parameters are given may be told what is typical."""
        super().__init__()
        self.dependence = float("nan")
        self.typical = typical

    def fit(self, orders: Numbers, mean_value: Numbers, weights: Numbers | None = None) -> Self:
        """Learn from customers with an order and a positive mean value; the others are left out.

        Args:
            orders: How many orders the mean is over.
            mean_value: The mean value of an order, after returns.
            weights: How many customers each row stands for.

        Raises:
            CarpelError: Impossible numbers, or too few customers.
        """
        x, mean = _spend(orders, mean_value)
        many = np.ones_like(x) if weights is None else column(weights)
        check_columns({"orders": x, "weights": many})
        used = (x > 0) & (mean > 0) & (many > 0)
        count, needed = float(many[used].sum()), len(self.names) + 1
        if count < needed:
            raise CarpelError("models.too-few-customers", model=self.title, count=count, needed=needed)
        self._learn(x[used], mean[used], many[used])
        return self

    def log_likelihood(self, orders: Numbers, mean_value: Numbers) -> Array:
        """The log density of each customer's mean value; 0 where there is none."""
        x, mean = _spend(orders, mean_value)
        used = (x > 0) & (mean > 0)
        found = np.zeros_like(x)
        theta = self.theta
        found[used] = _of_number(theta, x[used]) + _of_value(theta, x[used], mean[used])
        return found

    def expected_spend(self, orders: Numbers = 0, mean_value: Numbers = 0) -> Array:
        """The mean value of each customer's orders to come; with no orders, that of a new customer.

        The source's (5), p (gamma + x m) / (p x + q - 1). Where spend varies so much between customers that it has
        no mean there, the customer's own mean stands, or without orders the mean of those learned from.
        """
        p, q, gamma = self.theta
        x, mean = _spend(orders, mean_value)
        x, mean = np.where(mean > 0, x, 0.0), np.maximum(mean, 0.0)
        divisor = p * x + q - 1
        has_mean = divisor > 0
        found = p * (gamma + x * mean) / np.where(has_mean, divisor, 1.0)
        if not has_mean.all():
            found = np.where(has_mean, found, np.where(x > 0, mean, self._fallback()))
        return np.asarray(found, dtype=np.float64)

    def _fallback(self) -> float:
        if self.typical is None:
            raise CarpelError("models.no-mean-spend")
        return self.typical

    def _learn(self, x: Array, mean: Array, many: Array) -> None:
        order = np.lexsort((many, mean, x))
        x, mean, many = x[order], mean[order], many[order]
        typical = self.typical = float(many @ mean / many.sum())
        self.dependence = _correlation(x, mean, many)
        self._result = _remarked(_fitted(self.names, x, mean, many, typical), self.dependence)


def _fitted(names: tuple[str, ...], x: Array, mean: Array, many: Array, typical: float) -> Fit:
    units = np.array([1.0, 1.0, typical])
    quick = None
    if len(x) > _STARTING_SAMPLE:
        rows = np.random.default_rng(0).choice(len(x), _STARTING_SAMPLE, replace=False)
        quick = _likelihood(x[rows], mean[rows], many[rows])
    return maximise(
        names,
        _likelihood(x, mean, many),
        starts=[np.array(start) * units for start in _STARTS],
        units=units,
        quick=quick,
    )


def _remarked(fit: Fit, dependence: float) -> Fit:
    remarks = list(fit.remarks)
    if abs(dependence) > _RELATED:
        remarks.append(text("models.spend-depends", correlation=round(dependence, 2)))
    if fit.parameters["q"] <= 1:
        remarks.append(text("models.spend-without-mean"))
    return replace(fit, remarks=tuple(remarks))


def _spend(orders: Numbers, mean_value: Numbers) -> tuple[Array, Array]:
    x, mean = column(orders), column(mean_value)
    check_columns({"orders": x}, free={"mean_value": mean})
    return x, mean


def _likelihood(x: Array, mean: Array, many: Array) -> Likelihood:
    """Of all customers; what depends on the number of orders alone is computed once for each number."""
    distinct, where = np.unique(x, return_inverse=True)
    counts = np.bincount(where, many)
    return Likelihood(
        total=lambda theta: float(counts @ _of_number(theta, distinct) + many @ _of_value(theta, x, mean)),
        customers=float(many.sum()),
    )


def _of_number(theta: Array, x: Array) -> Array:
    """The part of the source's (1a) that the number of orders decides."""
    p, q, gamma = theta
    found = log_gamma(p * x + q) - log_gamma(p * x) - log_gamma(q) + q * np.log(gamma) + p * x * np.log(x)
    return np.asarray(found, dtype=np.float64)


def _of_value(theta: Array, x: Array, mean: Array) -> Array:
    """The rest of it."""
    p, q, gamma = theta
    return np.asarray((p * x - 1) * np.log(mean) - (p * x + q) * np.log(gamma + x * mean), dtype=np.float64)


def _correlation(x: Array, mean: Array, many: Array) -> float:
    """Pearson's correlation over customers; 0 where either does not vary."""
    share = many / many.sum()
    often, much = x - share @ x, mean - share @ mean
    scale = np.sqrt((share @ often**2) * (share @ much**2))
    return float(share @ (often * much) / scale) if scale > 0 else 0.0
