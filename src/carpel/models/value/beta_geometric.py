"""Orders at Erlang-k intervals, and a chance to leave after each: what BG/NBD and its kin share.

A customer's gaps between orders are Erlang-k with rate l (k = 1: exponential, orders at random; larger k: more
regular); after an order the customer leaves with probability p. Over customers l is gamma(r, alpha) and p is
beta(a, b). In "modified" models a customer may leave after the first order too; in the others not before the
second, so that one-time buyers count as alive for ever.

Sources: Fader, Hardie and Lee, "Counting your customers the easy way", Marketing Science 24 (2005); Batislam,
Denizel and Filiztekin, International Journal of Research in Marketing 24 (2007); Platzer and Reutterer,
"Ticking away the moments", Marketing Science 35 (2016), for k > 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from carpel.models.value.arrays import Array, Numbers, beta_below, digamma, log_beta, log_gamma, log_sum
from carpel.models.value.histories import Histories
from carpel.models.value.lattice import Lattice
from carpel.models.value.ordering import OrderModel, time_per_order
from carpel.models.value.quadrature import beta_nodes
from carpel.models.value.regularity import erlang_gap_term

_LEAST_STAYING: Final = 1e-6
_LEAST_LEAVING: Final = 1e-300
_STARTS: Final = ((0.5, 0.5, 0.5, 1.0), (1.0, 1.0, 1.0, 1.0), (0.3, 0.3, 0.8, 2.5), (2.0, 2.0, 0.3, 1.0))


Turning: TypeAlias = npt.NDArray[np.inexact[Any]]


class BetaGeometric(OrderModel):
    """A model in which each order may be the last.

    Attributes:
        k: How regular orders are; the gaps between them are Erlang-k.
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    modified: ClassVar[bool]
    """Whether a customer may leave after the first order already."""

    k: int = 1

    def _starts(self, groups: Histories) -> tuple[list[Array], Array]:
        units = np.array([1.0, time_per_order(groups) / self.k, 1.0, 1.0])
        return [np.array(start) * units for start in _STARTS], units

    def _gap_term(self, orders: Array, elapsed: Array, log_gaps: Array | None) -> Array:
        return erlang_gap_term(self.k, orders, elapsed, log_gaps)

    def _density(self, theta: Array, groups: Histories) -> Array:
        left, stayed = self._terms(theta, groups)
        return np.asarray(np.logaddexp(left, log_sum(stayed)), dtype=np.float64)

    def _terms(self, theta: Array, groups: Histories) -> tuple[Array, Array]:
        """The log-likelihood of having left after the last order, and of having stayed with j of k steps gone.

        The source's formula with the gamma and beta mixtures written out; the sum over j is the Erlang-k
        survival of the time since the last order.
        """
        r, alpha, a, b = theta
        x, steps = groups.frequency, self.k * groups.frequency
        last = x + 1 if self.modified else x
        common = r * np.log(alpha) - log_gamma(r) - log_beta(a, b)
        left = log_beta(a + 1, b + last - 1) + log_gamma(r + steps) - (r + steps) * np.log(alpha + groups.recency)
        if not self.modified:
            left = np.where(x > 0, left, -np.inf)
        return common + left, common + log_beta(a, b + last)[:, None] + self._surviving(r, alpha, groups)

    def _sloped(self, theta: Array, groups: Histories) -> tuple[Array, Array]:
        """Each term's own derivative, weighted with how likely the term is."""
        r, alpha, a, b = theta
        left, stayed = self._terms(theta, groups)
        whole = np.logaddexp(left, log_sum(stayed))
        gone, there = np.exp(left - whole), np.exp(stayed - whole[:, None])
        here, steps = 1 - gone, self.k * groups.frequency
        until, ages = alpha + groups.recency, alpha + groups.age
        last = groups.frequency + 1 if self.modified else groups.frequency
        leaving = digamma(np.where(gone > 0, b + last - 1, 1.0))
        shapes = (r + steps)[:, None] + np.arange(self.k)
        mixed = digamma(a + b) - digamma(a + b + last)
        by_r = np.log(alpha) - digamma(r) - gone * np.log(until) - here * np.log(ages)
        by_r += gone * digamma(r + steps) + (there * digamma(shapes)).sum(axis=1)
        by_alpha = r / alpha - gone * (r + steps) / until - (there * shapes).sum(axis=1) / ages
        by_a = mixed + gone / a
        by_b = mixed - digamma(b) + gone * leaving + here * digamma(b + last)
        return np.asarray(whole, dtype=np.float64), np.array([by_r, by_alpha, by_a, by_b])

    def _surviving(self, r: float, alpha: float, groups: Histories) -> Array:
        gone = np.arange(self.k, dtype=np.float64)
        silent = np.maximum(groups.age - groups.recency, 0.0)[:, None]
        shape = (r + self.k * groups.frequency)[:, None] + gone
        with np.errstate(divide="ignore", invalid="ignore"):
            powers = np.where(gone > 0, gone * np.log(silent), 0.0)
        ends = np.log(alpha + groups.age)[:, None]
        return np.asarray(powers - log_gamma(gone + 1) + log_gamma(shape) - shape * ends, dtype=np.float64)

    def alive_by_steps(self, frequency: Numbers, recency: Numbers, age: Numbers) -> Array:
        """The probability of being alive with j of k steps to the next order gone, shape (customers, k)."""
        return self._each(frequency, recency, age, self._staying)

    def _staying(self, groups: Histories) -> Array:
        left, stayed = self._terms(self.theta, groups)
        return np.asarray(np.exp(stayed - np.logaddexp(left, log_sum(stayed))[:, None]), dtype=np.float64)

    def _alive(self, groups: Histories) -> Array:
        return np.asarray(np.minimum(self._staying(groups).sum(axis=1), 1.0), dtype=np.float64)

    def _orders(self, groups: Histories) -> Callable[[float], Array]:
        _, alpha, _, _ = self.theta
        staying = self._staying(groups)
        # With k steps each of k poles takes an integral of its own, too many for every customer.
        given = Lattice(self.given_steps) if self.k > 1 else self.given_steps

        def within(horizon: float) -> Array:
            found = given(groups.frequency, horizon / (alpha + groups.age))
            return np.asarray(np.maximum(np.einsum("gj,gj->g", staying, found), 0.0), dtype=np.float64)

        return within

    def given_steps(self, frequency: Array, reach: Array) -> Array:
        """Orders to expect of who is alive with j of k steps to the next order gone, shape (customers, k).

        Exact for any k: given l, p and steps gone, orders are a killed renewal process. Its Laplace transform has k
        simple poles at l (c w^m - 1) with c = (1 - p)^(1/k) and w^m the k-th roots of one; mixing exp(-l u t) over
        the gamma posterior gives (1 + u t / (alpha + T))^-shape, and p is summed over its beta posterior. For k = 1
        this is the integral behind the source's hypergeometric function.

        Args:
            frequency: Orders after the first.
            reach: The horizon by alpha + T.
        """
        r, _, a, b = self.theta
        counts, where = np.unique(frequency, return_inverse=True)
        _, log_stay, weight = beta_nodes(a, b + (counts + 1 if self.modified else counts))
        log_stay = np.maximum(log_stay, np.log(_LEAST_STAYING)) if self.k > 1 else log_stay
        shapes = (r + self.k * frequency)[:, None]
        found = np.zeros((len(frequency), self.k))
        for root, part in _roots(self.k):
            leaving, log_turn = _pole(log_stay, self.k, root)
            common = weight * part / leaving
            growth = np.log1p(leaving[where] * reach[:, None])
            for gone in range(self.k):
                share = (common * np.exp((1 - self.k + gone) * log_turn))[where]
                found[:, gone] -= np.einsum("ij,ij->i", share, np.expm1(-(shapes + gone) * growth)).real
        return found

    def _returning(self, horizon: float, groups: Histories) -> Array:
        """With j steps gone, k - j more within the horizon: a ratio of gamma variables, hence a beta one."""
        r, alpha, _, _ = self.theta
        share = horizon / (alpha + groups.age + horizon)
        shape = r + self.k * groups.frequency
        staying = self._staying(groups)
        chances = [beta_below(share, self.k - gone, shape + gone) for gone in range(self.k)]
        found = sum(staying[:, gone] * chance for gone, chance in enumerate(chances))
        return np.clip(np.asarray(found, dtype=np.float64), 0.0, 1.0)


def _roots(k: int) -> Iterator[tuple[int, float]]:
    """One of each conjugate pair of k-th roots of one, with its share of the sum."""
    for root in range(k // 2 + 1):
        alone = root == 0 or 2 * root == k
        yield root, (1.0 if alone else 2.0) / k


def _pole(log_stay: Array, k: int, root: int) -> tuple[Turning, Turning]:
    """1 - c w^m without loss of digits where it is small, and log(c w^m)."""
    if root == 0:
        log_turn = log_stay / k
        return np.maximum(-np.expm1(log_turn), _LEAST_LEAVING), log_turn
    turn = log_stay / k + 2j * np.pi * root / k
    return np.asarray(1 - np.exp(turn)), np.asarray(turn)
