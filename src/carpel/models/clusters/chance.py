"""Customers among whom there are no clusters: what any way of dividing finds in them is its own invention.

The idea is the gap statistic of Tibshirani, Walther and Hastie (2001). Three references are taken and the one in which
most is found counts: one cloud that spreads as customers do; customers evenly spread over the box along their main
axes; and customers whose traits each keep their values and go with no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from carpel.models.clusters.points import Codes, Matrix, Points

DRAWS: Final = 3
"""How many of each reference."""


def cloud(points: Points, random: np.random.Generator) -> Points:
    """One normal distribution with the means and covariances of the numbers."""
    axes, spreads = _axes(points.numbers)
    drawn = random.normal(size=points.numbers.shape) * spreads
    return points.with_values(drawn @ axes + points.numbers.mean(axis=0), _shuffled(points, random))


def box(points: Points, random: np.random.Generator) -> Points:
    """Evenly spread within the range of the numbers along their principal axes."""
    axes, _ = _axes(points.numbers)
    turned = points.numbers @ axes.T
    if not turned.size:
        return points.with_values(points.numbers, _shuffled(points, random))
    drawn = random.uniform(turned.min(axis=0), turned.max(axis=0), size=turned.shape)
    return points.with_values(drawn @ axes, _shuffled(points, random))


def references(points: Points, seed: int) -> Iterator[tuple[Points, ...]]:
    """The draws of one reference after those of another."""
    for place, drawn in enumerate((cloud, box, shuffled)):
        yield tuple(drawn(points, np.random.default_rng([seed, place, draw])) for draw in range(DRAWS))


def shuffled(points: Points, random: np.random.Generator) -> Points:
    """Each trait's own values, in an order of its own."""
    return points.with_values(random.permuted(points.numbers, axis=0), _shuffled(points, random))


def _axes(numbers: Matrix) -> tuple[Matrix, Matrix]:
    """Principal axes as rows, and the spread along each."""
    if not numbers.shape[1]:
        return np.empty((0, 0)), np.empty(0)
    variances, axes = np.linalg.eigh(np.atleast_2d(np.cov(numbers, rowvar=False, bias=True)))
    return axes.T, np.sqrt(np.maximum(variances, 0))


def _shuffled(points: Points, random: np.random.Generator) -> Codes:
    return random.permuted(points.codes, axis=0)
