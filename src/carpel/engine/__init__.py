"""Where expressions run: DuckDB by default."""

from carpel.engine.duckdb import DuckDBEngine
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError

__all__ = ["DuckDBEngine", "open_engine"]


def open_engine(name: str, *, memory: str | None = None, threads: int | None = None) -> Engine:
    """The engine that carpel.yaml's `engine:` names.

    Args:
        name: `duckdb`.
        memory: The most it may use, as `3GB`; DuckDB spills to disk beyond. None leaves the engine's default.
        threads: How many at once; None means all.
    """
    if name != "duckdb":
        raise CarpelError("engine.unknown", name=name)
    return DuckDBEngine(memory=memory, threads=threads)
