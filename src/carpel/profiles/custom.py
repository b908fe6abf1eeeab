"""Attributes that a workspace declares itself, as carpel.yaml writes them under `attributes:`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from carpel.crm import TABLES
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.texts import Labels
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import Node
from carpel.profiles.attributes import Better, Family, Unit
from carpel.profiles.declared import BUILT_IN

_ENTRIES: Final = (
    *("from", "value", "within", "where", "label", "description", "family", "unit", "type", "changeable", "better"),
)
_TABLES: Final = tuple(name for name, table in TABLES.items() if table.has_customer or name == "order_lines")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DAYS: Final = re.compile(r"([1-9]\d{0,4}) days?")


@dataclass(frozen=True, kw_only=True)
class Formula:
    """An expression as somebody wrote it.

    Attributes:
        source: Its text.
        place: Where it stands.
    """

    source: str
    place: str


@dataclass(frozen=True, kw_only=True)
class CustomAttribute:
    """An attribute of the workspace's own.

    Attributes:
        key: Its name.
        place: Where it is declared.
        table: The fact table that it reads; with `customers`, `value` is an expression over one row.
        value: What it computes, for example `sum(amount) filter (where channel = 'web')`.
        where: Rows that count; None means all.
        within: Only rows of the last so many days; None means all.
        label: Its short name.
        description: One sentence; None has one made from the definition.
        family: Which of the ten it belongs to.
        type: What it holds; None takes what the value gives.
        unit: What one of it counts; None takes what goes with its type.
        changeable: Whether the company's own action can change it.
        better: Which way it should.
    """

    key: str
    place: str
    table: str
    value: Formula
    where: Formula | None = None
    within: int | None = None
    label: Labels
    description: Labels | None = None
    family: Family
    type: ValueType | None = None
    unit: Unit | None = None
    changeable: bool = True
    better: Better = Better.EITHER


def read_attributes(node: Node) -> tuple[CustomAttribute, ...]:
    """Read the entries of `attributes:`.

    Raises:
        CarpelError: At the place of an entry that cannot be understood.
    """
    return tuple(_attribute(key, entry) for key, entry in node.mapping().items())


def _attribute(key: str, node: Node) -> CustomAttribute:
    entries = _entries(key, node)
    table = _choice(entries["from"], _TABLES)
    return CustomAttribute(
        key=key,
        place=node.place,
        table=table,
        value=_formula(entries["value"]),
        where=_optional(entries, "where", _formula),
        within=_optional(entries, "within", lambda each: _days(each, table)),
        label=_optional(entries, "label", _labels) or Labels({"en": key}),
        description=_optional(entries, "description", _labels),
        family=_optional(entries, "family", lambda each: _one_of(Family, each)) or _family_of(table),
        type=_optional(entries, "type", lambda each: _one_of(ValueType, each)),
        unit=_optional(entries, "unit", lambda each: _one_of(Unit, each)),
        changeable=entries["changeable"].value is True if "changeable" in entries else table != "customers",
        better=_optional(entries, "better", lambda each: _one_of(Better, each)) or Better.EITHER,
    )


def _entries(key: str, node: Node) -> Mapping[str, Node]:
    if not _NAME.fullmatch(key):
        raise CarpelError("profiles.attribute-name", place=node.place, key=key)
    if key in BUILT_IN:
        raise CarpelError("profiles.attribute-taken", place=node.place, key=key)
    entries = node.mapping()
    for name, entry in entries.items():
        if name not in _ENTRIES:
            raise CarpelError(
                "profiles.attribute-unknown-entry",
                place=entry.place,
                name=name,
                known=", ".join(_ENTRIES),
                hint=nearest(name, _ENTRIES),
            )
    for name in ("from", "value"):
        if name not in entries:
            raise CarpelError("profiles.attribute-needs-entry", place=node.place, key=key, name=name)
    return entries


_Read = TypeVar("_Read")
_Known = TypeVar("_Known", bound=StrEnum)


def _optional(entries: Mapping[str, Node], name: str, read: Callable[[Node], _Read]) -> _Read | None:
    return read(entries[name]) if name in entries else None


def _formula(node: Node) -> Formula:
    return Formula(source=node.text(), place=node.place)


def _labels(node: Node) -> Labels:
    if isinstance(node.value, dict):
        return Labels({language: each.text() for language, each in node.value.items()})
    return Labels({"en": node.text()})


def _days(node: Node, table: str) -> int:
    if TABLES[table].time is None and table != "order_lines":
        raise CarpelError("profiles.attribute-within-untimed", place=node.place, table=table)
    found = _DAYS.fullmatch(node.text().strip())
    if not found:
        raise CarpelError("profiles.attribute-within", place=node.place, value=node.text())
    return int(found.group(1))


def _one_of(kind: type[_Known], node: Node) -> _Known:
    return kind(_choice(node, list(kind)))


def _choice(node: Node, known: Collection[str]) -> str:
    value = node.text()
    if value not in known:
        raise CarpelError(
            "profiles.attribute-unknown-choice",
            place=node.place,
            value=value,
            known=", ".join(known),
            hint=nearest(value, known),
        )
    return value


def _family_of(table: str) -> Family:
    by_table = {"customers": Family.RELATIONSHIP, "feedback": Family.FEEDBACK, "contacts": Family.FIRMOGRAPHIC}
    return by_table.get(table, Family.BEHAVIOURAL)
