"""Rows that share a key: exact copies are set aside, and of different rows the latest and fullest stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis

from carpel.crm import Table
from carpel.kernel.issues import Severity
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.findings import EXAMPLES, Findings

DUPLICATE: Final = "duplicate"
SUPERSEDED: Final = "superseded"
MERGED: Final = "merged"

_ISSUES: Final = {DUPLICATE: Severity.NOTE, SUPERSEDED: Severity.WARNING, MERGED: Severity.NOTE}


def settle(rows: Rows, table: Table, sources: Sequence[str], bench: Bench, findings: Findings) -> Rows:
    """The rows with every key once.

    Content decides and not the order of rows: the latest by the table's time, then the row that says most. A thing
    that several sources describe is one row; earlier sources speak first, later ones fill in what is unknown.
    """
    key = table.key
    repeated = rows.group_by(key).agg(__times=rows.count())
    repeated = repeated.filter(repeated["__times"] > 1)
    if not bench.one(repeated.agg(keys=repeated.count()))["keys"]:
        return rows
    twins = bench.keep(f"twins_{table.name}", _judged(rows.semi_join(repeated, key), table, sources))
    _tell(twins, table, bench, findings)
    single = rows.anti_join(repeated, key)
    return bench.keep(f"settled_{table.name}", ibis.union(single, _winners(twins, table).select(*single.columns)))


def _content(rows: Rows) -> list[str]:
    return [name for name in rows.columns if not name.startswith("__")]


def _judged(rows: Rows, table: Table, sources: Sequence[str]) -> Rows:
    """Each row's place among those of its key, and what becomes of it."""
    content = _content(rows)
    filled = sum((rows[name].notnull().ifelse(1, 0) for name in content), ibis.literal(0))
    source = ibis.cases(*[(rows["__source"] == name, number) for number, name in enumerate(sources)], else_=0)
    where = [rows["__file"].asc(), rows["__row"].asc()]
    time = [rows[table.time].desc(nulls_first=False)] if table.time in rows.columns else []
    rest = [rows[name].asc(nulls_first=False) for name in content if name != table.time]
    order = [source.asc(), *time, filled.desc(), *rest, *where]
    ranked = rows.mutate(
        __place=ibis.row_number().over(ibis.window(group_by=rows[table.key], order_by=order)),
        __copy=ibis.row_number().over(
            ibis.window(group_by=[rows[name] for name in content], order_by=[source, *where])
        ),
    )
    return ranked.mutate(__reason=_reason(ranked, table))


def _reason(ranked: Rows, table: Table) -> Any:
    first = ranked["__source"].argmin(ranked["__place"]).over(ibis.window(group_by=ranked[table.key]))
    other = ranked["__source"] != first if table.time is None else ibis.literal(value=False)
    return ibis.cases(
        (ranked["__place"] == 0, ibis.null("string")),
        (ranked["__copy"] > 0, DUPLICATE),
        (other, MERGED),
        else_=SUPERSEDED,
    )


def _winners(twins: Rows, table: Table) -> Rows:
    """One row for each key; of things, what the first row does not know is filled in from the others."""
    if table.time is not None:
        return twins.filter(twins["__place"] == 0)
    content = [name for name in _content(twins) if name != table.key]
    first = {name: twins[name].argmin(twins["__place"], where=twins[name].notnull()) for name in content}
    marks = {
        name: twins[name].argmin(twins["__place"])
        for name in twins.columns
        if name.startswith("__") and name not in ("__place", "__copy", "__reason", "__raw")
    }
    raw = {"__raw": twins["__raw"].max()}
    return twins.group_by(table.key).agg(**first, **marks, **raw).mutate(__reason=ibis.null("string"))


def _tell(twins: Rows, table: Table, bench: Bench, findings: Findings) -> None:
    counted = twins.filter(twins["__reason"].notnull()).group_by("__reason").agg(rows=lambda each: each.count())
    counts = {row["__reason"]: int(row["rows"]) for row in bench.read(counted)}
    for reason in sorted(counts):
        examples = twins.filter(twins["__reason"] == reason).select(table.key).distinct()
        findings.note(
            f"sources.{reason}",
            place=table.name,
            count=counts[reason],
            examples=(row[table.key] for row in bench.read(examples.order_by(table.key).limit(EXAMPLES))),
            severity=_ISSUES[reason],
            table=table.name,
        )
    aside = {reason: count for reason, count in counts.items() if reason != MERGED}
    lost = twins.filter(twins["__reason"].isin(list(aside))).drop("__place", "__copy") if aside else twins
    findings.put_aside(table.name, lost, aside)
