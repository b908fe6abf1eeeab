"""The rows of a fact table that a moment knows."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.crm import TABLES, Facts, FactTable, Known
from carpel.kernel.types import ValueType
from carpel.profiles.declarations import Moment
from carpel.profiles.seen import rows_as_seen

_ORDER_TIME: Final = "ordered_at"
_ACQUIRED: Final = "acquired_at"
_FROM_SOURCE: Final = "from_source"


def known_rows(facts: Facts, name: str, moment: Moment) -> Any:
    """Rows that happened before the moment, as imports had seen them; values that became known later are unknown.

    Rows whose time nobody knows are there as soon as an import had seen them.
    """
    table, rows = facts.tables[name], rows_as_seen(facts, name, moment)
    time = TABLES[table.name].time or _ORDER_TIME
    if time in table.columns:
        happened = rows[time] < moment.instant
        rows = rows.filter(happened | rows[time].isnull() if table.undated else happened)
    return _known_values(rows, table, moment)


def _known_values(rows: Any, table: FactTable, moment: Moment) -> Any:
    """The rows with each value that is dated by another column hidden until that date."""
    hidden = {
        name: (_passed(rows[column.dated_by], moment)).ifelse(rows[name], None)
        for name, column in table.columns.items()
        if column.known is Known.DATED_BY and column.dated_by in table.columns
    }
    if _ACQUIRED in hidden:
        hidden[_FROM_SOURCE] = _from_source(rows) & (_passed(rows[_ACQUIRED], moment) | rows[_ACQUIRED].isnull())
    return rows.mutate(**hidden) if hidden else rows


def _from_source(rows: Any) -> Any:
    """Whether the customers' source names them; before it acquired them it did not."""
    return rows[_FROM_SOURCE] if _FROM_SOURCE in rows.columns else ibis.literal(value=True)


def _passed(moment_of: Any, moment: Moment) -> Any:
    is_day = moment_of.type().is_date()
    return moment_of < (moment.day if is_day else moment.instant)


def with_returns(rows: Any) -> Any:
    """Money tables other than orders have no returns of their own: a negative amount is one, and none without money."""
    if "is_return" in rows.columns:
        return rows
    return rows.mutate(is_return=rows.amount < 0 if "amount" in rows.columns else ibis.literal(value=False))


def typed(value: Any, of: ValueType) -> Any:
    """An expression in the stored form of its type."""
    return value if value.type() == ibis.dtype(of.ibis) else value.cast(of.ibis)
