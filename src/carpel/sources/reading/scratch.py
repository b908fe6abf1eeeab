"""A private DuckDB connection and a temporary folder: what reading works with and leaves nothing of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb

from carpel.kernel.errors import CarpelError
from carpel.kernel.temporary import TemporaryFolder

_MEMORY: Final = "1500MB"


class Scratch:
    """Closes its connection and removes its folder when left."""

    def __init__(self, beside: Path | None = None) -> None:
        self._directory = TemporaryFolder("carpel-reading-", beside=beside)
        self.folder = self._directory.path
        self._numbers = count()
        self._connection = duckdb.connect(
            config={
                "temp_directory": str(self.folder / "spill"),
                "memory_limit": _MEMORY,
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._connection.execute("SET TimeZone = 'UTC'")
        # Wide tables are asked many small questions, and each would read all column descriptions again.
        self._connection.execute("SET parquet_metadata_cache = true")
        # Progress is told by stages; where Python is interactive, DuckDB would draw a bar of its own.
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        self._directory.close()

    def new_file(self, ending: str) -> Path:
        """A place for one more temporary file."""
        return self.folder / f"{next(self._numbers):06d}{ending}"

    def run(self, statement: str) -> None:
        """Execute a statement whose DuckDB errors the caller understands better than this does."""
        self._connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """A small result; where the disk or the memory does not suffice, `CarpelError` says so."""
        try:
            return self._connection.execute(query).fetchall()
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise CarpelError("reading.no-room", problem=first_line(error)) from error

    def copy(self, query: str, to: Path, *, compression: str = "zstd", level: int | None = 1) -> None:
        """Write a query's result as one Parquet file."""
        strength = f", COMPRESSION_LEVEL {level}" if level is not None else ""
        statement = f"COPY ({query}) TO {literal(str(to))} (FORMAT parquet, COMPRESSION {compression}{strength})"
        try:
            self._connection.execute(statement)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise CarpelError("reading.no-room", problem=first_line(error)) from error


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def parquet(paths: Sequence[Path], *, extra: str = "") -> str:
    """Parquet files as one relation."""
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}]{extra})"


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    return str(error).split("\n", maxsplit=1)[0]
