"""What is wrong with a request, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from carpel.kernel.texts import Text, text

_SAID: Final = {
    "missing": "missing",
    "json_invalid": "no-json",
    "dict_type": "no-object",
    "model_attributes_type": "no-object",
    "list_type": "no-list",
    "string_type": "no-text",
    "string_unicode": "no-text",
    "int_parsing": "no-whole-number",
    "int_type": "no-whole-number",
    "int_from_float": "no-whole-number",
    "int_parsing_size": "no-whole-number",
    "date_parsing": "no-day",
    "date_type": "no-day",
    "date_from_datetime_parsing": "no-day",
    "date_from_datetime_inexact": "no-day",
}
"""By the framework's word for a mistake, ours."""
_BOUNDS: Final = {
    "greater_than_equal": ("at-least", "ge"),
    "less_than_equal": ("at-most", "le"),
    "too_short": ("at-least-elements", "min_length"),
    "too_long": ("at-most-elements", "max_length"),
    "string_too_long": ("at-most-letters", "max_length"),
}
"""The same for bounds, with what the framework calls the bound."""


def mistake(error: Mapping[str, Any]) -> Text:
    """What is wrong, of one error of the framework."""
    kind = str(error["type"])
    if kind in _BOUNDS:
        key, bound = _BOUNDS[kind]
        return text(f"api.mistake.{key}", bound=error["ctx"][bound])
    return text(f"api.mistake.{_SAID.get(kind, 'other')}")


def place_of(location: Sequence[Any]) -> str:
    """Where in the request."""
    return ".".join(map(str, location))
