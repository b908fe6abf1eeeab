"""What learners of a yes or no have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

from carpel.models.frames import Frame
from carpel.models.frames.frame import Column


class Learner(Protocol):
    """Says for each customer how likely something is, and how much each feature speaks for it."""

    title: ClassVar[str]
    """What the literature calls it."""

    def fit(self, frame: Frame, outcome: Column) -> Self:
        """Learn from customers of whom it is known, 1 or 0; the order of rows means nothing."""
        ...

    def log_odds(self, frame: Frame) -> Column:
        """Of each customer, before calibration."""
        ...

    def contributions(self, frame: Frame) -> npt.NDArray[np.float64]:
        """What each feature adds to each customer's log odds, against customers at large; (customers, features)."""
        ...

    def to_json(self) -> dict[str, Any]:
        """What was learned, in plain values."""
        ...

    def restored(self, kept: dict[str, Any]) -> Self:
        """The learner with what `to_json` gave."""
        ...


def probability(log_odds: Column) -> Column:
    """From log odds; never 0 or 1 beyond what a float can tell."""
    return np.asarray(np.exp(-np.logaddexp(0, -log_odds)), dtype=np.float64)
