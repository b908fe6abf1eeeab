"""How much the cluster of customers tells of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from carpel.models.clusters.points import Matrix, Points
from carpel.models.frames.frame import Rows

_LEAST: Final = 1e-3
"""Below this part of its spread a number tells no more: equal values are no proof of more than that."""


def told(points: Points, labels: Rows, clusters: int) -> float:
    """The log-likelihood that knowing the clusters adds for each customer, less what it takes to say the cluster.

    For a number, half the logarithm of how many times smaller its variance is within clusters; for a category, the
    information that it shares with the clusters; less the entropy of the clusters themselves. It is the classification
    likelihood of a mixture of normal and multinomial distributions with spreads in common (Banfield and Raftery, 1993),
    against that of one cluster.
    """
    shares = np.bincount(labels, minlength=clusters) / points.rows
    numbers = -0.5 * np.log(np.maximum(within(points.numbers, labels, clusters), _LEAST)).sum()
    categories = sum(
        _shared(labels * levels + codes, clusters, levels)
        for codes, levels in zip(points.codes.T, points.levels, strict=True)
    )
    return float(numbers + categories - _entropy(shares))


def within(numbers: Matrix, labels: Rows, clusters: int) -> Matrix:
    """What part of each number's variance is left within clusters; 1 for one that does not vary."""
    whole = numbers.var(axis=0)
    member = np.eye(clusters)[:, labels]
    counts = np.maximum(member.sum(axis=1), 1)
    means = (member @ numbers) / counts[:, None]
    between = (counts[:, None] * (means - numbers.mean(axis=0)) ** 2).sum(axis=0) / len(numbers)
    return np.where(whole > 0, 1 - between / np.where(whole > 0, whole, 1), 1.0)


def _shared(joint: Rows, clusters: int, levels: int) -> float:
    table = np.bincount(joint, minlength=clusters * levels).reshape(clusters, levels) / len(joint)
    return _entropy(table.sum(axis=0)) + _entropy(table.sum(axis=1)) - _entropy(table.ravel())


def _entropy(shares: Matrix) -> float:
    held = shares[shares > 0]
    return float(-(held * np.log(held)).sum())
