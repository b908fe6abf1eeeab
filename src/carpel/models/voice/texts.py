"""Texts to learn from: distinct, in an order of their own, and no more than needed."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from carpel.models.voice.scripts import READ, folded

LEARNED_FROM: Final = 20_000
"""The most texts that are learned from; of more, those whose fingerprints come first, which is as good as chance."""

CHARACTERS: Final = 4_000_000
"""The most characters that are learned from, so that long texts need no more memory than many short ones."""


def fingerprint(text: str) -> str:
    """The same for texts that differ in nothing but width, script, capitals and spaces."""
    return blake2b(" ".join(folded(text[:READ]).split()).encode(), digest_size=12).hexdigest()


@dataclass
class Sample:
    """Distinct texts and how often each label was given to them; however many come, few are kept."""

    most: int = LEARNED_FROM
    seen: int = 0
    _kept: dict[str, tuple[str, dict[str, int]]] = field(default_factory=dict)
    _last: list[tuple[int, str]] = field(default_factory=list)

    def add(self, text: str, label: str) -> None:
        """A text with its label."""
        self.seen += 1
        key = fingerprint(text)
        if key not in self._kept:
            self._kept[key] = (text[:READ], {})
            heapq.heappush(self._last, (-int(key, 16), key))
        shortest, labels = self._kept[key]
        # Of texts that count as one the first in order stands for all, whichever came first.
        self._kept[key] = (min(shortest, text[:READ]), labels)
        labels[label] = labels.get(label, 0) + 1
        if len(self._kept) > self.most:
            _, dropped = heapq.heappop(self._last)
            del self._kept[dropped]

    def labelled(self, characters: int = CHARACTERS) -> list[Labelled]:
        """In the order of their fingerprints, up to so many characters in all.

        Texts with two labels equally often tell nothing and are left out.
        """
        found: list[Labelled] = []
        for key in sorted(self._kept):
            content, labels = self._kept[key]
            characters -= len(content)
            if characters < 0:
                break
            best = max(labels.values())
            winners = [label for label, times in labels.items() if times == best]
            if len(winners) == 1:
                found.append(Labelled(key, content, winners[0]))
        return found


@dataclass(frozen=True)
class Labelled:
    """A text and what it says, as somebody said."""

    key: str
    text: str
    label: str


def parts(texts: Sequence[Labelled], many: int) -> list[list[int]]:
    """Places of texts in so many parts, each with its share of every label, by fingerprint alone."""
    found: list[list[int]] = [[] for _ in range(many)]
    turn: dict[str, int] = {}
    for place in sorted(range(len(texts)), key=lambda each: texts[each].key):
        label = texts[place].label
        found[turn.get(label, 0) % many].append(place)
        turn[label] = turn.get(label, 0) + 1
    return found


def without(texts: Sequence[Labelled], left_out: Iterable[int]) -> list[int]:
    """Places of all others."""
    out = set(left_out)
    return [place for place in range(len(texts)) if place not in out]
