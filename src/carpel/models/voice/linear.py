"""Logistic regression on n-grams: each adds its share to the log odds of a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from carpel.models.voice.grams import Numbers, packed, unpacked

_STRENGTH: Final = 4.0
_ROUNDS: Final = 300


@dataclass(frozen=True, eq=False)
class Linear:
    """What n-grams say.

    Attributes:
        classes: Names; with two of them the shares are those of the second.
        shares: (1 or classes, n-grams).
        intercepts: One for each row of shares.
    """

    classes: tuple[str, ...]
    shares: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, matrix: Any, labels: Sequence[str]) -> Self:
        """Learn; rare classes weigh as much as common ones (scikit-learn's, ridge of strength 1/4)."""
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # noqa: PLC0415  slow

        learned = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, class_weight="balanced").fit(matrix, labels)
        return cls(
            tuple(str(each) for each in learned.classes_),
            learned.coef_.astype(np.float32),
            learned.intercept_.astype(np.float32),
        )

    def log_odds(self, matrix: Any) -> Numbers:
        """Of each text: (texts, 1) with two classes, else (texts, classes), there up to a constant."""
        return np.asarray(matrix @ self.shares.T.astype(np.float64) + self.intercepts)

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "classes": list(self.classes),
            "shares": packed(self.shares.ravel()),
            "intercepts": self.intercepts.tolist(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        intercepts = np.array(kept["intercepts"], dtype=np.float32)
        return cls(tuple(kept["classes"]), unpacked(kept["shares"]).reshape(len(intercepts), -1), intercepts)
