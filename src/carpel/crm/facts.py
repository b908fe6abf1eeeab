"""Facts as the sources stage hands them on: typed Parquet, laid out so that work splits by customer.

Layout of a facts folder, `.carpel/facts/<fingerprint>/`:

- `facts.json`: this module's `Facts`, with places relative to the folder.
- `<table>/0000.parquet`, `0001.parquet`, …: a table whose rows belong to customers, one file per bucket.
  Bucket *b* holds the customers numbered from *b* x size, so that buckets in order are customers in order.
- `<table>/without_customer.parquet`: its rows that name no customer.
- `<table>/all.parquet`: a table without customers (products, employees, budgets, exchange rates).
- `<table>/history/0000.parquet` or `all.parquet`: what a table's overwritten columns said before, in the same buckets:
  `customer_no`, the table's key, `seen_at`, `until`, and those columns. From `seen_at` until just before `until` this
  was the latest that imports had seen of the row; without a `seen_at` they had not seen the row yet. There only where
  a later import saw something else. What the table itself says was first seen at the row's last `until`.
- `quarantine/<table>.parquet`: rows set aside: `table, source, file, row, reason, raw, amount`; `raw` is a JSON object
  of what the row says, `amount` is in minor units of the reporting currency where the row's money could be read.
- `issues.json`: what staging found; `staging.json`: until when the facts stand, where an event lies in the future.

What staging adds to the contract's columns, so that profiles are plain aggregates over one table:

- `customer_no` (int64), on every bucketed table: customers counted from 0 in byte order of `customer_id`.
  Files are sorted by it (then by time), and cheap to group by.
- `day` (date), on every table with a time: its day in the workspace's time zone.
- MONEY columns hold minor units of the reporting currency; `source_amount` (decimal(38,6)) keeps the table's
  amount as the source had it, in `currency`.
- `orders`: `amount` always (else summed from lines); `is_return` (boolean: negative, or names a returned order);
  `quantity`, `lines`, `line_discount`, `cost` (null where unknown) summed from lines; `gap_days` (int64): days
  since the same customer's previous purchase day, on the first purchase of each later day only, else null.
  Where no source has orders, the revenue table has `is_return` (negative) and `gap_days` instead.
- `order_lines`: `ordered_at`, `day`, `channel`, `customer_id` and `is_return` of its order (a line of negative
  quantity or amount is a return too); `amount` always (else quantity x unit price - discount); `cost` always
  where the line or its product knows it; `category` and `line` of its product.
- `customers` always exists, whether mapped or derived from the rows that name customers, one row each.
  `from_source` (boolean) is false for those that only other tables name.

A column is there only where something could fill it: `channel` where orders map it, `cost` where a line or a product
knows one (an order's is null unless all of its lines know theirs), `amount` on lines where they have prices, a table's
own id where a source maps one. A table of customers' rows whose sources name no customer has `customer_id` all the
same, and all its rows in `without_customer.parquet`. `signed_at` of contracts is filled from `starts_on`,
`opened_at` of opportunities from `closed_at`; where neither is known, both stay unknown and the row is there all the
same. A `cost` that was worked out from what products cost is overwritten with them, and no copies of it are kept.

Extra columns of a source are kept under their own names, after the contract's and those that staging adds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis

from carpel.crm.contracts import Known
from carpel.kernel.types import ValueType


@dataclass(frozen=True, kw_only=True)
class FactColumn:
    """A column that a staged table really has.

    Attributes:
        type: What it holds.
        known: From when on it may be used.
        dated_by: With `Known.DATED_BY`, the column that says when.
        custom: Whether it is the source's own, not the contract's.
        personal: Whether it identifies a person.
        label: The source's own name for it.
        values: Of a category with at most 20 of them, all that occur, in order; else none.
        first_seen: With `Known.SNAPSHOT`, when its first dated copy was taken; None where none is kept.
    """

    type: ValueType
    known: Known = Known.EVENT
    dated_by: str | None = None
    custom: bool = False
    personal: bool = False
    label: str | None = None
    values: tuple[str, ...] = ()
    first_seen: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """What a table's overwritten columns said at earlier imports.

    Attributes:
        key: The column that identifies a row.
        columns: The columns that a CRM overwrites.
        until: From this moment on the table itself says what was last seen.
        buckets: Files in bucket order; one file where the table has no customers.
    """

    key: str
    columns: tuple[str, ...]
    until: datetime
    buckets: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class FactTable:
    """A staged table.

    Attributes:
        name: A table of `carpel.crm.TABLES`.
        rows: Rows that belong to customers (all rows, where the table has no customers).
        rows_without_customer: Rows that name none.
        undated: Rows whose time nobody knows; they are there at every moment that may know of them.
        columns: Its columns in order, by name. `derived` says which staging added.
        buckets: Files in bucket order; one file where the table has no customers.
        without_customer: The file of rows that name no customer, if any.
        derived: Names of columns that staging added or filled.
        mapped: Whether a source maps it; false for a table that was only derived (customers).
        first_seen: When the first dated copy of its overwritten columns was taken; None where none is kept.
        history: What those columns said before; None where they never said anything else.
    """

    name: str
    rows: int
    rows_without_customer: int = 0
    undated: int = 0
    columns: Mapping[str, FactColumn]
    buckets: tuple[Path, ...]
    without_customer: Path | None = None
    derived: frozenset[str] = frozenset()
    mapped: bool = True
    first_seen: datetime | None = None
    history: History | None = None

    @property
    def bucketed(self) -> bool:
        """Whether its files are split by customer."""
        return "customer_no" in self.columns

    def unbound(self) -> Any:
        """The table as an Ibis expression; an engine binds its name to files."""
        schema = {name: column.type.ibis for name, column in self.columns.items()}
        if "source_amount" in schema:
            schema["source_amount"] = "decimal(38, 6)"
        return ibis.table(schema, name=self.name)

    @property
    def history_name(self) -> str:
        """What queries call the table's history."""
        return f"{self.name}_history"

    def unbound_history(self, history: History) -> Any:
        """The history as an Ibis expression."""
        names = (*(["customer_no"] if self.bucketed else []), history.key)
        schema = {name: self.columns[name].type.ibis for name in names}
        schema |= dict.fromkeys(("seen_at", "until"), ValueType.INSTANT.ibis)
        schema |= {name: self.columns[name].type.ibis for name in history.columns}
        return ibis.table(schema, name=self.history_name)

    def bindings(self, buckets: Iterable[int]) -> dict[str, tuple[Path, ...]]:
        """Its files and those of its history, for some buckets."""
        found = {self.name: self.buckets}
        if self.history:
            found[self.history_name] = self.history.buckets
        if not self.bucketed:
            return found
        wanted = tuple(buckets)
        return {name: tuple(files[each] for each in wanted) for name, files in found.items()}


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Where the source's money is, in minor units of the reporting currency.

    `customers + without_customer + quarantine + left_out + rounding == source`, exactly.

    Attributes:
        table: The table that is the company's revenue.
        source: Everything that the source holds.
        customers: On rows that belong to customers.
        without_customer: On rows that name none.
        quarantine: On rows set aside, where their money could be read.
        left_out: On rows that the mapping's `where` leaves out.
        rounding: What cutting each row to whole minor units took or gave.
    """

    table: str
    source: int
    customers: int
    without_customer: int = 0
    quarantine: int = 0
    left_out: int = 0
    rounding: int = 0


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All staged tables.

    Attributes:
        folder: Where they lie.
        fingerprint: Changes when the sources' content, the mapping or the staging code changes.
        currency: The reporting currency's code.
        time_zone: Where days are cut.
        customers: How many customers there are.
        bucket_size: Customers in each bucket; the last may hold fewer.
        tables: By name; only those that exist.
        ledger: The revenue table's money; None where no table has money.
        first_event: Day of the earliest event; None where nothing is dated.
        last_event: The moment of the latest event not in the future, UTC without zone.
        first_seen: When Carpel first imported this workspace, UTC without zone.
        seen_at: When these facts were imported, UTC without zone.
        rows_read: By source, its rows as they were read, before any of them was left out or set aside.
    """

    folder: Path
    fingerprint: str
    currency: str
    time_zone: str
    customers: int
    bucket_size: int
    tables: Mapping[str, FactTable] = field(default_factory=dict)
    ledger: Ledger | None = None
    first_event: date | None = None
    last_event: datetime | None = None
    first_seen: datetime | None = None
    seen_at: datetime | None = None
    rows_read: Mapping[str, int] = field(default_factory=dict)

    @property
    def bucket_count(self) -> int:
        """Number of buckets; at least one."""
        return max(1, -(-self.customers // self.bucket_size))

    def bindings(self, buckets: Iterable[int]) -> dict[str, tuple[Path, ...]]:
        """For an engine: each table's files, for some buckets. Tables without customers come whole."""
        wanted = tuple(buckets)
        return {name: files for table in self.tables.values() for name, files in table.bindings(wanted).items()}

    def to_json(self) -> str:
        """The content of facts.json."""
        return json.dumps(_plain(self, self.folder), indent=1)

    @classmethod
    def load(cls, folder: Path) -> Facts:
        """Read facts.json of a folder."""
        raw = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        raw["tables"] = {name: _table(folder, each) for name, each in raw["tables"].items()}
        raw["ledger"] = Ledger(**raw["ledger"]) if raw["ledger"] else None
        for name, parse in (
            ("first_event", date.fromisoformat),
            ("last_event", datetime.fromisoformat),
            ("first_seen", datetime.fromisoformat),
            ("seen_at", datetime.fromisoformat),
        ):
            raw[name] = parse(raw[name]) if raw.get(name) else None
        return cls(folder=folder, **raw)


def _table(folder: Path, raw: dict[str, Any]) -> FactTable:
    without = raw["without_customer"]
    read = {
        "columns": {name: _column(each) for name, each in raw["columns"].items()},
        "derived": frozenset(raw["derived"]),
        "buckets": tuple(folder / each for each in raw["buckets"]),
        "without_customer": folder / without if without else None,
        "first_seen": _moment(raw.get("first_seen")),
        "history": _history(folder, raw["history"]) if raw.get("history") else None,
    }
    return FactTable(**raw | read)


def _column(raw: dict[str, Any]) -> FactColumn:
    read = {
        "type": ValueType(raw["type"]),
        "known": Known(raw["known"]),
        "values": tuple(raw.get("values", ())),
        "first_seen": _moment(raw.get("first_seen")),
    }
    return FactColumn(**raw | read)


def _history(folder: Path, raw: dict[str, Any]) -> History:
    return History(
        key=raw["key"],
        columns=tuple(raw["columns"]),
        until=datetime.fromisoformat(raw["until"]),
        buckets=tuple(folder / each for each in raw["buckets"]),
    )


def _moment(raw: str | None) -> datetime | None:
    return datetime.fromisoformat(raw) if raw else None


def _plain(value: Any, folder: Path) -> Any:
    if isinstance(value, Facts | FactTable | FactColumn | History | Ledger):
        return {
            name: _plain(getattr(value, name), folder)
            for name in value.__dataclass_fields__
            if not (isinstance(value, Facts) and name == "folder")
        }
    if isinstance(value, Path):
        return value.relative_to(folder).as_posix()
    if isinstance(value, Mapping):
        return {key: _plain(each, folder) for key, each in value.items()}
    if isinstance(value, tuple | frozenset):
        return [_plain(each, folder) for each in (value if isinstance(value, tuple) else sorted(value))]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
