"""A realistic small share of bad data: what an import must notice, set aside or mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.demo.blocks import Block, Topic
from carpel.demo.columns import picked

SMALLEST: Final = 40
"""Tables with fewer rows stay clean."""

Change = Callable[[Any, np.random.Generator], Any]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way in which a table goes bad.

    Attributes:
        name: What it is called in demo.json.
        table: The export.
        share: Of its rows.
        column: What is spoilt; None where whole rows are written twice.
        change: From the chosen cells to the spoilt ones.
    """

    name: str
    table: str
    share: float
    column: str | None = None
    change: Change | None = None


def _one_of(*values: str) -> Change:
    return lambda cells, random: pa.array(random.choice(np.array(values, dtype=object), len(cells)), pa.string())


def _nothing(cells: Any, _random: np.random.Generator) -> Any:
    return pa.nulls(len(cells), cells.type)


def _thousands(cells: Any, _random: np.random.Generator) -> Any:
    return pa.array([f"{int(each):,}.00" if each else None for each in cells.to_pylist()], pa.string())


def _year_first(cells: Any, _random: np.random.Generator) -> Any:
    def turned(written: str) -> str:
        return f"{written[6:10]}-{written[3:5]}-{written[:2]}{written[10:]}"

    return _each_written(cells, turned)


def _ten_years_on(cells: Any, _random: np.random.Generator) -> Any:
    if pa.types.is_timestamp(cells.type):
        return pa.array(cells.to_numpy(zero_copy_only=False) + np.timedelta64(3653, "D"), cells.type)
    return _each_written(cells, lambda written: f"{int(written[:4]) + 10}{written[4:]}")


def _each_written(cells: Any, change: Callable[[str], str]) -> Any:
    """Text changed cell by cell; a cell that an earlier fault has emptied stays empty."""
    return pa.array([each if each is None else change(each) for each in cells.to_pylist()], pa.string())


FAULTS: Final = (
    Fault(name="customers without an id", table="customers", share=0.0008, column="CustomerNo", change=_nothing),
    Fault(name="customers written twice", table="customers", share=0.0025),
    Fault(
        name="impossible creation dates",
        table="customers",
        share=0.002,
        column="Created",
        change=_one_of("31/02/2024 10:00", "00/00/0000 00:00", "unknown"),
    ),
    Fault(name="creation dates year first", table="customers", share=0.004, column="Created", change=_year_first),
    Fault(name="incomes with thousands", table="customers", share=0.01, column="MonthlyIncome", change=_thousands),
    Fault(name="orders without a customer", table="orders", share=0.008, column="customer", change=_nothing),
    Fault(
        name="orders of unknown customers", table="orders", share=0.0005, column="customer", change=_one_of("999999")
    ),
    Fault(name="orders in the future", table="orders", share=0.0001, column="ordered_at", change=_ten_years_on),
    Fault(name="orders written twice", table="orders", share=0.0004),
    Fault(name="lines of unknown products", table="order_lines", share=0.0005, column="sku", change=_one_of("99999")),
    Fault(
        name="impossible payment dates",
        table="payments",
        share=0.003,
        column="Paid",
        change=_one_of("00/00/0000", "31/02/2025", "30/13/2025"),
    ),
    Fault(name="payments without an invoice", table="payments", share=0.002, column="InvoiceNo", change=_nothing),
    Fault(
        name="interactions of unknown customers",
        table="interactions",
        share=0.002,
        column="customer",
        change=_one_of("X0404"),
    ),
    Fault(name="interactions without a time", table="interactions", share=0.001, column="at", change=_nothing),
    Fault(name="interactions in the future", table="interactions", share=0.0005, column="at", change=_ten_years_on),
    Fault(
        name="scores that are no numbers", table="feedback", share=0.003, column="Score", change=_one_of("n/a", "good")
    ),
)


def soiled(block: Block, tables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The same exports with their faults, and how many rows each fault touched."""
    random = block.random(Topic.DIRT)
    dirty, counts = dict(tables), {}
    for fault in FAULTS:
        table = dirty[fault.table]
        rows = _chosen(random, table.num_rows, fault.share)
        counts[fault.name] = len(rows)
        if len(rows):
            dirty[fault.table] = _spoilt(table, fault, rows, random)
    return dirty, counts


def _chosen(random: np.random.Generator, size: int, share: float) -> Any:
    if size < SMALLEST:
        return np.zeros(0, dtype=np.int64)
    return np.sort(random.choice(size, max(1, round(size * share)), replace=False))


def _spoilt(table: Any, fault: Fault, rows: Any, random: np.random.Generator) -> Any:
    if fault.column is None or fault.change is None:
        return pa.concat_tables([table, table.take(pa.array(rows))])
    at = table.schema.get_field_index(fault.column)
    column = table.column(at).combine_chunks()
    bad = fault.change(picked(column, rows), random)
    mixed = pa.concat_arrays([column, bad.cast(column.type)])
    place = np.arange(len(column))
    place[rows] = len(column) + np.arange(len(rows))
    return table.set_column(at, fault.column, picked(mixed, place))
