"""Probabilities that hold what they promise, by customers later than those learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]

from carpel.models.frames.frame import Column
from carpel.models.propensity.learning import probability

_STEEPEST: Final = 5.0
_PULL: Final = 1.0
_Z: Final = 1.96


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A straight line through log odds (Platt 1999), so that the order of customers stays.

    Attributes:
        intercept: What is added.
        slope: What they are multiplied by; below 1 where a learner was too sure.
        covariance: Of the intercept and the slope: the variance of the one, what they share, the variance of the
            other (the inverse of the observed information); zero where they are taken as certain.
    """

    intercept: float = 0.0
    slope: float = 1.0
    covariance: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @classmethod
    def fit(cls, log_odds: Column, outcome: Column) -> Calibration:
        """The line under which what happened is likeliest; few customers hardly move it from doing nothing."""

        def cost(line: Column) -> float:
            shifted = line[0] + line[1] * log_odds
            fit = float(np.sum(np.logaddexp(0, shifted) - outcome * shifted))
            return fit + _PULL / 2 * float(line[0] ** 2 / 4 + (line[1] - 1) ** 2)

        found = optimize.minimize(cost, np.array([0.0, 1.0]), bounds=[(None, None), (1e-3, _STEEPEST)])
        intercept, slope = float(found.x[0]), float(found.x[1])
        return cls(intercept=intercept, slope=slope, covariance=_covariance(log_odds, intercept, slope))

    def interval(self, log_odds: Column) -> tuple[Column, Column]:
        """The ends of the 95 % interval of each probability, as far as the line is uncertain (delta method)."""
        first, both, second = self.covariance
        spread = np.sqrt(np.maximum(first + 2 * both * log_odds + second * log_odds**2, 0.0))
        middle = self.intercept + self.slope * log_odds
        return probability(middle - _Z * spread), probability(middle + _Z * spread)

    def applied(self, log_odds: Column) -> Column:
        """Calibrated probabilities."""
        return probability(self.intercept + self.slope * log_odds)


def _covariance(log_odds: Column, intercept: float, slope: float) -> tuple[float, float, float]:
    chance = probability(intercept + slope * log_odds)
    weight = chance * (1 - chance)
    design = np.column_stack([np.ones_like(log_odds), log_odds])
    information = design.T @ (design * weight[:, None]) + np.diag([_PULL / 4, _PULL])
    inverse = np.linalg.inv(information)
    return float(inverse[0, 0]), float(inverse[0, 1]), float(inverse[1, 1])
