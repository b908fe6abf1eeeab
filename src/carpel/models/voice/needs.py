"""What customers ask for and have not bought: themes that no product of theirs answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from carpel.models.voice.reviews import column
from carpel.models.voice.scripts import folded
from carpel.models.voice.sentiment import Mood
from carpel.models.voice.themes import Theme, Themes, spoken

UNMET_FROM: Final = 0.8
"""Of a theme's customers, so many have bought nothing that answers it."""
FEWEST: Final = 5
"""Customers, from which on a need is told."""
_EXAMPLES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Need:
    """A theme that what its customers bought does not answer.

    Attributes:
        theme: What they speak of.
        customers: How many speak of it, other than in praise.
        unmet: How many of those bought nothing whose name or category holds one of the words that they used.
        examples: Numbers of some of these customers, the lowest first.
        offered: Products that would answer it, by the words of their names; none where nothing on offer does.
    """

    theme: Theme
    customers: int
    unmet: int
    examples: tuple[int, ...]
    offered: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of those who speak of it, how many have bought nothing that answers it."""
        return self.unmet / self.customers


@dataclass(frozen=True)
class Shelf:
    """Products by the words of their names, categories and lines, in every language that those are in.

    A word in another language than a product's name finds nothing, so that such needs count as unmet.
    """

    names: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    def of(cls, products: Iterable[pa.RecordBatch]) -> Shelf:
        """From batches with `product_id`, and `name`, `category` and `line` where there are."""
        names, words = {}, {}
        for batch in products:
            told = (column(batch, each) for each in ("product_id", "name", "category", "line"))
            for product, name, category, line in zip(*told, strict=True):
                if product is not None:
                    names[product] = name or product
                    words[product] = folded(" \n ".join(each for each in (name, category, line) if each))
        return cls(names, words)

    def holding(self, word: str) -> frozenset[str]:
        """Products that speak of a word."""
        return frozenset(product for product, said in self.words.items() if _holds(said, word))


def _holds(said: str, word: str) -> bool:
    """Whole words where letters are spelt, but for a plural; anywhere in Chinese."""
    if not word.isascii():
        return word in said
    padded = f" {' '.join(said.split())} "
    return any(f" {form} " in padded for form in (word, f"{word}s", f"{word}es", word.removesuffix("s")))


@dataclass
class _Spoken:
    theme: Theme
    customers: set[int] = field(default_factory=set)
    met: set[int] = field(default_factory=set)


def unmet_needs(
    themes: Themes,
    entries: Iterable[pa.RecordBatch],
    bought: Iterable[pa.RecordBatch],
    products: Iterable[pa.RecordBatch],
) -> tuple[Need, ...]:
    """Themes that at least four in five of their customers have bought no answer to; most customers first.

    Args:
        themes: What texts are about.
        entries: What customers said: `customer_no`, `text`, and `language` and `mood` where known. Praise is no need.
        bought: `customer_no` and `product_id` of what they bought.
        products: As `Shelf.of` reads them.
    """
    shelf = Shelf.of(products)
    answers = {word: shelf.holding(word) for theme in themes.all for word in theme.words}
    owned = _owned(bought, frozenset().union(*answers.values()))
    heard: dict[str, _Spoken] = {}
    for batch in entries:
        _listen(batch, themes, answers, owned, heard)
    found = [_need(each, answers, shelf) for each in heard.values() if len(each.customers) >= FEWEST]
    return tuple(
        sorted((each for each in found if each.share >= UNMET_FROM), key=lambda each: (-each.unmet, each.theme.key))
    )


def _owned(bought: Iterable[pa.RecordBatch], wanted: frozenset[str]) -> dict[int, set[str]]:
    """Of each customer the products that could answer anything; others are not remembered."""
    found: dict[int, set[str]] = {}
    for batch in bought:
        for customer, product in zip(column(batch, "customer_no"), column(batch, "product_id"), strict=True):
            if customer is not None and product in wanted:
                found.setdefault(customer, set()).add(product)
    return found


def unmet_by_customer(
    themes: Themes,
    entries: Iterable[pa.RecordBatch],
    bought: Iterable[pa.RecordBatch],
    products: Iterable[pa.RecordBatch],
) -> dict[int, frozenset[str]]:
    """The keys of themes that each customer speaks of without praise, and has bought no answer to.

    The arguments are those of `unmet_needs`.
    """
    shelf = Shelf.of(products)
    answers = {word: shelf.holding(word) for theme in themes.all for word in theme.words}
    heard: dict[str, _Spoken] = {}
    owned = _owned(bought, frozenset().union(*answers.values()))
    for batch in entries:
        _listen(batch, themes, answers, owned, heard)
    found: dict[int, set[str]] = {}
    for key, spoke in heard.items():
        for customer in spoke.customers - spoke.met:
            found.setdefault(customer, set()).add(key)
    return {customer: frozenset(keys) for customer, keys in found.items()}


def _listen(
    batch: pa.RecordBatch,
    themes: Themes,
    answers: Mapping[str, frozenset[str]],
    owned: Mapping[int, set[str]],
    heard: dict[str, _Spoken],
) -> None:
    told = (column(batch, "customer_no"), column(batch, "text"), column(batch, "mood"), themes.about(batch))
    for customer, said, mood, theme in zip(*told, strict=True):
        if customer is None or theme is None or mood == Mood.POSITIVE:
            continue
        spoke = heard.setdefault(theme.key, _Spoken(theme))
        spoke.customers.add(customer)
        mine = owned.get(customer, set())
        if any(not mine.isdisjoint(answers[each.word]) for each in spoken(theme, said)):
            spoke.met.add(customer)


def _need(spoke: _Spoken, answers: Mapping[str, frozenset[str]], shelf: Shelf) -> Need:
    unmet = sorted(spoke.customers - spoke.met)
    offered = [name for word in spoke.theme.words for name in sorted(shelf.names[each] for each in answers[word])]
    return Need(
        theme=spoke.theme,
        customers=len(spoke.customers),
        unmet=len(unmet),
        examples=tuple(unmet[:_EXAMPLES]),
        offered=tuple(dict.fromkeys(offered))[:_EXAMPLES],
    )
