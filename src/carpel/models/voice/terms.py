"""The words that texts are about, found in the texts themselves; Chinese words too, which no spaces part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carpel.models.voice.scripts import LITTLE_WORDS, READ, folded

MOST: Final = 1_000
"""Terms that are kept: those in most texts."""
LEAST: Final = 3
"""Texts that a term is in at least."""
_LONGEST: Final = 4
_SHORTEST: Final = 3
_COHESION: Final = 12.0
"""How much more often than by chance the parts of a Chinese word stand together."""
_SWALLOWED: Final = 0.7
"""A term that is so often only a part of a longer one is no word of its own."""
_TOO_COMMON: Final = 0.5
_AT_NO_EDGE: Final = frozenset("的了很也都还就是我你您他她它们个一在有给吗呢吧啊哦哈把被让对和与太这那再没点些不")
"""Characters that Chinese words of a matter neither begin nor end with, but for `不` at the beginning."""

_PIECE: Final = re.compile(
    r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff]+)|(?P<word>[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+(?:['’-][^\W\d_]+)*)|(?P<end>[^\w\s]+)"
)


@dataclass(frozen=True)
class Term:
    """A word, or a pair of words, and where in a text it stands."""

    word: str
    start: int
    end: int


def terms_found(texts: Sequence[str], most: int = MOST) -> tuple[str, ...]:
    """The terms of some texts, in alphabetical order.

    Words and pairs of words that are in some texts but not in most; of Chinese, two to four characters that stand
    together far more often than chance would have it. Little words, and parts of longer terms, are none.
    """
    within = Counter(word for each in texts for word in {term.word for term in _spelt(folded(each[:READ]))})
    within.update(_chinese(texts))
    least, mostly = LEAST, max(_TOO_COMMON * len(texts), LEAST)
    common = {word: count for word, count in within.items() if least <= count <= mostly}
    longer = _swallowed(common)
    return tuple(sorted(sorted(common.keys() - longer, key=lambda word: (-common[word], word))[:most]))


def _chinese(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each Chinese word is."""
    often: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for each in texts:
        pieces = [piece for run in _runs(each) for piece in _pieces(run)]
        often.update(pieces)
        within.update({piece for piece in pieces if 1 < len(piece) <= _LONGEST})
    characters = sum(count for piece, count in often.items() if len(piece) == 1)
    partial = _partial(often)
    return Counter({
        piece: count for piece, count in within.items()
        if count >= LEAST and piece not in partial and _may_be_a_word(piece)
        and _cohesion(piece, often, characters) > _COHESION
    })  # fmt: skip


def _may_be_a_word(piece: str) -> bool:
    edges = piece[0].replace("不", "") + piece[-1]
    return piece not in LITTLE_WORDS and _AT_NO_EDGE.isdisjoint(edges)


def _partial(often: Counter[str]) -> set[str]:
    """Pieces that mostly go on with one and the same character."""
    found: set[str] = set()
    for piece, count in often.items():
        if len(piece) > 2 and count >= LEAST:  # noqa: PLR2004  a pair has no shorter word within
            found.update(part for part in (piece[1:], piece[:-1]) if count >= _SWALLOWED * often[part])
    return found


def _runs(text: str) -> Iterator[str]:
    return (found.group("han") for found in _PIECE.finditer(folded(text[:READ])) if found.group("han"))


def _pieces(run: str) -> Iterator[str]:
    for length in range(1, _LONGEST + 2):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _cohesion(piece: str, often: Counter[str], characters: int) -> float:
    """By how much the weakest joint of a piece is stronger than chance."""
    joints = (often[piece[:at]] * often[piece[at:]] for at in range(1, len(piece)))
    return often[piece] * characters / max(joints)


def _swallowed(common: dict[str, int]) -> set[str]:
    found = set()
    for word, count in common.items():
        for part in _parts(word):
            if part in common and count >= _SWALLOWED * common[part]:
                found.add(part)
    return found


def _parts(word: str) -> Iterator[str]:
    if " " in word:
        yield from word.split(" ")
    elif _PIECE.match(word[0]) and len(word) <= _LONGEST:
        for length in range(2, len(word)):
            for start in range(len(word) - length + 1):
                yield word[start : start + length]


def terms_in(text: str, known: frozenset[str]) -> list[Term]:
    """The known terms of a text in order; of Chinese the longest first, and none within another."""
    content = folded(text[:READ])
    found = [term for term in _spelt(content) if term.word in known]
    for piece in _PIECE.finditer(content):
        if piece.group("han"):
            found.extend(_longest(piece.group("han"), piece.start(), known))
    return sorted(found, key=lambda term: (term.start, -term.end))


def _longest(run: str, shift: int, known: frozenset[str]) -> Iterator[Term]:
    at = 0
    while at < len(run):
        for length in range(min(_LONGEST, len(run) - at), 1, -1):
            if run[at : at + length] in known:
                yield Term(run[at : at + length], shift + at, shift + at + length)
                at += length
                break
        else:
            at += 1


def _spelt(content: str) -> Iterator[Term]:
    """Words that are spelt, and pairs of those next to each other."""
    before: Term | None = None
    for piece in _PIECE.finditer(content):
        word = piece.group("word")
        if word is None or len(word) < _SHORTEST or word.replace("’", "'") in LITTLE_WORDS:
            before = None
            continue
        term = Term(word, piece.start(), piece.end())
        yield term
        if before:
            yield Term(f"{before.word} {word}", before.start, term.end)
        before = term
