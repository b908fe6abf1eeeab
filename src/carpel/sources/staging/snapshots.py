"""Dated copies of what a CRM overwrites, from the first import on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow.parquet as pq

from carpel.crm import TABLES, FactTable, Known
from carpel.kernel.engine import Bindings
from carpel.sources.staging.bench import Bench, Rows

SEEN: Final = "seen_at"
"""When a copy was taken, UTC without zone."""

_CURRENT: Final = "current.parquet"
_NAME: Final = "%Y%m%dT%H%M%S.%fZ"


def first_seen(root: Path, now: datetime) -> datetime:
    """When this workspace was first imported; remembered from the first time on."""
    place = root / "first-seen.json"
    try:
        return datetime.fromisoformat(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        root.mkdir(parents=True, exist_ok=True)
        begun = place.with_suffix(".part")
        begun.write_text(json.dumps(now.isoformat()), encoding="utf-8")
        begun.replace(place)
        return now


def take_copies(tables: Mapping[str, FactTable], root: Path, now: datetime, bench: Bench) -> None:
    """Copy the rows whose overwritten columns differ from what was last seen."""
    for name, table in tables.items():
        columns = _overwritten(table)
        if len(columns) > 1:
            _take(name, table, columns, root / name, now, bench)


def snapshot_as_of(root: Path, table: str, moment: datetime) -> tuple[Rows, Bindings] | None:
    """What was last seen of each row before a moment, as a query with its files; None before the first import.

    Args:
        root: The folder of copies.
        table: The fact table.
        moment: UTC without zone.
    """
    copies = [path for path in sorted((root / table).glob("*Z.parquet")) if _taken(path) < moment]
    if not copies:
        return None
    bindings = {f"copy_{number}": (path,) for number, path in enumerate(copies)}
    parts = [_table(name, files[0]) for name, files in bindings.items()]
    schema: dict[str, Any] = {}
    for part in parts:
        schema |= dict(part.schema().items())
    rows = ibis.union(*[_complete(part, schema) for part in parts]) if len(parts) > 1 else parts[0]
    latest = ibis.window(group_by=rows[TABLES[table].key], order_by=rows[SEEN].desc())
    ranked = rows.mutate(__place=ibis.row_number().over(latest))
    return ranked.filter(ranked["__place"] == 0).drop("__place"), bindings


def _overwritten(table: FactTable) -> list[str]:
    key = TABLES[table.name].key
    if not table.mapped or key not in table.columns:
        return []
    return [key, *(name for name, each in table.columns.items() if each.known is Known.SNAPSHOT)]


def _take(name: str, table: FactTable, columns: list[str], folder: Path, now: datetime, bench: Bench) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = bench.take(
        f"staged_{name}", (*table.buckets, *((table.without_customer,) if table.without_customer else ()))
    )
    rows = (rows.filter(rows["from_source"]) if "from_source" in rows.columns else rows).select(*columns)
    begun = folder / ".begun.part"
    copy = _changed(rows, columns, folder / _CURRENT, bench).mutate(**{SEEN: ibis.literal(now, type="timestamp(6)")})
    if bench.write(copy, begun):
        begun.replace(folder / f"{now.strftime(_NAME)}.parquet")
        bench.write(rows, begun)
        begun.replace(folder / _CURRENT)
    begun.unlink(missing_ok=True)


def _changed(rows: Rows, columns: list[str], current: Path, bench: Bench) -> Rows:
    """Rows that are new or say something else than last time; all of them where the columns themselves changed."""
    if not current.exists():
        return rows
    before = bench.take(f"seen_{current.parent.name}", [current])
    if dict(before.schema().items()) != dict(rows.schema().items()):
        return rows
    key = columns[0]
    known = before.rename({f"__{name}": name for name in columns})
    joined = rows.left_join(known, rows[key] == known[f"__{key}"])
    same = [joined[name].identical_to(joined[f"__{name}"]) for name in columns]
    alike = same[0]
    for each in same[1:]:
        alike = alike & each
    return joined.filter(~alike).select(*columns)


def _table(name: str, path: Path) -> Rows:
    return ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(path)), name=name)


def _complete(part: Rows, schema: Mapping[str, Any]) -> Rows:
    return part.select(
        **{name: part[name].cast(of) if name in part.columns else ibis.null(of) for name, of in schema.items()}
    )


def _taken(path: Path) -> datetime:
    return datetime.strptime(path.stem, _NAME)  # noqa: DTZ007  UTC without zone, as facts store it
