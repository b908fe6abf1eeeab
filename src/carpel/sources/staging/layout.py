"""Facts in their places: buckets of consecutive customers, each sorted by customer and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from carpel.crm import FactTable
from carpel.kernel.progress import Progress
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.finishing import NUMBER, Finished
from carpel.sources.staging.purchases import Purchases

BUCKET_ROWS: Final = 2_500_000
"""About how many rows a bucket of the largest table holds."""

Part: TypeAlias = Callable[[Rows], Rows]
"""Takes one bucket's rows of a table."""


def bucket_size(customers: int, largest: int, rows: int = BUCKET_ROWS) -> int:
    """Customers in a bucket, so that its largest table has about the given number of rows."""
    buckets = max(1, -(-largest // rows))
    return max(1, -(-customers // buckets))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Writes tables into a facts folder.

    Attributes:
        folder: The facts folder.
        bench: Where the tables are made.
        size: Customers in a bucket.
        count: Number of buckets.
        progress: Told of each table.
    """

    folder: Path
    bench: Bench
    size: int
    count: int
    progress: Progress

    def whole(self, table: Finished) -> FactTable:
        """A table without customers, as one file."""
        path = self.folder / table.name / "all.parquet"
        rows = self.bench.write(table.rows.select(*table.columns).order_by(*(table.order or table.columns)), path)
        return FactTable(
            name=table.name,
            rows=rows,
            columns=table.columns,
            buckets=(path,),
            derived=table.derived,
            mapped=table.mapped,
        )

    def by_customer(self, table: Finished) -> FactTable:
        """A table whose rows belong to customers."""
        rows = self.sorted(f"sorted_{table.name}", table.rows)
        written = [self._write(replace(table, rows=part(rows)), place) for place, part in self.parts(table.name)]
        return self.fact_table(table, written)

    def purchases(self, purchases: Purchases) -> dict[str, FactTable]:
        """Orders and lines, bucket by bucket: a bucket's lines ask its orders, and the other way round."""
        orders = self.sorted("sorted_orders", purchases.orders)
        lines = None if purchases.lines is None else self.sorted("sorted_lines", purchases.lines)
        found: dict[str, list[tuple[Path, int]]] = {"orders": [], "order_lines": []}
        last: dict[str, Finished] = {}
        for (place, part), (lines_place, _) in zip(self.parts("orders"), self.parts("order_lines"), strict=True):
            bucket = replace(purchases, orders=part(orders), lines=None if lines is None else part(lines))
            last["orders"] = bucket.finished_orders()
            found["orders"].append(self._write(last["orders"], place))
            if lines is not None:
                known = self.bench.take(f"orders_of_{lines_place.stem}", [place])
                last["order_lines"] = bucket.finished_lines(known)
                found["order_lines"].append(self._write(last["order_lines"], lines_place))
        return {name: self.fact_table(each, found[name]) for name, each in last.items()}

    def sorted(self, name: str, rows: Rows) -> Rows:
        """The rows in customer order where they will be cut into buckets, so that a bucket is read alone."""
        return rows if self.count == 1 else self.bench.keep(name, rows.order_by(NUMBER))

    def parts(self, table: str) -> list[tuple[Path, Part]]:
        """Each bucket's file and how to take its rows; last, the rows that name no customer."""
        folder = self.folder / table
        buckets = [(folder / f"{number:04}.parquet", _within(number, self.size)) for number in range(self.count)]
        return [*buckets, (folder / "without_customer.parquet", lambda rows: rows.filter(rows[NUMBER].isnull()))]

    def _write(self, table: Finished, to: Path) -> tuple[Path, int]:
        return to, self.bench.write(table.rows.select(*table.columns).order_by(NUMBER, *table.order), to)

    def fact_table(self, table: Finished, written: list[tuple[Path, int]]) -> FactTable:
        """What was written, described; an empty file of rows without customers is taken away."""
        *buckets, (without, rest) = written
        if not rest:
            without.unlink()
        return FactTable(
            name=table.name,
            rows=sum(rows for _, rows in buckets),
            rows_without_customer=rest,
            columns=table.columns,
            buckets=tuple(path for path, _ in buckets),
            without_customer=without if rest else None,
            derived=table.derived,
            mapped=table.mapped,
        )


def _within(number: int, size: int) -> Part:
    first, after = number * size, (number + 1) * size
    return lambda rows: rows.filter((rows[NUMBER] >= first) & (rows[NUMBER] < after))


def files(tables: Mapping[str, FactTable], name: str) -> tuple[Path, ...]:
    """All files of a table, those without customer too."""
    table = tables[name]
    return (*table.buckets, *((table.without_customer,) if table.without_customer else ()))
