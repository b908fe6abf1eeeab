"""The overview's values: how the company stands, its segments with their past, and what needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from carpel.kernel.issues import Severity
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text
from carpel.runs.moves.comparing import Moves
from carpel.runs.moves.expecting import Expectation
from carpel.runs.views.segments import SegmentRow


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number now and at the run before.

    Attributes:
        value: Now; money in minor units.
        before: As of an earlier day; None where there is no run of one, or it did not know.
    """

    value: int
    before: int | None = None

    @property
    def change(self) -> int | None:
        """By how much it grew."""
        return None if self.before is None else self.value - self.before

    @property
    def growth(self) -> float | None:
        """The same as a part of what it was; None where it was nothing."""
        return (self.value - self.before) / abs(self.before) if self.before else None


@dataclass(frozen=True, kw_only=True)
class Point:
    """What a segment was in one run.

    Attributes:
        as_of: The day that the run knew up to.
        run: The run's id.
        customers: How many customers it held.
        revenue: Their money in minor units; None where nothing had money.
    """

    as_of: date
    run: str
    customers: int
    revenue: int | None


@dataclass(frozen=True, kw_only=True)
class SegmentLine:
    """One row of the table of segments.

    Attributes:
        row: The segment with its customers and money, as `SegmentTable` has it.
        share: Its part of the base's customers, 0 to 1.
        money_share: Its part of all segments' money, 0 to 1; None where nothing has money.
        customers: Its customers now and before.
        revenue: Its money now and before; None where nothing has money.
        history: What it was in the kept runs of the same division, oldest first, this run last.
        owner: Who answers for it, itself or by a segment above.
        team: Who serves it.
        playbook: What they work from.
    """

    row: SegmentRow
    share: float
    money_share: float | None
    customers: Figure
    revenue: Figure | None
    history: tuple[Point, ...]
    owner: str | None
    team: str | None
    playbook: str | None


class AttentionKind(StrEnum):
    """What may need attention."""

    FAILED_RUN = "failed-run"
    """The last run did not become current."""
    CHECK = "check"
    """A check of the run found something."""
    STALE = "stale"
    """The latest event is long past."""
    SHRINKING = "shrinking"
    """More customers left a segment than earlier movement would lead one to expect."""
    EMPTY = "empty"
    """Nobody is in the segment."""
    TINY = "tiny"
    """Hardly anybody is in the segment."""
    NO_OWNER = "no-owner"
    """Nobody answers for the segment."""
    NO_PLAYBOOK = "no-playbook"
    """Nothing says what to offer the segment's customers."""
    SCHEME = "scheme"
    """A finding on how the scheme divides."""
    QUALITY = "quality"
    """Something is wrong with the data."""


class Destination(StrEnum):
    """Where one goes to mend it."""

    SEGMENT = "segment"
    """The segment's page."""
    MOVES = "moves"
    """The segment's movements."""
    SCHEME = "scheme"
    """The scheme."""
    DATA = "data"
    """Sources and quality."""
    RUNS = "runs"
    """Runs with their checks."""


@dataclass(frozen=True, kw_only=True)
class Attention:
    """One thing that somebody should look at.

    Attributes:
        kind: What it is.
        severity: How much it matters.
        text: What is so.
        segment: The segment that it concerns; None where it concerns none or several.
        segments: All segments that it concerns, where they are told together.
        goes_to: Where it is mended.
    """

    kind: AttentionKind
    severity: Severity
    text: Text
    goes_to: Destination
    segment: str | None = None
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Overview:
    """How the company stands as of the current run.

    Attributes:
        workspace: Its name.
        scheme: The scheme's name for people.
        run: The run's id.
        as_of: The day that it knows up to.
        since: The day of the run that changes count from; None where there is none.
        currency: The reporting currency.
        customers: Customers in a segment.
        outside: Customers whom the scheme does not divide.
        revenue: All of the source's money, rests included; None where nothing has money.
        in_segments: The money of customers in a segment; None where nothing has money.
        predicted: What customers in a segment will bring within twelve months; None where no model says.
        rests: Money that is in no segment, by why, in minor units.
        segments: Parents before their parts, in the scheme's order.
        attention: What needs attention, the most urgent first.
        moves: Who went where since `since`; None where there is no earlier run.
        expected: What earlier movement leads one to expect of that; None where nothing earlier is known.
        notes: What must be said beside all figures.
        move_notes: What must be said beside `moves`.
    """

    workspace: str
    scheme: Labels
    run: str
    as_of: date
    since: date | None
    currency: Currency
    customers: Figure
    outside: Figure
    revenue: Figure | None
    in_segments: Figure | None
    predicted: Figure | None
    rests: Mapping[str, int]
    segments: tuple[SegmentLine, ...]
    attention: tuple[Attention, ...] = ()
    moves: Moves | None = None
    expected: Expectation | None = None
    notes: tuple[Text, ...] = field(default=())
    move_notes: tuple[Text, ...] = field(default=())

    @property
    def leaves(self) -> tuple[SegmentLine, ...]:
        """The segments that customers are in."""
        return tuple(line for line in self.segments if line.row.is_leaf)

    def line(self, segment: str) -> SegmentLine:
        """The line of a segment; KeyError where there is none."""
        found = {line.row.key: line for line in self.segments}
        return found[segment]
