"""From a file that repeats a thing on many rows to one row for each: the flat invoice file's customers and orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from carpel.crm import TABLES, Table
from carpel.kernel.issues import Severity
from carpel.sources.grains import is_repeated
from carpel.sources.settings import Source
from carpel.sources.staging.bench import Bench, Rows, certain
from carpel.sources.staging.findings import EXAMPLES, Findings


def repeats(source: Source, table: str) -> bool:
    """Whether the source's rows are finer than the table's, so that its keys repeat by nature."""
    mapping = source.tables[table]
    return TABLES[table].key in mapping.columns and is_repeated(table, source.tables)


def collapse(name: str, rows: Rows, table: Table, bench: Bench, findings: Findings) -> Rows:
    """One row for each key: the most frequent known value of each column, and the earliest time.

    Rows without the key say nothing about this table; the finer table keeps them.
    """
    key = table.key
    columns = [column for column in rows.columns if column != key and not column.startswith("__")]
    rows = rows.filter(rows[key].notnull())
    lows = {column: rows[column].min() for column in columns}
    highs = {f"__high_{column}": rows[column].max() for column in columns}
    marks = {"__source": rows["__source"].min(), "__file": rows["__file"].min(), "__row": rows["__row"].min()}
    keyed = bench.keep(f"keyed_{name}", rows.group_by(key).agg(**lows, **highs, **marks))
    odd = _disagreements(keyed, table, columns, bench, findings)
    for column in odd:
        if column not in (table.time, "day"):
            keyed = _with_most_frequent(keyed, rows, key, column)
    return keyed.select(key, *columns, *marks, __raw=ibis.null("string"))


def _differs(keyed: Rows, column: str) -> Any:
    return certain(keyed[column] != keyed[f"__high_{column}"])


def _disagreements(
    keyed: Rows, table: Table, columns: Sequence[str], bench: Bench, findings: Findings
) -> tuple[str, ...]:
    """Columns that say different things about one key, each noted with how many keys and which."""
    if not columns:
        return ()
    counts = bench.one(keyed.agg(**{column: _differs(keyed, column).sum() for column in columns}))
    odd = tuple(column for column in columns if counts[column])
    for column in odd:
        if column == table.time:
            continue
        key = "sources.several-days" if column == "day" else "sources.several-values"
        examples = keyed.filter(_differs(keyed, column)).select(table.key).order_by(table.key).limit(EXAMPLES)
        findings.note(
            key,
            place=f"{table.name}.{column}",
            count=int(counts[column]),
            examples=(row[table.key] for row in bench.read(examples)),
            severity=Severity.NOTE,
            table=table.name,
            column=column,
        )
    return odd


def _with_most_frequent(keyed: Rows, rows: Rows, key: str, column: str) -> Rows:
    """Replace a column by its most frequent value where there are several; of equals, the first in order."""
    said = rows.filter(rows[column].notnull()).semi_join(keyed.filter(_differs(keyed, column)), key)
    counted = said.group_by([key, column]).agg(__times=said.count())
    first = ibis.window(group_by=counted[key], order_by=[counted["__times"].desc(), counted[column].asc()])
    best = counted.mutate(__place=ibis.row_number().over(first))
    best = best.filter(best["__place"] == 0).select(__best_key=best[key], __best=best[column])
    joined = keyed.left_join(best, keyed[key] == best["__best_key"])
    chosen = joined.mutate(**{column: joined["__best"].coalesce(joined[column])})
    return chosen.drop("__best_key", "__best")
