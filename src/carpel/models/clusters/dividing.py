"""Three ways to divide customers, each from several starts: k-means, a mixture of normals, k-prototypes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

import numpy as np
from sklearn.cluster import KMeans  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.mixture import GaussianMixture  # type: ignore[import-untyped]

from carpel.models.clusters.points import Matrix, Points
from carpel.models.clusters.prototypes import Prototypes, cao, prototyped, spread_out
from carpel.models.frames.frame import Rows

_RIDGE: Final = 0.02
"""Added to every variance: no cluster is a handful of customers on a line (METHODS, spurious components)."""
_FULL: Final = 12
"""The most coordinates for which a mixture learns how they go together."""


class Method(StrEnum):
    """How customers are divided."""

    MEANS = "means"
    PROTOTYPES = "prototypes"
    MIXTURE = "mixture"

    @property
    def called(self) -> str:
        """What the literature calls it."""
        return {"means": "k-means", "prototypes": "k-prototypes", "mixture": "Gaussian mixture"}[self.value]


class Division(Protocol):
    """Clusters that customers can be placed in, one at a time."""

    @property
    def method(self) -> Method:
        """How it was found."""
        ...

    @property
    def clusters(self) -> int:
        """How many there are."""
        ...

    def nearness(self, points: Points) -> Matrix:
        """How near each customer is to each cluster, the greater the nearer; shape (customers, clusters)."""
        ...

    def fit(self, points: Points) -> Matrix:
        """How surely each customer is in the nearest cluster, 0 to 1."""
        ...

    def reordered(self, order: Rows) -> Division:
        """The same clusters in another order."""
        ...

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        ...


def labels(division: Division, points: Points) -> Rows:
    """The cluster of each customer."""
    return np.asarray(np.argmax(division.nearness(points), axis=1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Centres:
    """Clusters around prototypes, or around means in the space where a category is several coordinates.

    Attributes:
        method: `MEANS` or `PROTOTYPES`.
        prototypes: With `MEANS`, all coordinates are numbers and there are no modes.
    """

    method: Method
    prototypes: Prototypes

    @property
    def clusters(self) -> int:
        """How many there are."""
        return len(self.prototypes.means)

    def nearness(self, points: Points) -> Matrix:
        """Squared distances, negative."""
        return -self.prototypes.distances(_numeric(points) if self.method is Method.MEANS else points)

    def fit(self, points: Points) -> Matrix:
        """How much nearer the nearest centre is than the next: 1 at the centre, 0 in the middle between two.

        The simplified silhouette of Hruschka, de Castro and Campello (2004).
        """
        if self.clusters == 1:
            return np.ones(points.rows)
        nearest = np.sqrt(np.maximum(np.sort(-self.nearness(points), axis=1)[:, :2], 0))
        return np.asarray(1 - nearest[:, 0] / np.where(nearest[:, 1] > 0, nearest[:, 1], 1.0))

    def reordered(self, order: Rows) -> Centres:
        """The same clusters in another order."""
        found = self.prototypes
        moved = Prototypes(means=found.means[order], modes=found.modes[order], mismatch=found.mismatch)
        return Centres(method=self.method, prototypes=moved)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        found = self.prototypes
        kept = {"means": found.means.tolist(), "modes": found.modes.tolist(), "mismatch": found.mismatch}
        return {"method": self.method.value} | kept


@dataclass(frozen=True, kw_only=True, eq=False)
class Mixture:
    """A mixture of normal distributions.

    Attributes:
        weights: The share of each cluster.
        means: Shape (clusters, coordinates).
        whitening: Cholesky factors of the inverse covariances; shape (clusters, coordinates, coordinates).
    """

    weights: Matrix
    means: Matrix
    whitening: Matrix
    method: Method = Method.MIXTURE

    @property
    def clusters(self) -> int:
        """How many there are."""
        return len(self.means)

    def nearness(self, points: Points) -> Matrix:
        """The log-likelihood of each customer in each cluster, and of the cluster."""
        coordinates, found = points.embedded(), np.empty((points.rows, self.clusters))
        for cluster, (weight, mean, factor) in enumerate(zip(self.weights, self.means, self.whitening, strict=True)):
            apart = ((coordinates - mean) @ factor) ** 2
            found[:, cluster] = np.log(weight) + np.log(np.diag(factor)).sum() - apart.sum(axis=1) / 2
        return found

    def fit(self, points: Points) -> Matrix:
        """How likely a customer is of the cluster, given that they are of one."""
        found = self.nearness(points)
        return np.asarray(np.exp(found.max(axis=1) - np.logaddexp.reduce(found, axis=1)))

    def reordered(self, order: Rows) -> Mixture:
        """The same clusters in another order."""
        return Mixture(weights=self.weights[order], means=self.means[order], whitening=self.whitening[order])

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        kept = {"weights": self.weights.tolist(), "means": self.means.tolist(), "whitening": self.whitening.tolist()}
        return {"method": self.method.value} | kept


def division_from_json(kept: Mapping[str, Any]) -> Division:
    """What `to_json` gave."""
    method = Method(kept["method"])
    if method is Method.MIXTURE:
        weights, means, whitening = (
            np.array(kept[name], dtype=np.float64) for name in ("weights", "means", "whitening")
        )
        return Mixture(weights=weights, means=means, whitening=whitening)
    means = np.array(kept["means"], dtype=np.float64)
    modes = np.array(kept["modes"], dtype=np.intp).reshape(len(means), -1)
    return Centres(method=method, prototypes=Prototypes(means=means, modes=modes, mismatch=kept["mismatch"]))


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How small a cluster may be.

    Attributes:
        share: The least share of customers.
        customers: The fewest customers.
    """

    share: float
    customers: int

    def suffice(self, found: Rows, clusters: int) -> bool:
        """Whether each cluster is large enough."""
        counts = np.bincount(found, minlength=clusters)
        return bool(counts.min() >= max(self.share * len(found), self.customers))


def divided(points: Points, method: Method, clusters: int, *, starts: int, sizes: Sizes, seed: int) -> Division | None:
    """The best division of several starts, of those in which no cluster is too small; None where there is none.

    Args:
        points: Customers, in an order that says nothing.
        method: How to divide.
        clusters: How many.
        starts: From how many starts.
        sizes: How small a cluster may be.
        seed: Of the starts that chance has a part in.
    """
    best: tuple[float, Division] | None = None
    for start in range(starts):
        cost, division = _WAYS[method](points, clusters, start, np.random.default_rng([seed, start]))
        fits = sizes.suffice(labels(division, points), clusters)
        if fits and (best is None or cost < best[0] - 1e-12):
            best = cost, division
    return best[1] if best else None


def _means(points: Points, clusters: int, _: int, random: np.random.Generator) -> tuple[float, Division]:
    # A cluster that runs empty begins anew at the farthest customer; scikit-learn sees to that.
    made = KMeans(clusters, n_init=1, random_state=int(random.integers(2**31)), algorithm="lloyd")
    made.fit(points.embedded())
    means = np.asarray(made.cluster_centers_, dtype=np.float64)
    none = np.empty((clusters, 0), dtype=np.intp)
    return float(made.inertia_), Centres(
        method=Method.MEANS, prototypes=Prototypes(means=means, modes=none, mismatch=0.0)
    )


def _prototypes(points: Points, clusters: int, start: int, random: np.random.Generator) -> tuple[float, Division]:
    first = cao(points, clusters) if start == 0 else spread_out(points, clusters, random)
    found = prototyped(points, first)
    return found.costs[-1], Centres(method=Method.PROTOTYPES, prototypes=found.prototypes)


def _mixture(points: Points, clusters: int, _: int, random: np.random.Generator) -> tuple[float, Division]:
    coordinates = points.embedded()
    full = coordinates.shape[1] <= _FULL
    made = GaussianMixture(
        clusters,
        covariance_type="full" if full else "diag",
        reg_covar=_RIDGE,
        max_iter=40,
        tol=3e-3,
        random_state=int(random.integers(2**31)),
    )
    with warnings.catch_warnings():
        # A start that has not settled is one of several, and the best of them is taken.
        warnings.simplefilter("ignore", ConvergenceWarning)
        made.fit(coordinates)
    factors = np.asarray(made.precisions_cholesky_)
    whitening = factors if full else np.stack([np.diag(each) for each in factors])
    found = Mixture(weights=np.asarray(made.weights_), means=np.asarray(made.means_), whitening=whitening)
    return -float(made.lower_bound_), found


_WAYS: Final[Mapping[Method, Callable[[Points, int, int, np.random.Generator], tuple[float, Division]]]] = {
    Method.MEANS: _means,
    Method.PROTOTYPES: _prototypes,
    Method.MIXTURE: _mixture,
}


def _numeric(points: Points) -> Points:
    coordinates = points.embedded()
    return Points(
        numbers=coordinates, codes=np.empty((points.rows, 0), dtype=np.intp), levels=(), mismatch=points.mismatch
    )
