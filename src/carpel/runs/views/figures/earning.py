"""One pass over the purchases and one over their lines: when each leaf bought, and what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow.compute as pc
import pyarrow.parquet as pq

from carpel.crm import TABLES, Facts, FactTable
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine, Step
from carpel.kernel.texts import text
from carpel.runs.fingerprints import NUMBER, TABLE
from carpel.runs.making import Assignments
from carpel.runs.views.figures.values import Line, Sold

_WHOLE = "decimal(38,0)"


@dataclass(frozen=True)
class Buying:
    """Reads facts beside assignments, bucket by bucket.

    Attributes:
        facts: What happened.
        assignments: Who is in which leaf.
        as_of: The moment up to which facts count.
        places: The number of each leaf.
        engine: Where expressions run.
    """

    facts: Facts
    assignments: Assignments
    as_of: AsOf
    places: Mapping[str, int]
    engine: Engine

    def sold(self) -> tuple[Sold, ...] | None:
        """Purchases by month and day of the week; None where the company's revenue has no dates."""
        table = self._revenue()
        if table is None or "day" not in table.columns:
            return None
        sums: dict[tuple[int, date | None, int], tuple[int, int]] = {}
        for row in self._rows(self.sold_step(table), table):
            key = self._key(row)
            orders, revenue = sums.get(key, (0, 0))
            sums[key] = (orders + int(row["orders"]), revenue + int(row["revenue"] or 0))
        ordered = sorted(sums, key=lambda key: (key[0], key[1] or date.min, key[2]))
        return tuple(Sold(*key, *sums[key]) for key in ordered)

    def lines(self) -> tuple[Line, ...] | None:
        """What each leaf paid for each product."""
        table = self.facts.tables.get("order_lines")
        if table is None or not {"category", "product_id"} & table.columns.keys() or "amount" not in table.columns:
            return None
        sums: dict[tuple[int, str | None, str | None], int] = {}
        for row in self._rows(self.lines_step(table), table):
            key = (self._leaf(row), row["category"], row["product"])
            sums[key] = sums.get(key, 0) + int(row["revenue"] or 0)
        ordered = sorted(sums, key=lambda key: (key[0], key[1] or "", key[2] or ""))
        return tuple(Line(*key, sums[key]) for key in ordered)

    def sold_step(self, table: FactTable) -> Step:
        """Orders and money by segment and day."""
        rows = table.unbound()
        placed = self._beside(rows.filter(rows[TABLES[table.name].time] < self.as_of.stored))
        purchases = ~placed.is_return if "is_return" in table.columns else placed.amount.notnull()
        money = placed.amount.sum().cast(_WHOLE).cast("int64")
        orders = purchases.cast("int64").sum().cast(_WHOLE).cast("int64")
        query = placed.group_by("segment", "day").agg(orders=orders, revenue=money)
        return Step("sold", text("runs.step-sold"), query)

    def lines_step(self, table: FactTable) -> Step:
        """Money by segment, category and product."""
        rows = table.unbound()
        nothing = ibis.null("string")
        category = rows.category if "category" in table.columns else nothing
        product = rows.product_id if "product_id" in table.columns else nothing
        if "ordered_at" in table.columns:
            rows = rows.filter(rows.ordered_at < self.as_of.stored)
        placed = self._beside(rows.select(NUMBER, "amount", category=category, product=product))
        money = placed.amount.sum().cast(_WHOLE).cast("int64")
        query = placed.group_by("segment", "category", "product").agg(revenue=money)
        return Step("bought", text("runs.step-bought"), query)

    def _revenue(self) -> FactTable | None:
        return self.facts.tables.get(self.facts.ledger.table) if self.facts.ledger else None

    def _beside(self, rows: Any) -> Any:
        placed = ibis.table({NUMBER: "int64", "segment": "string"}, name=TABLE)
        segments = placed.select(number=placed[NUMBER], segment=placed.segment)
        return rows.inner_join(segments, rows[NUMBER] == segments.number)

    def _rows(self, step: Step, table: FactTable) -> Iterator[Mapping[str, Any]]:
        for bucket, file in enumerate(self.assignments.files):
            bound = {**table.bindings(range(bucket, bucket + 1)), TABLE: (file,)}
            yield from self.engine.read((step,), bound).to_pylist()

    def _leaf(self, row: Mapping[str, Any]) -> int:
        return self.places.get(row["segment"], len(self.places))

    def _key(self, row: Mapping[str, Any]) -> tuple[int, date | None, int]:
        day: date | None = row["day"]
        return self._leaf(row), day.replace(day=1) if day else None, day.isoweekday() if day else 0


def product_names(facts: Facts) -> dict[str, str]:
    """What products are called."""
    table = facts.tables.get("products")
    if table is None or "name" not in table.columns:
        return {}
    rows = pq.read_table([str(file) for file in table.buckets], columns=["product_id", "name"])
    return {key: name for key, name in zip(*(column.to_pylist() for column in rows.columns), strict=True) if name}


def freshest(facts: Facts, as_of: AsOf) -> dict[str, date]:
    """The day of the latest event of each table that the run knows of."""
    last = AsOf.at(as_of.instant - timedelta(microseconds=1), facts.time_zone).day
    found = {name: _latest(table, last) for name, table in facts.tables.items() if "day" in table.columns}
    return {name: day for name, day in found.items() if day}


def _latest(table: FactTable, last: date) -> date | None:
    """From the files' own heads where they say enough; else from the column of days."""
    latest: date | None = None
    for file in table.buckets:
        opened = pq.ParquetFile(file)
        place = opened.schema_arrow.get_field_index("day")
        groups = (opened.metadata.row_group(each).column(place).statistics for each in range(opened.num_row_groups))
        for number, known in enumerate(groups):
            most = known.max if known and known.has_min_max else None
            if most is None or most > last:
                column = opened.read_row_group(number, columns=["day"])["day"]
                most = pc.max(column.filter(pc.less_equal(column, last))).as_py()
            latest = max(filter(None, (latest, most)), default=None)
    return latest
