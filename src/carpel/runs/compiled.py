"""The statements behind a run, each with a sentence that says what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from carpel.kernel.engine import Bindings, Engine, Query, Step
from carpel.kernel.texts import Text
from carpel.profiles import fit
from carpel.runs.fingerprints import digests
from carpel.runs.opening import Run
from carpel.runs.preceding import assignments_before
from carpel.runs.tally import after_step, numbers_step, tally_step
from carpel.schemes import assign, fit_cuts


class _Listening:
    """An engine that remembers what it was asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.asked: list[Step] = []

    @property
    def embedded(self) -> Engine:
        return self._engine.embedded

    def read(self, query: Query, tables: Bindings) -> pa.Table:
        self._remember(query)
        return self._engine.read(query, tables)

    def batches(self, query: Query, tables: Bindings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        self._remember(query)
        return self._engine.batches(query, tables, rows=rows)

    def write(self, query: Query, tables: Bindings, to: Path) -> int:
        self._remember(query)
        return self._engine.write(query, tables, to)

    def sql(self, query: Query) -> str:
        return self._engine.sql(query)

    def view(self, name: str, query: Query) -> str:
        return self._engine.view(name, query)

    def table(self, files: Sequence[Path]) -> Any:
        return self._engine.table(files)

    def close(self) -> None:
        """It is not this object's engine to close."""

    def _remember(self, query: Query) -> None:
        if isinstance(query, tuple):
            self.asked += query


def compiled(run: Run, engine: Engine) -> tuple[tuple[Text, str], ...]:
    """Every statement of a run in order: parameters, profiles, cut points, assignments, what is counted and proved.

    Each makes a view that those after it read; the facts' tables are read under their own names.
    """
    listening = _Listening(engine)
    fit(run.facts, run.basis.catalogue, run.as_of, listening)
    listening.asked += run.basis.steps()
    fit_cuts(run.scheme, run.profiles, listening)
    listening.asked += assign(run.scheme, run.profiles, run.cuts, assignments_before(run))
    table = run.assignments.unbound()
    listening.asked += [numbers_step(table), tally_step(run.profiles, table), digests(table)]
    after = after_step(run.facts, run.as_of)
    return tuple(_statements((*listening.asked, *((after,) if after else ())), engine))


def _statements(steps: Iterable[Step], engine: Engine) -> Iterator[tuple[Text, str]]:
    """Each step once, and again only where its name has come to mean something else meanwhile."""
    meaning: dict[str, str] = {}
    for step in steps:
        statement = engine.view(step.name, (step,))
        if meaning.get(step.name) != statement:
            meaning[step.name] = statement
            yield step.sentence, statement
