"""The bench that staging works on: named tables in a temporary folder, each made from those before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.kernel.engine import Engine

Rows = Any
"""An unbound Ibis table, or an expression over some."""


class Bench:
    """Writes expressions as Parquet under a name and hands them back as unbound tables.

    Nothing is held in memory but what `read` is asked for.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._files: dict[str, tuple[Path, ...]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, rows: Rows) -> Rows:
        """Write the rows; gives them back as a table of that name."""
        path = self.place(name)
        self._engine.write(rows, self._files, path)
        self._files[name] = (path,)
        return ibis.table(rows.schema(), name=name)

    def place(self, name: str) -> Path:
        """Where a table of that name lies."""
        return self._folder / f"{name}.parquet"

    def take(self, name: str, files: Sequence[Path]) -> Rows:
        """Tables from elsewhere, under a name."""
        self._files[name] = tuple(files)
        return ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(files[0])), name=name)

    def put(self, name: str, table: pa.Table) -> Rows:
        """A small table made in Python, under a name."""
        pq.write_table(table, self.place(name))
        return self.take(name, [self.place(name)])

    def drop(self, name: str) -> None:
        """Free the disk of a table that nobody reads any more."""
        for path in self._files.pop(name, ()):
            if path.parent == self._folder:
                path.unlink(missing_ok=True)

    def read(self, rows: Rows) -> list[dict[str, Any]]:
        """A small result as dictionaries."""
        found: list[dict[str, Any]] = self._engine.read(rows, self._files).to_pylist()
        return found

    def one(self, rows: Rows) -> dict[str, Any]:
        """The only row of a small result."""
        return self.read(rows)[0]

    def batches(self, rows: Rows) -> Any:
        """The result piece by piece."""
        return self._engine.batches(rows, self._files)

    def write(self, rows: Rows, to: Path) -> int:
        """Write rows where they will stay; gives their number."""
        to.parent.mkdir(parents=True, exist_ok=True)
        return self._engine.write(rows, self._files, to)


def certain(condition: Any) -> Any:
    """Whether a condition holds; what is unknown does not."""
    return condition.fill_null(ibis.literal(value=False))
