"""The overview, from the manifest, the runs before and the counted figures; it runs no query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Labels, Text, text
from carpel.runs.moves.comparing import Moves
from carpel.runs.opening import Run, open_run
from carpel.runs.planning.plans import responsible
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.runs.views.attention import Looked, attention
from carpel.runs.views.figures import Figures, moves_of, read_figures
from carpel.runs.views.forecasting import PREDICTED, predicted
from carpel.runs.views.overview import Figure, Overview, SegmentLine
from carpel.runs.views.past_runs import PastRun, figure, history, past_run, past_runs, sum_of
from carpel.runs.views.segments import SegmentRow, SegmentTable


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A run beside those before it: what every page of it begins with.

    Attributes:
        run: The current run.
        figures: Its counted figures.
        table: Its segments.
        before: The run that changes count from; None where there is none, or it is not kept.
        past: The kept runs, oldest first, this one last.
        moves: Who went where since then.
        predicted_before: What the run before foretold that customers would bring; None where it did not.
    """

    run: Run
    figures: Figures
    table: SegmentTable
    before: PastRun | None
    past: tuple[PastRun, ...]
    moves: Moves | None
    predicted_before: int | None

    @classmethod
    def of(cls, settings: Settings, store: RunStore, run: Run, figures: Figures) -> Standing:
        """A run and what came before it."""
        previous = run.manifest.previous
        return cls(
            run=run,
            figures=figures,
            table=SegmentTable.of(run),
            before=past_run(settings.runs_folder / previous) if previous else None,
            past=past_runs(settings, store, run),
            moves=_moves(settings, run, figures),
            predicted_before=_predicted_before(settings, run),
        )

    @property
    def lines(self) -> tuple[SegmentLine, ...]:
        """Every segment with its past."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[SegmentLine]:
        scheme, total = self.run.scheme, self.table.revenue
        for row in self.table.rows:
            customers, revenue = sum_of(self.before, row.key, scheme)
            yield SegmentLine(
                row=row,
                share=self.table.share(row),
                money_share=None if row.revenue is None else row.revenue / total if total else 0.0,
                customers=Figure(value=row.customers, before=customers),
                revenue=figure(row.revenue, revenue),
                history=history(row.key, scheme, self.past),
                owner=responsible(scheme, row.key, "owner"),
                team=responsible(scheme, row.key, "team"),
                playbook=responsible(scheme, row.key, "playbook"),
            )

    def row(self, segment: str) -> SegmentRow:
        """A segment's row; KeyError where there is none."""
        return {row.key: row for row in self.table.rows}[segment]


def overview(standing: Standing, store: RunStore, *, now: datetime) -> Overview:
    """How the company stands.

    Args:
        standing: The current run beside those before it.
        store: Knows the runs.
        now: The present, with its zone.
    """
    run, table, before, lines = standing.run, standing.table, standing.before, standing.lines
    source = run.manifest.ledger.source if run.manifest.ledger else None
    return Overview(
        workspace=run.manifest.workspace,
        scheme=run.scheme.label if run.scheme.label.by_language else Labels({"en": run.scheme.key}),
        run=run.id,
        as_of=table.as_of,
        since=before.day if before else None,
        currency=table.currency,
        customers=Figure(value=table.base, before=before.base if before else None),
        outside=Figure(value=table.outside_base, before=before.outside if before else None),
        revenue=figure(source, before.source if before else None),
        in_segments=figure(table.revenue if table.has_money else None, before.in_segments if before else None),
        predicted=figure(predicted(standing.figures), standing.predicted_before),
        rests=table.rests,
        segments=lines,
        attention=attention(looked(standing, lines, store, now=now)),
        moves=standing.moves,
        expected=standing.figures.expected,
        notes=tuple(_notes(run)),
        move_notes=tuple(_move_notes(standing.moves)),
    )


def _notes(run: Run) -> Iterator[Text]:
    """That figures are of a day long past."""
    for issue in run.manifest.issues:
        if issue.code == "runs.as-of-after-latest":
            said = {name: value for name, value in issue.text.params.items() if name in {"latest", "as_of"}}
            yield text("views.note-as-of", **said)


def _move_notes(moves: Moves | None) -> Iterator[Text]:
    """That the rules changed since the run that changes count from."""
    if moves and moves.start.logic != moves.end.logic:
        yield text("views.note-other-rules", since=moves.start.day)


def looked(standing: Standing, lines: Sequence[SegmentLine], store: RunStore, *, now: datetime) -> Looked:
    """What attention looks at."""
    return Looked(
        run=standing.run,
        lines=lines,
        records=store.list(limit=5),
        moves=standing.moves,
        expected=standing.figures.expected,
        last_event=_last_event(standing.run),
        now=now,
    )


def _last_event(run: Run) -> datetime | None:
    try:
        return run.facts.last_event
    except CarpelError:
        return None


def _predicted_before(settings: Settings, run: Run) -> int | None:
    previous = run.manifest.previous
    figures = (
        read_figures(settings.runs_folder / previous) if previous and PREDICTED in run.catalogue.available else None
    )
    return predicted(figures) if figures else None


def _moves(settings: Settings, run: Run, figures: Figures) -> Moves | None:
    previous = run.manifest.previous
    if figures.flows is None or previous is None:
        return None
    try:
        before = open_run(settings, previous)
    except CarpelError:
        # It may be removed at any moment.
        return None
    return moves_of(figures.flows, before, run.as_of, run.id, run.manifest.logic)
