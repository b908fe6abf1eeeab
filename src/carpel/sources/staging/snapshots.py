"""Dated copies of what a CRM overwrites, from the first import on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import ibis

from carpel.crm import TABLES, FactTable, Known
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
        columns = overwritten(table)
        if columns:
            _take(name, table, [TABLES[name].key, *columns], root / name, now, bench)


def copies(root: Path, table: str) -> tuple[tuple[datetime, Path], ...]:
    """The copies of a table with the moment of each, UTC without zone, oldest first."""
    return tuple((_taken(path), path) for path in sorted((root / table).glob("*Z.parquet")))


def overwritten(table: FactTable) -> tuple[str, ...]:
    """The columns that are copied; none where the rows have no key to be known by."""
    if not table.mapped or TABLES[table.name].key not in table.columns:
        return ()
    own = (name for name in table.columns if name not in table.derived)
    return tuple(name for name in own if table.columns[name].known is Known.SNAPSHOT)


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


def _taken(path: Path) -> datetime:
    return datetime.strptime(path.stem, _NAME)  # noqa: DTZ007  UTC without zone, as facts store it
