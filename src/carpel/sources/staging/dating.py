"""Rows whose time nobody knows, of tables that may lack it: kept, counted and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from carpel.crm import TABLES, FactTable
from carpel.kernel.issues import Severity
from carpel.sources.staging.bench import Bench
from carpel.sources.staging.checking import MAY_LACK_TIME
from carpel.sources.staging.findings import Findings
from carpel.sources.staging.layout import files


def with_undated(tables: Mapping[str, FactTable], bench: Bench, findings: Findings) -> dict[str, FactTable]:
    """The tables, each saying how many of its rows have no time."""
    found = {name: replace(tables[name], undated=_undated(tables[name], bench)) for name in MAY_LACK_TIME & set(tables)}
    for name in sorted(found):
        if found[name].undated:
            findings.note(
                "sources.undated",
                place=f"{name}.{TABLES[name].time}",
                count=found[name].undated,
                severity=Severity.NOTE,
                table=name,
                column=TABLES[name].time,
            )
    return {**tables, **found}


def _undated(table: FactTable, bench: Bench) -> int:
    time = TABLES[table.name].time
    if time not in table.columns:
        return table.rows + table.rows_without_customer
    rows = bench.take(f"dated_{table.name}", files({table.name: table}, table.name))
    return int(bench.one(rows.agg(undated=rows[time].isnull().sum()))["undated"] or 0)
