"""The store's side of schemes: their versions, and which of them is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from carpel.governance import BaseChanged, Draft, SchemeVersion, VersionState
from carpel.kernel.errors import CarpelError
from carpel.kernel.failpoints import failpoint
from carpel.store.connecting import READS
from carpel.store.errors import speaking
from carpel.store.models import PublishedRow, SchemeVersionRow

_Result = TypeVar("_Result")
_COLUMNS = tuple(each.name for each in fields(SchemeVersion) if each.name != "state")


class SqlSchemeStore:
    """A `SchemeStore` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, workspace: str) -> None:
        self._engine = engine
        self._workspace = workspace
        self._writing = sessionmaker(engine)
        self._reading = sessionmaker(engine.execution_options(**{READS: True}))

    def names(self) -> tuple[str, ...]:
        """The schemes of which something is published."""
        here = PublishedRow.workspace == self._workspace
        query = select(PublishedRow.scheme).where(here).order_by(PublishedRow.scheme)
        return self._read(lambda session: tuple(session.scalars(query)))

    def published(self, scheme: str) -> SchemeVersion | None:
        """The version that runs use."""

        def work(session: Session) -> SchemeVersion | None:
            row = self._published(session, scheme)
            return _version(row) if row else None

        return self._read(work)

    def versions(self, scheme: str) -> tuple[SchemeVersion, ...]:
        """Every version, newest first."""
        query = select(SchemeVersionRow).where(*self._of(scheme)).order_by(SchemeVersionRow.number.desc())
        return self._read(lambda session: tuple(map(_version, session.scalars(query))))

    def find(self, scheme: str, number: int) -> SchemeVersion | None:
        """The version of that number."""

        def work(session: Session) -> SchemeVersion | None:
            row = session.get(SchemeVersionRow, (self._workspace, scheme, number))
            return _version(row) if row else None

        return self._read(work)

    def submit(self, draft: Draft, *, at: datetime) -> SchemeVersion:
        """Keep a draft; what its author submitted before and nobody published is withdrawn."""
        mine = (SchemeVersionRow.author == draft.author, SchemeVersionRow.state == VersionState.SUBMITTED.value)
        withdrawal = update(SchemeVersionRow).where(*self._of(draft.scheme), *mine)

        def work(session: Session) -> SchemeVersion:
            session.execute(withdrawal.values(state=VersionState.WITHDRAWN.value))
            return _version(self._add(session, draft, at))

        return self._write(draft.scheme, work)

    def approve(self, scheme: str, number: int, *, by: str, at: datetime) -> SchemeVersion:
        """The sponsor agrees to a version that waits for it."""

        def work(session: Session) -> SchemeVersion:
            row = self._waiting(session, scheme, number, VersionState.SUBMITTED)
            row.state, row.approved_by, row.approved_at = VersionState.APPROVED.value, by, at
            return _version(row)

        return self._write(scheme, work)

    def publish(self, draft: Draft, *, at: datetime) -> SchemeVersion:
        """In one transaction the draft is a version and what runs use; who waits with the same text waits no more."""
        same = (SchemeVersionRow.text == draft.text, SchemeVersionRow.state == VersionState.SUBMITTED.value)
        withdrawal = update(SchemeVersionRow).where(*self._of(draft.scheme), *same)

        def work(session: Session) -> SchemeVersion:
            self._refuse_changed_base(session, draft.scheme, draft.base)
            session.execute(withdrawal.values(state=VersionState.WITHDRAWN.value))
            return self._make_published(session, self._add(session, draft, at), by=draft.author, at=at)

        return self._write(draft.scheme, work)

    def publish_approved(self, scheme: str, number: int, *, by: str, at: datetime) -> SchemeVersion:
        """In one transaction the approved version is what runs use."""

        def work(session: Session) -> SchemeVersion:
            row = self._waiting(session, scheme, number, VersionState.APPROVED)
            self._refuse_changed_base(session, scheme, row.base)
            return self._make_published(session, row, by=by, at=at)

        return self._write(scheme, work)

    def _make_published(self, session: Session, row: SchemeVersionRow, *, by: str, at: datetime) -> SchemeVersion:
        before = self._published(session, row.scheme)
        if before:
            before.state = VersionState.SUPERSEDED.value
        row.state, row.published_by, row.published_at = VersionState.PUBLISHED.value, by, at
        session.flush()
        failpoint("store.publish")
        session.merge(PublishedRow(workspace=self._workspace, scheme=row.scheme, number=row.number))
        return _version(row)

    def _refuse_changed_base(self, session: Session, scheme: str, base: int | None) -> None:
        row = self._published(session, scheme)
        if row and row.number != base:
            raise BaseChanged(_version(row), base=base)

    def _add(self, session: Session, draft: Draft, at: datetime) -> SchemeVersionRow:
        last = session.scalar(select(func.max(SchemeVersionRow.number)).where(*self._of(draft.scheme)))
        row = SchemeVersionRow(
            workspace=self._workspace,
            number=(last or 0) + 1,
            state=VersionState.SUBMITTED.value,
            at=at,
            **{each.name: getattr(draft, each.name) for each in fields(draft)},
        )
        session.add(row)
        session.flush()
        return row

    def _waiting(self, session: Session, scheme: str, number: int, state: VersionState) -> SchemeVersionRow:
        row = session.get(SchemeVersionRow, (self._workspace, scheme, number))
        if row is None:
            raise CarpelError("governance.no-such-version", place=scheme, number=number)
        if row.state != state.value:
            raise CarpelError(f"governance.is-{row.state}", place=scheme, number=number)
        return row

    def _published(self, session: Session, scheme: str) -> SchemeVersionRow | None:
        """In one statement, so that a publication in between is seen wholly or not at all."""
        here = (PublishedRow.workspace == self._workspace, PublishedRow.scheme == scheme)
        same = and_(
            SchemeVersionRow.workspace == PublishedRow.workspace,
            SchemeVersionRow.scheme == PublishedRow.scheme,
            SchemeVersionRow.number == PublishedRow.number,
        )
        return session.scalar(select(SchemeVersionRow).join(PublishedRow, same).where(*here))

    def _of(self, scheme: str) -> tuple[ColumnElement[bool], ...]:
        return (SchemeVersionRow.workspace == self._workspace, SchemeVersionRow.scheme == scheme)

    def _write(self, scheme: str, work: Callable[[Session], _Result]) -> _Result:
        """One writer of a scheme at a time; SQLite has only one anyway."""
        with speaking(self._engine), self._writing.begin() as session:
            if self._engine.dialect.name == "postgresql":
                key = _lock_key(self._workspace, scheme)
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            return work(session)

    def _read(self, work: Callable[[Session], _Result]) -> _Result:
        with speaking(self._engine), self._reading.begin() as session:
            return work(session)


def _version(row: SchemeVersionRow) -> SchemeVersion:
    values: dict[str, Any] = {name: getattr(row, name) for name in _COLUMNS}
    return SchemeVersion(**values, state=VersionState(row.state))


def _lock_key(workspace: str, scheme: str) -> int:
    """A number for a workspace's scheme that fits a positive bigint."""
    return int.from_bytes(sha256(f"carpel scheme {workspace}\0{scheme}".encode()).digest()[:8], "big") >> 1
