"""How far a column's values allow what its name suggests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.types import ValueType
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.values import is_truth_like

MANY_VALUES: Final = 1000
EARLIEST_BIRTH_YEAR, LATEST_BIRTH_YEAR = 1850, 2100
_MOSTLY: Final = 0.6
_SHARE_WITHOUT: Final = 0.05
_FEW: Final = 2

BIRTH_DATE: Final = "birth_date"
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PERSONAL_NAMES: Final = frozenset({("customers", "name"), ("contacts", "name"), ("employees", "name")})


def plausibility(column: SeenColumn, table: str, name: str) -> float:
    """How far the values allow the reading: 1 fully, 0 not at all."""
    if not column.filled:
        return 0.1
    special = _SPECIAL.get(name)
    if special is not None:
        return special(column)
    if (table, name) in _PERSONAL_NAMES:
        return _a_name(column)
    kind = TABLES[table].column(name).type if name in TABLES[table].names else ValueType.TEXT
    return _BY_TYPE[kind](column)


def key_plausibility(column: SeenColumn) -> float:
    """How far the values can be the key of the table whose rows these are: present, and not repeated."""
    present = 1.0 if column.nulls <= column.rows * _SHARE_WITHOUT else 0.4
    return _an_id(column) * present * (1.0 if column.repetition <= 1.0 + _SHARE_WITHOUT else 0.3)


def is_year(column: SeenColumn) -> bool:
    """Whether the values are years in which people are born."""
    low, high = column.decision.minimum, column.decision.maximum
    if not column.is_numeric and column.type is not ValueType.ID:
        return False
    try:
        return float(str(low)) >= EARLIEST_BIRTH_YEAR and float(str(high)) <= LATEST_BIRTH_YEAR
    except ValueError:
        return False


def _samples(column: SeenColumn) -> tuple[str, ...]:
    return tuple(str(each) for each in column.decision.samples) or tuple(value for value, _ in column.values)


def _mostly(column: SeenColumn, pattern: re.Pattern[str]) -> bool:
    shown = _samples(column)
    return bool(shown) and sum(bool(pattern.search(each)) for each in shown) >= _MOSTLY * len(shown)


def _an_id(column: SeenColumn) -> float:
    if column.is_dated or column.type is ValueType.BOOLEAN:
        return 0.1
    if column.type is ValueType.NUMBER and not _is_whole(column):
        return 0.1
    return 1.0


def _is_whole(column: SeenColumn) -> bool:
    return all(re.fullmatch(r"-?\d+(\.0+)?", each) for each in _samples(column))


def _a_number(column: SeenColumn) -> float:
    return 1.0 if column.is_numeric else 0.1


def _a_time(column: SeenColumn) -> float:
    return 1.0 if column.is_dated else 0.05


def _a_truth(column: SeenColumn) -> float:
    if column.type is ValueType.BOOLEAN:
        return 1.0
    return 0.9 if is_truth_like(column.values) else 0.2


def _a_category(column: SeenColumn) -> float:
    if column.is_dated or column.type is ValueType.NUMBER:
        return 0.2
    many = column.distinct > MANY_VALUES or column.distinct > max(20, column.filled * 0.5)
    return 0.6 if many else 1.0


def _a_text(column: SeenColumn) -> float:
    return 0.3 if column.is_numeric or column.is_dated or column.type is ValueType.BOOLEAN else 1.0


def _a_name(column: SeenColumn) -> float:
    if column.distinct <= _FEW < column.filled or is_truth_like(column.values):
        return 0.1
    return _a_text(column) * (0.4 if _mostly(column, re.compile(r"\d{2,}|[@]")) else 1.0)


def _an_email(column: SeenColumn) -> float:
    return 1.0 if _mostly(column, _EMAIL) else 0.2


def _a_phone(column: SeenColumn) -> float:
    return 1.0 if _mostly(column, re.compile(r"\d.*\d.*\d.*\d.*\d")) else 0.2


def _a_birth_date(column: SeenColumn) -> float:
    return 1.0 if column.is_dated or is_year(column) else 0.1


def _a_currency(column: SeenColumn) -> float:
    shown = [value for value, _ in column.values] or list(_samples(column))
    return 1.0 if shown and all(re.fullmatch(r"[A-Za-z]{3}", each.strip()) for each in shown) else 0.3


_SPECIAL: Final[Mapping[str, Callable[[SeenColumn], float]]] = {
    "email": _an_email,
    "phone": _a_phone,
    "birth_date": _a_birth_date,
    "currency": _a_currency,
}
_BY_TYPE: Final[Mapping[ValueType, Callable[[SeenColumn], float]]] = {
    ValueType.ID: _an_id,
    ValueType.TEXT: _a_text,
    ValueType.CATEGORY: _a_category,
    ValueType.INTEGER: _a_number,
    ValueType.NUMBER: _a_number,
    ValueType.SHARE: _a_number,
    ValueType.MONEY: _a_number,
    ValueType.BOOLEAN: _a_truth,
    ValueType.DATE: _a_time,
    ValueType.INSTANT: _a_time,
    ValueType.SET: _a_text,
}
