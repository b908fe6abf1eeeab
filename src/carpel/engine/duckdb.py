"""DuckDB, embedded: a cursor for each thread, expressions compiled once and run over any number of file sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Any, Self
from weakref import WeakSet

import duckdb
import ibis
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType

from carpel.engine.statements import Statements, read_tables
from carpel.kernel.engine import Bindings, Query
from carpel.kernel.errors import CarpelError
from carpel.kernel.temporary import TemporaryFolder

_GROUP = 20_480
"""Rows of a piece of a file: one customer is read from one piece, and a scan of all takes no longer with small ones."""


class DuckDBEngine:
    """Runs queries on one machine, with bounded memory and a spill folder of its own.

    Threads may share it: each works on a cursor of its own, whose views the others do not see.
    """

    name = "duckdb"

    def __init__(self, *, memory: str | None = None, threads: int | None = None) -> None:
        self._spill = TemporaryFolder("carpel-engine-")
        config: dict[str, Any] = {
            "temp_directory": str(self._spill.path),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory:
            config["memory_limit"] = memory
        if threads:
            config["threads"] = threads
        self._database = duckdb.connect(config=config)
        self._own = local()
        self._cursors: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()
        self._statements = Statements("duckdb", '"')

    @property
    def embedded(self) -> Self:
        """Itself: it works in this process."""
        return self

    def read(self, query: Query, tables: Bindings) -> pa.Table:
        """The whole result in memory."""
        with _in_words():
            return self._run(query, tables).to_arrow_table()

    def batches(self, query: Query, tables: Bindings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The result piece by piece. Finish with it before this thread's next query: both are of one cursor."""
        with _in_words():
            yield from self._run(query, tables).to_arrow_reader(rows)

    def write(self, query: Query, tables: Bindings, to: Path) -> int:
        """Write the result as one Parquet file; gives the number of rows."""
        self._bind(query, tables)
        statement = (
            f"COPY ({self._statements.of(query)}) TO {_quoted(to)} "
            f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {_GROUP})"
        )
        row = self._execute(statement).fetchone()
        return int(row[0]) if row else 0

    def sql(self, query: Query) -> str:
        """The statement, formatted, each step under its sentence."""
        return self._statements.shown(query)

    def view(self, name: str, query: Query) -> str:
        """The statement that makes a temporary view of the query."""
        return f"CREATE OR REPLACE TEMP VIEW {self._statements.name(name)} AS\n{self.sql(query)}"

    def table(self, files: Sequence[Path]) -> Any:
        """The files as a live Ibis table, for people who go on from here; read-only by nature."""
        return ibis.duckdb.from_connection(self._database.cursor()).read_parquet([str(path) for path in files])

    def close(self) -> None:
        """Close the connection and remove what it spilled."""
        for cursor in tuple(self._cursors):
            cursor.close()
        self._database.close()
        self._spill.close()

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor."""
        found: duckdb.DuckDBPyConnection | None = getattr(self._own, "cursor", None)
        if found is None:
            found = self._own.cursor = self._database.cursor()
            # Progress is told by stages; where Python is interactive, DuckDB would draw a bar of its own.
            found.execute("SET enable_progress_bar = false")
            self._cursors.add(found)
        return found

    def _run(self, query: Query, tables: Bindings) -> duckdb.DuckDBPyConnection:
        self._bind(query, tables)
        return self._execute(self._statements.of(query))

    def _execute(self, statement: str) -> duckdb.DuckDBPyConnection:
        with _in_words():
            return self._connection.execute(statement)

    def _bind(self, query: Query, tables: Bindings) -> None:
        """Make each table that the query names a view on its files."""
        for table in read_tables(query):
            paths = tables.get(table.name, ())
            source = _files(paths) if paths else self._empty(table.schema)
            name = self._statements.name(table.name)
            self._execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {source}")

    def _empty(self, schema: Any) -> str:
        columns = ", ".join(
            f"CAST(NULL AS {DuckDBType.from_ibis(each).sql(dialect='duckdb')}) AS {self._statements.name(name)}"
            for name, each in schema.items()
        )
        return f"(SELECT {columns} WHERE false)"


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise CarpelError("engine.out-of-memory", problem=_first_line(error)) from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise CarpelError("engine.input-output", problem=_first_line(error)) from error


def _files(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(_quoted(path) for path in paths)}])"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]
