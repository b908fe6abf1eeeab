"""Whether a cluster comes again when customers are drawn anew.

Hennig, C. (2007), Cluster-wise assessment of cluster stability; the thresholds are those that his `clusterboot` states.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import numpy as np

from carpel.models.clusters.dividing import Division, labels
from carpel.models.clusters.points import Matrix, Points
from carpel.models.frames.frame import Rows

DRAWS: Final = 30
_FEW: Final = 8
_HOPELESS: Final = 0.6
"""A cluster that has come again less than this after a few draws will not be trusted after all of them."""
VALID: Final = 0.75
DOUBTFUL: Final = 0.6
HIGHLY: Final = 0.85
DISSOLVED: Final = 0.5


class Stability(StrEnum):
    """How far a cluster is to be trusted, by its mean Jaccard similarity over draws."""

    HIGH = "high"
    VALID = "valid"
    DOUBTFUL = "doubtful"
    DISTRUSTED = "distrusted"
    DISSOLVED = "dissolved"

    @classmethod
    def of(cls, jaccard: float) -> Stability:
        """0.85 and above is highly stable, 0.75 valid, 0.6 doubtful, less not to be trusted, 0.5 and less dissolved."""
        if jaccard >= HIGHLY:
            return cls.HIGH
        if jaccard >= VALID:
            return cls.VALID
        if jaccard >= DOUBTFUL:
            return cls.DOUBTFUL
        return cls.DISTRUSTED if jaccard > DISSOLVED else cls.DISSOLVED


def stability(
    points: Points, found: Rows, clusters: int, again: Callable[[Points, int], Division | None], *, seed: int
) -> Matrix:
    """For each cluster, how like it the likest cluster of other draws is, on average over draws.

    Args:
        points: The customers that were divided.
        found: The cluster of each.
        clusters: How many there are.
        again: Divides a draw of as many customers with replacement; None where it cannot.
        seed: Of the draws.

    Where one cluster comes again in few of the first draws, no more are made.
    """
    total = np.zeros(clusters)
    for draw in range(DRAWS):
        rows = np.sort(np.random.default_rng([seed, draw]).integers(points.rows, size=points.rows))
        division = again(points.take(rows), draw)
        if division is not None:
            seen = np.unique(rows)
            total += jaccard(found[seen], clusters, labels(division, points.take(seen)), division.clusters).max(axis=1)
        if draw + 1 == _FEW and total.min() < _HOPELESS * _FEW:
            return total / _FEW
    return total / DRAWS


def jaccard(one: Rows, ones: int, other: Rows, others: int) -> Matrix:
    """How like each two clusters of two divisions of the same customers are: those in both, of those in either."""
    both = np.bincount(one * others + other, minlength=ones * others).reshape(ones, others)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
    return np.asarray(both / np.maximum(either, 1))
