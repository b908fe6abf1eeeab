"""How good what is said of texts is, and where it is better to say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import optimize  # type: ignore[import-untyped]

from carpel.models.voice.grams import Numbers

COVERAGE: Final = 0.8
"""Something is to be said of at least this share of texts."""
_ONE_SIDED: Final = 1.64
_SPARE: Final = 0.03
"""More than that, as other texts are never quite like those that were learned from."""
_STEPS: Final = 40
_PULL: Final = 1.0
_BINS: Final = 10
_EVEN: Final = 0.5
_NOWHERE: Final = 1e6
"""Further than any log odds go."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How a model did on texts that nothing was learned from.

    Attributes:
        texts: How many.
        coverage: Of what share of them something was said.
        macro_f1: The mean F1 of both sides, of those.
        accuracy: The share of right answers, of those.
        macro_f1_of_all: The same where something must be said of all.
        accuracy_of_all: The same.
        majority_macro_f1: Of always saying what is commonest, of those of which something was said.
        majority_accuracy: The same.
        calibration_error: How far the stated confidence is from how often it was right, on average over tenths.
        mixed: How many texts rated in between were tried, of which none was learned from.
        mixed_said: Of what share of these one side was said all the same.
    """

    texts: int
    coverage: float
    macro_f1: float
    accuracy: float
    macro_f1_of_all: float
    accuracy_of_all: float
    majority_macro_f1: float
    majority_accuracy: float
    calibration_error: float
    mixed: int = 0
    mixed_said: float = 0.0

    @property
    def beats_the_majority(self) -> bool:
        """Whether it is worth listening to."""
        return self.macro_f1 > self.majority_macro_f1 and self.accuracy >= self.majority_accuracy


@dataclass(frozen=True, kw_only=True)
class Voting:
    """From log odds to an answer with its confidence, or none.

    Attributes:
        slope: What log odds are multiplied by (Platt 1999).
        intercept: What is added.
        low: At most these log odds are answered with the one side.
        high: At least these with the other; between the two nothing is said.
    """

    slope: float
    intercept: float
    low: float
    high: float

    @classmethod
    def fit(cls, odds: Numbers, there: Flags) -> Voting:
        """From texts that had no part in their odds.

        So many texts are left without an answer that 80 % have one in another sample too, and of the ways to divide
        these between both sides that with the best macro-F1 is taken: where one side is rare, its few answers
        would else be the first to go.
        """
        slope, intercept = _line(odds, there)
        middle = -intercept / slope
        ways = _silences(odds, middle)
        best = max(ways, key=lambda way: _worth(way, odds, there))
        return cls(slope=slope, intercept=intercept, low=best.low, high=best.high)

    def probability(self, odds: Numbers) -> Numbers:
        """Of the second side, calibrated."""
        return np.asarray(np.exp(-np.logaddexp(0, -(self.slope * odds + self.intercept))), dtype=np.float64)

    def said(self, odds: Numbers) -> Flags:
        """Of which texts something is said."""
        return np.asarray((odds <= self.low) | (odds >= self.high))


@dataclass(frozen=True)
class _Silence:
    """Between these log odds nothing is said; how unevenly that falls on both sides."""

    low: float
    high: float
    uneven: float


def _silences(odds: Numbers, middle: float) -> list[_Silence]:
    """Ways to be silent of so many texts, from all of them below the middle to all above it."""
    below, above = np.sort(odds[odds <= middle]), np.sort(odds[odds > middle])
    spare = 1 - COVERAGE - _SPARE - _ONE_SIDED * np.sqrt(COVERAGE * (1 - COVERAGE) / len(odds))
    silent = int(max(0.0, spare) * len(odds))
    found = []
    for step in range(_STEPS + 1):
        from_below = min(round(silent * step / _STEPS), len(below))
        from_above = min(silent - from_below, len(above))
        low = below[len(below) - from_below - 1] if from_below < len(below) else min(middle, 0.0) - _NOWHERE
        high = above[from_above] if from_above < len(above) else max(middle, 0.0) + _NOWHERE
        found.append(_Silence(float(low), float(high), abs(step - _STEPS / 2)))
    return found


def _worth(way: _Silence, odds: Numbers, there: Flags) -> tuple[float, float]:
    """How good the answers are that are left; of equally good ways the more even."""
    said = (odds <= way.low) | (odds >= way.high)
    return macro_f1(odds[said] >= way.high, there[said]), -way.uneven


def _line(odds: Numbers, there: Flags) -> tuple[float, float]:
    """The line under which what is known is likeliest; few texts hardly move it from doing nothing."""

    def cost(line: Numbers) -> float:
        shifted = line[0] * odds + line[1]
        fit = float(np.sum(np.logaddexp(0, shifted) - there * shifted))
        return fit + _PULL / 2 * float((line[0] - 1) ** 2 + line[1] ** 2 / 4)

    found = optimize.minimize(cost, np.array([1.0, 0.0]), bounds=[(0.05, 20.0), (None, None)])
    return float(found.x[0]), float(found.x[1])


def judged(voting: Voting, odds: Numbers, there: Flags) -> Figures:
    """On texts that nothing was learned from."""
    probability = voting.probability(odds)
    guess, said = likelier(probability), voting.said(odds)
    commonest = np.full(len(there), likelier(there.mean(keepdims=True)))
    confidence = np.maximum(probability, 1 - probability)
    return Figures(
        texts=len(there),
        coverage=float(said.mean()),
        macro_f1=macro_f1(guess[said], there[said]),
        accuracy=_share(guess[said] == there[said]),
        macro_f1_of_all=macro_f1(guess, there),
        accuracy_of_all=_share(guess == there),
        majority_macro_f1=macro_f1(commonest[said], there[said]),
        majority_accuracy=_share(commonest[said] == there[said]),
        calibration_error=_calibration_error(confidence[said], guess[said] == there[said]),
    )


def macro_f1(guess: Flags, truth: Flags) -> float:
    """The mean over both sides of the F1 score; a side that is neither there nor guessed counts 0."""
    scores = []
    for side in (False, True):
        hit = int(((guess == side) & (truth == side)).sum())
        missed = int((guess != truth)[(guess == side) | (truth == side)].sum())
        scores.append(2 * hit / (2 * hit + missed) if hit else 0.0)
    return float(np.mean(scores))


def likelier(probability: Numbers) -> Flags:
    """Which are likelier than not."""
    return np.asarray(probability > _EVEN)


def _share(flags: Sequence[bool] | Flags) -> float:
    return float(np.mean(flags)) if len(flags) else 0.0


def _calibration_error(confidence: Numbers, right: Flags) -> float:
    bins = [rows for rows in np.array_split(np.argsort(confidence, kind="stable"), _BINS) if len(rows)]
    apart = [len(rows) * abs(confidence[rows].mean() - right[rows].mean()) for rows in bins]
    return float(sum(apart) / max(len(confidence), 1))
