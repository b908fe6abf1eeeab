"""The words of a text that speak for what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.models.voice.grams import Gram, Numbers, counted, grams
from carpel.models.voice.scripts import WORDS
from carpel.models.voice.sentiment import Mood, Sentiment

MARKS: Final = 5
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_RUNS: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[\u2600-\u27bf\U0001f300-\U0001faff]")
_AUDIBLE: Final = 0.2
"""Characters count that weigh at least so much of the heaviest."""
_LONGEST: Final = 4
"""Characters of a Chinese mark."""


@dataclass(frozen=True)
class Mark:
    """A word and how much it speaks for what is said.

    Attributes:
        start: Its first character in the text.
        end: The one after its last.
        word: As it is written there.
        weight: What it adds to the log odds of what is said.
    """

    start: int
    end: int
    word: str
    weight: float


def marks(model: Sentiment, text: str, mood: Mood, most: int = MARKS) -> tuple[Mark, ...]:
    """Up to so many words, the strongest first; each of them speaks for the mood."""
    weight = _by_character(model, text) * (1 if mood is Mood.POSITIVE else -1)
    found = [Mark(start, end, text[start:end], float(weight[start:end].sum())) for start, end in _words(text, weight)]
    return tuple(
        sorted((each for each in found if each.weight > 0), key=lambda each: (-each.weight, each.start))[:most]
    )


def _by_character(model: Sentiment, text: str) -> Numbers:
    """What each character adds to the log odds of praise: each n-gram's share, evenly over its characters."""
    found = np.zeros(len(text))
    places = model.vocabulary.places
    known: list[Gram] = [each for each in grams(text) if each.content in places]
    counts = counted(text)
    row = model.vocabulary.matrix([text])
    shares = dict(zip(row.indices.tolist(), (row.data * model.linear.shares[0, row.indices]).tolist(), strict=True))
    for each in known:
        share = shares[places[each.content]] / counts[each.content]
        found[each.start : each.end] += share / max(each.end - each.start, 1)
    return found


def _words(text: str, weight: Numbers) -> Iterator[tuple[int, int]]:
    """Words where letters are spelt; of Chinese and of emoji, stretches that speak for the mood."""
    loud = weight > _AUDIBLE * weight.max(initial=0.0)
    for word in WORDS.finditer(text):
        if not _HAN.search(word.group()):
            yield word.start(), word.end()
    for run in _RUNS.finditer(text):
        start = run.start()
        for place in range(run.start(), run.end() + 1):
            inside = place < run.end() and bool(loud[place])
            if start < place and (not inside or place - start == _LONGEST):
                yield start, place
                start = place
            if not inside:
                start = place + 1
