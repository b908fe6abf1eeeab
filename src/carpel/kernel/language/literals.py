"""Texts as written that stand for dates and for values of a known list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Final

from carpel.kernel.dates import zone
from carpel.kernel.language.errors import Source
from carpel.kernel.language.kinds import Kind, kind, possible_values
from carpel.kernel.language.remedies import listed
from carpel.kernel.language.tree import Literal, Name, Node
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def is_text(node: Node) -> bool:
    """Whether it is a text as written."""
    return isinstance(node, Literal) and isinstance(node.value, str)


def as_date(source: Source, literal: Literal, wanted: ValueType, time_zone: str) -> Literal:
    """A written date as a day, or as the moment in UTC at which it begins in a time zone.

    Raises:
        LanguageError: It is not written as 2025-07-31, or for a moment as 2025-07-31T14:30.
    """
    written = str(literal.value)
    try:
        if _DAY.fullmatch(written):
            day = date.fromisoformat(written)
            if wanted is ValueType.DATE:
                return replace(literal, value=day, type=wanted)
            return replace(literal, value=_stored(datetime.combine(day, time.min), time_zone), type=wanted)
        if wanted is ValueType.INSTANT and _MOMENT.fullmatch(written):
            moment = _stored(datetime.fromisoformat(written), time_zone)
            return replace(literal, value=moment, type=wanted)
    except (ValueError, OverflowError) as error:
        raise source.error("language.date-unreadable", literal.span, value=written) from error
    raise source.error("language.date-unreadable", literal.span, value=written)


def require_known_value(source: Source, known: Node, literal: Literal) -> None:
    """A category is compared only with values that it can have: a mistyped one would silently be "no one".

    Raises:
        LanguageError: The value is not in the list; names the nearest, or the list.
    """
    values = possible_values(known)
    value = str(literal.value)
    if not values or value in values:
        return
    name = known.symbol.name if isinstance(known, Name) else source.written(known.span)
    hint = _nearest_value(value, values)
    raise source.error("language.unknown-value", literal.span, name=name, value=value, hint=hint)


def require_same_kind(source: Source, left: Node, right: Node) -> None:
    """Two values that are to be compared are both numbers, both texts and so on.

    Raises:
        LanguageError: They are not; says how to write the one that was probably meant.
    """
    if kind(left) is kind(right):
        return
    written = left if isinstance(left, Literal) and not isinstance(right, Literal) else right
    other = right if written is left else left
    kinds = (kind(other), kind(written))
    shown = {"other": source.written(other.span), "value": source.written(written.span)}
    if kinds == (Kind.NUMBER, Kind.TEXT) and is_text(written):
        raise source.error("language.number-with-text", written.span, **shown)
    if kinds == (Kind.TEXT, Kind.NUMBER) and isinstance(written, Literal):
        raise source.error("language.text-with-number", written.span, **shown)
    if kinds == (Kind.CONDITION, Kind.TEXT) and str(getattr(written, "value", "")).lower() in {"true", "false"}:
        raise source.error("language.unquote", written.span, value=str(getattr(written, "value", "")).lower())
    if kinds == (Kind.DATE, Kind.NUMBER):
        raise source.error("language.date-with-number", written.span, **shown)
    if Kind.SET in kinds:
        one, element = (left, right) if kind(left) is Kind.SET else (right, left)
        names = {"name": source.written(one.span), "value": source.written(element.span)}
        raise source.error("language.set-compared", one.span, **names)
    raise source.error(
        "language.different-kinds", written.span, **shown, kind=kind(other).shown, value_kind=kind(written).shown
    )


def _stored(moment: datetime, time_zone: str) -> datetime:
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone(time_zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def _nearest_value(value: str, values: tuple[str, ...]) -> Text:
    allowed = text("language.possible", values=listed(f"'{each}'" for each in values))
    folded = {each.casefold(): each for each in values}
    near = get_close_matches(value.strip().casefold(), folded, n=1, cutoff=0.6)
    if not near:
        return allowed
    meant = text("kernel.did-you-mean", name=f"'{folded[near[0]]}'")
    return text("language.near-of", near=meant, allowed=allowed)
