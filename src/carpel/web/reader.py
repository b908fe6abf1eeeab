"""Who reads a page: their language and theme, and how they read a number, an amount, a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal
from fastapi import Request

from carpel.api.asking import preferred
from carpel.charts import numbers
from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES, Parameter, Rendered, locale_of, text

THEMES: Final = ("automatic", "light", "dark")
LANGUAGE_COOKIE: Final = "carpel_language"
THEME_COOKIE: Final = "carpel_theme"
_CODE: Final = re.compile("[A-Z]{2}")
OWN_NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "fil": "Filipino"}
"""Languages as their own readers call them."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads a page.

    Attributes:
        language: One of the four.
        theme: `light`, `dark`, or `automatic`: as the reader's system has it.
        zone: Where the company's days are cut.
    """

    language: str
    theme: str
    zone: ZoneInfo

    @classmethod
    def of(cls, request: Request) -> Self:
        """Whoever sent a request: what they ask for now, else chose before, else what their browser prefers."""
        asked, chosen = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
        known = next((each for each in (asked, chosen) if each in LANGUAGES), None)
        theme = request.cookies.get(THEME_COOKIE, "")
        return cls(
            language=known or preferred(request.headers.get("accept-language")),
            theme=theme if theme in THEMES else "automatic",
            zone=ZoneInfo(request.app.state.workspace.settings.time_zone),
        )

    def say(self, key: str, /, **params: Parameter) -> str:
        """A sentence of the pages."""
        return text(f"web.{key}", **params).render(self.language)

    def shown(self, value: Rendered | str) -> str:
        """A sentence or label of whatever stage; what is a string already stays."""
        return value if isinstance(value, str) else value.render(self.language)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many decimals at most."""
        return _number(value, digits, self.language)

    def percent(self, share: float) -> str:
        """A share, with one decimal; what is there is never written as nothing, nor a part as the whole."""
        return _percent(share, self.language)

    def growth(self, part: float) -> str:
        """By which part something grew, with its sign."""
        return f"{'+' if part > 0 else '-'}{_percent(abs(part), self.language)}"

    def money(self, minor: int, currency: Currency) -> str:
        """An amount without its minor unit."""
        return _money(minor, currency, self.language)

    def brief_money(self, minor: int, currency: Currency) -> str:
        """An amount in three figures or so, as ₱1.2M; small ones whole."""
        return _brief_money(minor, currency, self.language)

    def listed(self, words: Sequence[str]) -> str:
        """Several words as one list, as `phone, e-mail and message`."""
        return str(format_list(words, locale=locale_of(self.language)))

    def language_name(self, code: str) -> str:
        """What a language is called; a code that nobody knows stays as it is."""
        return str(locale_of(self.language).languages.get(code.replace("-", "_"), code))

    def places(self, words: Sequence[str]) -> list[str]:
        """An address, a country written as its code by its name."""
        names = locale_of(self.language).territories
        return [str(names.get(each, each)) if _CODE.fullmatch(each) else each for each in words]

    def day(self, value: date) -> str:
        """A day."""
        return str(format_date(value, "medium", locale=locale_of(self.language)))

    def moment(self, value: datetime) -> str:
        """A moment where the company is, to the minute."""
        at = value.astimezone(self.zone)
        return f"{self.day(at)} {format_time(at, 'short', locale=locale_of(self.language))}"

    def month(self, value: date) -> str:
        """A month of a year."""
        return str(format_skeleton("yMMM", value, locale=locale_of(self.language)))

    def month_name(self, number: int) -> str:
        """A month of any year; 1 is January."""
        return month_name(number, self.language)

    def weekday(self, number: int) -> str:
        """A day of the week; 1 is Monday."""
        return weekday(number, self.language)

    @property
    def own_names(self) -> dict[str, str]:
        """The languages to choose from."""
        return OWN_NAMES


# The same numbers come again with every reader of a run, and writing one takes longer than a page has.
_remembered = lru_cache(maxsize=16_384)


@_remembered
def _number(value: float, digits: int, language: str) -> str:
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return str(format_decimal(value, pattern, locale=locale_of(language)))


@_remembered
def _percent(share: float, language: str) -> str:
    return numbers.share(share, language)


@_remembered
def _money(minor: int, currency: Currency, language: str) -> str:
    return currency.shown(minor, language, whole=True)


@_remembered
def _brief_money(minor: int, currency: Currency, language: str) -> str:
    return numbers.money(minor, currency, language)


def month_name(number: int, language: str) -> str:
    """A month of any year; 1 is January."""
    # Not the names for standing alone: where a language has none, Babel gives those of the language asked for before.
    return str(get_month_names("wide", "format", locale=locale_of(language))[number])


def weekday(number: int, language: str) -> str:
    """A day of the week; 1 is Monday."""
    return str(get_day_names("wide", "format", locale=locale_of(language))[number - 1])
