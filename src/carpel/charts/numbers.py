"""Numbers as charts write them, on marks and in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_skeleton
from babel.numbers import format_compact_currency, format_compact_decimal, format_decimal, format_percent

from carpel.kernel.money import Currency
from carpel.kernel.texts import DEFAULT_LANGUAGE, locale_of

_BRIEF_FROM: Final = 10_000
_LEAST_SHARE: Final = 0.001


def count(value: float, language: str) -> str:
    """A number in full."""
    return str(format_decimal(value, locale=locale_of(language)))


def share(part: float, language: str) -> str:
    """A part of a whole, with one decimal; what is there is never written as nothing, nor a part as the whole."""
    if 0 < part < _LEAST_SHARE / 2:
        return f"<{_percent(_LEAST_SHARE, language)}"
    if -_LEAST_SHARE / 2 <= part < 0:
        return f">{_percent(-_LEAST_SHARE, language)}"
    if 1 - _LEAST_SHARE / 2 <= part < 1:
        return f">{_percent(1 - _LEAST_SHARE, language)}"
    return _percent(part, language)


def money(minor: int, currency: Currency, language: str) -> str:
    """An amount in three figures or so; a small one whole."""
    major = currency.major(minor)
    if abs(major) < _BRIEF_FROM:
        return currency.shown(minor, language, whole=True)
    shown = str(format_compact_currency(major, currency.code, locale=locale_of(language), fraction_digits=1))
    return shown.replace(currency.code, f"{currency.code}\u00a0")


def brief(value: float, currency: Currency | None, language: str) -> str:
    """A number, or money in minor units, in three figures or so."""
    if currency is not None:
        return money(round(value), currency, language)
    if abs(value) < _BRIEF_FROM:
        return count(round(value, 2), language)
    return str(format_compact_decimal(value, locale=locale_of(language), fraction_digits=1))


def whole(value: float, currency: Currency | None, language: str) -> str:
    """A number, or money in minor units, in full; money without its minor unit."""
    return count(value, language) if currency is None else currency.shown(round(value), language, whole=True)


def month(day: date, language: str) -> str:
    """A month with its year."""
    return str(format_skeleton("yMMM", day, locale=locale_of(language)))


@dataclass(frozen=True)
class Share:
    """A share in a sentence."""

    part: float

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """As a reader of the language writes it."""
        return share(self.part, language)


@dataclass(frozen=True)
class Brief:
    """A number, or money in minor units, in three figures or so in a sentence."""

    value: float
    currency: Currency | None = None

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """As a reader of the language writes it."""
        return brief(self.value, self.currency, language)


@dataclass(frozen=True)
class Month:
    """A month in a sentence."""

    day: date

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """As a reader of the language writes it."""
        return month(self.day, language)


def _percent(part: float, language: str) -> str:
    return str(format_percent(part, "#,##0.0%", locale=locale_of(language)))
