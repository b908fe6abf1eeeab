"""The plain learner: each feature adds its share to the log odds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt

from carpel.models.frames import Frame, Kind
from carpel.models.frames.frame import Column

_TAILS: Final = (0.01, 0.99)
_ROUNDS: Final = 1_000
_SKEWED: Final = 10.0
"""From this ratio of the range to its middle half on, a number is taken in powers."""


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """How a number enters: bounded by its tails, in powers where it is skewed, and compared with its mean."""

    low: float
    high: float
    powers: bool
    mean: float
    spread: float

    @classmethod
    def of(cls, values: Column) -> _Scale:
        known = values[np.isfinite(values)]
        if not len(known):
            return cls(low=0, high=0, powers=False, mean=0, spread=1)
        low, quarter, half, high = (float(each) for each in np.quantile(known, (_TAILS[0], 0.25, 0.75, _TAILS[1])))
        middle = half - quarter
        powers = high > low and (middle == 0 or (high - low) / middle > _SKEWED)
        bounded = _bounded(known, low, high, powers=powers)
        spread = float(bounded.std())
        return cls(low=low, high=high, powers=powers, mean=float(bounded.mean()), spread=spread or 1.0)

    def applied(self, values: Column) -> Column:
        bounded = _bounded(values, self.low, self.high, powers=self.powers)
        return np.where(np.isnan(bounded), 0.0, (bounded - self.mean) / self.spread)


def _bounded(values: Column, low: float, high: float, *, powers: bool) -> Column:
    bounded = np.clip(values, low, high)
    return np.sign(bounded) * np.log1p(np.abs(bounded)) if powers else bounded


class Logistic:
    """Logistic regression with a slight pull towards no effect (scikit-learn's, ridge of strength 1).

    Numbers are bounded by their first and last percentile and measured in standard deviations; what is unknown
    counts as the mean, with a coefficient of its own for being unknown. Categories have one for each level.
    """

    title: ClassVar[str] = "logistic regression"

    def __init__(self) -> None:
        self._scales: tuple[_Scale, ...] = ()
        self._coefficients: Column = np.zeros(0)
        self._means: Column = np.zeros(0)
        self._intercept = 0.0

    def fit(self, frame: Frame, outcome: Column) -> Self:
        """Learn from customers of whom it is known, 1 or 0."""
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # noqa: PLC0415  slow
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415  of scikit-learn

        self._scales = tuple(_Scale.of(frame.values[:, place]) for place in range(len(frame.features)))
        design, _ = self._design(frame)
        self._means = design.mean(axis=0)
        # Sums over more threads come out otherwise in their last digits, and beside other work they wait, busily.
        with threadpool_limits(limits=1, user_api="blas"):
            learned = LogisticRegression(C=1.0, max_iter=_ROUNDS).fit(design - self._means, outcome)
        self._coefficients = np.asarray(learned.coef_[0], dtype=np.float64)
        self._intercept = float(learned.intercept_[0])
        return self

    def log_odds(self, frame: Frame) -> Column:
        """Of each customer, before calibration."""
        design, _ = self._design(frame)
        return np.asarray((design - self._means) @ self._coefficients + self._intercept, dtype=np.float64)

    def contributions(self, frame: Frame) -> npt.NDArray[np.float64]:
        """What each feature adds to each customer's log odds, against customers at large."""
        design, owners = self._design(frame)
        parts = (design - self._means) * self._coefficients
        found = np.zeros(frame.values.shape)
        for column, owner in enumerate(owners):
            found[:, owner] += parts[:, column]
        return found

    def to_json(self) -> dict[str, Any]:
        """What was learned, in plain values."""
        return {
            "scales": [asdict(each) for each in self._scales],
            "coefficients": self._coefficients.tolist(),
            "means": self._means.tolist(),
            "intercept": self._intercept,
        }

    def restored(self, kept: dict[str, Any]) -> Self:
        """The learner with what `to_json` gave."""
        self._scales = tuple(_Scale(**each) for each in kept["scales"])
        self._coefficients, self._means = np.array(kept["coefficients"]), np.array(kept["means"])
        self._intercept = float(kept["intercept"])
        return self

    def _design(self, frame: Frame) -> tuple[npt.NDArray[np.float64], list[int]]:
        """Columns as they enter, and to which feature each belongs."""
        columns: list[Column] = []
        owners: list[int] = []
        for place, (feature, scale) in enumerate(zip(frame.features, self._scales, strict=True)):
            values = frame.values[:, place]
            entered = [np.isnan(values).astype(np.float64)]
            if feature.kind is Kind.NUMBER:
                entered.append(scale.applied(values))
            else:
                entered += [(values == level).astype(np.float64) for level in range(len(feature.levels) + 1)]
            columns += entered
            owners += [place] * len(entered)
        return np.column_stack(columns) if columns else np.zeros((frame.rows, 0)), owners
