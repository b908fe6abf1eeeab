"""How each customer feels and what they miss, learned and answered as every model is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.kernel.texts import text
from carpel.models.cards import Card, Supply
from carpel.models.frames.moments import NUMBER
from carpel.models.learning import Customers, Ground, Model
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung
from carpel.models.voice.customers import aligned
from carpel.models.voice.hearing import Latest, heard, latest, learn_topics, learn_voices, spoken_of
from carpel.models.voice.scripts import LANGUAGES
from carpel.models.voice.sentiment import FOR_A_MODEL, Mood
from carpel.models.voice.themes import Themes
from carpel.models.voice.voices import Basis, Voices

_Z: Final = 1.96
_NAMED: Final = 5


def learn(model: Model, ground: Ground) -> LearnedVoice:
    """Learn moods from the workspace's own rated feedback, and themes from what customers said and asked."""
    voices = learn_voices(ground.facts, ground.as_of, ground.engine)
    themes = learn_topics(ground.facts, ground.as_of, ground.engine)
    return LearnedVoice(card=_card(model, ground, voices, themes), voices=voices, themes=themes)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedVoice:  # noqa: ARG001 (as all models have it)
    """What learned before."""
    return LearnedVoice(
        card=card,
        voices=Voices.from_json(json.dumps(kept["voices"])),
        themes=Themes.from_json(json.dumps(kept["themes"])),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedVoice:
    """What was learned of words.

    Attributes:
        card: What is told of it.
        voices: What they say of moods.
        themes: What texts are about.
    """

    card: Card
    voices: Voices
    themes: Themes

    @property
    def needs(self) -> frozenset[str]:
        """Nothing: it is read from what was said."""
        return frozenset()

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The mood of what each customer said last, all of it together, what it was about and what they miss."""
        ground, numbers = customers.ground, customers.profiles[NUMBER].combine_chunks()
        moods = heard(ground.facts, ground.as_of, ground.engine, self.voices, customers.buckets)
        found = aligned(moods, numbers)
        about = spoken_of(ground.facts, ground.as_of, ground.engine, self.voices, self.themes, customers.buckets)
        themes, unmet = ([each.get(int(number)) for number in np.asarray(numbers)] for each in about)
        return {
            "sentiment": found["last_mood"],
            "sentiment_confidence": found["last_confidence"],
            "sentiment_balance": found["sentiment"],
            "theme": pa.array(themes, pa.string()),
            "unmet_need": pa.array(unmet, pa.string()),
        }

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """How each customer rated last, or which words told."""
        ground = customers.ground
        said = latest(ground.facts, ground.as_of, ground.engine, customers.buckets)
        numbers = (int(number) for number in np.asarray(customers.profiles[NUMBER]))
        return tuple(tuple(self._reasons(said.get(number), ground)) for number in numbers)

    def _reasons(self, last: Latest | None, ground: Ground) -> Iterator[Reason]:
        if last is None:
            return
        reading = self.voices.read(last.entry)
        if reading.mood is None or reading.confidence is None:
            return
        count, glad = max((ground.as_of.day - last.day).days, 0), reading.mood is Mood.POSITIVE
        if reading.basis is Basis.RATING:
            said = text("models.voice-reason-rated", mood=reading.mood.label, count=count)
        else:
            words = ", ".join(each.word for each in reading.marks)
            said = text("models.voice-reason-words", mood=reading.mood.label, words=words, count=count)
        yield Reason(of="sentiment", said=said, supports=glad, weight=reading.confidence)

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        return {"voices": json.loads(self.voices.to_json()), "themes": json.loads(self.themes.to_json())}


def _card(model: Model, ground: Ground, voices: Voices, themes: Themes) -> Card:
    """Figures of each language on a fifth of its rated texts, which nothing was learned from."""
    fitted = voices.models
    told = tuple(each for language in LANGUAGES for each in voices.told(language))
    rung = Rung.MODEL if fitted else Rung.RULE
    lacking = next(iter(voices.missing.values()), None)
    texts = sum(each.texts for each in fitted.values())
    card: dict[str, Any] = {
        "key": model.key,
        "asks": model.asks,
        "as_of": ground.as_of,
        "rung": rung,
        "wanted": None if fitted else lacking or text("models.voice-no-model"),
        "method": "logistic regression on character n-grams" if fitted else None,
        "supplies": tuple(
            Supply(
                of=text("models.supply-rated-texts", language=text(f"models.voice-language-{language}")),
                had=fitted[language].texts if language in fitted else 0,
                needed=2 * FOR_A_MODEL,
            )
            for language in LANGUAGES
        ),
        "measure": text("models.measure-macro-f1"),
        "customers": texts,
        "remarks": (*told, *_of_themes(themes), text("models.voice-how")),
    }
    return Card(**card | _judged(voices))


def _of_themes(themes: Themes) -> Iterator[Any]:
    if themes.all:
        names = "; ".join(each.name for each in themes.all[:_NAMED])
        yield text("models.voice-themes", count=len(themes.all), names=names)


def _judged(voices: Voices) -> dict[str, Any]:
    """The macro-F1 of the language that did worst, beside always saying what is commonest."""
    if not voices.models:
        return {}
    worst = min((each.figures for each in voices.models.values()), key=lambda figures: figures.macro_f1)
    gain = worst.macro_f1 - worst.majority_macro_f1
    reach = _Z * float(np.sqrt(worst.macro_f1 * (1 - worst.macro_f1) / max(worst.texts * worst.coverage, 1.0)))
    return {
        "baseline": text("models.baseline-majority"),
        "gain": gain,
        "gain_low": gain - reach,
        "gain_high": gain + reach,
    }
