"""Rows as imports had seen them by a moment: columns that a CRM overwrites say what they said then.

From its latest change on, a table itself says so; before its first import nobody knows better. In both cases its rows
are taken as they are, and nothing is added to the query.
"""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.crm import TABLES, Facts, FactTable, History
from carpel.profiles.declarations import Moment

_KEY, _UNTIL, _SEEN = "__key", "__until", "__seen_at"
_PRODUCT: Final = "product_id"
OF_PRODUCT: Final = ("category", "line")
"""What a line takes from its product, and in a replay from what its product was then."""

_UNDATED: Final = ("contacts",)


def rows_as_seen(facts: Facts, name: str, moment: Moment) -> Any:
    """A table's rows, its overwritten columns as the latest import up to the moment had seen them.

    In a row that no import had seen by then they are unknown; customers, contacts and whatever else has no date of its
    own are not there before they were seen.
    """
    table = facts.tables[name]
    rows = _as_seen(table.unbound(), table, moment)
    products = facts.tables.get("products")
    if name == "order_lines" and products and _PRODUCT in table.columns:
        rows = _of_products(rows, table, products, moment)
    return rows


def _as_seen(rows: Any, table: FactTable, moment: Moment) -> Any:
    history = _needed(table, moment)
    if history is None:
        return rows
    past = _past(table, history, moment)
    joined = rows.left_join(past, rows[history.key] == past[_KEY])
    values = _values(joined, _known(table, history.columns, moment))
    unseen = joined[_UNTIL].notnull() & joined[_SEEN].isnull()
    if "from_source" in table.columns:
        values["from_source"] = joined.from_source & (~unseen | _dated(joined))
    result = joined.filter(~(unseen & _has_no_date(joined, table)))
    return result.mutate(**values).select(*rows.columns)


def _of_products(rows: Any, table: FactTable, products: FactTable, moment: Moment) -> Any:
    """Lines with what their product's category and line were."""
    history = _needed(products, moment)
    names = [name for name in OF_PRODUCT if name in table.derived and history and name in history.columns]
    if history is None or not names:
        return rows
    past = _past(products, history, moment)
    joined = rows.left_join(past, rows[_PRODUCT] == past[_KEY])
    return joined.mutate(**_values(joined, _known(products, names, moment))).select(*rows.columns)


def _needed(table: FactTable, moment: Moment) -> History | None:
    """The history, where the moment lies between the first import and the latest change."""
    history, first = table.history, table.first_seen
    if history is None or first is None or not first <= moment.as_of.stored < history.until:
        return None
    return history


def _past(table: FactTable, history: History, moment: Moment) -> Any:
    """What was so at the moment and no longer is: at most one row for each key."""
    rows = table.unbound_history(history)
    rows = rows.filter((rows.seen_at.isnull() | (rows.seen_at <= moment.instant)) & (rows.until > moment.instant))
    names = {_then(name): rows[name] for name in history.columns}
    return rows.select(**{_KEY: rows[history.key], _UNTIL: rows.until, _SEEN: rows.seen_at}, **names)


def _values(joined: Any, names: list[str]) -> dict[str, Any]:
    return {name: joined[_UNTIL].notnull().ifelse(joined[_then(name)], joined[name]) for name in names}


def _known(table: FactTable, names: Any, moment: Moment) -> list[str]:
    """The columns that imports held by then; the others stand as today."""
    since = {name: table.columns[name].first_seen for name in names}
    return [name for name, first in since.items() if first is not None and first <= moment.as_of.stored]


def _dated(rows: Any) -> Any:
    """Whether a customer says itself since when it is one."""
    return rows.acquired_at.notnull() if "acquired_at" in rows.columns else ibis.literal(value=False)


def _has_no_date(rows: Any, table: FactTable) -> Any:
    """Whether only imports can say since when a row is there."""
    time = TABLES[table.name].time
    if table.undated and time in table.columns:
        return rows[time].isnull()
    return ibis.literal(value=table.name in _UNDATED or bool(table.undated))


def _then(name: str) -> str:
    return f"__then_{name}"
