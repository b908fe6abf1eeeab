"""How long contracts last: each customer renews with a chance of their own."""

from __future__ import annotations

from typing import ClassVar, Final, Self

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.models.value.arrays import Array, Numbers, column, log_beta
from carpel.models.value.estimating import Estimator
from carpel.models.value.fitting import Likelihood, maximise
from carpel.models.value.histories import check_columns

_STARTS: Final = ((1.0, 1.0), (0.3, 1.0), (3.0, 10.0), (0.5, 0.5))
_FORGOTTEN: Final = 40.0
_MOST_PERIODS: Final = 100_000


class ShiftedBetaGeometric(Estimator):
    """Shifted-beta-geometric model (Fader and Hardie, "How to project customer retention", 2007).

    At the end of each period a customer leaves with probability theta, beta(alpha, beta) over customers. Retention
    rises with tenure because those likely to leave have left, not because anyone changes.
    """

    title: ClassVar[str] = "sBG"
    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")

    def fit(self, renewals: Numbers, ended: Numbers, weights: Numbers | None = None) -> Self:
        """Learn from contracts.

        Args:
            renewals: How often each was renewed.
            ended: 1 where it ended at the next chance to renew, 0 where that chance is still to come.
            weights: How many contracts each row stands for.

        Raises:
            CarpelError: Impossible numbers, too few contracts, or nothing that could have been renewed or ended.
        """
        times, lost = _checked(renewals, ended)
        many = np.ones_like(times) if weights is None else column(weights)
        check_columns({"renewals": times, "weights": many})
        count, needed = float(many.sum()), len(self.names) + 1
        if count < needed:
            raise CarpelError("models.too-few-customers", model=self.title, count=count, needed=needed)
        if many @ (times + lost) == 0:
            raise CarpelError("models.nothing-renewed")
        self._result = maximise(
            self.names,
            _likelihood(times, lost, many),
            starts=[np.array(start) for start in _STARTS],
            units=np.ones(len(self.names)),
        )
        return self

    def log_likelihood(self, renewals: Numbers, ended: Numbers) -> Array:
        """The log probability of each contract's history."""
        times, lost = _checked(renewals, ended)
        return _density(self.theta, times, lost)

    def survival(self, periods: Numbers) -> Array:
        """The share of new contracts renewed at least that often; the source's (6)."""
        return self.staying_probability(periods, 0)

    def renewal_probability(self, renewals: Numbers = 0) -> Array:
        """The probability that a contract renewed that often is renewed once more; the source's (8)."""
        alpha, beta = self.theta
        times, _ = _checked(renewals, np.zeros_like(column(renewals)))
        return np.asarray((beta + times) / (alpha + beta + times), dtype=np.float64)

    def staying_probability(self, periods: Numbers, renewals: Numbers = 0) -> Array:
        """The probability that a contract renewed that often is renewed so many times more."""
        alpha, beta = self.theta
        more, times = np.broadcast_arrays(column(periods), column(renewals))
        check_columns({"periods": np.asarray(more), "renewals": np.asarray(times)})
        found = np.exp(log_beta(alpha, beta + times + more) - log_beta(alpha, beta + times))
        return np.asarray(np.minimum(found, 1.0), dtype=np.float64)

    def expected_renewals(self, horizon: float, renewals: Numbers = 0, discount: float = 0.0) -> Array:
        """Renewals to come within so many periods, the s-th counting (1 + discount)^-s.

        With an endless horizon the discounted expected residual lifetime (Fader and Hardie, "Customer-base
        valuation in a contractual setting", Marketing Science 29 (2010)).
        """
        rate = float(np.log1p(discount))
        if not np.isfinite(rate) or rate < 0 or (rate == 0 and not np.isfinite(horizon)):
            raise CarpelError("models.discount-wanted")
        end = min(horizon, np.ceil(_FORGOTTEN / rate)) if rate > 0 else horizon
        if not 0 <= end <= _MOST_PERIODS:
            raise CarpelError("models.horizon-wanted")
        return self._renewals(column(renewals), int(end), rate)

    def _renewals(self, renewals: Array, end: int, rate: float) -> Array:
        alpha, beta = self.theta
        distinct, where = np.unique(renewals, return_inverse=True)
        check_columns({"renewals": distinct})
        surviving, total = np.ones_like(distinct), np.zeros_like(distinct)
        for step in range(end):
            surviving = surviving * (beta + distinct + step) / (alpha + beta + distinct + step)
            total += surviving * np.exp(-rate * (step + 1))
        return total[where]


def _checked(renewals: Numbers, ended: Numbers) -> tuple[Array, Array]:
    times, lost = column(renewals), column(ended)
    check_columns({"renewals": times, "ended": lost})
    if not np.isin(lost, (0, 1)).all():
        raise CarpelError("models.ended-or-not")
    return times, lost


def _density(theta: Array, times: Array, lost: Array) -> Array:
    alpha, beta = theta
    return log_beta(alpha + lost, beta + times) - log_beta(alpha, beta)


def _likelihood(times: Array, lost: Array, many: Array) -> Likelihood:
    pairs, where = np.unique(np.stack([times, lost], axis=1), axis=0, return_inverse=True)
    counts = np.bincount(where.ravel(), many)
    return Likelihood(
        total=lambda theta: float(counts @ _density(theta, pairs[:, 0], pairs[:, 1])), customers=float(many.sum())
    )
