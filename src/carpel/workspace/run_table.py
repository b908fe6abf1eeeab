"""The tables of the current run, as people take them on: Ibis, pandas, Polars, Arrow, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from carpel.kernel.errors import CarpelError
from carpel.kernel.types import ValueType
from carpel.workspace.export import write_table

if TYPE_CHECKING:
    import pandas as pd

    from carpel.workspace.workspace import Workspace


@dataclass(frozen=True)
class RunTable:
    """A table of the current run.

    Attributes:
        workspace: Whose.
        name: `profiles` or `assignments`.
    """

    workspace: Workspace
    name: str

    def to_ibis(self) -> Any:
        """As a live Ibis table; money is in whole minor units."""
        return self.workspace.engine.table(self._table.files)

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas data frame, money as decimals."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_arrow(self) -> pa.Table:
        """As an Arrow table, money as decimals."""
        return self.workspace.reader.read(self._shown(), {self.name: self._table.files})

    def to_polars(self) -> Any:
        """As a Polars data frame, money as decimals; needs the extra `carpel[polars]`."""
        try:
            import polars as pl  # noqa: PLC0415
        except ImportError as error:
            raise CarpelError("workspace.needs-polars") from error
        return pl.from_arrow(self.to_arrow())

    def export(self, to: Path) -> int:
        """Write it to a Parquet, CSV or Excel file, one row per customer beginning with customer_id, segment."""
        query, bindings = self._export(), self._bindings()
        engine = self.workspace.reader
        schema = engine.read(query.limit(0), bindings).schema
        return write_table(schema, engine.batches(query, bindings), to)

    @property
    def _table(self) -> Any:
        return getattr(self.workspace.current, self.name)

    def _bindings(self) -> dict[str, tuple[Path, ...]]:
        run = self.workspace.current
        return {"profiles": run.profiles.files, "assignments": run.assignments.files}

    def _shown(self) -> Any:
        """Without what is only for the engine, money in major units."""
        table = self._table.unbound().order_by("customer_no")
        return self._in_major_units(table.drop("customer_no"))

    def _export(self) -> Any:
        if self.name == "assignments":
            rest = [name for name in self._table.columns if name not in {"customer_no", "customer_id", "segment"}]
            table = self._table.unbound().order_by("customer_no")
            return table.select("customer_id", "segment", *rest)
        segments = self.workspace.current.assignments.unbound().select("customer_no", "segment")
        joined = self._table.unbound().left_join(segments, "customer_no").order_by("customer_no")
        attributes = [key for key in self.workspace.current.catalogue.available if key != "customer_id"]
        return self._in_major_units(joined.select("customer_id", "segment", *attributes))

    def _in_major_units(self, table: Any) -> Any:
        digits = self.workspace.settings.digits
        attributes = self.workspace.current.catalogue.available
        money = [name for name in table.columns if name in attributes and attributes[name].type is ValueType.MONEY]
        scaled = {name: _decimal(table[name], digits) for name in money}
        return table.mutate(**scaled) if scaled else table


def _decimal(minor: Any, digits: int) -> Any:
    # Correctly rounded, so the decimal is the exact amount.
    return (minor.cast("float64") / 10**digits).cast(f"decimal(19, {digits})")
