"""Which values a category has, where they are few enough to name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from carpel.crm import FactTable
from carpel.kernel.types import ValueType
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.layout import files

FEW: Final = 20
"""The most values that are named."""

_SURELY_MORE: Final = 2 * FEW
"""An estimate above this means more than a few."""


def with_values(tables: Mapping[str, FactTable], bench: Bench) -> dict[str, FactTable]:
    """The tables, each category of few values naming them in order."""
    return {name: _with_values(table, bench) for name, table in tables.items()}


def _with_values(table: FactTable, bench: Bench) -> FactTable:
    names = [name for name, each in table.columns.items() if each.type is ValueType.CATEGORY and not each.personal]
    if not names:
        return table
    rows = bench.take(f"occurring_{table.name}", files({table.name: table}, table.name))
    about = bench.one(rows.agg(**{name: rows[name].approx_nunique() for name in names}))
    found = {name: _values(rows, name, bench) for name in names if about[name] <= _SURELY_MORE}
    named = {name: replace(table.columns[name], values=values) for name, values in found.items()}
    return replace(table, columns={**table.columns, **named})


def _values(rows: Rows, name: str, bench: Bench) -> tuple[str, ...]:
    known = rows.filter(rows[name].notnull()).select(value=rows[name]).distinct().limit(FEW + 1)
    values = sorted(row["value"] for row in bench.read(known))
    return tuple(values) if len(values) <= FEW else ()
