"""What a feature tells alone, value by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np

from carpel.models.frames import Feature, Kind
from carpel.models.frames.frame import Column, Rows

FIFTHS: Final = 5
_PULL: Final = 10
"""Customers of everybody that stand beside those of each value, so that a few do not settle anything by chance."""
_DIGITS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Alone:
    """By how much the log odds of customers of like value differ from everybody's.

    Attributes:
        edges: Where a number's parts begin, but for the first; with a category, the places of all values but the first.
        log_odds: Of each part, and last of those of whom it is unknown.
    """

    edges: tuple[float, ...]
    log_odds: tuple[float, ...]

    @classmethod
    def of(cls, feature: Feature, values: Column, outcome: Column, parts: int = FIFTHS) -> Self:
        """From customers of whom it is known whether it happened.

        Args:
            feature: How values are measured.
            values: Of each customer, as frames hold them.
            outcome: 1 where it happened, else 0.
            parts: Into how many of equally many customers numbers are divided.
        """
        known = values[np.isfinite(values)]
        edges = np.arange(1.0, len(feature.levels) + 1)
        if feature.kind is Kind.NUMBER:
            edges = np.unique(np.quantile(known, np.arange(1, parts) / parts)) if len(known) else known
        codes = _codes(values, edges)
        many, there = (np.bincount(codes, weights, len(edges) + 2) for weights in (None, outcome))
        rate = (float(outcome.sum()) + 1) / (len(outcome) + 2)
        own = (there + _PULL * rate) / (many + _PULL)
        told = np.log(own / (1 - own)) - np.log(rate / (1 - rate))
        return cls(edges=tuple(edges.tolist()), log_odds=tuple(np.round(told, _DIGITS).tolist()))

    def told(self, values: Column) -> Column:
        """Of each customer."""
        return np.array(self.log_odds)[_codes(values, np.array(self.edges))]

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(edges=tuple(kept["edges"]), log_odds=tuple(kept["log_odds"]))


def _codes(values: Column, edges: Column) -> Rows:
    return np.asarray(
        np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right")), dtype=np.intp
    )
