"""What texts are about: groups of words that come together, as many as are found again in other texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
from scipy import sparse  # type: ignore[import-untyped]

from carpel.kernel.texts import Text, text
from carpel.models.voice.factors import WORDS, factors_of, heaviest, how_many, strongest
from carpel.models.voice.grams import Numbers, packed, unpacked
from carpel.models.voice.reviews import rated
from carpel.models.voice.scripts import LANGUAGES
from carpel.models.voice.terms import Term, terms_found, terms_in
from carpel.models.voice.texts import Sample

FOR_THEMES: Final = 60
"""Distinct texts of a language from which on themes are looked for."""
LEARNED_FROM: Final = 3_000
"""The most texts of a language that are learned from."""
_EXAMPLES: Final = 3


@dataclass(frozen=True)
class Example:
    """A text and where a theme's words are in it."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Something that texts are about.

    Attributes:
        key: `zh-1`: the language and a number, the theme of most texts first.
        language: Of its texts.
        words: Its key words, the most telling first.
        texts: How many of those learned from are mostly about it.
        share: Of those of its language.
        examples: Texts that are most about it.
    """

    key: str
    language: str
    words: tuple[str, ...]
    texts: int
    share: float
    examples: tuple[Example, ...]

    @property
    def name(self) -> str:
        """Its first three key words."""
        return ", ".join(self.words[:3])


@dataclass(frozen=True, eq=False)
class Topics:
    """The themes of one language.

    Attributes:
        themes: The largest first.
        terms: All words that are looked at.
        rarity: By term, the logarithm of how rare it is.
        weights: (themes, terms), each theme of length 1.
        stability: How alike the themes of halves of the texts are, 0 to 1 (Jaccard of key words).
        texts: From how many distinct texts they were learned.
    """

    themes: tuple[Theme, ...]
    terms: tuple[str, ...]
    rarity: Numbers
    weights: Numbers
    stability: float
    texts: int

    @classmethod
    def fit(cls, language: str, texts: Sequence[str]) -> Self | Text:
        """From distinct texts in an order of their own; else, in words, what is missing."""
        terms = terms_found(texts)
        matrix, rarity = _weighed(texts, terms)
        told = np.flatnonzero(np.diff(matrix.indptr))
        if len(told) < FOR_THEMES or len(terms) < WORDS:
            return text("models.voice-too-few-texts", count=FOR_THEMES, found=len(told))
        many, stability = how_many(matrix[told])
        weights = factors_of(matrix[told], many)
        found = cls((), terms, rarity, weights, stability, len(texts))
        return found._named(language, texts, strongest(matrix, weights))

    def _named(self, language: str, texts: Sequence[str], owner: tuple[Any, Numbers]) -> Self:
        themes, strength = owner
        sizes = np.bincount(themes[themes >= 0], minlength=len(self.weights))
        order = [int(each) for each in np.argsort(-sizes, kind="stable") if sizes[each]]
        known = frozenset(self.terms)
        named = []
        for number, place in enumerate(order, start=1):
            words = tuple(self.terms[each] for each in heaviest(self.weights[place]))
            most = np.flatnonzero(themes == place)
            most = most[np.argsort(-strength[most], kind="stable")][:_EXAMPLES]
            named.append(
                Theme(
                    key=f"{language}-{number}",
                    language=language,
                    words=words,
                    texts=int(sizes[place]),
                    share=float(sizes[place] / len(texts)),
                    examples=tuple(_example(texts[int(each)], words, known) for each in most),
                )
            )
        return replace(self, themes=tuple(named), weights=self.weights[order])

    def about(self, texts: Sequence[str]) -> list[Theme | None]:
        """What each text is mostly about; None where none of the words is in it."""
        if not texts:
            return []
        themes, _ = strongest(_weighed(texts, self.terms, self.rarity)[0], self.weights)
        return [self.themes[each] if each >= 0 else None for each in themes]

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "themes": [asdict(each) for each in self.themes],
            "terms": list(self.terms),
            "rarity": packed(self.rarity.astype(np.float32)),
            "weights": packed(self.weights.ravel().astype(np.float32)),
            "stability": self.stability,
            "texts": self.texts,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        themes = tuple(_theme(each) for each in kept["themes"])
        weights = unpacked(kept["weights"]).astype(np.float64).reshape(len(themes), -1)
        rarity = unpacked(kept["rarity"]).astype(np.float64)
        return cls(themes, tuple(kept["terms"]), rarity, weights, kept["stability"], kept["texts"])


@dataclass(frozen=True, kw_only=True, eq=False)
class Themes:
    """What texts are about, in each language.

    Attributes:
        topics: By language.
        missing: By language without themes, what they need.
    """

    topics: Mapping[str, Topics]
    missing: Mapping[str, Text]

    @property
    def all(self) -> tuple[Theme, ...]:
        """Themes of all languages, those of most texts first."""
        found = [theme for topics in self.topics.values() for theme in topics.themes]
        return tuple(sorted(found, key=lambda each: (-each.texts, each.key)))

    def about(self, batch: pa.RecordBatch) -> list[Theme | None]:
        """What each text of a batch with `text`, and `language` where known, is mostly about."""
        entries = list(rated([batch]))
        found: list[Theme | None] = [None] * len(entries)
        for language, topics in self.topics.items():
            places = [at for at, each in enumerate(entries) if each.language == language]
            for at, theme in zip(places, topics.about([entries[at].text for at in places]), strict=True):
                found[at] = theme
        return found

    def to_json(self) -> str:
        """What was learned."""
        return json.dumps(
            {key: each.to_json() for key, each in self.topics.items()}, ensure_ascii=False, sort_keys=True
        )

    @classmethod
    def from_json(cls, content: str) -> Self:
        """What `to_json` gave."""
        return cls(topics={key: Topics.from_json(each) for key, each in json.loads(content).items()}, missing={})


def learn_themes(batches: Iterable[pa.RecordBatch]) -> Themes:
    """Learn what texts are about, each language for itself.

    Args:
        batches: With `text`, and `language` where known. At most 3,000 distinct texts of each language are kept.
    """
    samples = {each: Sample(LEARNED_FROM) for each in LANGUAGES}
    for entry in rated(batches):
        if entry.language and entry.text.strip():
            samples[entry.language].add(entry.text, "")
    found = {each: Topics.fit(each, [one.text for one in sample.labelled()]) for each, sample in samples.items()}
    return Themes(
        topics={each: topics for each, topics in found.items() if isinstance(topics, Topics)},
        missing={each: _missing(each, why) for each, why in found.items() if isinstance(why, Text)},
    )


def _missing(language: str, why: Text) -> Text:
    return text("models.voice-language-missing", language=text(f"models.voice-language-{language}"), why=why)


def _weighed(texts: Sequence[str], terms: Sequence[str], rarity: Numbers | None = None) -> tuple[Any, Numbers]:
    """Texts by terms, each text of length 1: what is rare counts more, and nothing counts for being said twice."""
    places, known = {term: place for place, term in enumerate(terms)}, frozenset(terms)
    there = [sorted({places[term.word] for term in terms_in(each, known)}) for each in texts]
    counts = np.bincount([place for row in there for place in row], minlength=len(terms))
    if rarity is None:
        # Rounded as it is kept, so that what was saved scores the same.
        rarity = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32).astype(np.float64)
    ends = np.cumsum([0, *map(len, there)])
    columns = np.array([place for row in there for place in row], dtype=np.int64)
    values = rarity[columns] if len(columns) else np.zeros(0)
    rows = np.repeat(np.arange(len(texts)), np.diff(ends))
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(texts)))
    matrix = sparse.csr_matrix((values / lengths[rows], columns, ends), shape=(len(texts), len(terms)))
    return matrix, rarity


def _example(content: str, words: Sequence[str], known: frozenset[str]) -> Example:
    wanted = set(words)
    return Example(content, tuple((each.start, each.end) for each in terms_in(content, known) if each.word in wanted))


def _theme(kept: dict[str, Any]) -> Theme:
    examples = tuple(Example(each["text"], tuple((a, b) for a, b in each["spans"])) for each in kept["examples"])
    return Theme(**kept | {"words": tuple(kept["words"]), "examples": examples})


def spoken(theme: Theme, content: str) -> list[Term]:
    """Where a theme's key words are in a text."""
    return terms_in(content, frozenset(theme.words))
