"""Orders under which nothing was sold, weighed while the file is at hand: how many they are and what they amount to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

import duckdb

from carpel.sources.proposal.evidence import SeenColumn, Unsold
from carpel.sources.proposal.values import without_sale
from carpel.sources.proposal.vocabulary import meanings

_MOST: Final = 6

Named: TypeAlias = Callable[[str], str]
"""What a column is called in SQL."""


def weighed(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[SeenColumn], named: Named
) -> Mapping[tuple[str, str | None], Unsold]:
    """For each column that may be an order's status and each that may be its id: what the orders without sale weigh.

    Without an id each row is an order.
    """
    orders = [each.name for each in _meaning(columns, "orders", "order_id")]
    return {
        (status.name, order): _weighed(connection, table, columns, named, status, order)
        for status in _meaning(columns, "orders", "status")
        if without_sale(status.values)
        for order in (*orders, None)
    }


def _weighed(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[SeenColumn],
    named: Named,
    status: SeenColumn,
    order: str | None,
) -> Unsold:
    # An order is what its rows say together: blank ones say nothing, and one that was sold keeps the order.
    key = named(order) if order else "rowid"
    words = ", ".join(_literal(each) for each in without_sale(status.values))
    rows = f"select *, {key} as k from (select *, row_number() over () as rowid from {table})"
    gone = (
        f"select k from rows where k is not null group by k having bool_and({named(status.name)}::varchar in ({words}))"
    )
    sums = list(_sums(columns))
    amounts = [" * ".join(f"{named(each)}::double" for each in some) for some in sums]
    once = ", ".join(f"max({each}) as m{place}" for place, each in enumerate(amounts))
    every = ", ".join(f"sum({each}) as s{place}" for place, each in enumerate(amounts))
    totals = "".join(f", sum(m{place}), sum(s{place})" for place in range(len(amounts)))
    asked = "".join(f", {each}" for each in (once, every) if each)
    found = connection.execute(
        f"with rows as ({rows}), gone as ({gone}) "
        f"select count(*){totals} from (select k{asked} from rows where k in (from gone) group by k)"
    ).fetchone() or (0,)
    return Unsold(
        orders=int(found[0]),
        by_order={some: float(total) for some, total in zip(sums, found[1::2], strict=True) if total is not None},
        by_row={some: float(total) for some, total in zip(sums, found[2::2], strict=True) if total is not None},
    )


def _sums(columns: Sequence[SeenColumn]) -> Iterator[tuple[str, ...]]:
    """Columns that may hold money, and pairs that are money where multiplied."""
    numeric = [each for each in columns if each.is_numeric]
    amounts = [*_meaning(numeric, "orders", "amount"), *_meaning(numeric, "order_lines", "amount")]
    yield from dict.fromkeys((each.name,) for each in amounts)
    counts = [each.name for each in _meaning(numeric, "order_lines", "quantity")]
    prices = [each.name for each in _meaning(numeric, "order_lines", "unit_price")]
    yield from product(counts, prices)


def _meaning(columns: Sequence[SeenColumn], table: str, column: str) -> list[SeenColumn]:
    """The columns whose name may mean a contract column."""
    return [
        each
        for each in columns
        if any((meaning.table, meaning.column) == (table, column) for meaning in meanings(each.name))
    ][:_MOST]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
