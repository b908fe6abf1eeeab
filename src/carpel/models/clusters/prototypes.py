"""k-prototypes: clusters of numbers and categories at once, each with a mean and a mode.

Huang (1998) gives the method; where there are no numbers it is k-modes. The first prototypes follow Cao, Liang and Bai
(2009), A new initialization method for categorical data clustering: a customer like many others, then others like many
that are far from those chosen. Numbers take part in that choice by the quarter in which they lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.models.clusters.points import Codes, Matrix, Points
from carpel.models.frames.frame import Rows

_ROUNDS: Final = 100
_QUARTERS: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, kw_only=True, eq=False)
class Prototypes:
    """What each cluster is like.

    Attributes:
        means: Shape (clusters, numbers).
        modes: Shape (clusters, categories), the place of the most frequent value.
        mismatch: As in `Points`.
    """

    means: Matrix
    modes: Codes
    mismatch: float

    def distances(self, points: Points) -> Matrix:
        """The squared distance of each customer to each cluster; shape (customers, clusters)."""
        found = np.empty((points.rows, len(self.means)))
        for cluster, (mean, mode) in enumerate(zip(self.means, self.modes, strict=True)):
            apart = ((points.numbers - mean) ** 2).sum(axis=1)
            found[:, cluster] = apart + self.mismatch * (points.codes != mode).sum(axis=1)
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Prototyped:
    """What k-prototypes found.

    Attributes:
        prototypes: One for each cluster.
        labels: The cluster of each customer.
        costs: The sum of squared distances after each round; the last is that of the result.
    """

    prototypes: Prototypes
    labels: Rows
    costs: tuple[float, ...]


def prototyped(points: Points, first: Rows) -> Prototyped:
    """Clusters from the customers that are their first prototypes; the cost never rises from round to round."""
    prototypes = Prototypes(means=points.numbers[first], modes=points.codes[first], mismatch=points.mismatch)
    labels, costs = np.full(points.rows, -1), []
    for _ in range(_ROUNDS):
        distances = prototypes.distances(points)
        nearest = _nearest(distances, labels)
        costs.append(float(distances[np.arange(points.rows), nearest].sum()))
        if (nearest == labels).all():
            break
        labels = _reseeded(nearest, distances)
        prototypes = _centred(points, labels, prototypes)
    return Prototyped(prototypes=prototypes, labels=labels, costs=tuple(costs))


def cao(points: Points, clusters: int) -> Rows:
    """Rows from which to begin, without any chance in it."""
    codes = np.hstack([points.codes, _quarters(points.numbers)]).astype(np.intp)
    density = _density(codes)
    chosen = [int(np.argmax(density))]
    nearest = np.full(len(codes), np.inf)
    for _ in range(clusters - 1):
        nearest = np.minimum(nearest, (codes != codes[chosen[-1]]).sum(axis=1) * density)
        chosen.append(int(np.argmax(nearest)))
    return np.array(chosen)


def spread_out(points: Points, clusters: int, random: np.random.Generator) -> Rows:
    """Rows from which to begin, by chance: the farther from those chosen, the likelier (k-means++)."""
    chosen = [int(random.integers(points.rows))]
    nearest = np.full(points.rows, np.inf)
    for _ in range(clusters - 1):
        nearest = np.minimum(nearest, _from_row(points, chosen[-1]))
        total = nearest.sum()
        likely = nearest / total if total > 0 else None
        chosen.append(int(random.choice(points.rows, p=likely)))
    return np.array(chosen)


def _from_row(points: Points, row: int) -> Matrix:
    one = np.array([row])
    prototype = Prototypes(means=points.numbers[one], modes=points.codes[one], mismatch=points.mismatch)
    return np.asarray(prototype.distances(points)[:, 0])


def _density(codes: Codes) -> Matrix:
    """How many customers share each one's values, averaged over categories, as a share of all."""
    counted = [np.bincount(column)[column] for column in codes.T]
    return np.asarray(np.mean(counted, axis=0) / len(codes) if counted else np.ones(len(codes)))


def _quarters(numbers: Matrix) -> Codes:
    cut = [np.searchsorted(np.quantile(column, _QUARTERS), column, side="left") for column in numbers.T]
    return np.column_stack(cut) if cut else np.empty((len(numbers), 0), dtype=np.intp)


def _nearest(distances: Matrix, labels: Rows) -> Rows:
    """The nearest cluster; who is as near to the one that they are in stays, so that rounds come to an end."""
    nearest = np.asarray(np.argmin(distances, axis=1))
    if labels[0] < 0:
        return nearest
    rows = np.arange(len(labels))
    stays = distances[rows, labels] <= distances[rows, nearest]
    return np.where(stays, labels, nearest)


def _reseeded(labels: Rows, distances: Matrix) -> Rows:
    """An empty cluster begins anew at the customer who is farthest from their own."""
    clusters = distances.shape[1]
    counts = np.bincount(labels, minlength=clusters)
    if counts.all():
        return labels
    labels = labels.copy()
    own = distances[np.arange(len(labels)), labels]
    far: Iterator[int] = iter(np.argsort(-own, kind="stable").tolist())
    for cluster in np.flatnonzero(counts == 0):
        row = next((row for row in far if counts[labels[row]] > 1), None)
        if row is not None:
            counts[labels[row]] -= 1
            counts[cluster] += 1
            labels[row] = cluster
    return labels


def _centred(points: Points, labels: Rows, before: Prototypes) -> Prototypes:
    """The mean and mode of each cluster; a cluster that stayed empty keeps what it had."""
    clusters = len(before.means)
    counts = np.bincount(labels, minlength=clusters)
    held = counts > 0
    means, modes = before.means.copy(), before.modes.copy()
    member = np.eye(clusters)[:, labels]
    means[held] = (member @ points.numbers)[held] / counts[held, None]
    for place, levels in enumerate(points.levels):
        counted = np.bincount(labels * levels + points.codes[:, place], minlength=clusters * levels)
        modes[held, place] = counted.reshape(clusters, levels).argmax(axis=1)[held]
    return Prototypes(means=means, modes=modes, mismatch=points.mismatch)
