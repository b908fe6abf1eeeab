"""Texts as counts of character n-grams, weighted so that what is rare among texts tells more."""

from __future__ import annotations

import re
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
    """How often each n-gram is in a text."""
    return Counter(each.content for each in grams(text))


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
    def of(cls, counts: Sequence[Counter[str]], most: int = MOST) -> Self:
        """From counted texts: n-grams in at least two of them, at most so many."""
        within = Counter(gram for each in counts for gram in each)
        common = sorted(
            (gram for gram, texts in within.items() if texts >= _LEAST), key=lambda each: (-within[each], each)
        )
        kept = sorted(common[:most])
        rarity = np.array([np.log((1 + len(counts)) / (1 + within[each])) + 1 for each in kept], dtype=np.float32)
        return cls({gram: place for place, gram in enumerate(kept)}, rarity)

    def matrix(self, counts: Sequence[Counter[str]]) -> Any:
        """Texts by n-grams, each text of length 1: a sparse matrix.

        An n-gram that is there often counts the logarithm of how often.
        """
        rows, columns, values = [], [], []
        for row, each in enumerate(counts):
            for gram, times in each.items():
                place = self.places.get(gram)
                if place is not None:
                    rows.append(row)
                    columns.append(place)
                    values.append(times)
        rarity = self.rarity.astype(np.float64)[np.array(columns, dtype=np.int64)]
        weights = (1 + np.log(np.array(values, dtype=np.float64))) * rarity
        lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(counts))) if rows else np.ones(len(counts))
        scaled = weights / lengths[np.array(rows, dtype=np.int64)]
        matrix = sparse.csr_matrix((scaled, (rows, columns)), shape=(len(counts), len(self.places)))
        matrix.sort_indices()
        return matrix

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
