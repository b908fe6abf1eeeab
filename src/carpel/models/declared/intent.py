"""What customers mean to do."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer
from carpel.models.learning import Model
from carpel.profiles import Better, Unit

_INTENTS: Final = ("interested", "hesitating", "not_now", "never")
_REASONS: Final = ("price", "timing", "competitor", "no_need", "decision", "quality")

INTENT: Final = Model(
    key="intent",
    asks=text("models.question-intent"),
    wants=("interactions.happened_at|opportunities.opened_at",),
    attributes=(
        answer("intent", ValueType.CATEGORY, values=_INTENTS),
        answer("intent_strength", ValueType.SHARE, Unit.SHARE, Better.MORE),
        answer("intent_reason", ValueType.CATEGORY, values=_REASONS),
        answer("intent_age_days", ValueType.NUMBER, Unit.DAYS),
    ),
    module="carpel.models.intent.reading",
)
"""Read from what was said and done last, and fading with time."""
