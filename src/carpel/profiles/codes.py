"""Values that sources write as codes, by their names: countries, languages, and the letters of genders."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale

from carpel.kernel.texts import LANGUAGES, Labels, Text, locale_of, text

_GENDERS: Final = {"f": "female", "female": "female", "m": "male", "male": "male"}
_LONGEST: Final = 10
_MANY: Final = 1_000


@lru_cache(maxsize=_MANY)
def name_of_code(key: str, code: str) -> Text | Labels | None:
    """What a code of an attribute is called; None where it is no code.

    Args:
        key: The attribute.
        code: Its value.
    """
    if len(code) > _LONGEST:
        return None
    if key == "gender":
        known = _GENDERS.get(code.casefold())
        return text(f"profiles.value.{known}") if known else None
    names = {language: _named(key, code, locale_of(language)) for language in LANGUAGES}
    found = {language: name for language, name in names.items() if name}
    return Labels(found) if "en" in found else None


def _named(key: str, code: str, locale: Locale) -> str | None:
    if key == "country":
        found = locale.territories.get(code) if len(code) == len("PH") else None
    elif key == "language":
        found = locale.languages.get(code.replace("-", "_"))
    else:
        found = None
    return str(found) if found else None
