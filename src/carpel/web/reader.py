"""Who reads a page: their language and theme, and how they read a number, an amount, a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self

from babel.dates import format_date, format_datetime, format_skeleton, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_compact_currency, format_compact_decimal, format_decimal, format_percent
from fastapi import Request

from carpel.api.asking import preferred
from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES, Parameter, Rendered, language_of, locale_of, text

THEMES: Final = ("automatic", "light", "dark")
LANGUAGE_COOKIE: Final = "carpel_language"
THEME_COOKIE: Final = "carpel_theme"
OWN_NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "fil": "Filipino"}
"""Languages as their own readers call them."""
_PERCENT: Final = "#,##0.0%"
_BRIEF_FROM: Final = 10_000
"""Amounts below this many major units are written in full."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads a page.

    Attributes:
        language: One of the four.
        theme: `light`, `dark`, or `automatic`: as the reader's system has it.
    """

    language: str
    theme: str

    @classmethod
    def of(cls, request: Request) -> Self:
        """Whoever sent a request: what they ask for now, else chose before, else what their browser prefers."""
        asked, chosen = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
        known = next((each for each in (asked, chosen) if each in LANGUAGES), None)
        theme = request.cookies.get(THEME_COOKIE, "")
        return cls(
            language=known or language_of(preferred(request.headers.get("accept-language"))),
            theme=theme if theme in THEMES else "automatic",
        )

    def say(self, key: str, /, **params: Parameter) -> str:
        """A sentence of the pages."""
        return text(f"web.{key}", **params).render(self.language)

    def shown(self, value: Rendered | str) -> str:
        """A sentence or label of whatever stage; what is a string already stays."""
        return value if isinstance(value, str) else value.render(self.language)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many decimals at most."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(value, pattern, locale=locale_of(self.language)))

    def brief(self, value: float) -> str:
        """A number in three figures or so, as 12.3K."""
        return str(format_compact_decimal(value, locale=locale_of(self.language), fraction_digits=1))

    def percent(self, share: float) -> str:
        """A share; a part of a thousandth or more is never written as nothing."""
        return str(format_percent(share, _PERCENT, locale=locale_of(self.language)))

    def money(self, minor: int, currency: Currency) -> str:
        """An amount without its minor unit."""
        return currency.shown(minor, self.language, whole=True)

    def brief_money(self, minor: int, currency: Currency) -> str:
        """An amount in three figures or so, as ₱1.2M; small ones whole."""
        major = currency.major(minor)
        if abs(major) < _BRIEF_FROM:
            return self.money(minor, currency)
        locale = locale_of(self.language)
        shown = str(format_compact_currency(major, currency.code, locale=locale, fraction_digits=1))
        return shown.replace(currency.code, f"{currency.code}\u00a0")

    def listed(self, words: Sequence[str]) -> str:
        """Several words as one list, as `phone, e-mail and message`."""
        return str(format_list(words, locale=locale_of(self.language)))

    def day(self, value: date) -> str:
        """A day."""
        return str(format_date(value, "medium", locale=locale_of(self.language)))

    def moment(self, value: datetime) -> str:
        """A moment, to the minute."""
        return str(format_datetime(value, "short", locale=locale_of(self.language)))

    def month(self, value: date) -> str:
        """A month of a year."""
        return str(format_skeleton("yMMM", value, locale=locale_of(self.language)))

    def month_name(self, number: int) -> str:
        """A month of any year; 1 is January."""
        return str(get_month_names("wide", "stand-alone", locale=locale_of(self.language))[number])

    def weekday(self, number: int) -> str:
        """A day of the week; 1 is Monday."""
        return str(get_day_names("wide", "stand-alone", locale=locale_of(self.language))[number - 1])

    @property
    def own_names(self) -> dict[str, str]:
        """The languages to choose from."""
        return OWN_NAMES
