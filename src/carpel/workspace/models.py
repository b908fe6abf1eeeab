"""What is learned from the company's past, as Python reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from carpel.kernel.dates import AsOf
from carpel.models import Card
from carpel.runs.facts import facts_at_hand
from carpel.runs.modelled import ModelRow, card_of, fitted, model_rows

if TYPE_CHECKING:
    from carpel.workspace.workspace import Workspace


@dataclass(frozen=True)
class Models:
    """Questions asked of the past, and how well they are answered."""

    workspace: Workspace

    def list(self) -> tuple[ModelRow, ...]:
        """Every model: whether it is asked, what it lacks, and its card in the current run."""
        own = self.workspace
        current = own.runs.current()
        facts = current.facts if current else facts_at_hand(own.settings, own.engine, own.store)
        return model_rows(own.settings, facts, current)

    def card(self, model: str) -> Card:
        """What is told of a model of the current run.

        Raises:
            CarpelError: Nothing is current, there is no such model, or the run did not ask it.
        """
        return card_of(self.workspace.current, model)

    def fit(self, model: str, *, as_of: str | AsOf | None = None) -> Card:
        """Learn a model now, without a run; nothing is kept but the card that is given.

        Args:
            model: Its key.
            as_of: The moment to know up to; None is what the next run would take.

        Raises:
            CarpelError: There is no such model, it lacks what it learns from, or the moment cannot be known.
        """
        own = self.workspace
        facts = facts_at_hand(own.settings, own.engine, own.store)
        at = AsOf.parse(as_of, own.settings.time_zone) if isinstance(as_of, str) else as_of
        return fitted(own.settings, own.engine, facts, model, at, datetime.now(UTC))
