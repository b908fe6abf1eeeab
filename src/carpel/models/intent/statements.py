"""What one piece of evidence says, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from carpel.kernel.texts import Text, text
from carpel.models.intent.reasons import Named
from carpel.models.intent.words import Intent, Reason

FAINT: Final = 0.2
"""Evidence that has faded below this says nothing any more."""

_HALVED_AFTER: Final = {Intent.INTERESTED: 60, Intent.HESITATING: 60, Intent.NOT_NOW: 120, Intent.NEVER: 365}
"""Days in which evidence loses half its strength; a refusal holds longest."""


class Evidence(StrEnum):
    """What an intent was read from."""

    OUTCOME = "outcome"
    """What staff noted as outcome."""
    OPPORTUNITY = "opportunity"
    """The stage of an opportunity, or whether it was won."""
    WORDS = "words"
    """What a text says."""
    PURCHASE = "purchase"
    CLICK = "click"

    @property
    def label(self) -> Text:
        """In the reader's language."""
        return text(f"models.intent-by-{self}")

    @property
    def outright(self) -> bool:
        """Whether somebody said it; else it is only what somebody did."""
        return self not in {Evidence.PURCHASE, Evidence.CLICK}


_STRENGTH: Final = {
    Evidence.OUTCOME: 1.0,
    Evidence.OPPORTUNITY: 0.9,
    Evidence.WORDS: 0.8,
    Evidence.PURCHASE: 0.8,
    Evidence.CLICK: 0.4,
}
_ORDER: Final = tuple(Evidence)
_CAREFUL: Final = (Intent.NEVER, Intent.NOT_NOW, Intent.HESITATING, Intent.INTERESTED)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One piece of evidence.

    Attributes:
        intent: What it says.
        day: When.
        evidence: What it was read from.
        reasons: Reasons named with it.
        sure: How sure the reading is.
    """

    intent: Intent
    day: date
    evidence: Evidence
    reasons: tuple[Reason, ...] = ()
    sure: float = 1.0

    def strength(self, today: date) -> float:
        """What it still says, so many days later."""
        age = max((today - self.day).days, 0)
        return float(_STRENGTH[self.evidence] * self.sure * 0.5 ** (age / _HALVED_AFTER[self.intent]))

    def rank(self) -> tuple[Any, ...]:
        """The newest first; of one day what was noted before what was read, and the more careful reading."""
        careful = len(_CAREFUL) - _CAREFUL.index(self.intent)
        return self.day, -_ORDER.index(self.evidence), careful, self.sure, self.reasons

    def newer(self, other: Statement | None) -> Statement:
        """Whichever of two wins."""
        return self if other is None or self.rank() > other.rank() else other


@dataclass(frozen=True, kw_only=True)
class Mind:
    """What a customer means to do.

    Attributes:
        intent: Unknown where nothing was heard, or only long ago.
        strength: What the evidence still says, from 1 to 0.
        statement: The evidence; None where there is none.
        age_days: How old it is.
    """

    intent: Intent
    strength: float = 0.0
    statement: Statement | None = None
    age_days: int | None = None

    @property
    def why(self) -> Text:
        """In words."""
        if self.statement is None or self.age_days is None:
            return text("models.intent-nothing-heard")
        evidence = self.statement.evidence.label
        if self.intent is Intent.UNKNOWN:
            meant = self.statement.intent.label
            return text("models.intent-faded", intent=meant, evidence=evidence, count=self.age_days)
        if not self.statement.reasons:
            return text("models.intent-told", intent=self.intent.label, evidence=evidence, count=self.age_days)
        because = Named(self.statement.reasons)
        return text(
            "models.intent-told-because",
            intent=self.intent.label, evidence=evidence, count=self.age_days, reasons=because,
        )  # fmt: skip
