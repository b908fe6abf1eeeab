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


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A straight line through log odds (Platt 1999), so that the order of customers stays.

    Attributes:
        intercept: What is added.
        slope: What they are multiplied by; below 1 where a learner was too sure.
    """

    intercept: float = 0.0
    slope: float = 1.0

    @classmethod
    def fit(cls, log_odds: Column, outcome: Column) -> Calibration:
        """The line under which what happened is likeliest; few customers hardly move it from doing nothing."""

        def cost(line: Column) -> float:
            shifted = line[0] + line[1] * log_odds
            fit = float(np.sum(np.logaddexp(0, shifted) - outcome * shifted))
            return fit + _PULL / 2 * float(line[0] ** 2 / 4 + (line[1] - 1) ** 2)

        found = optimize.minimize(cost, np.array([0.0, 1.0]), bounds=[(None, None), (1e-3, _STEEPEST)])
        return cls(intercept=float(found.x[0]), slope=float(found.x[1]))

    def applied(self, log_odds: Column) -> Column:
        """Calibrated probabilities."""
        return probability(self.intercept + self.slope * log_odds)
