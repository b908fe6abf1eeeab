"""Texts as counts of character n-grams, weighted so that what is rare among texts tells more."""

from __future__ import annotations

import re
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from carpel.models.voice.scripts import READ, folded

MOST: Final = 20_000
"""N-grams that are kept: those in most texts."""
_LEAST: Final = 2
_COUNTED: Final = 2_000_000
_WORD: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\W_\u3400-\u4dbf\u4e00-\u9fff]+(?:['’][^\W_]+)*|[^\w\s]+")
_IN_WORDS: Final = (2, 3, 4, 5)
_IN_RUNS: Final = (1, 2, 3)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Gram:
    """An n-gram and which characters of the text it is read from."""

    content: str
    start: int
    end: int


def grams(text: str) -> Iterator[Gram]:
    """Of each word two to five characters, its edges being characters too, and pairs of words.

    Of Chinese, and of signs and emoji, one to three characters, without edges.
    """
    before: Gram | None = None
    for word in _words(folded(text[:READ])):
        lettered = word.content[0].isalnum() and not _run(word.content)
        yield from _inside(word, lettered=lettered)
        if lettered and before:
            yield Gram(f"{before.content} {word.content}", before.start, word.end)
        before = word if lettered else None


def _words(text: str) -> Iterator[Gram]:
    for found in _WORD.finditer(text):
        yield Gram(found.group(), found.start(), found.end())


def _run(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"


def _inside(word: Gram, *, lettered: bool) -> Iterator[Gram]:
    content = f" {word.content} " if lettered else word.content
    shift = word.start - lettered
    for length in _IN_WORDS if lettered else _IN_RUNS:
        for place in range(len(content) - length + 1):
            start, end = max(place + shift, word.start), min(place + shift + length, word.end)
            yield Gram(content[place : place + length], start, end)


def counted(text: str) -> Counter[str]:
    """How often each of `grams` is in a text; many times faster than to find where they are."""
    found: Counter[str] = Counter()
    before = ""
    for word in _WORD.findall(folded(text[:READ])):
        lettered = word[0].isalnum() and not _run(word)
        content = f" {word} " if lettered else word
        for length in _IN_WORDS if lettered else _IN_RUNS:
            found.update([content[at : at + length] for at in range(len(content) - length + 1)])
        if lettered and before:
            found[f"{before} {word}"] += 1
        before = word if lettered else ""
    return found


def _within(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each n-gram is; where there are too many to count, those seen once are forgotten on the way."""
    within: Counter[str] = Counter()
    for each in texts:
        within.update(counted(each).keys())
        if len(within) > _COUNTED:
            within = Counter({gram: many for gram, many in within.items() if many >= _LEAST})
    return within


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The n-grams that are looked at.

    Attributes:
        places: Each n-gram's column.
        rarity: By column, the logarithm of how rare it is among texts (inverse document frequency).
    """

    places: dict[str, int]
    rarity: npt.NDArray[np.float32]

    @classmethod
    def of(cls, texts: Sequence[str], most: int = MOST) -> Self:
        """From texts: n-grams in at least two of them, at most so many."""
        within = _within(texts)
        common = [gram for gram, many in within.items() if many >= _LEAST]
        kept = sorted(sorted(common, key=lambda gram: (-within[gram], gram))[:most])
        rarity = np.array([np.log((1 + len(texts)) / (1 + within[each])) + 1 for each in kept], dtype=np.float32)
        return cls({gram: place for place, gram in enumerate(kept)}, rarity)

    def matrix(self, texts: Sequence[str]) -> Any:
        """Texts by n-grams, each text of length 1: a sparse matrix.

        An n-gram that is there often counts the logarithm of how often.
        """
        columns, times, ends = array("i"), array("i"), [0]
        for each in texts:
            known = sorted((self.places[gram], many) for gram, many in counted(each).items() if gram in self.places)
            columns.extend(place for place, _ in known)
            times.extend(many for _, many in known)
            ends.append(len(columns))
        places = np.array(columns, dtype=np.int32)
        weights = (1 + np.log(np.array(times, dtype=np.float64))) * self.rarity.astype(np.float64)[places]
        rows = np.repeat(np.arange(len(texts)), np.diff(ends))
        lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(texts)))
        shape = (len(texts), len(self.places))
        return sparse.csr_matrix((weights / lengths[rows], places, np.array(ends)), shape=shape)

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {"grams": "\n".join(sorted(self.places)), "rarity": packed(self.rarity)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        names = kept["grams"].split("\n") if kept["grams"] else []
        return cls({gram: place for place, gram in enumerate(names)}, unpacked(kept["rarity"]))


def packed(numbers: npt.NDArray[np.float32]) -> str:
    """Numbers of four bytes as letters."""
    return b64encode(numbers.astype("<f4").tobytes()).decode("ascii")


def unpacked(letters: str) -> npt.NDArray[np.float32]:
    """What `packed` was given, in one row."""
    return np.frombuffer(b64decode(letters), dtype="<f4").astype(np.float32)
