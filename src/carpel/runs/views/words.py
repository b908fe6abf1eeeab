"""Numbers, money, shares and values as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from babel.dates import get_day_names
from babel.numbers import format_percent

from carpel.kernel.money import Currency
from carpel.kernel.texts import DEFAULT_LANGUAGE, Labels, Parameter, Text, locale_of, text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Unit

_SMALL = 0.1
_NEARLY_ALL = 0.995
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Percentage:
    """A part of a whole in a sentence; small ones with a decimal, so that few are not said to be nobody.

    Attributes:
        share: 0 to 1, or beyond.
    """

    share: float

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The part in a language, as `12%` or `0.4%`."""
        exact = 0 < abs(self.share) < _SMALL or _NEARLY_ALL <= self.share < 1
        return str(format_percent(self.share, "#,##0.#%" if exact else "#,##0%", locale=locale_of(language)))

    def __str__(self) -> str:
        return self.render()


@dataclass(frozen=True)
class Amount:
    """Money in a sentence or on a bar, without the minor unit where it says nothing.

    Attributes:
        minor: Minor units.
        currency: Its currency.
        whole: Whether to round to whole major units.
    """

    minor: int
    currency: Currency
    whole: bool = False

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The amount in a language, as `₱1,200`."""
        whole = self.whole or self.minor % 10**self.currency.digits == 0
        return self.currency.shown(self.minor, language, whole=whole)

    def __str__(self) -> str:
        return self.render()


@dataclass(frozen=True)
class Weekday:
    """A day of the week in a sentence.

    Attributes:
        number: 1 is Monday.
    """

    number: int

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Its name in a language."""
        return str(get_day_names("wide", locale=locale_of(language))[self.number - 1])

    def __str__(self) -> str:
        return self.render()


@dataclass(frozen=True)
class Listed:
    """Several words as a list.

    Attributes:
        parts: The words.
    """

    parts: Sequence[Parameter]

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The words in a language, with what stands between them there."""
        separator = "、" if language.startswith("zh") else ", "
        return separator.join(text("views.said", value=part).render(language) for part in self.parts)

    def __str__(self) -> str:
        return self.render()


def said(attribute: Attribute, stored: Any, currency: Currency, names: Mapping[str, str] = _NO_NAMES) -> Parameter:
    """A stored value as a sentence takes it; what counts something, without its unit.

    Args:
        attribute: Whose value.
        stored: As profiles hold it.
        currency: Of money.
        names: What ids are called.
    """
    if stored is None or isinstance(stored, bool | date | datetime):
        return stored
    if attribute.type is ValueType.MONEY:
        return Amount(round(stored), currency)
    if attribute.unit is Unit.SHARE:
        return Percentage(float(stored))
    if isinstance(stored, str):
        return names.get(stored) or attribute.word(stored)
    if isinstance(stored, Iterable):
        return Listed([names.get(each) or attribute.word(each) for each in stored])
    number = float(stored)
    return int(number) if number.is_integer() else number


def shown(attribute: Attribute, stored: Any, currency: Currency, names: Mapping[str, str] = _NO_NAMES) -> Text | None:
    """A stored value as it stands alone, with its unit; None where it is not known."""
    if stored is None or (isinstance(stored, list) and not stored):
        return None
    value = said(attribute, stored, currency, names)
    if attribute.unit in _UNITS and isinstance(value, int | float):
        return text(f"views.unit-{attribute.unit}", count=round(value, 1))
    return text("views.said", value=round(value, 2) if isinstance(value, float) else value)


def estimated(
    attribute: Attribute, stored: Any, currency: Currency, names: Mapping[str, str] = _NO_NAMES
) -> Text | None:
    """The same of what a model says: money without its minor unit, which nobody can foretell."""
    if attribute.type is ValueType.MONEY and stored is not None:
        return text("views.said", value=Amount(round(stored), currency, whole=True))
    return shown(attribute, stored, currency, names)


def label(words: Text | Labels | str) -> Text | Labels:
    """A word of the data, or of the catalogue, as a label."""
    return Labels({"en": words}) if isinstance(words, str) else words


_UNITS = frozenset({Unit.DAYS, Unit.MONTHS, Unit.YEARS})
