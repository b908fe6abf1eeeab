"""The store's side of runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, joinedload, sessionmaker

from carpel.governance import SchemeStore
from carpel.kernel.dates import AsOf
from carpel.kernel.failpoints import failpoint
from carpel.kernel.messages import text_from_json, text_to_json
from carpel.kernel.texts import Text
from carpel.runs.records import Holder, Outcome, RunOvertaken, RunRecord, RunState, RunStore
from carpel.store.connecting import READS, SQLITE, engine_for
from carpel.store.errors import speaking
from carpel.store.locks import run_lock
from carpel.store.migrating import migrate
from carpel.store.models import CurrentRow, RunRow
from carpel.store.schemes import SqlSchemeStore

_Result = TypeVar("_Result")


def open_store(store: str, folder: Path, *, workspace: str = "") -> RunStore:
    """Open a store and bring it up to date.

    Args:
        store: `sqlite` (a file under the workspace's `.carpel`), or `postgresql+psycopg://…`.
        folder: The workspace.
        workspace: Its name; one database may serve several workspaces. A workspace's own SQLite file needs none, so
            that it can be renamed.

    Raises:
        StoreError: The database cannot be reached, or a newer Carpel has written it.
    """
    engine = engine_for(store, folder)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlRunStore(engine, "" if store == SQLITE else workspace)


class SqlRunStore:
    """A `RunStore` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, workspace: str) -> None:
        self._engine = engine
        self._workspace = workspace
        self._writing = sessionmaker(engine)
        self._reading = sessionmaker(engine.execution_options(**{READS: True}))
        self.schemes: SchemeStore = SqlSchemeStore(engine, workspace)

    def lock(self, *, wait: float) -> AbstractContextManager[None]:
        """Hold the right to make a run."""
        return run_lock(self._engine, self._workspace, wait=wait)

    def start(self, run: str, holder: Holder) -> None:
        """A run begins."""
        row = RunRow(
            workspace=self._workspace,
            id=run,
            state=RunState.RUNNING.value,
            started_at=holder.since,
            process=holder.process,
            host=holder.host,
        )
        self._write(lambda session: session.add(row))

    def make_current(self, run: str, outcome: Outcome) -> None:
        """In one transaction the run is finished and what every reader sees."""

        def work(session: Session) -> None:
            row = self._running(session, run)
            _conclude(row, RunState.FINISHED, outcome)
            session.flush()
            failpoint("store.make-current")
            session.merge(CurrentRow(workspace=self._workspace, run=run, since=outcome.ended))

        self._write(work)

    def fail(self, run: str, outcome: Outcome, problem: Text) -> None:
        """The run came to its end, but a check failed."""

        def work(session: Session) -> None:
            row = self._running(session, run)
            _conclude(row, RunState.FAILED, outcome)
            row.problem = text_to_json(problem)

        self._write(work)

    def refuse(self, run: str, problem: Text) -> None:
        """The run cannot be made; one that has ended stays as it is."""
        self._end(run, RunState.REFUSED, problem)

    def abandon(self, run: str, problem: Text | None = None) -> None:
        """The run was stopped, or its process is gone; one that has ended stays as it is."""
        self._end(run, RunState.ABANDONED, problem)

    def forget(self, runs: Collection[str]) -> None:
        """Mark runs as removed, all but the current one."""
        current = select(CurrentRow.run).where(CurrentRow.workspace == self._workspace)
        change = update(RunRow).where(
            RunRow.workspace == self._workspace, RunRow.id.in_(runs), RunRow.id.not_in(current)
        )
        self._write(lambda session: session.execute(change.values(state=RunState.PRUNED.value)))

    def current(self) -> RunRecord | None:
        """The current run."""

        def work(session: Session) -> RunRecord | None:
            found = session.get(CurrentRow, self._workspace, options=[joinedload(CurrentRow.row)])
            return _record(found.row, current=True) if found else None

        return self._read(work)

    def find(self, run: str) -> RunRecord | None:
        """The run of that id."""

        def work(session: Session) -> RunRecord | None:
            row = session.get(RunRow, (self._workspace, run))
            return _record(row, current=run == self._current_id(session)) if row else None

        return self._read(work)

    def states(self) -> Mapping[str, RunState]:
        """Every run that the store has heard of, oldest first."""
        here = RunRow.workspace == self._workspace
        query = select(RunRow.id, RunRow.state).where(here).order_by(RunRow.started_at, RunRow.id)

        def work(session: Session) -> dict[str, RunState]:
            current = self._current_id(session)
            return {run: _state(state, current=run == current) for run, state in session.execute(query)}

        return self._read(work)

    def list(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """Runs, newest first, without those that were removed."""
        here = (RunRow.workspace == self._workspace, RunRow.state != RunState.PRUNED.value)
        query = select(RunRow).where(*here).order_by(RunRow.started_at.desc(), RunRow.id.desc()).limit(limit)

        def work(session: Session) -> tuple[RunRecord, ...]:
            current = self._current_id(session)
            return tuple(_record(row, current=row.id == current) for row in session.scalars(query))

        return self._read(work)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _end(self, run: str, state: RunState, problem: Text | None) -> None:
        change = update(RunRow).where(*self._one(run), RunRow.state == RunState.RUNNING.value)
        written = text_to_json(problem) if problem else None
        values = {"state": state.value, "ended_at": datetime.now(UTC), "problem": written}
        self._write(lambda session: session.execute(change.values(values)))

    def _one(self, run: str) -> tuple[ColumnElement[bool], ...]:
        return (RunRow.workspace == self._workspace, RunRow.id == run)

    def _running(self, session: Session, run: str) -> RunRow:
        row = session.get(RunRow, (self._workspace, run), with_for_update=True)
        if row is None or row.state != RunState.RUNNING.value:
            raise RunOvertaken("runs.overtaken", place=run)
        return row

    def _current_id(self, session: Session) -> str | None:
        return session.scalar(select(CurrentRow.run).where(CurrentRow.workspace == self._workspace))

    def _write(self, work: Callable[[Session], object]) -> None:
        with speaking(self._engine), self._writing.begin() as session:
            work(session)

    def _read(self, work: Callable[[Session], _Result]) -> _Result:
        with speaking(self._engine), self._reading.begin() as session:
            return work(session)


def _conclude(row: RunRow, state: RunState, outcome: Outcome) -> None:
    row.state = state.value
    row.ended_at = outcome.ended
    row.as_of = outcome.as_of.instant
    row.as_of_day = outcome.as_of.day
    row.as_of_zone = outcome.as_of.time_zone
    row.customers = outcome.customers
    row.fingerprint = outcome.fingerprint
    row.manifest = outcome.manifest


def _record(row: RunRow, *, current: bool) -> RunRecord:
    return RunRecord(
        id=row.id,
        state=_state(row.state, current=current),
        started=row.started_at,
        holder=Holder(process=row.process, host=row.host, since=row.started_at),
        ended=row.ended_at,
        outcome=_outcome(row),
        problem=text_from_json(row.problem) if row.problem else None,
    )


def _outcome(row: RunRow) -> Outcome | None:
    if row.ended_at is None or row.as_of is None or row.as_of_day is None or row.customers is None:
        return None
    return Outcome(
        ended=row.ended_at,
        as_of=AsOf(row.as_of, row.as_of_day, row.as_of_zone or "UTC"),
        customers=row.customers,
        fingerprint=row.fingerprint or "",
        manifest=row.manifest or "",
    )


def _state(stored: str, *, current: bool) -> RunState:
    return RunState.CURRENT if current else RunState(stored)
