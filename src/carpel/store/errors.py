"""What can be wrong with a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from carpel.kernel.errors import CarpelError


class StoreError(CarpelError):
    """The store cannot be opened, read or written."""


@contextmanager
def speaking(engine: Engine) -> Iterator[None]:
    """Say what a database objects to, where, and never its password."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        problem = str(cause).strip().split("\n", maxsplit=1)[0]
        raise StoreError("store.unavailable", place=place_of(engine), problem=problem) from error


def place_of(engine: Engine) -> str:
    """Where a store is, as people may read it."""
    return engine.url.database or "" if engine.dialect.name == "sqlite" else engine.url.render_as_string()
