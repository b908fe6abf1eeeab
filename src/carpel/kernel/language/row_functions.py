"""The functions of the language for one customer, as engines define them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from carpel.kernel.language.row_values import as_day

Function: TypeAlias = Callable[..., Any]

_WHOLE: Final = 2.0**53
"""From here on every float64 is a whole number."""


def skips_unknown(function: str) -> bool:
    """Whether a function looks only at the arguments that are known."""
    return function in {"least", "greatest", "coalesce"}


def _round(number: float, digits: int = 0) -> float:
    """Half away from zero."""
    scale = float(10 ** int(digits))
    scaled = number * scale
    size = abs(scaled)
    if not size < _WHOLE:
        return scaled / scale
    whole = math.floor(size)
    return math.copysign(whole + (size - whole >= 0.5), number) / scale  # noqa: PLR2004  a half


def _floor(number: float) -> float:
    return float(math.floor(number)) if abs(number) < _WHOLE else number


def _ceil(number: float) -> float:
    return float(math.ceil(number)) if abs(number) < _WHOLE else number


def _order(value: Any) -> tuple[bool, Any]:
    """What is not a number comes after every number."""
    return (True, 0) if value != value else (False, value)  # noqa: PLR0124  only NaN differs from itself


def _lower(text: str) -> str:
    """Letter by letter, as engines do, so that length and place of letters stay."""
    return "".join(letter.lower()[0] for letter in text)


def _upper(text: str) -> str:
    return "".join(map(_upper_letter, text))


def _upper_letter(letter: str) -> str:
    for upper in (letter.upper(), letter.title()):
        if len(upper) == 1:
            return upper
    return "ẞ" if letter == "ß" else letter


def _days_between(first: date, second: date) -> int:
    return (as_day(second) - as_day(first)).days


FUNCTIONS: Final[Mapping[str, Function]] = {
    "abs": abs,
    "round": _round,
    "floor": _floor,
    "ceil": _ceil,
    "least": lambda *values: min(values, key=_order),
    "greatest": lambda *values: max(values, key=_order),
    "coalesce": lambda *values: values[0],
    "lower": _lower,
    "upper": _upper,
    "length": len,
    "days_between": _days_between,
    "year": lambda day: day.year,
    "month": lambda day: day.month,
}
