"""What looks wrong and is not wrong enough to set a row aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import ibis

from carpel.crm import Table
from carpel.kernel.issues import Severity
from carpel.kernel.types import ValueType
from carpel.sources.settings import ColumnMapping
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.checking import examples
from carpel.sources.staging.extras import kept, unmapped
from carpel.sources.staging.findings import EXAMPLES, Findings
from carpel.sources.staging.landing import LandedSource

OUTLIER: Final = 1000
"""How many times the median something must be to be pointed out."""


def tell_unmapped(source: LandedSource, findings: Findings) -> None:
    """Columns that nobody maps: kept under their own names, or not used where no table keeps them."""
    tables = source.source.tables
    if not tables:
        return
    own = {each.name for table in tables for each in kept(source.source, table, source.landed.columns)}
    left = [each.name for each in unmapped(source.source, source.landed.columns)]
    told = {"own-columns": [each for each in left if each in own], "unused-columns": [x for x in left if x not in own]}
    for key, columns in told.items():
        if columns:
            findings.note(
                f"sources.{key}",
                place=source.source.name,
                count=len(columns),
                examples=columns,
                severity=Severity.NOTE,
                source=source.source.name,
            )


def tell_unrecognised(
    rows: Rows,
    written: Mapping[str, tuple[str, str]],
    source: LandedSource,
    table: Table,
    bench: Bench,
    findings: Findings,
) -> None:
    """Values that were there and mean nothing here: words that nobody maps, keys that a look-up does not know."""
    columns = source.source.tables[table.name].columns
    lost = {name: _lost(rows[before], rows[after], columns[name]) for name, (before, after) in written.items()}
    counts = bench.one(rows.agg(**{name: each.sum() for name, each in lost.items()}))
    for name, each in lost.items():
        if counts[name]:
            findings.note(
                _lost_key(columns[name], table.column(name).type),
                place=f"{table.name}.{name}",
                count=int(counts[name]),
                examples=_most_frequent(rows.filter(each), written[name][0], bench),
                severity=Severity.NOTE if columns[name].values else Severity.WARNING,
                table=table.name,
                column=name,
            )


def _most_frequent(rows: Rows, column: str, bench: Bench) -> Iterator[str]:
    """What a column says most often; among equals the first in the alphabet."""
    words = rows.group_by(column).agg(times=lambda rows: rows.count())
    words = words.order_by(words["times"].desc(), words[column].asc()).limit(EXAMPLES)
    return (row[column] for row in bench.read(words))


def _lost(written: Any, mapped: Any, mapping: ColumnMapping) -> Any:
    """Whether a value was there and is unknown now, though the mapping does not say that it should be."""
    unknown_on_purpose = [word for word, mine in mapping.values.items() if mine is None]
    lost = written.notnull() & mapped.isnull()
    return lost & ~written.strip().isin(unknown_on_purpose) if unknown_on_purpose else lost


def _lost_key(mapping: ColumnMapping, of: ValueType) -> str:
    if mapping.lookup:
        return "sources.not-looked-up"
    return "sources.not-possible" if of in (ValueType.DATE, ValueType.INSTANT) else "sources.not-recognised"


def tell_odd(rows: Rows, table: Table, now: datetime, bench: Bench, findings: Findings) -> None:
    """Events of the future, prices below nothing, quantities of nothing, amounts beyond all others."""
    odd = _odd(rows, table, now)
    for column in ("amount", "quantity"):
        if column in rows.columns and rows[column].type().is_decimal():
            odd |= _outliers(rows, column, bench)
    if not odd:
        return
    counts = bench.one(rows.agg(**{key: holds.sum() for key, (_, holds) in odd.items()}))
    for key, (column, holds) in odd.items():
        if counts[key]:
            findings.note(
                f"sources.{key.rsplit('__', maxsplit=1)[0]}",
                place=f"{table.name}.{column}",
                count=int(counts[key]),
                examples=examples(rows.filter(holds), bench),
                severity=Severity.NOTE if key.startswith("outlier") else Severity.WARNING,
                table=table.name,
                column=column,
            )


def _odd(rows: Rows, table: Table, now: datetime) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    if table.time in rows.columns and rows[table.time].type().is_timestamp():
        found["future"] = (str(table.time), rows[table.time] > ibis.literal(now, type="timestamp(6)"))
    if table.name == "order_lines" and "unit_price" in rows.columns:
        found["negative-price"] = ("unit_price", rows["unit_price"] < 0)
    if table.name == "products" and "price" in rows.columns:
        found["negative-price"] = ("price", rows["price"] < 0)
    if table.name == "order_lines" and "quantity" in rows.columns:
        found["no-quantity"] = ("quantity", rows["quantity"] == 0)
    return found


def _outliers(rows: Rows, column: str, bench: Bench) -> dict[str, tuple[str, Any]]:
    size = rows[column].cast("float64").abs()
    median = bench.one(rows.agg(median=size.median(where=size > 0)))["median"]
    return {f"outlier__{column}": (column, size > OUTLIER * median)} if median else {}


def tell_orphans(rows: Rows, name: str, target: Rows, key: str, place: str, bench: Bench, findings: Findings) -> None:
    """References to something that no source describes."""
    named = rows.filter(rows[name].notnull()).group_by(name).agg(__rows=lambda each: each.count())
    lost = named.anti_join(target.select(**{name: target[key]}).distinct(), name)
    total = bench.one(lost.agg(rows=lost["__rows"].sum().cast("int64")))
    if total["rows"]:
        findings.note(
            "sources.orphans",
            place=place,
            count=int(total["rows"]),
            examples=(row[name] for row in bench.read(lost.select(name).order_by(name).limit(EXAMPLES))),
            table=place.split(".", maxsplit=1)[0],
            column=name,
        )
