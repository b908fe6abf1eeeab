"""What values say: words for yes and no, words that the contract knows under others, and statuses without a sale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from carpel.sources.proposal.vocabulary import meant, words
from carpel.sources.proposal.words import is_chinese, squashed, tokens

_TWO: Final = 2


def is_truth_like(values: Sequence[tuple[str, int]]) -> bool:
    """Whether there are at most two different values, all of them words for yes or no."""
    return 0 < len(values) <= _TWO and all(squashed(value) in words("truths") for value, _ in values)


def translated(table: str, column: str, values: Iterable[tuple[str, int]]) -> dict[str, str]:
    """For each of the file's values the contract's word, where one is known."""
    known = meant(table, column)
    return {value: known[squashed(value)] for value, _ in values if squashed(value) in known}


def without_sale(values: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Those of a status column's values under which nothing was sold."""
    return tuple(sorted(value for value, _ in values if squashed(value) in words("no_sale")))


def may_be_delivery(name: str, values: Iterable[str]) -> bool:
    """Whether a status is one of how goods travel, and some of its words may be said of what was sold."""
    parts = {squashed(name), *tokens(name)}
    travels = any(word in parts or (is_chinese(word) and word in squashed(name)) for word in words("delivery"))
    return travels and any(squashed(value) in words("of_delivery") for value in values)
