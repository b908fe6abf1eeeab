"""Numbers on a common robust scale, so that no outlier and no unit decides who is like whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from carpel.models.clusters.points import Matrix, Points, usual_mismatch
from carpel.models.clusters.traits import Measure, Trait

FAR: Final = 3.0
"""How far from the middle a number counts, in spreads; what lies beyond counts as this far."""
_NORMAL_IQR: Final = 1.349
"""The distance between the quartiles of a normal distribution of spread 1."""
_SKEWED: Final = 1.0
_TAILS: Final = (0.01, 0.99)
_SAME: Final = 0.9
"""From this correlation on, two numbers say the same and count once."""
_EXACTLY: Final = 0.999


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How a number becomes a coordinate.

    Attributes:
        unit: A skewed number counts by its logarithm, in parts of this; None for a number that counts as it is.
        low: What lies below counts as this; it and all that follows is after the logarithm.
        high: What lies above counts as this.
        middle: The median.
        spread: That of a normal distribution with the same quartiles.
    """

    unit: float | None
    low: float
    high: float
    middle: float
    spread: float

    @classmethod
    def of(cls, values: Matrix) -> Scale:
        """The scale of a column of numbers, NaN where unknown; at least two differ."""
        known = values[np.isfinite(values)]
        unit = _unit(known)
        taken = _taken(known, unit)
        low, high = (float(each) for each in np.quantile(taken, _TAILS))
        if low == high:
            low, high = float(taken.min()), float(taken.max())
        taken = np.clip(taken, low, high)
        quarters = np.quantile(taken, (0.25, 0.5, 0.75))
        spread = max(float(quarters[2] - quarters[0]) / _NORMAL_IQR, float(taken.std()) / 2)
        return cls(unit=unit, low=low, high=high, middle=float(quarters[1]), spread=spread)

    def coordinates(self, values: Matrix) -> Matrix:
        """Values as coordinates; what is unknown is in the middle."""
        taken = np.clip(_taken(values, self.unit), self.low, self.high)
        found = np.clip((taken - self.middle) / self.spread, -FAR, FAR)
        return np.where(np.isfinite(found), found, 0.0)


def _unit(known: Matrix) -> float | None:
    """What a skewed number that is never negative is counted in; None where it is not skewed."""
    if known.min() < 0 or not (known > 0).any():
        return None
    low, high = np.quantile(known, _TAILS)
    within = np.clip(known, low, high)
    spread = within.std()
    if spread == 0 or float((((within - within.mean()) / spread) ** 3).mean()) < _SKEWED:
        return None
    return float(np.median(known[known > 0]))


def _taken(values: Matrix, unit: float | None) -> Matrix:
    return values if unit is None else np.log1p(np.maximum(values, 0) / unit)


@dataclass(frozen=True, kw_only=True, eq=False)
class Space:
    """How traits become points.

    Attributes:
        traits: What customers are compared by.
        scales: One for each trait that is a number, in order.
        mismatch: As in `Points`.
    """

    traits: tuple[Trait, ...]
    scales: tuple[Scale, ...]
    mismatch: float

    @classmethod
    def of(cls, traits: Sequence[Trait], values: Matrix) -> Space:
        """The space of some customers; of two numbers that say the same, the first is kept."""
        scaled = {
            place: Scale.of(values[:, place]) for place, each in enumerate(traits) if each.measure is Measure.NUMBER
        }
        columns = {place: each.coordinates(values[:, place]) for place, each in scaled.items()}
        kept = _not_said_twice(columns, [place for place, each in enumerate(traits) if each.attribute is None])
        places = [place for place in range(len(traits)) if place not in scaled or place in kept]
        numbers = np.column_stack([*kept.values()]) if kept else np.empty((len(values), 0))
        return cls(
            traits=tuple(traits[place] for place in places),
            scales=tuple(scaled[place] for place in kept),
            mismatch=usual_mismatch(numbers),
        )

    @property
    def numbers(self) -> tuple[Trait, ...]:
        """The traits that are numbers, in the order of coordinates."""
        return tuple(each for each in self.traits if each.measure is Measure.NUMBER)

    @property
    def categories(self) -> tuple[Trait, ...]:
        """The traits that are not, in the order of codes."""
        return tuple(each for each in self.traits if each.measure is not Measure.NUMBER)

    def points(self, values: Matrix) -> Points:
        """Customers by traits, as `measured` gives them, as points."""
        of_number = [place for place, each in enumerate(self.traits) if each.measure is Measure.NUMBER]
        others = [place for place, each in enumerate(self.traits) if each.measure is not Measure.NUMBER]
        scaled = [scale.coordinates(values[:, place]) for scale, place in zip(self.scales, of_number, strict=True)]
        codes = [_codes(values[:, place], self.traits[place]) for place in others]
        return Points(
            numbers=np.column_stack(scaled) if scaled else np.empty((len(values), 0)),
            codes=np.column_stack(codes) if codes else np.empty((len(values), 0), dtype=np.intp),
            levels=tuple(self.traits[place].size for place in others),
            mismatch=self.mismatch,
        )

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "traits": [each.to_json() for each in self.traits],
            "scales": [asdict(each) for each in self.scales],
            "mismatch": self.mismatch,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Space:
        """What `to_json` gave."""
        return cls(
            traits=tuple(Trait.from_json(each) for each in kept["traits"]),
            scales=tuple(Scale(**each) for each in kept["scales"]),
            mismatch=kept["mismatch"],
        )


def known_share(values: Matrix) -> Matrix:
    """Of each customer, what part of the traits is known."""
    return np.isfinite(values).mean(axis=1) if values.shape[1] else np.zeros(len(values))


def _codes(values: Matrix, trait: Trait) -> npt.NDArray[np.intp]:
    unknown = trait.size - 1
    return np.where(np.isfinite(values), np.nan_to_num(values), unknown).astype(np.intp)


def _not_said_twice(columns: Mapping[int, Matrix], parts: Collection[int]) -> dict[int, Matrix]:
    """Of numbers that say the same, the first; parts of one whole are told apart until they say exactly the same."""
    kept: dict[int, Matrix] = {}
    for place, column in columns.items():
        alike = (
            (_EXACTLY if place in parts and other in parts else _SAME, abs(float(np.corrcoef(column, values)[0, 1])))
            for other, values in kept.items()
        )
        if column.std() > 0 and all(found < limit for limit, found in alike):
            kept[place] = column
    return kept
