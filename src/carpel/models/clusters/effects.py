"""By what a cluster differs from other customers, in sizes of effect that numbers and categories have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from carpel.models.clusters.points import Matrix, Points
from carpel.models.clusters.scaling import Space
from carpel.models.clusters.traits import Measure
from carpel.models.frames.frame import Rows

LARGE: Final = 0.8
"""From here on an effect is large: Cohen (1988), d of means and h of shares alike."""
_FLAT: Final = 0.1
"""The least spread that a difference is measured in; coordinates spread by about 1."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How one trait of some customers differs from that of others.

    Attributes:
        trait: Its place among the traits of a space.
        size: Cohen's d of a number's coordinates, or h of the share of a value; more is positive.
        level: With a category, the place of the value.
    """

    trait: int
    size: float
    level: int | None = None


def effects(space: Space, points: Points, inside: npt.NDArray[np.bool_]) -> tuple[Effect, ...]:
    """How some customers differ from the others in each trait; the largest first."""
    return between(space, points, np.flatnonzero(inside), np.flatnonzero(~inside))


def between(space: Space, points: Points, these: Rows, those: Rows) -> tuple[Effect, ...]:
    """How some customers differ from some others in each trait; the largest first."""
    if not len(these) or not len(those):
        return ()
    of_number = [place for place, each in enumerate(space.traits) if each.measure is Measure.NUMBER]
    others = [place for place, each in enumerate(space.traits) if each.measure is not Measure.NUMBER]
    sizes = _standardised(points.numbers[these], points.numbers[those])
    found = [Effect(trait=place, size=float(size)) for place, size in zip(of_number, sizes, strict=True)]
    for column, place in enumerate(others):
        level, size = _most(points.codes[these, column], points.codes[those, column], points.levels[column])
        if space.traits[place].measure is Measure.YES_OR_NO and level == 0:
            level, size = 1, -size
        found.append(Effect(trait=place, size=size, level=level))
    return tuple(sorted(found, key=lambda each: -abs(each.size)))


def alike(space: Space, points: Points, labels: Rows, clusters: int, places: Sequence[int]) -> tuple[int, int] | None:
    """Two clusters that differ largely in none of some traits, so that nobody would treat them otherwise; or None."""
    rows = [np.flatnonzero(labels == cluster) for cluster in range(clusters)]
    for one, other in combinations(range(clusters), 2):
        found = [each for each in between(space, points, rows[one], rows[other]) if each.trait in places]
        if not found or abs(found[0].size) < LARGE:
            return one, other
    return None


def _standardised(these: Matrix, those: Matrix) -> Matrix:
    pooled = np.sqrt((these.var(axis=0) * len(these) + those.var(axis=0) * len(those)) / (len(these) + len(those)))
    return np.asarray((these.mean(axis=0) - those.mean(axis=0)) / np.maximum(pooled, _FLAT))


def _most(these: Rows, those: Rows, levels: int) -> tuple[int, float]:
    """The value whose share differs most, and by how much; shares are taken as angles (Cohen's h).

    The place after the last that is told apart is any other value and the last is unknown: they name nobody.
    """
    angles = [
        2 * np.arcsin(np.sqrt(np.bincount(codes, minlength=levels) / len(codes)))[: max(levels - 2, 1)]
        if levels > 3  # noqa: PLR2004 (yes, no and unknown)
        else 2 * np.arcsin(np.sqrt(np.bincount(codes, minlength=levels) / len(codes)))[:2]
        for codes in (these, those)
    ]
    apart = angles[0] - angles[1]
    level = int(np.argmax(np.abs(apart)))
    return level, float(apart[level])
