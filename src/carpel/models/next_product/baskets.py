"""What each customer has bought so far: one row for each customer and product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.models.frames.moments import NUMBER
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows

Whole = npt.NDArray[np.int64]


def bought_products(facts: Facts, as_of: AsOf, since: AsOf | None = None) -> Any:
    """One row for each customer and product bought: purchase days, the first and the last; an Ibis table."""
    rows = known_rows(facts, "order_lines", Moment(as_of=as_of, parameters=Parameters(known_through=as_of)))
    rows = rows.filter(~rows.is_return & rows.product_id.notnull() & rows.day.notnull())
    rows = rows.filter(rows.day >= since.day) if since else rows
    paid = rows.amount.max() if "amount" in rows.columns else rows.count()
    return (
        rows.group_by(NUMBER, "product_id")
        .agg(days=rows.day.nunique(), first=rows.day.min(), last=rows.day.max(), paid=paid)
        .order_by(NUMBER, "product_id")
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Baskets:
    """What customers have bought, row by row.

    Attributes:
        numbers: The customer of each row.
        codes: The product.
        days: On how many days it was bought.
        first: The first, counted as dates count days.
        last: The last.
        paid: The most that was paid in one line, in minor units.
    """

    numbers: Whole
    codes: npt.NDArray[np.object_]
    days: Whole
    first: Whole
    last: Whole
    paid: Whole

    @classmethod
    def of(cls, table: pa.Table) -> Self:
        """From what `bought_products` gives."""
        days = {name: _whole(table[name].cast(pa.date32()).cast(pa.int32())) + 719_163 for name in ("first", "last")}
        return cls(
            numbers=_whole(table[NUMBER]),
            codes=np.array(table["product_id"].to_pylist(), dtype=object),
            days=_whole(table["days"]),
            paid=_whole(table["paid"].fill_null(0)),
            **days,
        )


def _whole(column: pa.ChunkedArray) -> Whole:
    return np.asarray(column.cast(pa.int64()).to_numpy(), dtype=np.int64)
