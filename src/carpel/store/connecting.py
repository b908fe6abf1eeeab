"""Engines for the two databases that a store may live in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError

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


def _sqlite(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("store.unavailable", place=str(path), problem=error.strerror or "") from error
    engine = create_engine(URL.create(SQLITE, database=str(path)), connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


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
