"""In which currency amounts probably are: by a column that says so, column names, countries, or the names' language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from babel.core import get_global
from babel.numbers import get_territory_currencies

from carpel.kernel.texts import LANGUAGES, locale_of, text
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.plan import Setting, SourcePlan
from carpel.sources.proposal.vocabulary import currency_words, words
from carpel.sources.proposal.words import bracketed, is_chinese, is_traditional, squashed, tokens

USUAL: Final = ("PHP", "USD", "EUR", "CNY", "TWD", "GBP")
_MONEY: Final = frozenset({"amount", "unit_price", "price", "tax", "recurring_amount", "income", "annual_revenue"})
_CODE_LENGTH: Final = 3
_MOST: Final = 0.5
_ALSO_CALLED: Final = {
    "usa": "US",
    "uk": "GB",
    "us": "US",
    "england": "GB",
    "scotland": "GB",
    "korea": "KR",
    "prc": "CN",
}


def guessed_currency(sources: Sequence[SourcePlan]) -> Setting:
    """The currency that the files speak for most, with the reason."""
    for guess in (_by_column, _by_name, _by_country, _by_language):
        found = next(guess(sources), None)
        if found is not None:
            return found
    return Setting(value="USD", why=text("proposal.currency-unknown"))


def says_its_currency(sources: Sequence[SourcePlan]) -> bool:
    """Whether a column of the files names the currency, the same on every row."""
    return any(len(column.values) == 1 for column in _columns(sources, frozenset({"currency"})))


def has_money(sources: Sequence[SourcePlan]) -> bool:
    """Whether any amount is mapped."""
    return next(_columns(sources, _MONEY), None) is not None


def _columns(sources: Sequence[SourcePlan], names: frozenset[str]) -> Iterator[SeenColumn]:
    for source in sources:
        for table in source.tables:
            for plan in table.columns:
                if plan.name in names:
                    yield from (source.seen.by_name[each] for each in plan.columns)


def _by_column(sources: Sequence[SourcePlan]) -> Iterator[Setting]:
    for column in _columns(sources, frozenset({"currency"})):
        code = column.values[0][0].strip().upper() if column.values else ""
        if len(code) == _CODE_LENGTH and code.isascii() and code.isalpha() and code in get_global("all_currencies"):
            yield Setting(value=code, why=text("proposal.currency-by-column", column=column.name))


def _by_name(sources: Sequence[SourcePlan]) -> Iterator[Setting]:
    for column in _columns(sources, _MONEY):
        unit = bracketed(column.name).strip().casefold()
        for word in (unit, *tokens(column.name)):
            if word in currency_words() and not (word == "元" and is_traditional(column.name)):
                yield Setting(value=currency_words()[word], why=text("proposal.currency-by-name", column=column.name))


def _by_country(sources: Sequence[SourcePlan]) -> Iterator[Setting]:
    for column in _columns(sources, frozenset({"country"})):
        if not column.values or column.values[0][1] < _MOST * column.filled:
            continue
        country = column.values[0][0]
        code = _territories().get(squashed(country))
        currencies = get_territory_currencies(code) if code else []
        if currencies:
            yield Setting(value=currencies[0], why=text("proposal.currency-by-country", country=country))


def _by_language(sources: Sequence[SourcePlan]) -> Iterator[Setting]:
    names = [column.name for source in sources for column in source.seen.columns]
    chinese = [name for name in names if is_chinese(name)]
    if len(chinese) > len(names) / 2:
        code = "TWD" if any(is_traditional(name) for name in chinese) else "CNY"
        yield Setting(value=code, why=text("proposal.currency-by-language"))
    elif sum(bool(words("filipino") & set(tokens(name))) for name in names) >= max(2, len(names) / 4):
        yield Setting(value="PHP", why=text("proposal.currency-by-language"))


@cache
def _territories() -> dict[str, str]:
    """Country codes by code and by name in every language."""
    found = dict(_ALSO_CALLED)
    for language in LANGUAGES:
        for code, name in locale_of(language).territories.items():
            if code.isalpha():
                found.setdefault(squashed(str(name)), str(code))
                found.setdefault(str(code).casefold(), str(code))
    return found
