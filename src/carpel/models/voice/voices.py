"""What customers feel, in every language that there was something to learn from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

import pyarrow as pa

from carpel.kernel.texts import Text, text
from carpel.models.voice.marking import Mark, marks
from carpel.models.voice.reviews import Rated, rated
from carpel.models.voice.scripts import LANGUAGES
from carpel.models.voice.sentiment import Mood, Sentiment
from carpel.models.voice.texts import LEARNED_FROM, Sample

SCHEMA: Final = pa.schema(
    [("mood", pa.string()), ("confidence", pa.float64()), ("basis", pa.string()), ("language", pa.string())]
)
"""Of what is said of entries: all null where nothing is, but for the language."""
_MIXED: Final = 1_000
"""Texts rated in between that are kept, to judge by."""


class Origin(StrEnum):
    """Where the rated texts are from."""

    OWN = "own"
    """The workspace's own feedback."""
    GIVEN = "given"
    """Reviews that somebody named, with the workspace's own among them."""

    @property
    def label(self) -> Text:
        """In the reader's language."""
        return text(f"models.voice-from-{self}")


class Basis(StrEnum):
    """What an answer rests on."""

    RATING = "rating"
    """The writer's own rating."""
    WORDS = "words"
    """What was learned from rated texts."""

    @property
    def label(self) -> Text:
        """In the reader's language."""
        return text(f"models.voice-by-{self}")


@dataclass(frozen=True)
class Reading:
    """What is said of one entry.

    Attributes:
        mood: None where it is better to say nothing.
        confidence: How likely it is right; 1 of a rating; of words without an answer, how likely it would be.
        basis: What it rests on; None where there was nothing to go by.
        language: Of the text, if it is one of those that are told apart.
        marks: The words that speak for it most, strongest first.
        missing: In words, why nothing is said.
    """

    mood: Mood | None
    confidence: float | None
    basis: Basis | None
    language: str | None
    marks: tuple[Mark, ...] = ()
    missing: Text | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Voices:
    """Sentiment in each language.

    Attributes:
        models: By language.
        origins: By language, where its texts are from.
        missing: By language without a model, what it needs.
    """

    models: Mapping[str, Sentiment]
    origins: Mapping[str, Origin]
    missing: Mapping[str, Text]

    def told(self, language: str) -> tuple[Text, ...]:
        """What a reader should know of a language's model, or what it would need."""
        model = self.models.get(language)
        if model is None:
            return tuple(each for each in (self.missing.get(language),) if each)
        given = self.origins[language] is Origin.GIVEN
        other = text("models.voice-of-other-texts") if given else None
        return tuple(each for each in (model.told, model.told_of_mixed, other) if each)

    def read(self, entry: Rated) -> Reading:
        """What is said of one entry, with the words that speak for it."""
        if entry.mood is not None:
            return Reading(entry.mood, 1.0, Basis.RATING, entry.language)
        silence = self._silence(entry)
        if silence or entry.language is None:
            return Reading(None, None, None, entry.language, missing=silence)
        model = self.models[entry.language]
        (mood,), confidence = model.moods([entry.text])
        unsure = None if mood else text("models.voice-unsure")
        found = marks(model, entry.text, mood) if mood else ()
        return Reading(mood, float(confidence[0]), Basis.WORDS, entry.language, found, unsure)

    def _silence(self, entry: Rated) -> Text | None:
        if not entry.text.strip():
            return text("models.voice-no-words")
        if entry.language is None:
            return text("models.voice-other-language")
        return None if entry.language in self.models else self.missing.get(entry.language)

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Of each entry of feedback in a batch, by `SCHEMA`: its rating, else what its words say, else nothing."""
        entries = list(rated([batch]))
        mood: list[str | None] = [each.mood for each in entries]
        confidence: list[float | None] = [None if each.mood is None else 1.0 for each in entries]
        basis: list[str | None] = [None if each.mood is None else Basis.RATING.value for each in entries]
        for language, model in self.models.items():
            places = [at for at, each in enumerate(entries) if each.mood is None and each.language == language]
            found, sure = model.moods([entries[at].text for at in places])
            for at, said, how_sure in zip(places, found, sure, strict=True):
                if said is not None:
                    mood[at], confidence[at], basis[at] = said.value, float(how_sure), Basis.WORDS.value
        columns = [mood, confidence, basis, [each.language for each in entries]]
        return pa.RecordBatch.from_arrays(
            [pa.array(each, kind.type) for each, kind in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
        )

    def to_json(self) -> str:
        """What was learned; a run's manifest keeps it."""
        kept: dict[str, Any] = {
            language: {"origin": self.origins[language].value, "model": model.to_json()}
            for language, model in self.models.items()
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, content: str) -> Self:
        """What scores as the one that gave it; what was missing stays with the card, in general words."""
        kept = json.loads(content)
        return cls(
            models={language: Sentiment.from_json(each["model"]) for language, each in kept.items()},
            origins={language: Origin(each["origin"]) for language, each in kept.items()},
            missing={each: text("models.voice-no-model") for each in LANGUAGES if each not in kept},
        )


def learn(feedback: Iterable[pa.RecordBatch], given: Iterable[pa.RecordBatch] = ()) -> Voices:
    """Learn from a workspace's own rated feedback, and where it has too little, from given reviews with it.

    Args:
        feedback: As `rated` reads it. At most 20,000 distinct texts of each language are kept in memory.
        given: More rated texts, as `reviews` reads them from files.
    """
    own, more = _Gathered(), _Gathered()
    for entry in rated(feedback):
        own.add(entry)
        more.add(entry)
    from_own = {each: own.fit(each) for each in LANGUAGES}
    for entry in rated(given):
        if isinstance(from_own.get(entry.language or ""), Text):
            more.add(entry)
            more.extended.add(entry.language or "")
    from_all = {each: more.fit(each) for each in sorted(more.extended)}
    found = {each: from_all.get(each, from_own[each]) for each in LANGUAGES}
    return Voices(
        models={each: model for each, model in found.items() if isinstance(model, Sentiment)},
        origins={each: Origin.GIVEN if each in from_all else Origin.OWN for each in LANGUAGES},
        missing={each: _said(each, why) for each, why in found.items() if isinstance(why, Text)},
    )


@dataclass
class _Gathered:
    """Rated texts of each language and mood, of each at most its share."""

    extended: set[str] = field(default_factory=set)
    _samples: dict[str, Sample] = field(default_factory=dict)
    _mixed: dict[str, Sample] = field(default_factory=dict)

    def add(self, entry: Rated) -> None:
        if entry.mood is None or not entry.language or not entry.text.strip():
            return
        mixed = entry.mood is Mood.MIXED
        place = self._mixed if mixed else self._samples
        place.setdefault(entry.language, Sample(_MIXED if mixed else LEARNED_FROM)).add(entry.text, entry.mood)

    def fit(self, language: str) -> Sentiment | Text:
        samples = (place.get(language, Sample()) for place in (self._samples, self._mixed))
        return Sentiment.fit([each for sample in samples for each in sample.labelled()])


def _said(language: str, why: Text) -> Text:
    return text("models.voice-language-missing", language=text(f"models.voice-language-{language}"), why=why)
