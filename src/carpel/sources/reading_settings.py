"""Reads `sources:` of carpel.yaml: a misspelt or missing entry is told with its place and what is near."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from carpel.crm import TABLES, Table
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import Node
from carpel.sources.reading import ReadOptions
from carpel.sources.settings import REQUIRED, ColumnMapping, Constant, Form, Lookup, Source, TableMapping

_WAYS: Final = ("column", "columns", "value")
_ENTRIES: Final = (*_WAYS, "join", "values", "lookup", "as")


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
        join=given["join"].text() if "join" in given else ColumnMapping.join,
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
    fits = of in (ValueType.DATE, ValueType.INSTANT) if form is Form.YEAR else of is ValueType.MONEY
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
