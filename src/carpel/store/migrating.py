"""A store is brought up to date when it is opened; of several that open it at once, one does the work."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import Engine

from carpel.runs.locking import held
from carpel.store.connecting import BUSY_SECONDS, READS, may_only_read
from carpel.store.errors import StoreError, place_of, speaking
from carpel.store.migrations import HEAD

_ADVISORY_KEY: Final = 0x6361_7270_656C  # "carpel"


def migrate(engine: Engine) -> None:
    """Bring the tables up to date, all steps or none.

    Raises:
        StoreError: The database cannot be reached, a newer Carpel has written it, or an older one and it can only be
            read.
    """
    with speaking(engine):
        if may_only_read(engine):
            _refuse_other_version(engine)
        elif engine.dialect.name == "sqlite":
            _migrate_sqlite(engine)
        elif _version(engine) != HEAD:
            _upgrade(engine)


def _migrate_sqlite(engine: Engine) -> None:
    path = Path(engine.url.database or "")
    if path.is_file() and _version(engine) == HEAD:
        return
    with held(path.with_name(f"{path.name}.lock"), wait=BUSY_SECONDS):
        _use_write_ahead_log(engine)
        if _version(engine) != HEAD:
            _upgrade(engine)


def _refuse_other_version(engine: Engine) -> None:
    version = _version(engine)
    if version != HEAD:
        raise StoreError("store.newer" if version and version > HEAD else "store.older", place=place_of(engine))


def _use_write_ahead_log(engine: Engine) -> None:
    """So that readers and a writer do not wait for each other; SQLite remembers it in the file."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _version(engine: Engine) -> str | None:
    with engine.connect().execution_options(**{READS: True}) as connection:
        return _version_seen_by(connection)


def _version_seen_by(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _upgrade(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})
        version = _version_seen_by(connection)
        if version is not None and version > HEAD:
            raise StoreError("store.newer", place=place_of(engine))
        if version != HEAD:
            _run_steps(connection)


def _run_steps(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  (most openings find the store up to date)
    from alembic.config import Config  # noqa: PLC0415

    with as_file(files("carpel.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
