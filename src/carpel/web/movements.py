"""Who went where since a day that the reader chooses among those of past runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from carpel.kernel.texts import Labels, Text, text
from carpel.runs.moves import Moves
from carpel.runs.planning.plans import Flow
from carpel.runs.views.errors import NotThere
from carpel.runs.views.listing import OUTSIDE
from carpel.runs.views.overview import Overview
from carpel.schemes import Scheme
from carpel.web import links
from carpel.web.tables import Column
from carpel.workspace import Workspace

MOVEMENTS: Final = (
    Column(key="before", label=text("web.movements.from"), is_number=False, sorts=False),
    Column(key="after", label=text("web.movements.to"), is_number=False, sorts=False),
    Column(key="customers", label=text("web.segments.customers"), sorts=False),
    Column(key="revenue", label=text("web.segments.revenue"), sorts=False),
)


@dataclass(frozen=True, kw_only=True)
class Movements:
    """Moves since a day.

    Attributes:
        moves: Every arrow.
        scheme: Whose names are shown.
        days: Earlier days to choose from, the latest first.
        notes: What must be said beside the figures.
        is_latest: Whether they are those since the run before.
    """

    moves: Moves
    scheme: Scheme
    days: tuple[date, ...]
    notes: tuple[Text, ...]
    is_latest: bool

    @property
    def since(self) -> date:
        """The earlier day."""
        return self.moves.start.day

    @property
    def customers(self) -> int:
        """How many went from one segment to another, came into the base or left it."""
        return sum(flow.customers for flow in self.moves.moved)

    def behind(self, flow: Flow) -> str:
        """Where an arrow leads: to its customers."""
        return behind(flow, None if self.is_latest else self.since)

    def title(self, segment: str | None) -> Labels | Text:
        """What people call a segment; the base has an outside."""
        return title_of(segment, self.scheme)


def title_of(segment: str | None, scheme: Scheme) -> Labels | Text:
    """What people call a segment, also one that the scheme no longer has; the base has an outside."""
    if segment is None:
        return text("web.movements.outside")
    return scheme.title(segment) if segment in scheme.paths else Labels({"en": segment})


def behind(flow: Flow, since: date | None = None) -> str:
    """The customers on an arrow since a day; None is that of the run before."""
    return links.customers(flow.after or OUTSIDE, came_from=flow.before or OUTSIDE, since=since)


def movements(workspace: Workspace, overview: Overview, since: str | None) -> Movements | None:
    """The moves since a day of a past run, by default the run before; None where there is no earlier run.

    Raises:
        NotThere: No earlier run knows up to that day.
    """
    days = _days(overview)
    if since and since not in {day.isoformat() for day in days}:
        raise NotThere("web.no-such-day", place="since", day=since)
    asked = next((day for day in days if day.isoformat() == since), None)
    scheme = workspace.current.scheme
    if asked is None or asked == overview.since:
        if overview.moves is None:
            return None
        return Movements(moves=overview.moves, scheme=scheme, days=days, notes=overview.move_notes, is_latest=True)
    table = workspace.moves(from_=asked)
    return Movements(moves=table.moves, scheme=scheme, days=days, notes=table.notes, is_latest=False)


def _days(overview: Overview) -> tuple[date, ...]:
    known = {point.as_of for line in overview.segments for point in line.history}
    earlier = {day for day in known if day < overview.as_of}
    return tuple(sorted({*earlier, *([overview.since] if overview.since else [])}, reverse=True))
