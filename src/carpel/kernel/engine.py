"""Where expressions run. Stages write Ibis expressions over named tables; an engine binds names to files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import ibis
import pyarrow as pa

from carpel.kernel.texts import Text


@dataclass(frozen=True)
class Step:
    """One named step of a longer query, with a sentence that says what it does.

    Attributes:
        name: Later steps read it as `ibis.table(schema, name=name)`.
        sentence: Shown beside its SQL.
        query: Its Ibis expression.
    """

    name: str
    sentence: Text
    query: Any

    def unbound(self) -> Any:
        """This step's result as an unbound table, for the steps after it."""
        return ibis.table(self.query.schema(), name=self.name)


Query: TypeAlias = Any
"""What an engine runs: an Ibis table expression over unbound tables (`ibis.table(schema, name="orders")`), or a
tuple of `Step`s, each reading tables and the steps before it, of which the last is the result."""

Bindings: TypeAlias = Mapping[str, Sequence[Path]]
"""For each unbound table's name, the Parquet files that hold it. No files means no rows."""


class Engine(Protocol):
    """Runs expressions of the portable Ibis subset over Parquet files.

    An engine compiles each query once, however many bindings it is run with, so that work over many customer
    buckets costs one compilation.
    """

    @property
    def name(self) -> str:
        """As in `engine:` of carpel.yaml."""
        ...

    @property
    def embedded(self) -> Engine:
        """The one that works in this process, itself or another: for staging, and for answers that people wait for."""
        ...

    def read(self, query: Query, tables: Bindings) -> pa.Table:
        """The whole result in memory; for results known to be small."""
        ...

    def batches(self, query: Query, tables: Bindings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The result piece by piece."""
        ...

    def write(self, query: Query, tables: Bindings, to: Path) -> int:
        """Write the result as one Parquet file at `to` (its folder must exist); gives the number of rows."""
        ...

    def sql(self, query: Query) -> str:
        """The statement that `read` would run, formatted for a person; each step under its sentence."""
        ...

    def view(self, name: str, query: Query) -> str:
        """The statement, formatted, that makes a temporary view of the query."""
        ...

    def table(self, files: Sequence[Path]) -> Any:
        """The files as a live Ibis table, for people who go on from here."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...
