"""Who went where between two dates, and what was expected, as Python and the command line read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from carpel.kernel.dates import AsOf
from carpel.kernel.money import Currency
from carpel.kernel.progress import Progress
from carpel.kernel.texts import Labels, Text, text
from carpel.runs.moves import Expectation, Membership, Moves, expectation, memberships, moves_between
from carpel.runs.moves.expecting import earlier_movements
from carpel.runs.moves.log import chain_to
from carpel.schemes import Scheme

if TYPE_CHECKING:
    import pandas as pd

    from carpel.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class MoveTable:
    """Moves between two dates beside what was expected of them.

    Attributes:
        moves: Every arrow, and entries and exits of each segment.
        expected: What earlier movements lead one to expect; None where there are none by the same rules.
        scheme: Whose labels are shown.
        currency: Of all money.
    """

    moves: Moves
    expected: Expectation | None
    scheme: Scheme
    currency: Currency

    def label(self, segment: str | None) -> Labels | Text:
        """A segment's name for people; a segment that the scheme no longer has is called by its key."""
        if segment is None:
            return text("workspace.moves-outside")
        return self.scheme.title(segment) if segment in self.scheme.paths else Labels({"en": segment})

    @property
    def notes(self) -> tuple[Text, ...]:
        """What must be said beside the figures."""
        sides = (self.moves.start, self.moves.end)
        replayed = [text("workspace.moves-replayed", day=each.day) for each in sides if each.run is None]
        other = self.moves.start.logic != self.moves.end.logic
        told = [text("workspace.moves-other-rules")] if other else []
        return (*replayed, *told, *self._expectations(told=bool(told)))

    def _expectations(self, *, told: bool) -> tuple[Text, ...]:
        if self.expected is None:
            return () if told else (text("workspace.moves-nothing-expected"),)
        if not self.expected.exceeding:
            return (text("workspace.moves-as-expected", count=self.expected.periods),)
        return tuple(
            text(
                "workspace.moves-exceeds",
                before=self.label(each.before),
                after=self.label(each.after),
                customers=each.customers,
                expected=round(each.expected),
                high=each.high,
            )
            for each in self.expected.exceeding
        )

    def to_pandas(self) -> pd.DataFrame:
        """One row per arrow: before, after, customers, revenue; staying included, None is outside the base."""
        import pandas as pd  # noqa: PLC0415

        rows = [
            {
                "before": each.before,
                "after": each.after,
                "customers": each.customers,
                "revenue": None if each.revenue is None else self.currency.major(each.revenue),
            }
            for each in self.moves.flows
        ]
        return pd.DataFrame(rows, columns=["before", "after", "customers", "revenue"])


def moves(
    workspace: Workspace,
    start: str | date | None = None,
    end: str | date | None = None,
    *,
    progress: Progress | None = None,
) -> MoveTable:
    """Who went where between two dates.

    Args:
        workspace: Whose.
        start: The earlier date; None is the run before.
        end: The later date; None is the current run.
        progress: Is told what a replay does.

    Raises:
        CarpelError: There is no earlier run, the dates are in the wrong order, or the facts do not reach so far back.
    """
    own, current = workspace, workspace.current
    found = moves_between(
        own.settings, own.store, own.engine, start=_moment(own, start), end=_moment(own, end), progress=progress
    )
    logged = chain_to(own.settings, current.id)
    earlier = earlier_movements(logged, found.start.day, found.start.logic, own.reader)
    expected = expectation(found, earlier)
    return MoveTable(moves=found, expected=expected, scheme=current.scheme, currency=current.currency)


def memberships_of(workspace: Workspace, customer: str) -> tuple[Membership, ...]:
    """Every stay of a customer that runs recorded, kept or not, oldest first."""
    return memberships(customer, chain_to(workspace.settings, workspace.current.id), workspace.reader)


def _moment(workspace: Workspace, day: Any) -> AsOf | None:
    return AsOf.parse(str(day), workspace.settings.time_zone) if day is not None else None
