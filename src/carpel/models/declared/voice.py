"""How customers feel, what it is about, and what they miss."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer
from carpel.models.learning import Model
from carpel.profiles import Better, Unit

_MOODS: Final = ("negative", "mixed", "positive")

VOICE: Final = Model(
    key="voice",
    asks=text("models.question-voice"),
    wants=("feedback.given_at|interactions.text",),
    attributes=(
        answer("sentiment", ValueType.CATEGORY, values=_MOODS),
        answer("sentiment_confidence", ValueType.SHARE, Unit.SHARE),
        answer("sentiment_balance", ValueType.NUMBER, better=Better.MORE),
        answer("theme", ValueType.CATEGORY),
        answer("unmet_need", ValueType.CATEGORY),
    ),
    module="carpel.models.voice.listening",
)
"""Read from ratings, and where there are none from words."""
