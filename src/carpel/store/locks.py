"""The right to make a run: a locked file beside SQLite, an advisory lock in PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from carpel.runs.locking import held
from carpel.runs.records import Holder, RunInProgress
from carpel.store.connecting import may_only_read
from carpel.store.errors import StoreError, place_of, speaking

_POLL_SECONDS: Final = 0.1
_HOLDER_OF: Final = text(
    """
    SELECT a.application_name, a.backend_start
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (l.classid::bigint << 32) | l.objid::bigint = :key
    """
)


def run_lock(engine: Engine, workspace: str, *, wait: float) -> AbstractContextManager[None]:
    """Hold the right to make a run of a workspace.

    Raises:
        RunInProgress: Another process holds it, and still did after `wait` seconds.
        StoreError: This process may read the workspace and not write to it.
    """
    if may_only_read(engine):
        raise StoreError("store.read-only", place=str(Path(engine.url.database or "").parent))
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        name = f"run-{_key(workspace):x}.lock" if workspace else "run.lock"
        return held(path.with_name(name), wait=wait)
    return _advisory(engine, workspace, wait)


@contextmanager
def _advisory(engine: Engine, workspace: str, wait: float) -> Iterator[None]:
    """On a connection of its own, so that PostgreSQL frees the lock as soon as this process is gone."""
    me = Holder.myself()
    name = f"carpel run {me.process}@{me.host}"[:63]
    own = create_engine(engine.url, poolclass=NullPool, connect_args={"application_name": name, "connect_timeout": 10})
    key = _key(workspace)
    with speaking(own):
        connection = own.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with speaking(own):
            _acquire(connection, key, wait, place_of(engine))
        yield
    finally:
        connection.close()
        own.dispose()


def _acquire(connection: Connection, key: int, wait: float, place: str) -> None:
    deadline = time.monotonic() + wait
    while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
        if time.monotonic() >= deadline:
            raise RunInProgress(_holder(connection, key), place=place)
        time.sleep(_POLL_SECONDS)


def _holder(connection: Connection, key: int) -> Holder | None:
    row = connection.execute(_HOLDER_OF, {"key": key}).first()
    if row is None:
        return None
    process, _, host = str(row[0]).removeprefix("carpel run ").partition("@")
    since: datetime = row[1]
    return Holder(process=int(process), host=host, since=since) if process.isdigit() else None


def _key(workspace: str) -> int:
    """A number for the workspace that fits a positive bigint."""
    return int.from_bytes(sha256(f"carpel run {workspace}".encode()).digest()[:8], "big") >> 1
