"""What can be said where there is little to learn from: a rule, a pooled estimate, then a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import stats  # type: ignore[import-untyped]
from scipy.special import xlogy  # type: ignore[import-untyped]

from carpel.kernel.texts import Text, text
from carpel.models.frames import Frame, Kind
from carpel.models.frames.frame import Column
from carpel.models.rungs import Rung

FOR_POOLING: Final = 5
"""Outcomes, and as many customers without, from which on categories are told apart."""
FOR_A_MODEL: Final = 50
"""The same, from which on a model learns."""
_Z: Final = 1.96
_CHANCE: Final = 0.05
"""How likely rates may differ by chance as much as they do, in any of the categories that are looked at."""
_UNKNOWN: Final = -1


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


def wanted_for(rung: Rung, scarcest: int, scarcer: int) -> Text | None:
    """What the next rung needs, in words; nothing on the last.

    Args:
        rung: How much the outcomes carry.
        scarcest: Outcomes, or customers without, in the one of three blocks that has the fewest.
        scarcer: The same in all of them.
    """
    if rung is Rung.MODEL:
        return None
    if rung is Rung.RULE:
        return text("models.wanted-after-rule", found=scarcer, count=FOR_POOLING)
    if scarcest >= FOR_A_MODEL:
        return text("models.wanted-differences")
    return text("models.wanted-after-pooled", found=scarcest, count=FOR_A_MODEL)


@dataclass(frozen=True, kw_only=True)
class _Level:
    """A value of a category.

    Attributes:
        rate: How often it happened to its customers, pulled to the whole.
        customers: How many they are.
    """

    rate: float
    customers: int


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """The rate of each value of one category, pulled to the whole.

    Attributes:
        overall: The rate of everybody, by Laplace's rule, so that it is never 0 or 1.
        customers: How many were learned from.
        feature: The key of the category; None with a rule.
        levels: By the place of its value; the place after the last is any other value, -1 is being unknown.
        strength: How many customers' weight the whole has against each value's own.
    """

    overall: float
    customers: int
    feature: str | None = None
    levels: Mapping[int, _Level] = field(default_factory=dict)
    strength: float = 0.0

    @classmethod
    def fit(cls, frame: Frame, outcome: Column, rung: Rung) -> Self:
        """One rate, or with `Rung.POOLED` those of the category that tells most, where one tells more than chance."""
        overall = float((outcome.sum() + 1) / (len(outcome) + 2))
        places = [place for place, each in enumerate(frame.features) if each.kind is Kind.CATEGORY]
        rule = cls(overall=overall, customers=len(outcome))
        if rung is Rung.RULE or not places:
            return rule
        counted = {place: _counted(frame.values[:, place], outcome) for place in places}
        best = min(places, key=lambda place: (_by_chance(counted[place], outcome), place))
        if _by_chance(counted[best], outcome) * len(places) > _CHANCE:
            return rule
        levels, strength = _pulled(counted[best], overall)
        return replace(rule, feature=frame.features[best].key, levels=levels, strength=strength)

    def probability(self, frame: Frame) -> Column:
        """Of each customer."""
        return self._of_levels(frame, self.overall, {place: each.rate for place, each in self.levels.items()})

    def interval(self, frame: Frame) -> tuple[Column, Column]:
        """The ends of the 95 % interval (Wilson 1927) of each probability, by customers of that value and the pull."""
        if self.feature is None:
            many = np.full(frame.rows, float(self.customers))
        else:
            own = {place: each.customers + self.strength for place, each in self.levels.items()}
            many = self._of_levels(frame, self.strength, own)
        rate = self.probability(frame)
        middle = (rate + _Z**2 / (2 * many)) / (1 + _Z**2 / many)
        reach = _Z / (1 + _Z**2 / many) * np.sqrt(rate * (1 - rate) / many + _Z**2 / (4 * many**2))
        return np.minimum(middle - reach, rate), np.maximum(middle + reach, rate)

    def _of_levels(self, frame: Frame, others: float, values: Mapping[int, float]) -> Column:
        found = np.full(frame.rows, others)
        if self.feature is not None:
            codes = _codes(frame.only([self.feature]).values[:, 0])
            for place, value in values.items():
                found[codes == place] = value
        return found

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        levels = {int(place): _Level(**each) for place, each in kept["levels"].items()}
        return cls(**{**kept, "levels": levels})


_Counted: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Column]
"""The values of a category, how many customers have each, and to how many of them it happened."""


def _codes(values: Column) -> npt.NDArray[np.int64]:
    return np.asarray(np.where(np.isnan(values), _UNKNOWN, values), dtype=np.int64)


def _counted(values: Column, outcome: Column) -> _Counted:
    level, where, many = np.unique(_codes(values), return_inverse=True, return_counts=True)
    return level, many.astype(np.int64), np.asarray(np.bincount(where, outcome), dtype=np.float64)


def _by_chance(counted: _Counted, outcome: Column) -> float:
    """How likely rates would differ as much as they do if the category meant nothing (likelihood ratio, Wilks 1938)."""
    level, many, there = counted
    rate = float(outcome.mean())
    if len(level) == 1 or not 0 < rate < 1:
        return 1.0
    absent = many - there
    apart = xlogy(there, there / (many * rate)) + xlogy(absent, absent / (many * (1 - rate)))
    return float(stats.chi2.sf(2 * apart.sum(), len(level) - 1))


def _pulled(counted: _Counted, overall: float) -> tuple[dict[int, _Level], float]:
    """Rates by value, and the strength of the pull by the method of moments."""
    level, many, there = counted
    chance, weights = overall * (1 - overall), many / many.sum()
    spread = float(weights @ (there / many - overall) ** 2 - chance * (weights / many).sum())
    strength = max(chance / spread - 1, 1.0) if spread > 0 else float(many.sum())
    rates = (there + strength * overall) / (many + strength)
    rows = zip(level, rates, many, strict=True)
    return {int(place): _Level(rate=float(rate), customers=int(own)) for place, rate, own in rows}, strength
