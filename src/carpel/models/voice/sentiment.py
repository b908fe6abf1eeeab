"""Whether a text praises or blames, in one language, learned from rated texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

import numpy as np

from carpel.kernel.texts import Text, text
from carpel.models.voice.grams import Numbers, Vocabulary
from carpel.models.voice.judging import Figures, Flags, Voting, judged, likelier
from carpel.models.voice.linear import Linear
from carpel.models.voice.texts import Labelled, parts, without

FOR_A_MODEL: Final = 50
"""Distinct texts of praise, and as many of blame, from which on a model learns."""
_HELD: Final = 5
"""One text in so many judges."""
_FOLDS: Final = 4
_MIXED: Final = 1_000


class Mood(StrEnum):
    """What a text says of its writer."""

    NEGATIVE = "negative"
    MIXED = "mixed"
    """Told by ratings only: in words it is what nothing is said of."""
    POSITIVE = "positive"

    @property
    def label(self) -> Text:
        """Its name in the reader's language."""
        return text(f"models.voice-{self}")


@dataclass(frozen=True, eq=False)
class Sentiment:
    """What n-grams of one language say of a writer's mood.

    Attributes:
        vocabulary: The n-grams.
        linear: What each adds to the log odds of praise.
        voting: When something is said, and with what confidence.
        figures: How it did on a fifth of the texts before it learned from these too.
        texts: From how many distinct texts it learned.
    """

    vocabulary: Vocabulary
    linear: Linear
    voting: Voting
    figures: Figures
    texts: int

    @classmethod
    def fit(cls, texts: Sequence[Labelled]) -> Self | Text:
        """Learn from texts labelled with a `Mood`; else, in words, what is missing.

        From mixed ones nothing is learned; how often one side is said of them too is told with the figures.

        A fifth of the texts is held to judge by. From the others it learns, each quarter being told by the rest to
        find what to say and when to be silent. Then it learns from all.
        """
        mixed = [each.text for each in texts if each.label == Mood.MIXED][:_MIXED]
        texts = [each for each in texts if each.label != Mood.MIXED]
        missing = _missing(texts)
        if missing:
            return missing
        words = [each.text for each in texts]
        praise = np.array([each.label == Mood.POSITIVE for each in texts])
        held = parts(texts, _HELD)[0]
        known = without(texts, held)
        vocabulary = Vocabulary.of([words[each] for each in known])
        matrix = vocabulary.matrix([words[each] for each in known])
        voting = _voting([texts[each] for each in known], matrix, praise[known])
        early = _learned(matrix, praise[known])
        figures = judged(voting, _odds(early, vocabulary.matrix([words[each] for each in held])), praise[held])
        if not figures.beats_the_majority:
            return text("models.voice-no-better", count=len(texts), accuracy=_percent(figures.accuracy))
        if mixed:
            taken = float(voting.said(_odds(early, vocabulary.matrix(mixed))).mean())
            figures = replace(figures, mixed=len(mixed), mixed_said=taken)
        vocabulary = Vocabulary.of(words)
        return cls(vocabulary, _learned(vocabulary.matrix(words), praise), voting, figures, len(texts))

    def moods(self, texts: Sequence[str]) -> tuple[list[Mood | None], Numbers]:
        """Of each text, None where it is better to say nothing; and how sure the likelier of both sides is."""
        matrix = self.vocabulary.matrix(texts)
        odds = _odds(self.linear, matrix)
        praise = self.voting.probability(odds)
        # Of a text without anything that was ever seen nothing is said.
        said = self.voting.said(odds) & (np.diff(matrix.indptr) > 0)
        sides = np.where(likelier(praise), Mood.POSITIVE, Mood.NEGATIVE)
        found = [Mood(side) if sure else None for side, sure in zip(sides, said, strict=True)]
        return found, np.maximum(praise, 1 - praise)

    @property
    def told(self) -> Text:
        """How it did, in words."""
        figures = self.figures
        return text(
            "models.voice-figures",
            count=figures.texts,
            coverage=_percent(figures.coverage),
            accuracy=_percent(figures.accuracy),
            score=f"{figures.macro_f1:.2f}",
            majority=_percent(figures.majority_accuracy),
            other=f"{figures.majority_macro_f1:.2f}",
        )

    @property
    def told_of_mixed(self) -> Text | None:
        """How often one side is said of texts whose writers rated in between; None where there were none."""
        if not self.figures.mixed:
            return None
        return text("models.voice-figures-mixed", count=self.figures.mixed, share=_percent(self.figures.mixed_said))

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "vocabulary": self.vocabulary.to_json(),
            "linear": self.linear.to_json(),
            "voting": asdict(self.voting),
            "figures": asdict(self.figures),
            "texts": self.texts,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(
            Vocabulary.from_json(kept["vocabulary"]),
            Linear.from_json(kept["linear"]),
            Voting(**kept["voting"]),
            Figures(**kept["figures"]),
            kept["texts"],
        )


def _learned(matrix: Any, praise: Flags) -> Linear:
    return Linear.fit(matrix, [Mood.POSITIVE.value if each else Mood.NEGATIVE.value for each in praise])


def _odds(linear: Linear, matrix: Any) -> Numbers:
    """Of praise, before calibration."""
    return np.asarray(linear.log_odds(matrix)[:, 0], dtype=np.float64)


def _voting(texts: Sequence[Labelled], matrix: Any, praise: Flags) -> Voting:
    odds = np.zeros(len(texts))
    for fold in parts(texts, _FOLDS):
        others = without(texts, fold)
        odds[fold] = _odds(_learned(matrix[others], praise[others]), matrix[fold])
    return Voting.fit(odds, praise)


def _missing(texts: Sequence[Labelled]) -> Text | None:
    sides = Counter(each.label for each in texts)
    scarcer = min((Mood.POSITIVE, Mood.NEGATIVE), key=lambda each: sides[each])
    if sides[scarcer] >= FOR_A_MODEL:
        return None
    return text("models.voice-too-few", count=FOR_A_MODEL, found=sides[scarcer], mood=scarcer.label)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
