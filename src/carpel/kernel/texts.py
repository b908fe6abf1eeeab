"""Texts carry a message key and parameters; a face renders them in its reader's language.

Catalogues are ordinary gettext files, `locale/<language>/<domain>.po`. The part of a key before its first dot
is its domain, so that each stage keeps its own file: `schemes.unknown-attribute` is found in `schemes.po`.
English is a catalogue like the others.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final, Protocol, TypeAlias, runtime_checkable

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant", "fil")
DEFAULT_LANGUAGE: Final = "en"
_TOO_LONG: Final = 10**18
"""Numbers from here on are written with an exponent; nobody reads so many digits."""

Parameter: TypeAlias = "str | int | float | Decimal | date | datetime | bool | Rendered | None"


@runtime_checkable
class Rendered(Protocol):
    """What knows its own form in each language: a sentence, a name, an amount of money."""

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """As a reader of that language reads it."""
        ...


@dataclass(frozen=True)
class Text:
    """A sentence to be rendered later: a message key and its parameters.

    Attributes:
        key: `domain.name`, the message id in `locale/<language>/<domain>.po`.
        params: Values for the `{placeholders}`; `count` chooses the plural form.
    """

    key: str
    params: Mapping[str, Parameter] = field(default_factory=dict)

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The sentence in a language; numbers and dates in that language's form."""
        shown = {name: _shown(value, language) for name, value in self.params.items()}
        return _translated(self.key, language, self.params.get("count")).format_map(shown).strip()

    def __str__(self) -> str:
        return self.render()

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


def text(key: str, /, **params: Parameter) -> Text:
    """A Text from a key and keyword parameters."""
    return Text(key, params)


@dataclass(frozen=True)
class Labels:
    """A name that a person wrote in one or more languages, as `{en: Gold, zh-Hans: 金}`."""

    by_language: Mapping[str, str]

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The label in a language, else in English, else in the first that there is."""
        found = self.by_language
        return found.get(language) or found.get(DEFAULT_LANGUAGE) or next(iter(found.values()), "")

    def __str__(self) -> str:
        return self.render()

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.by_language.items())))


def language_of(wish: str | None) -> str:
    """The language that best serves a locale name such as `zh_TW.UTF-8`, `zh-Hans` or `tl`.

    Unknown wishes give English.
    """
    tag = (wish or "").split(".")[0].split("@")[0].replace("_", "-").lower()
    if tag.startswith("zh"):
        traditional = ("hant", "-tw", "-hk", "-mo")
        return "zh-Hant" if any(mark in tag for mark in traditional) else "zh-Hans"
    if tag.split("-")[0] in {"fil", "tl"}:
        return "fil"
    return DEFAULT_LANGUAGE


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale for one of the four languages."""
    return Locale.parse(language, sep="-")


def _shown(value: Parameter, language: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return _translated(f"kernel.value-{str(value).lower()}", language, None)
    if isinstance(value, int | float | Decimal):
        return _number(value, language)
    if isinstance(value, datetime):
        return str(format_datetime(value, "medium", locale=locale_of(language)))
    if isinstance(value, date):
        return str(format_date(value, "medium", locale=locale_of(language)))
    # Not `isinstance(value, Rendered)`: asking for a protocol is slow.
    render = getattr(value, "render", None)
    return str(value) if render is None else str(render(language))


def _number(value: float | Decimal, language: str) -> str:
    return (
        f"{value:.6g}"
        if value >= _TOO_LONG or value <= -_TOO_LONG
        else str(format_decimal(value, locale=locale_of(language)))
    )


def _translated(key: str, language: str, count: Parameter) -> str:
    catalogue = _catalogue(key.split(".", 1)[0], language)
    if isinstance(count, int | float) and not isinstance(count, bool):
        # A fraction has the form of several: 1.5 days.
        found = catalogue.ngettext(key, key, int(count) if count % 1 == 0 else 2)
        if found != key:
            return found
    return catalogue.gettext(key)


@cache
def _catalogue(domain: str, language: str) -> gettext.NullTranslations:
    path = files("carpel.kernel") / "locale" / language / f"{domain}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    source = io.BytesIO(path.read_bytes())
    compiled = io.BytesIO()
    write_mo(compiled, read_po(source, locale=language.replace("-", "_"), domain=domain))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
