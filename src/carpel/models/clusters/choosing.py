"""How many clusters there are, and by which method they are found; or that there are none.

Stability alone does not say: many divisions come again that nobody planted. So a division must tell more than the same
method finds where there are no clusters, have no cluster that is too small, none that would be treated like another,
and come again when customers are drawn anew. Of those that do, the one that tells most is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.kernel.texts import Parameter, Text, text
from carpel.models.clusters.chance import references
from carpel.models.clusters.dividing import Division, Method, Sizes, divided, labels
from carpel.models.clusters.effects import alike
from carpel.models.clusters.points import Points
from carpel.models.clusters.scaling import Space
from carpel.models.clusters.stability import VALID, stability
from carpel.models.clusters.telling import told

MOST: Final = 8
"""The most clusters: more, and nobody remembers them."""
SIZES: Final = Sizes(share=0.04, customers=20)
STARTS: Final = 3
_AGAIN: Final = 1
"""Starts for customers drawn anew; many draws make up for it. References have as many as what is compared with."""
_PATIENCE: Final = 3
"""After so many numbers of clusters in a row that tell less, more are not tried."""
_ENDS: Final = 1.96
_LEAST: Final = 0.05
"""What a division must tell beyond chance for each customer, in units of log-likelihood."""
_SEED: Final = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """A division that was tried.

    Attributes:
        method: How.
        clusters: How many.
        division: What came of it; None where some cluster was too small from every start.
        told: How much more it tells of each customer than the same method finds by chance.
        error: The standard error of that.
    """

    method: Method
    clusters: int
    division: Division | None
    told: float
    error: float

    @property
    def title(self) -> str:
        """As in the literature."""
        return f"{self.method.called}, k = {self.clusters}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """What was chosen.

    Attributes:
        trial: The division; None where there are no clusters to be trusted.
        stability: Of each of its clusters, 0 to 1.
        others: The other divisions that were tried, those that tell most first.
        refused: Why divisions that tell more were not chosen.
    """

    trial: Trial | None
    stability: tuple[float, ...]
    others: tuple[Trial, ...]
    refused: tuple[Text, ...]


def chosen(space: Space, points: Points, places: Sequence[int]) -> Choice:
    """Try methods and numbers of clusters.

    Args:
        space: What the points mean.
        points: Customers, in an order that says nothing.
        places: The traits by which customers may be treated differently.
    """
    trials = sorted(_trials(points), key=lambda each: (-each.told, each.clusters, each.method.value))
    refused: list[Text] = []
    for trial in trials:
        found, why = _judged(space, points, places, trial)
        if why is None:
            others = tuple(each for each in trials if each.told <= trial.told and each is not trial)
            return Choice(trial=trial, stability=found, others=others, refused=tuple(refused))
        refused.append(why)
    return Choice(trial=None, stability=(), others=tuple(trials), refused=tuple(refused))


def methods(points: Points) -> tuple[Method, ...]:
    """Those that suit these points.

    Without categories k-prototypes is k-means; with them a mixture of normals finds a value that all of a cluster
    have, which says nothing more; without numbers k-prototypes alone fits.
    """
    if not points.levels:
        return Method.MEANS, Method.MIXTURE
    return (Method.MEANS, Method.PROTOTYPES) if points.numbers.shape[1] else (Method.PROTOTYPES,)


def _trials(points: Points) -> Iterator[Trial]:
    most = min(MOST, points.distinct(), points.rows // SIZES.customers)
    drawn = tuple(references(points, _SEED))
    for method in methods(points):
        best, since = -np.inf, 0
        for clusters in range(2, most + 1):
            trial = _tried(points, drawn, method, clusters)
            yield trial
            best, since = (trial.told, 0) if trial.told > best else (best, since + 1)
            if since == _PATIENCE:
                break


def _tried(points: Points, drawn: Sequence[Sequence[Points]], method: Method, clusters: int) -> Trial:
    division = divided(points, method, clusters, starts=STARTS, sizes=SIZES, seed=_SEED)
    if division is None:
        return Trial(method=method, clusters=clusters, division=None, told=-np.inf, error=0.0)
    by_chance = np.array([[_by_chance(each, method, clusters) for each in draws] for draws in drawn])
    most = by_chance[int(np.argmax(by_chance.mean(axis=1)))]
    found = told(points, labels(division, points), clusters)
    error = float(most.std(ddof=1) * np.sqrt(1 + 1 / len(most)))
    return Trial(method=method, clusters=clusters, division=division, told=found - float(most.mean()), error=error)


def _by_chance(points: Points, method: Method, clusters: int) -> float:
    any_size = Sizes(share=0.0, customers=0)
    division = divided(points, method, clusters, starts=STARTS, sizes=any_size, seed=_SEED)
    return told(points, labels(division, points), clusters) if division else 0.0


def _judged(space: Space, points: Points, places: Sequence[int], trial: Trial) -> tuple[tuple[float, ...], Text | None]:
    """How stable each cluster is; and why the division will not do, if so."""
    said: dict[str, Parameter] = {"method": trial.method.called, "count": trial.clusters}
    if trial.division is None:
        return (), text("models.clusters-too-small", **said, share=SIZES.share * 100)
    if trial.told - _ENDS * trial.error < _LEAST:
        return (), text("models.clusters-by-chance", **said)
    found = labels(trial.division, points)
    if alike(space, points, found, trial.clusters, places):
        return (), text("models.clusters-served-alike", **said)
    again = stability(points, found, trial.clusters, _once_more(trial), seed=_SEED)
    if again.min() < VALID:
        least = round(float(again.min()), 2)
        return (), text("models.clusters-unstable", **said, least=least, wanted=VALID)
    return tuple(float(each) for each in again), None


def _once_more(trial: Trial) -> Callable[[Points, int], Division | None]:
    any_size = Sizes(share=0.0, customers=0)

    def again(points: Points, draw: int) -> Division | None:
        return divided(points, trial.method, trial.clusters, starts=_AGAIN, sizes=any_size, seed=draw)

    return again
