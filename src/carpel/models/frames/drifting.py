"""How far customers have moved since something was learned of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from carpel.models.frames.features import Feature, Kind
from carpel.models.frames.frame import Column, Frame

BINS: Final = 10
_SMALLEST: Final = 1e-4
"""The share of an empty bin, so that nothing is divided by nothing."""


def drift(before: Frame, now: Frame) -> dict[str, float]:
    """The population stability index of each feature: sum of (q - p) ln(q / p) over its bins.

    Numbers fall into tenths of those learned from, categories into their values; the unknown are a bin of their own.
    Below 0.1 hardly anything has changed, above 0.25 much has.
    """
    return {
        feature.key: _index(*_shares(feature, before.values[:, place], now.values[:, place]))
        for place, feature in enumerate(before.features)
    }


def stability_index(before: Column, now: Column) -> float:
    """The index of two sets of shares."""
    return _index(before, now)


def _index(before: Column, now: Column) -> float:
    p, q = np.maximum(before, _SMALLEST), np.maximum(now, _SMALLEST)
    return float(((q - p) * np.log(q / p)).sum())


def _shares(feature: Feature, before: Column, now: Column) -> tuple[Column, Column]:
    if feature.kind is Kind.CATEGORY:
        edges = np.arange(len(feature.levels) + 1, dtype=np.float64)
    else:
        known = before[np.isfinite(before)]
        edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else known
    return _share(before, edges), _share(now, edges)


def _share(values: Column, edges: Column) -> Column:
    known = values[np.isfinite(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return np.append(counts, len(values) - len(known)) / max(len(values), 1)
