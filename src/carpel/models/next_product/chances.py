"""How likely it is that the product that is named is bought: what came of like scores before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from scipy import stats  # type: ignore[import-untyped]

Array = npt.NDArray[np.float64]

BANDS: Final = 10
FEWEST: Final = 40
"""Customers of a band."""


@dataclass(frozen=True, kw_only=True)
class Chances:
    """Chances by bands of scores, never falling as scores rise.

    Attributes:
        edges: The least score of each band but the first.
        chance: Of each band, with Jeffreys' prior: (hits + 1/2) / (customers + 1).
        low: The lower end of its 95 % interval (Jeffreys).
        high: The upper end.
    """

    edges: tuple[float, ...]
    chance: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @classmethod
    def learned(cls, scores: Array, hits: npt.NDArray[np.bool_]) -> Self | None:
        """From customers of a past day and what came of it; None where they are too few."""
        if len(scores) < FEWEST:
            return None
        bands = min(BANDS, len(scores) // FEWEST)
        edges: Array = np.unique(np.quantile(scores, np.arange(1, bands) / bands)) if bands > 1 else np.empty(0)
        places = np.searchsorted(edges, scores, side="right")
        many: Array = np.bincount(places, minlength=len(edges) + 1).astype(np.float64)
        found: Array = np.bincount(places, hits, len(edges) + 1).astype(np.float64)
        bounds, bought, told = _rising(edges, found, many)
        chance = (bought + 0.5) / (told + 1)
        ends = stats.beta.ppf([[0.025], [0.975]], bought + 0.5, told - bought + 0.5)
        return cls(
            edges=tuple(map(float, bounds)),
            chance=tuple(map(float, chance)),
            low=tuple(map(float, np.minimum(ends[0], chance))),
            high=tuple(map(float, np.maximum(ends[1], chance))),
        )

    def of(self, scores: Array) -> tuple[Array, Array, Array]:
        """The chance at each score, with the ends of its interval."""
        places = np.searchsorted(np.array(self.edges), scores, side="right")
        value, low, high = (np.array(each)[places] for each in (self.chance, self.low, self.high))
        return value, low, high

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {name: list(getattr(self, name)) for name in ("edges", "chance", "low", "high")}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(**{name: tuple(each) for name, each in kept.items()})


def _rising(edges: Array, hits: Array, many: Array) -> tuple[Array, Array, Array]:
    """Neighbouring bands are one where the chance would fall (pool adjacent violators)."""
    groups: list[tuple[float, float, float]] = []
    for edge, hit, count in zip([-np.inf, *edges], hits, many, strict=True):
        groups.append((float(edge), float(hit), float(count)))
        while len(groups) > 1 and groups[-2][1] * groups[-1][2] >= groups[-1][1] * groups[-2][2]:
            last = groups.pop()
            before = groups.pop()
            groups.append((before[0], before[1] + last[1], before[2] + last[2]))
    table = np.array(groups)
    return table[1:, 0], table[:, 1], table[:, 2]
