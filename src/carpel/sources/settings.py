"""`sources:` of carpel.yaml: which files there are, and how their columns map onto the tables of facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeAlias

from carpel.crm import TABLES, Table
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import Node
from carpel.sources.reading import ReadOptions

Constant: TypeAlias = "str | int | float | bool | date"

_TEXT_JOIN: Final = " "
_WAYS: Final = ("column", "columns", "value")
_ENTRIES: Final = (*_WAYS, "join", "values", "lookup", "as")

REQUIRED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "customers": (("customer_id",),),
    "contacts": (("customer_id",),),
    "products": (("product_id",),),
    "orders": (("customer_id",), ("ordered_at",)),
    "order_lines": (("order_id",),),
    "invoices": (("issued_at",), ("customer_id", "order_id", "contract_id")),
    "payments": (("paid_at",), ("customer_id", "invoice_id", "order_id", "contract_id")),
    "contracts": (("customer_id",), ("signed_at", "starts_on")),
    "opportunities": (("customer_id",),),
    "interactions": (("customer_id",), ("happened_at",)),
    "usage": (("customer_id",), ("used_at",)),
    "feedback": (("given_at",),),
    "employees": (("employee_id",),),
    "costs": (("spent_at",), ("amount",)),
    "budgets": (("month",), ("amount",)),
    "exchange_rates": (("day",), ("currency",), ("rate",)),
}
"""Columns without which a table means nothing; of each group, one is enough."""


class Form(StrEnum):
    """How a column says what it says, where that is not its plain value."""

    SHARE = "share"
    """A part of the price, 0 to 1 (or in percent, where values exceed 1); made money."""
    YEAR = "year"
    """A year; made its first day."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """A value found in another source.

    Attributes:
        source: The other source's name.
        key: Its column that holds what the mapped column holds.
        column: Its column that holds what is wanted.
    """

    source: str
    key: str
    column: str


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """Where a contract column's values come from: one column, several joined, or a constant.

    Attributes:
        columns: The source's columns; none for a constant.
        join: What stands between several columns' values.
        value: The constant.
        values: The source's words and what they mean here; other words stay as they are.
        lookup: Where to find the value that the column is only the key of.
        form: How the column says it, where that is not its plain value.
        place: Where carpel.yaml says so.
    """

    columns: tuple[str, ...] = ()
    join: str = _TEXT_JOIN
    value: Constant | None = None
    values: Mapping[str, Constant | None] = field(default_factory=dict)
    lookup: Lookup | None = None
    form: Form | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """How a source's rows become rows of one table.

    Attributes:
        columns: For each contract column, where its values come from.
        where: A condition over the source's columns; other rows belong elsewhere. None takes all.
        extra: Whether the source's columns that no table claims are kept under their own names, where the source's rows
            are this table's.
        own: The source's columns that this table claims, kept under their own names.
        place: Where carpel.yaml says so.
    """

    columns: Mapping[str, ColumnMapping]
    where: str | None = None
    extra: bool = True
    own: tuple[str, ...] = ()
    place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Files of one form, and the tables that they feed.

    Attributes:
        name: Its name in carpel.yaml.
        files: Paths, folders or globs, relative to the workspace.
        read: How to read them.
        tables: How its rows become rows of tables, by table. None where it only serves look-ups.
        place: Where carpel.yaml says so.
    """

    name: str
    files: tuple[str, ...]
    read: ReadOptions = field(default_factory=ReadOptions)
    tables: Mapping[str, TableMapping] = field(default_factory=dict)
    place: str = field(default="", compare=False)


def read_sources(node: Node, folder: Path) -> tuple[Source, ...]:
    """Read `sources:` of carpel.yaml.

    Args:
        node: The value of `sources:`.
        folder: The workspace; kept out of the result, so that a workspace can move.

    Raises:
        CarpelError: An entry is unknown, misspelt or missing; says where and what is near.
    """
    del folder
    sources = tuple(_source(name, each) for name, each in node.mapping().items())
    if not any(source.tables for source in sources):
        raise CarpelError("sources.none", place=node.place)
    _check_lookups(sources)
    _check_orders(sources)
    return sources


def _source(name: str, node: Node) -> Source:
    given = _entries(node, ("files", "read", "tables"))
    if "files" not in given:
        raise CarpelError("sources.no-files-entry", place=node.place, source=name)
    files = given["files"]
    listed = files.items() if isinstance(files.value, list) else [files]
    return Source(
        name=name,
        files=tuple(each.text() for each in listed),
        read=ReadOptions.from_node(given["read"]) if "read" in given else ReadOptions(),
        tables=_tables(given["tables"]) if "tables" in given else {},
        place=node.place,
    )


def _tables(node: Node) -> dict[str, TableMapping]:
    found = {}
    for name, each in node.mapping().items():
        if name not in TABLES:
            raise CarpelError("sources.unknown-table", place=each.place, name=name, hint=nearest(name, TABLES))
        found[name] = _table(TABLES[name], each)
    return found


def _table(table: Table, node: Node) -> TableMapping:
    given = dict(node.mapping())
    where = given.pop("where", None)
    extra = given.pop("extra", None)
    claims = extra is not None and isinstance(extra.value, list)
    for name, each in given.items():
        if name not in table.names:
            hint = nearest(name, table.names)
            raise CarpelError("sources.unknown-column", place=each.place, name=name, table=table.name, hint=hint)
    _check_required(table, given, node)
    return TableMapping(
        columns={name: _column(table, name, each) for name, each in given.items()},
        where=where.text() if where else None,
        extra=extra is None or (not claims and _flag(extra)),
        own=tuple(each.text() for each in extra.items()) if extra and claims else (),
        place=node.place,
    )


def _check_required(table: Table, given: Collection[str], node: Node) -> None:
    for group in REQUIRED[table.name]:
        if not any(name in given for name in group):
            key = "sources.missing-column" if len(group) == 1 else "sources.missing-columns"
            raise CarpelError(key, place=node.place, table=table.name, column=", ".join(group))


def _column(table: Table, name: str, node: Node) -> ColumnMapping:
    if not isinstance(node.value, dict):
        return ColumnMapping(columns=(node.text(),), place=node.place)
    given = _entries(node, _ENTRIES)
    if sum(way in given for way in _WAYS) != 1:
        raise CarpelError("sources.column-ways", place=node.place)
    return ColumnMapping(
        columns=_columns(given),
        join=given["join"].text() if "join" in given else _TEXT_JOIN,
        value=_constant(given["value"]) if "value" in given else None,
        values=_values(table, name, given["values"]) if "values" in given else {},
        lookup=_lookup(given["lookup"]) if "lookup" in given else None,
        form=_form(table, name, given["as"]) if "as" in given else None,
        place=node.place,
    )


def _columns(given: Mapping[str, Node]) -> tuple[str, ...]:
    if "column" in given:
        return (given["column"].text(),)
    if "columns" not in given:
        return ()
    columns = tuple(each.text() for each in given["columns"].items())
    if not columns:
        raise CarpelError("sources.no-columns", place=given["columns"].place)
    return columns


def _constant(node: Node) -> Constant:
    value = node.value
    if value is None or isinstance(value, dict | list):
        raise CarpelError("kernel.yaml-not-text", place=node.place)
    constant: Constant = value
    return constant


def _values(table: Table, name: str, node: Node) -> dict[str, Constant | None]:
    column = table.column(name)
    found: dict[str, Constant | None] = {}
    for word, each in node.mapping().items():
        found[word] = None if each.value is None else _constant(each)
        if column.values and found[word] is not None and str(found[word]) not in column.values:
            raise CarpelError(
                "sources.unknown-value",
                place=each.place,
                value=str(found[word]),
                column=name,
                known=", ".join(column.values),
            )
    return found


def _lookup(node: Node) -> Lookup:
    names = ("source", "key", "column")
    given = _entries(node, names)
    for name in names:
        if name not in given:
            raise CarpelError("sources.lookup-entry", place=node.place, name=name)
    return Lookup(**{name: given[name].text() for name in names})


def _form(table: Table, name: str, node: Node) -> Form:
    wish = node.text()
    if wish not in tuple(Form):
        raise CarpelError("sources.unknown-form", place=node.place, name=wish, known=", ".join(Form))
    form = Form(wish)
    of = table.column(name).type
    fits = of is ValueType.MONEY if form is Form.SHARE else of in (ValueType.DATE, ValueType.INSTANT)
    if not fits:
        raise CarpelError("sources.form-type", place=node.place, name=wish, column=name)
    return form


def _flag(node: Node) -> bool:
    if not isinstance(node.value, bool):
        raise CarpelError("sources.not-a-flag", place=node.place)
    return node.value


def _entries(node: Node, known: Collection[str]) -> dict[str, Node]:
    given = node.mapping()
    for name, each in given.items():
        if name not in known:
            raise CarpelError("sources.unknown-entry", place=each.place, name=name, hint=nearest(name, known))
    return given


def _check_lookups(sources: tuple[Source, ...]) -> None:
    names = {source.name for source in sources}
    for mapping in _mappings(sources):
        if mapping.lookup and mapping.lookup.source not in names:
            wish = mapping.lookup.source
            raise CarpelError("sources.unknown-source", place=mapping.place, name=wish, hint=nearest(wish, names))


def _check_orders(sources: tuple[Source, ...]) -> None:
    """Lines belong to orders by the orders' ids: both must be there."""
    lines = [source.tables["order_lines"] for source in sources if "order_lines" in source.tables]
    orders = [source.tables["orders"] for source in sources if "orders" in source.tables]
    if lines and not orders:
        raise CarpelError("sources.lines-without-orders", place=lines[0].place)
    if lines:
        for each in orders:
            if "order_id" not in each.columns:
                raise CarpelError("sources.missing-column", place=each.place, table="orders", column="order_id")


def _mappings(sources: tuple[Source, ...]) -> list[ColumnMapping]:
    tables = [table for source in sources for table in source.tables.values()]
    return [mapping for table in tables for mapping in table.columns.values()]


def plain(value: Any) -> Any:
    """A value as JSON can hold it, for fingerprints."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name, each in value.__dataclass_fields__.items() if each.compare}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
