"""Where expressions run: DuckDB by default, Spark for what outgrows one machine."""

from collections.abc import Sequence
from pathlib import Path

from carpel.engine.duckdb import DuckDBEngine
from carpel.engine.spark_session import MASTERS, refuse_without
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError

__all__ = ["DuckDBEngine", "open_engine"]


def open_engine(
    name: str, *, memory: str | None = None, threads: int | None = None, everywhere: Sequence[Path] = ()
) -> Engine:
    """The engine that carpel.yaml's `engine:` names.

    Args:
        name: `duckdb`; or where Spark runs: `local[4]`, `local-cluster[2,1,1024]`, `spark://host:7077`.
        memory: The most DuckDB may use, as `3GB`; it spills to disk beyond. None leaves its default.
        threads: How many DuckDB uses at once; None means all.
        everywhere: Folders that Spark's workers must reach; they are tried before the first query.

    Raises:
        CarpelError: There is no such engine, or it is not installed.
    """
    if name != "duckdb" and not MASTERS.fullmatch(name):
        raise CarpelError("engine.unknown", name=name)
    if name == "duckdb":
        return DuckDBEngine(memory=memory, threads=threads)
    refuse_without(name)
    from carpel.engine.spark import SparkEngine  # noqa: PLC0415  imports PySpark, an optional extra

    return SparkEngine(name, everywhere=everywhere, embedded=DuckDBEngine(memory=memory, threads=threads))
