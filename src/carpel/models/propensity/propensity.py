"""Calibrated probabilities: learned, calibrated later, judged later still, on the rung that the data carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from carpel.kernel.errors import CarpelError
from carpel.kernel.messages import parameter_from_json, parameter_to_json
from carpel.kernel.texts import Labels, Text, text
from carpel.models.frames import Feature, Frame, Kind
from carpel.models.frames.frame import Column, Rows
from carpel.models.propensity.alone import Alone
from carpel.models.propensity.blocks import Blocks
from carpel.models.propensity.boosted import Boosted
from carpel.models.propensity.calibrating import Calibration
from carpel.models.propensity.judging import Decile, Judgement, deciles, gain, judge
from carpel.models.propensity.ladder import Pooled, rung_for, scarcer_of, wanted_for
from carpel.models.propensity.learning import Learner
from carpel.models.propensity.logistic import Logistic
from carpel.models.rungs import Rung

LEARNERS: Final[dict[str, type[Learner]]] = {"logistic": Logistic, "boosted": Boosted}
"""From the plainest on; a later one is used only where it is better than those before by more than noise."""

_DRIFT: Final = 0.1
_PROMISED: Final = 0.02
"""The calibration error that probabilities keep to where the rate hardly drifts, with `_ENOUGH` outcomes to tell."""
_ENOUGH: Final = 2_000
_LOOKED_AT: Final = 5_000
"""Customers by whom weights are told."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One learner and how good it was on customers whom nobody had learned from.

    Attributes:
        learner: Its name.
        judged: On the last block.
        gain: By how much it tells more than the rate of those learned from, in log loss for each customer.
        gain_low: The lower end of a 95 % interval of that.
        gain_high: The upper end.
        behind: How much less it tells than the best one, in log loss for each customer.
        behind_low: The lower end of a 95 % interval of that.
        behind_high: The upper end.
        deciles: Of the same customers.
    """

    learner: str
    judged: Judgement
    gain: float
    gain_low: float
    gain_high: float
    behind: float
    behind_low: float
    behind_high: float
    deciles: tuple[Decile, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Propensity:
    """Probabilities of something that happens or does not.

    Attributes:
        features: What it looks at.
        rung: How much could be learned.
        wanted: What the next rung needs; None on the last.
        learner: What it learned with; None below a model.
        candidates: All that were tried, as they were judged; nothing below a model.
        rate: How often it happened among all that were learned from.
        calibration: The line through the learner's log odds.
        remarks: What a reader should know, in words.
        weights: The part that each feature has in what is said of those who judged, strongest first.
    """

    features: tuple[Feature, ...]
    rung: Rung
    wanted: Text | None
    learner: str | None
    candidates: tuple[Candidate, ...]
    rate: float
    calibration: Calibration
    remarks: tuple[Text, ...]
    weights: tuple[tuple[str, float], ...]
    _learned: Learner | None
    _pooled: Pooled
    _alone: tuple[Alone, ...] = ()
    _judged: Mapping[str, tuple[Learner, Calibration]] = field(default_factory=dict)

    @classmethod
    def fit(cls, frame: Frame, outcome: npt.ArrayLike, blocks: Blocks, learners: Sequence[str] = ()) -> Self:
        """Learn from one block, calibrate by a later one, and let one later still decide; then learn from all three.

        Args:
            frame: Customers of whom it is known.
            outcome: 1 where it happened, else 0.
            blocks: Who is learned from, who calibrates, who judges.
            learners: Names of those to try, of `LEARNERS`; all of them where none is named.

        Raises:
            CarpelError: No customers, or outcomes other than 0 and 1.
        """
        happened = _outcome(outcome, frame.rows)
        rung = min((rung_for(happened[rows]) for rows in (blocks.train, blocks.calibrate, blocks.test)), key=_height)
        if rung is Rung.MODEL and not frame.features:
            rung = Rung.RULE
        if rung is not Rung.MODEL:
            scarcest = min(scarcer_of(happened[rows]) for rows in (blocks.train, blocks.calibrate, blocks.test))
            return cls._below(frame, happened, min(rung_for(happened), Rung.POOLED, key=_height), scarcest)
        return cls._learning(frame, happened, blocks, learners or tuple(LEARNERS))

    @classmethod
    def _below(cls, frame: Frame, happened: Column, rung: Rung, scarcest: int) -> Self:
        pooled = Pooled.fit(frame, happened, rung)
        used = Rung.RULE if pooled.feature is None else rung
        return cls(
            features=frame.features,
            rung=used,
            wanted=wanted_for(rung, scarcest, scarcer_of(happened)),
            learner=None,
            candidates=(),
            rate=float(happened.mean()),
            calibration=Calibration(),
            remarks=(),
            weights=((pooled.feature, 1.0),) if pooled.feature else (),
            _learned=None,
            _pooled=pooled,
        )

    @classmethod
    def _learning(cls, frame: Frame, happened: Column, blocks: Blocks, names: Sequence[str]) -> Self:
        trials = _Trials(frame, happened, blocks)
        remarks: list[Text] = []
        for name in names:
            try:
                trials.add(name)
            except CarpelError as error:
                remarks.append(error.text)
        if not trials.any:
            raise CarpelError("models.no-candidates")
        learner, calibration, judged = trials.best()
        return cls(
            features=frame.features,
            rung=Rung.MODEL,
            wanted=None,
            learner=judged.learner,
            candidates=trials.candidates,
            rate=float(happened.mean()),
            calibration=calibration,
            remarks=(*remarks, *_remarks(judged.judged, happened, blocks)),
            weights=_weights(learner, frame.take(blocks.test)),
            _learned=learner,
            _pooled=Pooled.fit(frame, happened, Rung.RULE),
            _alone=tuple(_alone(frame, happened)),
            _judged=trials.judged,
        )

    def probability(self, frame: Frame) -> Column:
        """Of each customer, calibrated.

        Args:
            frame: Made by `Frame.of` with these features.
        """
        self._refuse_other(frame)
        if self._learned is None:
            return self._pooled.probability(frame)
        return self.calibration.applied(self._learned.log_odds(frame))

    def judged_probability(self, frame: Frame, learner: str | None = None) -> Column:
        """What was said before the last block was learned from; only of a model that was not kept and read again.

        Args:
            frame: Made by `Frame.of` with these features.
            learner: By which of those that were tried; the chosen one where none is named.
        """
        self._refuse_other(frame)
        name = learner or self.learner or ""
        if name not in self._judged:
            return self.probability(frame)
        early, line = self._judged[name]
        return line.applied(early.log_odds(frame))

    def interval(self, frame: Frame) -> tuple[Column, Column]:
        """The ends of the 95 % interval of each probability, as far as calibration leaves them uncertain."""
        return self.estimate(frame)[1:]

    def estimate(self, frame: Frame) -> tuple[Column, Column, Column]:
        """The probability of each customer, and the ends of its 95 % interval.

        Below a model Wilson's (1927), else by the delta method as far as the line of calibration is uncertain; that
        the learner itself could have learned something else has no part in it.
        """
        self._refuse_other(frame)
        if self._learned is None:
            return self._pooled.probability(frame), *self._pooled.interval(frame)
        odds = self._learned.log_odds(frame)
        return self.calibration.applied(odds), *self.calibration.interval(odds)

    def contributions(self, frame: Frame) -> npt.NDArray[np.float64]:
        """What each feature adds to each customer's log odds, against customers at large; (customers, features)."""
        self._refuse_other(frame)
        if self._learned is None:
            found = np.zeros(frame.values.shape)
            if self._pooled.feature is not None:
                place = [each.key for each in self.features].index(self._pooled.feature)
                odds, own = self._pooled.overall, self._pooled.probability(frame)
                found[:, place] = np.log(own / (1 - own)) - np.log(odds / (1 - odds))
            return found
        return self.calibration.slope * self._learned.contributions(frame)

    def alone(self, frame: Frame) -> npt.NDArray[np.float64]:
        """What each feature tells of each customer when nothing else is looked at, in log odds against everybody's.

        Nothing below a model; (customers, features).
        """
        self._refuse_other(frame)
        found = np.zeros(frame.values.shape)
        for place, each in enumerate(self._alone):
            found[:, place] = each.told(frame.values[:, place])
        return found

    def _refuse_other(self, frame: Frame) -> None:
        if frame.features != self.features:
            missing = next((each.key for each in self.features if each not in frame.features), "")
            raise CarpelError("models.feature-missing", feature=missing)

    def to_json(self) -> dict[str, Any]:
        """What was learned, in plain values."""
        return {
            "features": [
                {
                    "key": each.key,
                    "kind": each.kind.value,
                    "levels": list(each.levels),
                    "label": parameter_to_json(each.label),
                }
                for each in self.features
            ],
            "rung": self.rung.value,
            "learner": self.learner,
            "learned": self._learned.to_json() if self._learned else None,
            "pooled": self._pooled.to_json(),
            "alone": [each.to_json() for each in self._alone],
            "calibration": asdict(self.calibration),
            "rate": self.rate,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What scores as the one that gave it; how it was judged stays with the card."""
        learner = LEARNERS[kept["learner"]]().restored(kept["learned"]) if kept["learner"] else None
        line = kept["calibration"] | {"covariance": tuple(kept["calibration"]["covariance"])}
        return cls(
            features=tuple(_feature(each) for each in kept["features"]),
            rung=Rung(kept["rung"]),
            wanted=None,
            learner=kept["learner"],
            candidates=(),
            rate=kept["rate"],
            calibration=Calibration(**line),
            remarks=(),
            weights=(),
            _learned=learner,
            _pooled=Pooled.from_json(kept["pooled"]),
            _alone=tuple(Alone.from_json(each) for each in kept["alone"]),
        )


@dataclass(frozen=True)
class _Tried:
    """A learner, how it was judged, what it said of those who judged, and by which line."""

    learner: Learner
    candidate: Candidate
    told: Column
    line: Calibration


class _Trials:
    """Learners tried by the same recipe: learn, draw the line by what came later, learn again from both, be judged."""

    def __init__(self, frame: Frame, happened: Column, blocks: Blocks) -> None:
        self._frame, self._happened, self._blocks = frame, happened, blocks
        self._known = np.concatenate([blocks.train, blocks.calibrate])
        self._last = happened[blocks.test]
        self._prints = frame.take(blocks.test).fingerprints()
        self._tried: list[_Tried] = []

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """In the order in which they were tried, each beside the one that tells most."""
        best = min(self._tried, key=lambda each: each.candidate.judged.log_loss)
        return tuple(self._beside(best, each) for each in self._tried)

    def _beside(self, best: _Tried, each: _Tried) -> Candidate:
        behind, low, high = gain(best.told, each.told, self._last)
        return replace(each.candidate, behind=behind, behind_low=low, behind_high=high)

    @property
    def any(self) -> bool:
        """Whether any could be learned."""
        return bool(self._tried)

    def add(self, name: str) -> None:
        early = self._learned(name, self._blocks.train)
        line = self._line(early, self._blocks.calibrate)
        learner = self._learned(name, self._known)
        told = line.applied(learner.log_odds(self._frame.take(self._blocks.test)))
        known = self._happened[self._known]
        more, low, high = gain(told, np.full(len(told), (known.sum() + 1) / (len(known) + 2)), self._last)
        candidate = Candidate(
            learner=name,
            judged=judge(told, self._last, self._prints),
            gain=more,
            gain_low=low,
            gain_high=high,
            behind=0.0,
            behind_low=0.0,
            behind_high=0.0,
            deciles=deciles(told, self._last, self._prints),
        )
        self._tried.append(_Tried(learner, candidate, told, line))

    @property
    def judged(self) -> dict[str, tuple[Learner, Calibration]]:
        """What was judged, by the names of learners."""
        return {each.candidate.learner: (each.learner, each.line) for each in self._tried}

    def best(self) -> tuple[Learner, Calibration, Candidate]:
        """The plainest, unless a more elaborate one tells more by more than noise; now learned from everything.

        Its line is drawn by the block that judged it.
        """
        best = self._tried[0]
        for each in self._tried[1:]:
            _, low, _ = gain(each.told, best.told, self._last)
            best = each if low > 0 else best
        everything = np.concatenate([self._known, self._blocks.test])
        learned = self._learned(best.candidate.learner, everything)
        return learned, self._line(best.learner, self._blocks.test), best.candidate

    def _learned(self, name: str, rows: Rows) -> Learner:
        return LEARNERS[name]().fit(self._frame.take(rows), self._happened[rows])

    def _line(self, learner: Learner, rows: Rows) -> Calibration:
        return Calibration.fit(learner.log_odds(self._frame.take(rows)), self._happened[rows])


def _remarks(judged: Judgement, happened: Column, blocks: Blocks) -> tuple[Text, ...]:
    found = []
    if not blocks.dated:
        found.append(text("models.undated"))
    before, error = float(happened[np.concatenate([blocks.train, blocks.calibrate])].mean()), judged.calibration_error
    if abs(judged.rate - before) > _DRIFT * before:
        rates = {"before": _percent(before), "after": _percent(judged.rate)}
        found.append(text("models.rate-drifts", **rates, error=_percent(error)))
    elif error > _PROMISED and judged.outcomes >= _ENOUGH:
        found.append(text("models.not-calibrated", error=_percent(error)))
    elif error > _PROMISED:
        found.append(text("models.few-to-hold", count=judged.outcomes, error=_percent(error)))
    return tuple(found)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _height(rung: Rung) -> int:
    return list(Rung).index(rung)


def _outcome(outcome: npt.ArrayLike, rows: int) -> Column:
    happened = np.asarray(outcome, dtype=np.float64)
    if not rows or len(happened) != rows:
        raise CarpelError("models.no-customers")
    if not np.isin(happened, (0, 1)).all():
        raise CarpelError("models.outcome-not-binary")
    return happened


def _alone(frame: Frame, happened: Column) -> Iterator[Alone]:
    for place, feature in enumerate(frame.features):
        yield Alone.of(feature, frame.values[:, place], happened)


def _weights(learner: Learner, frame: Frame) -> tuple[tuple[str, float], ...]:
    """The mean size of what each feature adds, as its part of all."""
    order = np.argsort(frame.fingerprints(), kind="stable")[:_LOOKED_AT]
    sizes = np.abs(learner.contributions(frame.take(order))).mean(axis=0)
    total = float(sizes.sum()) or 1.0
    found = [(each.key, float(size) / total) for each, size in zip(frame.features, sizes, strict=True) if size > 0]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _feature(kept: Mapping[str, Any]) -> Feature:
    label = parameter_from_json(kept["label"])
    assert isinstance(label, Text | Labels)  # noqa: S101 (as it was kept)
    return Feature(key=kept["key"], kind=Kind(kept["kind"]), levels=tuple(kept["levels"]), label=label)
