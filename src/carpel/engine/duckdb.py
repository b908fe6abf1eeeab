"""DuckDB, embedded: a cursor for each thread, expressions compiled once and run over any number of file sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import indent
from threading import Lock, local
from typing import Any
from weakref import WeakSet

import duckdb
import ibis
import ibis.expr.operations as ops
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType

from carpel.kernel.engine import Bindings, Query, Step
from carpel.kernel.errors import CarpelError
from carpel.kernel.temporary import TemporaryFolder
from carpel.kernel.texts import Text

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
        self._compiled: dict[Any, str] = {}
        self._compiling = Lock()

    def read(self, query: Query, tables: Bindings) -> pa.Table:
        """The whole result in memory."""
        return self._run(query, tables).to_arrow_table()

    def batches(self, query: Query, tables: Bindings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The result piece by piece. Finish with it before this thread's next query: both are of one cursor."""
        yield from self._run(query, tables).to_arrow_reader(rows)

    def write(self, query: Query, tables: Bindings, to: Path) -> int:
        """Write the result as one Parquet file; gives the number of rows."""
        self._bind(query, tables)
        statement = (
            f"COPY ({self._statement(query)}) TO {_quoted(to)} "
            f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {_GROUP})"
        )
        row = self._execute(statement).fetchone()
        return int(row[0]) if row else 0

    def sql(self, query: Query) -> str:
        """The statement, formatted, each step under its sentence."""
        steps = _steps(query)
        if len(steps) == 1:
            return _pretty(steps[0].query)
        named = [
            f"-- {step.sentence}\n{_name(step.name)} AS (\n{indent(_pretty(step.query), '  ')}\n)" for step in steps
        ]
        return "WITH\n" + ",\n\n".join(named) + f"\n\nSELECT * FROM {_name(steps[-1].name)}"

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
        return self._execute(self._statement(query))

    def _execute(self, statement: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(statement)
        except duckdb.OutOfMemoryException as error:
            raise CarpelError("engine.out-of-memory", problem=_first_line(error)) from error
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise CarpelError("engine.input-output", problem=_first_line(error)) from error

    def _statement(self, query: Query) -> str:
        steps = _steps(query)
        key = tuple(step.query.op() for step in steps)
        with self._compiling:
            if key not in self._compiled:
                *before, last = [(step.name, _compile(step.query)) for step in steps]
                named = ", ".join(f"{_name(name)} AS ({statement})" for name, statement in before)
                self._compiled[key] = f"WITH {named} SELECT * FROM ({last[1]})" if before else last[1]
            return self._compiled[key]

    def _bind(self, query: Query, tables: Bindings) -> None:
        """Make each table that the query names a view on its files."""
        steps = _steps(query)
        own = {step.name for step in steps}
        for node in {node for step in steps for node in step.query.op().find(ops.UnboundTable)}:
            if node.name in own:
                continue
            paths = tables.get(node.name, ())
            source = _files(paths) if paths else _empty(node.schema)
            self._execute(f"CREATE OR REPLACE TEMP VIEW {_name(node.name)} AS SELECT * FROM {source}")


def _steps(query: Query) -> tuple[Step, ...]:
    return query if isinstance(query, tuple) else (Step("result", Text(""), query),)


def _compile(expression: Any) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))


def _pretty(expression: Any) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=True))


def _files(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(_quoted(path) for path in paths)}])"


def _empty(schema: Any) -> str:
    columns = ", ".join(
        f"CAST(NULL AS {DuckDBType.from_ibis(each).sql(dialect='duckdb')}) AS {_name(name)}"
        for name, each in schema.items()
    )
    return f"(SELECT {columns} WHERE false)"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]
