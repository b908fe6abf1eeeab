"""Numbers as charts write them."""

from __future__ import annotations

from typing import Final

from babel.numbers import format_compact_currency, format_decimal, format_percent

from carpel.kernel.money import Currency
from carpel.kernel.texts import locale_of

_BRIEF_FROM: Final = 10_000


def count(value: int, language: str) -> str:
    """A whole number."""
    return str(format_decimal(value, locale=locale_of(language)))


def share(part: float, language: str) -> str:
    """A part of a whole, with one decimal."""
    return str(format_percent(part, "#,##0.0%", locale=locale_of(language)))


def money(minor: int, currency: Currency, language: str) -> str:
    """An amount in three figures or so; a small one whole."""
    major = currency.major(minor)
    if abs(major) < _BRIEF_FROM:
        return currency.shown(minor, language, whole=True)
    shown = str(format_compact_currency(major, currency.code, locale=locale_of(language), fraction_digits=1))
    return shown.replace(currency.code, f"{currency.code}\u00a0")
