"""Engines for the two databases that a store may live in."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from carpel.store.errors import StoreError

SQLITE: Final = "sqlite"
BUSY_SECONDS: Final = 30
READS: Final = "carpel_reads"
"""The execution option of a connection that only reads."""


def engine_for(store: str, folder: Path) -> Engine:
    """The SQLAlchemy engine of a store.

    Args:
        store: `sqlite`, or a URL such as `postgresql+psycopg://user@host/database`.
        folder: The workspace, under which SQLite's file lies.
    """
    if store == SQLITE:
        return _sqlite(folder / ".carpel" / "store.sqlite")
    try:
        url = make_url(store)
    except ArgumentError as error:
        raise StoreError("store.not-a-url", value=SQLITE) from error
    if url.get_backend_name() == SQLITE and url.database:
        return _sqlite(folder / url.database)
    if url.get_backend_name() != "postgresql":
        raise StoreError("store.unknown-database", name=url.get_backend_name())
    return _postgresql(url)


def may_only_read(engine: Engine) -> bool:
    """Whether this process may read a store in SQLite and not write it: another's files, or a disk mounted so."""
    return engine.dialect.name == SQLITE and not _may_write(Path(engine.url.database or ""))


def _may_write(path: Path) -> bool:
    """SQLite writes the file and makes others beside it."""
    effective = os.access in os.supports_effective_ids
    return all(os.access(each, os.W_OK, effective_ids=effective) for each in (path.parent, path) if each.exists())


def _sqlite(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("store.unavailable", place=str(path), problem=error.strerror or "") from error
    url = URL.create(SQLITE, database=str(path))
    if path.exists() and not _may_write(path):
        return create_engine(url, creator=lambda: _reading(path), poolclass=NullPool)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _reading(path: Path) -> sqlite3.Connection:
    """A connection that leaves no trace, not even SQLite's own files beside the store."""
    # Without a log of writes beside it the file is whole, and SQLite need not look for one that it could not make.
    whole = not path.with_name(f"{path.name}-wal").exists()
    wish = "mode=ro&immutable=1" if whole else "mode=ro"
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{wish}", uri=True, timeout=BUSY_SECONDS)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes its lock at once: one that reads first could not be granted it later.
    reads = connection.get_execution_options().get(READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    driver = url.set(drivername="postgresql+psycopg")
    return create_engine(driver, pool_pre_ping=True, connect_args={"connect_timeout": 10})
