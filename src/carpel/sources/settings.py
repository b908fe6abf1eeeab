"""`sources:` of carpel.yaml: which files there are, and how their columns map onto the tables of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias

from carpel.sources.reading import ReadOptions

Constant: TypeAlias = "str | int | float | bool | date"

_TEXT_JOIN: Final = " "

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
    PERCENT = "percent"
    """A part of the price, 0 to 100; made money."""
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


def plain(value: Any) -> Any:
    """A value as JSON can hold it, for fingerprints."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name, each in value.__dataclass_fields__.items() if each.compare}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
