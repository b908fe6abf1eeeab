"""Which rows of a source become rows of a table: those for which the table's `where` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from carpel.crm import TABLES
from carpel.kernel.language import Expression, Symbol, parse_condition, to_ibis
from carpel.sources.settings import Source
from carpel.sources.staging.bench import Rows, certain
from carpel.sources.staging.collapsing import repeats
from carpel.sources.staging.landing import LandedSource

_PURCHASES: Final = frozenset({"orders", "order_lines"})


def chosen(source: LandedSource, table: str, *, left_out: bool = False) -> Rows:
    """The source's rows that the table takes; or, instead, those that its `where` leaves out."""
    where = source.source.tables[table].where
    if not where:
        return source.rows.filter(ibis.literal(value=False)) if left_out else source.rows
    condition = _condition(where, source, table)
    rows = source.rows
    names = tuple(each.name for each in condition.symbols)
    values: Mapping[str, Any] = {name: rows[name] for name in names}
    if repeats(source.source, table):
        rows, values = _told_together(source, table, names)
    holds = to_ibis(condition, {name: _plain(each) for name, each in values.items()}, digits=0)
    return rows.filter(~certain(holds) if left_out else holds).select(*source.rows.columns)


def goes_elsewhere(source: Source, table: str) -> bool:
    """Whether rows that the table's `where` leaves out are money of another table, so that none of it is missing.

    A sale being worked is money only once it is won; and where each of two tables takes some rows, both take all.
    """
    purchases = _PURCHASES if table in _PURCHASES else frozenset({table})
    others = {name: each for name, each in source.tables.items() if name not in purchases}
    return "opportunities" in others or any(
        each.where and TABLES[name].amount in each.columns for name, each in others.items()
    )


def _condition(where: str, source: LandedSource, table: str) -> Expression:
    symbols = {each.name: Symbol(each.name, each.type) for each in source.landed.columns}
    return parse_condition(where, symbols, place=source.source.tables[table].place)


def _told_together(source: LandedSource, table: str, names: tuple[str, ...]) -> tuple[Rows, Mapping[str, Any]]:
    """Rows of one thing tell of it together: what one of them leaves blank is what another says."""
    rows = source.rows
    keys = source.source.tables[table].columns[TABLES[table].key].columns
    blank = [name for name in names if name not in keys]
    if not keys or not blank:
        return rows, {name: rows[name] for name in names}
    told = rows.group_by(**{f"__told_{each}": rows[name] for each, name in enumerate(keys)})
    told = told.agg(**{f"__said_{each}": rows[name].min() for each, name in enumerate(blank)})
    joined = rows.left_join(told, [rows[name] == told[f"__told_{each}"] for each, name in enumerate(keys)])
    said = {name: joined[name].coalesce(joined[f"__said_{each}"]) for each, name in enumerate(blank)}
    return joined, {name: joined[name] for name in names} | said


def _plain(value: Any) -> Any:
    return value.cast("float64") if value.type().is_decimal() else value
