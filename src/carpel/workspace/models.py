"""What is learned from the company's past, as Python reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from carpel.kernel.dates import AsOf
from carpel.models import Card
from carpel.runs import open_run
from carpel.runs.facts import facts_at_hand
from carpel.runs.liking import LikeSegment, like
from carpel.runs.modelled import Compared, ModelRow, card_of, compared, fitted, fitted_outcome, model_rows

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

    def fit_outcome(self, outcome: str, *, as_of: str | AsOf | None = None) -> Card:
        """How well an attribute of two values is told by what else is known; nothing is kept but the card.

        Nothing says when the outcome came to be so, so what was known only after it cannot be left out: the card warns.

        Args:
            outcome: The attribute's key.
            as_of: The moment to know up to; None is what the next run would take.

        Raises:
            CarpelError: There is no such attribute, it does not hold two values, or the moment cannot be known.
        """
        own = self.workspace
        facts = facts_at_hand(own.settings, own.engine, own.store)
        at = AsOf.parse(as_of, own.settings.time_zone) if isinstance(as_of, str) else as_of
        return fitted_outcome(own.settings, own.engine, facts, outcome, at, datetime.now(UTC))

    def compare(self) -> tuple[Compared, ...]:
        """Every model of the current run, beside the run before.

        Raises:
            CarpelError: Nothing is current.
        """
        run = self.workspace.current
        previous = run.manifest.previous
        kept = previous and self.workspace.runs.keeps(previous)
        return compared(run, open_run(self.workspace.settings, previous) if previous and kept else None)

    def like(self, segment: str, *, most: int = 50) -> LikeSegment:
        """The leads who are most like the customers of a segment of the current run.

        Args:
            segment: The segment's key.
            most: How many to give; reasons are told of the first 200.

        Raises:
            CarpelError: Nothing is current, there is no such segment, or the facts are no longer kept.
        """
        return like(self.workspace.current, self.workspace.reader, segment, most)
