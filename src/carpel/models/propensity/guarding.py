"""Features that know the answer: what could only be known after the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from carpel.kernel.texts import Text, text
from carpel.models.frames import Feature, Frame
from carpel.models.frames.frame import Column
from carpel.models.propensity.alone import Alone

_STRONG: Final = 0.75
_AHEAD: Final = 0.04
_SETTLED: Final = 0.99
_ENOUGH: Final = 50
_PARTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """A feature that may be known only after the outcome.

    Attributes:
        feature: Which.
        alone: The area under the curve that it reaches alone.
        why: In words; what to do about it.
    """

    feature: Feature
    alone: float
    why: Text


def suspicions(frame: Frame, outcome: Column) -> tuple[Suspicion, ...]:
    """Features to look at before anybody trusts a model that uses them; the strongest first.

    Statistics cannot tell when something was known. Two things are suspicious all the same: a feature that alone tells
    far more than any other, and a value of it that settles the outcome for many customers.
    """
    alone = [_alone(frame, place, outcome) for place in range(len(frame.features))]
    found = []
    for place in np.argsort([-each for each in alone], kind="stable"):
        others = [each for other, each in enumerate(alone) if other != place]
        why = _why(frame, int(place), outcome, alone[place], max(others, default=0.5))
        if why:
            found.append(Suspicion(feature=frame.features[place], alone=alone[place], why=why))
    return tuple(found)


def _why(frame: Frame, place: int, outcome: Column, alone: float, next_best: float) -> Text | None:
    label = frame.features[place].label
    if alone >= _STRONG and alone - next_best >= _AHEAD:
        return text("models.knows-too-much", feature=label, alone=round(alone, 2), next=round(next_best, 2))
    settled = _settled(frame.values[:, place], outcome)
    return text("models.settles", feature=label, count=settled) if settled else None


def _alone(frame: Frame, place: int, outcome: Column) -> float:
    """The area under the curve of the rate by value, either way; twentieths where there are many values."""
    values = frame.values[:, place]
    told = Alone.of(frame.features[place], values, outcome, _PARTS).told(values)
    there = int(outcome.sum())
    absent = len(outcome) - there
    if not there or not absent:
        return 0.5
    ranks = stats.rankdata(told)
    return float((ranks[outcome > 0].sum() - there * (there + 1) / 2) / (there * absent))


def _settled(values: Column, outcome: Column) -> int:
    """How many customers a single value settles, where the outcome is otherwise open."""
    rate = float(outcome.mean())
    known = values[np.isfinite(values)]
    if not len(known):
        return 0
    distinct, where, many = np.unique(known, return_inverse=True, return_counts=True)
    sums = np.bincount(where, outcome[np.isfinite(values)])
    there = (sums / many >= _SETTLED) & (many * rate <= many * 0.5)
    return int(many[there & (many >= _ENOUGH)].sum()) if len(distinct) > 1 else 0
