"""What a person already decided about a column: its type, its form, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.types import ValueType
from carpel.sources.reading.dates import ORDERS
from carpel.sources.reading.values import ReadOptions

EPOCHS: Final = ("unix seconds", "unix milliseconds")
SERIAL: Final = "Excel serial"
COMPACT: Final = "YYYYMMDD"
COMMA: Final = "decimal comma"
POINT: Final = "decimal point"
_OF_FORM: Final = {
    **dict.fromkeys((*ORDERS, COMPACT, SERIAL), ValueType.DATE),
    **dict.fromkeys(EPOCHS, ValueType.INSTANT),
    **dict.fromkeys((COMMA, POINT), ValueType.NUMBER),
}
_STORED: Final = {
    ValueType.MONEY: ValueType.NUMBER,
    ValueType.SHARE: ValueType.NUMBER,
    ValueType.SET: ValueType.TEXT,
}


@dataclass(frozen=True)
class Wish:
    """A decision made before looking.

    Attributes:
        type: What the column must be read as; None where the values decide.
        form: How it is written, as `ReadOptions.types` has it; None where the values decide.
    """

    type: ValueType | None = None
    form: str | None = None


def wish_for(name: str, options: ReadOptions, wanted: Mapping[str, ValueType], place: str) -> Wish:
    """What options and contract say about a column; the contract's type goes first.

    Raises:
        CarpelError: The options name a type or a form that does not exist.
    """
    said = _said(options.types[name], place) if name in options.types else Wish()
    kind = wanted.get(name, said.type)
    return Wish(_STORED.get(kind, kind) if kind else None, said.form)


def _said(words: str, place: str) -> Wish:
    forms = {form.lower(): form for form in _OF_FORM}
    first, _, rest = words.strip().partition(" ")
    if words.strip().lower() in forms:
        form = forms[words.strip().lower()]
        return Wish(_OF_FORM[form], form)
    if first.lower() in set(ValueType) and (not rest or rest.lower() in forms):
        return Wish(ValueType(first.lower()), forms.get(rest.lower()))
    known = (*ValueType, *_OF_FORM)
    raise CarpelError("reading.unknown-type", place=place, name=words, hint=nearest(words, known))
