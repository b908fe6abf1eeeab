"""What was seen of a column, in a few words: the reason beside each decision."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from carpel.crm import Column
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.links import Link

_SHOWN: Final = 3
_LENGTH: Final = 24


def reason(column: SeenColumn, place: Column, link: Link | None = None) -> Text:
    """Why a column's values fit its place, by what they are."""
    if not column.filled:
        return text("proposal.why-empty")
    if link is not None:
        return text("proposal.why-refers", count=column.distinct, share=_percent(link.share), source=link.source)
    if place.type is ValueType.ID:
        return _of_key(column)
    if place.personal:
        return text("proposal.why-personal", count=column.distinct)
    if column.is_dated or column.is_numeric:
        return _of_range(column)
    return text("proposal.why-examples", count=column.distinct, examples=examples(column))


def examples(column: SeenColumn) -> str:
    """A few of its values: the most frequent where they were counted."""
    shown = [value for value, _ in column.values] or [str(each) for each in column.decision.samples]
    return ", ".join(_short(each) for each in shown[:_SHOWN])


def _of_key(column: SeenColumn) -> Text:
    if column.is_unique and not column.nulls:
        return text("proposal.why-unique", count=column.distinct)
    if column.nulls:
        return text("proposal.why-key-missing", count=column.distinct, nulls=column.nulls)
    return text("proposal.why-key", count=column.distinct)


def _of_range(column: SeenColumn) -> Text:
    low, high = (_bound(each) for each in (column.decision.minimum, column.decision.maximum))
    if column.decision.format:
        return text("proposal.why-range-written", low=low, high=high, form=column.decision.format)
    return text("proposal.why-range", low=low, high=high)


def _bound(value: object) -> int | float | Decimal | date | str:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, int | float | Decimal | date) else _short(str(value))


def _short(value: str) -> str:
    plain = " ".join(value.split())
    return plain if len(plain) <= _LENGTH else plain[: _LENGTH - 1] + "…"


def _percent(share: float) -> str:
    # Never "100%" while a value is missing.
    return "100%" if share == 1 else f"{min(int(share * 1000) / 10, 99.9):g}%"
