"""What customers' own words mean, learned from consultations and follow-ups whose outcome staff wrote down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final, Self

import numpy as np
import pyarrow as pa
from scipy import optimize, special  # type: ignore[import-untyped]

from carpel.kernel.texts import Text, text
from carpel.models.intent.words import Intent, meant_by
from carpel.models.voice.grams import Numbers, Vocabulary
from carpel.models.voice.linear import Linear
from carpel.models.voice.reviews import column
from carpel.models.voice.texts import Labelled, Sample, parts, without

FOR_A_CLASS: Final = 30
"""Distinct texts of an intent from which on it is told by words."""
COVERAGE: Final = 0.8
"""Something is said of about this share of texts."""
_LEAST_SURE: Final = 0.5
_HELD: Final = 5
_FOLDS: Final = 4
_PULL: Final = 1.0
_NOTHING: Final = "nothing"
"""What texts say whose outcome has to do with no intent: done, resolved, sent."""


@dataclass(frozen=True, kw_only=True)
class Hits:
    """How good telling was on texts that nothing was learned from.

    Attributes:
        texts: How many.
        coverage: Of what share of them something was said.
        accuracy: The share of right answers, of those.
        majority: The same of always saying what is commonest.
    """

    texts: int
    coverage: float
    accuracy: float
    majority: float


@dataclass(frozen=True)
class Told:
    """What a text means and how sure that is; no intent where it says nothing of the kind, or nothing clear."""

    intent: Intent | None
    confidence: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Telling:
    """What words say of an intent.

    Attributes:
        vocabulary: The n-grams that are looked at.
        linear: What each adds.
        slope: What log odds are multiplied by.
        shifts: What is added for each class.
        least: Below this confidence nothing is said.
        hits: How it did on a fifth of the texts before it learned from these too.
        texts: From how many distinct texts it learned, by intent.
    """

    vocabulary: Vocabulary
    linear: Linear
    slope: float
    shifts: tuple[float, ...]
    least: float
    hits: Hits
    texts: Mapping[str, int]

    @classmethod
    def fit(cls, texts: Sequence[Labelled]) -> Self | Text:
        """Learn from labelled texts; else, in words, what is missing."""
        sizes = Counter(each.label for each in texts)
        texts = [each for each in texts if sizes[each.label] >= FOR_A_CLASS]
        classes = sorted({each.label for each in texts})
        if len(set(classes) - {_NOTHING}) < 1 or len(classes) < 2:  # noqa: PLR2004  one class teaches nothing
            found = sorted((sizes[each] for each in Intent if each is not Intent.UNKNOWN), reverse=True)
            return text("models.intent-too-few", count=FOR_A_CLASS, most=found[0], next=found[1])
        held = parts(texts, _HELD)[0]
        known = [texts[each] for each in without(texts, held)]
        slope, shifts, least = _calibrated(known)
        early = _learned(known)
        hits = _judged(early, slope, shifts, least, [texts[each] for each in held])
        if hits.accuracy <= hits.majority:
            return text("models.intent-no-better", count=len(texts), accuracy=f"{100 * hits.accuracy:.1f}%")
        vocabulary, linear = _learned(texts)
        counts = {each: sizes[each] for each in classes if each != _NOTHING}
        return cls(
            vocabulary=vocabulary, linear=linear, slope=slope, shifts=shifts, least=least, hits=hits, texts=counts
        )

    def told(self, texts: Sequence[str]) -> list[Told]:
        """What each text means."""
        if not texts:
            return []
        matrix = self.vocabulary.matrix(texts)
        chance = _probabilities(_both(self.linear.log_odds(matrix)), self.slope, self.shifts)
        names = [self.linear.classes[each] for each in chance.argmax(axis=1)]
        sure = chance.max(axis=1)
        # Of a text without anything that was ever seen nothing is said.
        heard = (sure >= self.least) & (np.diff(matrix.indptr) > 0)
        return [
            Told(Intent(name) if clear and name != _NOTHING else None, float(confidence))
            for name, clear, confidence in zip(names, heard, sure, strict=True)
        ]

    @property
    def fared(self) -> Text:
        """How it did, in words."""
        told = {name: f"{100 * getattr(self.hits, name):.1f}%" for name in ("coverage", "accuracy", "majority")}
        return text("models.intent-figures", count=self.hits.texts, **told)

    def to_json(self) -> str:
        """What was learned."""
        kept = {
            "vocabulary": self.vocabulary.to_json(),
            "linear": self.linear.to_json(),
            "slope": self.slope,
            "shifts": self.shifts,
            "least": self.least,
            "hits": asdict(self.hits),
            "texts": dict(self.texts),
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, content: str) -> Self:
        """What `to_json` gave."""
        kept = json.loads(content)
        read = {
            "vocabulary": Vocabulary.from_json(kept["vocabulary"]),
            "linear": Linear.from_json(kept["linear"]),
            "shifts": tuple(kept["shifts"]),
            "hits": Hits(**kept["hits"]),
        }
        return cls(**kept | read)


def learn(batches: Iterable[pa.RecordBatch], outcomes: Mapping[str, Intent | None] | None = None) -> Telling | Text:
    """Learn from a workspace's own interactions; else, in words, what is missing.

    Args:
        batches: With `text` and `outcome`; those without either, complaints and clicks teach nothing.
        outcomes: What the workspace's own words for outcomes mean, before our lists are asked; None means nothing.
    """
    sample = Sample()
    for batch in batches:
        for said, outcome, kind in zip(*(column(batch, each) for each in ("text", "outcome", "kind")), strict=True):
            if said and said.strip() and outcome and kind not in {"complaint", "click"}:
                meant = outcome_means(outcome, outcomes)
                sample.add(said, meant or _NOTHING)
    return Telling.fit(sample.labelled())


def outcome_means(outcome: str | None, outcomes: Mapping[str, Intent | None] | None = None) -> Intent | None:
    """What an outcome means: by the workspace's own list, else by ours."""
    if outcome is not None and outcomes is not None and outcome in outcomes:
        return outcomes[outcome]
    return _meant(outcome)


@lru_cache(maxsize=4_096)
def _meant(outcome: str | None) -> Intent | None:
    """A workspace has few words for outcomes, and many rows."""
    return meant_by(outcome)


def _learned(texts: Sequence[Labelled]) -> tuple[Vocabulary, Linear]:
    words = [each.text for each in texts]
    vocabulary = Vocabulary.of(words)
    return vocabulary, Linear.fit(vocabulary.matrix(words), [each.label for each in texts])


def _both(odds: Numbers) -> Numbers:
    """A column for each class, also where there are two, of which only the second has one."""
    return np.hstack([np.zeros_like(odds), odds]) if odds.shape[1] == 1 else odds


def _calibrated(texts: Sequence[Labelled]) -> tuple[float, tuple[float, ...], float]:
    """From each quarter as told by the others: a slope, a shift for each class, and when to be silent."""
    classes = sorted({each.label for each in texts})
    words, labels = [each.text for each in texts], [each.label for each in texts]
    matrix = Vocabulary.of(words).matrix(words)
    odds = np.zeros((len(texts), len(classes)))
    for fold in parts(texts, _FOLDS):
        others = without(texts, fold)
        odds[fold] = _both(Linear.fit(matrix[others], [labels[each] for each in others]).log_odds(matrix[fold]))
    truth = np.array([classes.index(each.label) for each in texts])
    slope, shifts = _line(odds, truth)
    sure = _probabilities(odds, slope, shifts).max(axis=1)
    return slope, shifts, max(_LEAST_SURE, float(np.quantile(sure, 1 - COVERAGE)))


def _line(odds: Numbers, truth: Numbers) -> tuple[float, tuple[float, ...]]:
    """Under which what is known is likeliest; few texts hardly move it from doing nothing."""
    many = odds.shape[1]

    def cost(line: Numbers) -> float:
        shifted = line[0] * odds + line[1:]
        fit = float((special.logsumexp(shifted, axis=1) - shifted[np.arange(len(truth)), truth]).sum())
        return fit + _PULL / 2 * float((line[0] - 1) ** 2 + (line[1:] ** 2).sum() / 4)

    start = np.concatenate([[1.0], np.zeros(many)])
    found = optimize.minimize(cost, start, bounds=[(0.05, 20.0), *[(None, None)] * many])
    return float(found.x[0]), tuple(float(each) for each in found.x[1:])


def _probabilities(odds: Numbers, slope: float, shifts: Sequence[float]) -> Numbers:
    return np.asarray(special.softmax(slope * odds + np.array(shifts), axis=1), dtype=np.float64)


def _judged(
    learned: tuple[Vocabulary, Linear], slope: float, shifts: Sequence[float], least: float, texts: Sequence[Labelled]
) -> Hits:
    vocabulary, linear = learned
    odds = _both(linear.log_odds(vocabulary.matrix([each.text for each in texts])))
    chance = _probabilities(odds, slope, shifts)
    said = chance.max(axis=1) >= least
    truth = np.array([linear.classes.index(each.label) for each in texts])
    right = (chance.argmax(axis=1) == truth)[said]
    majority = np.bincount(truth[said]).max() / said.sum() if said.any() else 1.0
    return Hits(
        texts=len(texts),
        coverage=float(said.mean()),
        accuracy=float(right.mean()) if said.any() else 0.0,
        majority=float(majority),
    )
