"""Texts in four languages, composed of an opener, a core and a closer, as staff and customers would write them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.demo.assortment import Assortment, content
from carpel.demo.blocks import Ints
from carpel.demo.columns import words
from carpel.kernel.texts import LANGUAGES

TOPICS: Final = (
    "interested",
    "hesitating",
    "declined",
    "complaint",
    "resolved",
    "follow_up",
    "praise",
    "mixed",
    "blame",
)
INTERESTED, HESITATING, DECLINED, COMPLAINT, RESOLVED, FOLLOW_UP, PRAISE, MIXED, BLAME = range(9)

_SLOT: Final = "{thing}"


class Phrases:
    """Fragments of all topics and languages in one list each, with where each topic and language begins."""

    def __init__(self, kind: str) -> None:
        self.fragments: list[str] = []
        starts, sizes = [], []
        for topic in TOPICS:
            for language in LANGUAGES:
                found = _fragments(kind, topic, language)
                starts.append(len(self.fragments))
                sizes.append(len(found))
                self.fragments.extend(found)
        self.starts, self.sizes = np.array(starts), np.array(sizes)

    def drawn(self, random: np.random.Generator, topic: Ints, language: Ints) -> Ints:
        """For each text, the position of a fragment."""
        cell = topic * len(LANGUAGES) + language
        found: Ints = self.starts[cell] + (random.random(len(cell)) * self.sizes[cell]).astype(np.int64)
        return found


def composed(random: np.random.Generator, topic: Ints, language: Ints, category: Ints, goods: Assortment) -> Any:
    """One text for each topic, language and category of product."""
    opener, core, closer = (_phrases(kind) for kind in ("openers", "topics", "closers"))
    before, after = _around_slot(core.fragments)
    chosen = core.drawn(random, topic, language)
    middle = pc.binary_join_element_wise(
        words(before, chosen), _things(goods, category, language), words(after, chosen), ""
    )
    head = words(opener.fragments, opener.drawn(random, topic, language))
    tail = words(closer.fragments, closer.drawn(random, topic, language))
    spaced = pc.binary_join_element_wise(head, middle, tail, " ")
    tight = pc.binary_join_element_wise(head, middle, tail, "")
    chinese = pa.array(np.isin(language, [LANGUAGES.index("zh-Hans"), LANGUAGES.index("zh-Hant")]))
    return pc.utf8_trim_whitespace(pc.if_else(chinese, tight, spaced))


@cache
def _phrases(kind: str) -> Phrases:
    return Phrases(kind)


def _fragments(kind: str, topic: str, language: str) -> Sequence[str]:
    phrases = content("phrases")
    cores = phrases["topics"][topic]
    found: Sequence[str] = cores[language] if kind == "topics" else phrases[kind][cores["tone"]][language]
    return found


def _around_slot(fragments: Sequence[str]) -> tuple[list[str], list[str]]:
    parts = [fragment.partition(_SLOT) for fragment in fragments]
    return [before for before, _, _ in parts], [after for _, _, after in parts]


def _things(goods: Assortment, category: Ints, language: Ints) -> Any:
    names = [called[language] for called in goods.called for language in LANGUAGES]
    return words(names, category * len(LANGUAGES) + language)
