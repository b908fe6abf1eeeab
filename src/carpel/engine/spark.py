"""Spark: the same expressions on several cores or machines, over files that all of them reach."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import RLock, local
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.formats.pyarrow import PyArrowSchema

from carpel.engine.duckdb import DuckDBEngine
from carpel.engine.places import place, place_to_read
from carpel.engine.reaching import refuse_unreachable
from carpel.engine.spark_session import Shared, is_several_processes, shared_session
from carpel.engine.spark_types import spark_type, struct
from carpel.engine.statements import Statements, read_tables, steps_of
from carpel.kernel.engine import Bindings, Query
from carpel.kernel.errors import CarpelError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PART: Final = "part-*.parquet"
_PARQUET: Final = {"compression": "zstd"}


class SparkEngine:
    """Runs queries on Spark, one Spark in a process; threads have sessions of their own, with views of their own.

    Spark starts with the first query, which takes some ten seconds.
    """

    def __init__(self, master: str, *, everywhere: Sequence[Path] = (), embedded: DuckDBEngine) -> None:
        """Prepare; nothing is started yet.

        Args:
            master: As in `engine:` of carpel.yaml: `local[4]`, `spark://host:7077`.
            everywhere: Folders that every worker must reach, at the same place as this process.
            embedded: What works in this process.
        """
        # Asking for the backend registers its options, without which nothing compiles.
        self._backend = ibis.pyspark
        self.name = master
        self.embedded = embedded
        self._everywhere = tuple(everywhere)
        self._statements = Statements("pyspark", "`")
        self._starting = RLock()
        self._own = local()

    def read(self, query: Query, tables: Bindings) -> pa.Table:
        """The whole result in memory."""
        with _in_words():
            return self._rows(query, tables).toArrow().cast(_arrow(query))

    def batches(self, query: Query, tables: Bindings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The result piece by piece; Spark hands it over as a whole before the first piece."""
        yield from self.read(query, tables).to_batches(max_chunksize=rows)

    def write(self, query: Query, tables: Bindings, to: Path) -> int:
        """Write the result as one Parquet file; gives the number of rows."""
        beside = to.with_name(f".{to.name}.{uuid4().hex[:8]}")
        try:
            with _in_words():
                self._rows(query, tables).coalesce(1).write.parquet(place(beside), **_PARQUET)
            return _moved(beside, to, _arrow(query))
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def sql(self, query: Query) -> str:
        """The statement, formatted, each step under its sentence."""
        return self._statements.shown(query)

    def view(self, name: str, query: Query) -> str:
        """The statement that makes a temporary view of the query."""
        return f"CREATE OR REPLACE TEMP VIEW {self._statements.name(name)} AS\n{self.sql(query)}"

    def table(self, files: Sequence[Path]) -> Any:
        """The files as a live Ibis table on Spark."""
        name = f"files_{uuid4().hex}"
        with _in_words():
            self._session.read.parquet(*map(place_to_read, files)).createOrReplaceTempView(name)
            return self._backend.connect(self._session).table(name)

    def close(self) -> None:
        """Stop Spark, if nobody else in this process works with it, and what works in this process."""
        with self._starting:
            started = self.__dict__.pop("_spark", None)
        if started is not None:
            self._own = local()
            started.leave()
        self.embedded.close()

    @cached_property
    def _spark(self) -> Shared:
        """This process's Spark, started, with workers that see the folders."""
        shared = shared_session(self.name)
        try:
            if is_several_processes(self.name):
                for folder in self._everywhere:
                    refuse_unreachable(shared.session, folder, self.name)
        except BaseException:
            shared.leave()
            raise
        return shared

    @property
    def _session(self) -> SparkSession:
        """This thread's session."""
        found: SparkSession | None = getattr(self._own, "session", None)
        if found is None:
            with self._starting:
                started = self._spark
            found = self._own.session = started.session.newSession()
        return found

    def _rows(self, query: Query, tables: Bindings) -> DataFrame:
        """The result, not computed yet, each column in the type that the query states."""
        from pyspark.sql.functions import col  # noqa: PLC0415  an optional extra

        self._bind(query, tables)
        rows = self._session.sql(self._statements.of(query))
        schema = steps_of(query)[-1].query.schema()
        names = {name: self._statements.name(name) for name in schema.names}
        return rows.select(*(col(names[name]).cast(spark_type(of)).alias(name) for name, of in schema.items()))

    def _bind(self, query: Query, tables: Bindings) -> None:
        """Make each table that the query names a view on its files."""
        for table in read_tables(query):
            paths = [place_to_read(path) for path in tables.get(table.name, ())]
            schema = struct(table.schema)
            files = self._session.read.schema(schema)
            rows = files.parquet(*paths) if paths else self._session.createDataFrame([], schema)
            rows.createOrReplaceTempView(self._statements.name(table.name))


def _arrow(query: Query) -> pa.Schema:
    return PyArrowSchema.from_ibis(steps_of(query)[-1].query.schema())


def _moved(folder: Path, to: Path, schema: pa.Schema) -> int:
    """The one file that Spark wrote, moved to where it belongs; gives its rows. Without any, an empty file."""
    parts = sorted(folder.glob(_PART))
    if not parts:
        pq.write_table(schema.empty_table(), to, compression="zstd")
        return 0
    (part,) = parts
    part.replace(to)
    return int(pq.read_metadata(to).num_rows)


@contextmanager
def _in_words() -> Iterator[None]:
    """What Spark objects to, in one sentence."""
    from py4j.protocol import Py4JError, Py4JJavaError  # type: ignore[import-untyped]  # noqa: PLC0415  an optional extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except PySparkException as error:
        raise CarpelError("engine.spark-failed", problem=_first_line(error)) from error
    except Py4JJavaError as error:
        raise CarpelError("engine.spark-failed", problem=_deepest(error.java_exception)) from error
    except Py4JError as error:
        raise CarpelError("engine.spark-lost", problem=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _deepest(thrown: Any) -> str:
    """What the first cause of a Java error says, in its first line."""
    while thrown.getCause() is not None:
        thrown = thrown.getCause()
    return str(thrown.getMessage() or thrown).split("\n", maxsplit=1)[0]
