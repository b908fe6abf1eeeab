"""What can be said where there is little to learn from: a rule, a pooled estimate, then a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np

from carpel.kernel.texts import Text, text
from carpel.models.frames import Frame, Kind
from carpel.models.frames.frame import Column
from carpel.models.rungs import Rung

FOR_POOLING: Final = 5
"""Outcomes, and as many customers without, from which on categories are told apart."""
FOR_A_MODEL: Final = 50
"""The same, from which on a model learns."""


def rung_for(outcome: Column) -> Rung:
    """The rung that so many outcomes carry."""
    scarcer = scarcer_of(outcome)
    if scarcer >= FOR_A_MODEL:
        return Rung.MODEL
    return Rung.POOLED if scarcer >= FOR_POOLING else Rung.RULE


def scarcer_of(outcome: Column) -> int:
    """Customers to whom it happened, or to whom it did not, whichever are fewer."""
    there = int(outcome.sum())
    return min(there, len(outcome) - there)


def wanted_for(rung: Rung, scarcer: int) -> Text | None:
    """What the next rung needs, in words; nothing on the last."""
    if rung is Rung.MODEL:
        return None
    needed = FOR_POOLING if rung is Rung.RULE else FOR_A_MODEL
    return text(f"models.wanted-after-{rung}", found=scarcer, count=needed)


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """The rate of each value of one category, pulled to the whole.

    Attributes:
        overall: The rate of everybody, by Laplace's rule, so that it is never 0 or 1.
        feature: The key of the category; None with a rule.
        rates: By the place of its level; the place after the last is any other value.
        strength: How many customers' weight the whole has against each value's own.
    """

    overall: float
    feature: str | None = None
    rates: Mapping[int, float] | None = None
    strength: float = 0.0

    @classmethod
    def fit(cls, frame: Frame, outcome: Column, rung: Rung) -> Self:
        """One rate, or with `Rung.POOLED` those of the category that tells most."""
        overall = float((outcome.sum() + 1) / (len(outcome) + 2))
        places = [place for place, each in enumerate(frame.features) if each.kind is Kind.CATEGORY]
        if rung is Rung.RULE or not places:
            return cls(overall=overall)
        found = [_rates(frame.values[:, place], outcome, overall) for place in places]
        best = max(range(len(places)), key=lambda each: (found[each][2], -each))
        rates, strength, told = found[best]
        if told <= 0:
            return cls(overall=overall)
        return cls(overall=overall, feature=frame.features[places[best]].key, rates=rates, strength=strength)

    def probability(self, frame: Frame) -> Column:
        """Of each customer."""
        if self.feature is None or self.rates is None:
            return np.full(frame.rows, self.overall)
        codes = frame.only([self.feature]).values[:, 0]
        found = np.full(frame.rows, self.overall)
        for place, rate in self.rates.items():
            found[codes == place] = rate
        return found

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        rates = kept["rates"]
        return cls(**kept | {"rates": None if rates is None else {int(each): rate for each, rate in rates.items()}})


def _rates(codes: Column, outcome: Column, overall: float) -> tuple[dict[int, float], float, float]:
    """Rates by level, the strength of the pull by the method of moments, and the variance that is left of chance."""
    known = np.isfinite(codes)
    if not known.any():
        return {}, 0.0, 0.0
    level, where, many = np.unique(codes[known], return_inverse=True, return_counts=True)
    rates = np.bincount(where, outcome[known]) / many
    chance = overall * (1 - overall)
    weights = many / many.sum()
    spread = float(weights @ (rates - overall) ** 2 - chance * (weights / many).sum())
    if spread <= 0 or len(level) == 1:
        return {}, 0.0, 0.0
    strength = max(chance / spread - 1, 1.0)
    pulled = (many * rates + strength * overall) / (many + strength)
    return {int(each): float(rate) for each, rate in zip(level, pulled, strict=True)}, strength, spread
