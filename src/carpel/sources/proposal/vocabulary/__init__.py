"""What people call tables and columns, in English, Chinese and Filipino: declared in the YAML files beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.yaml import Node, read_yaml
from carpel.sources.proposal.words import is_chinese, squashed, tokens

NAME_PARTS: Final = ("first_name", "last_name")
"""Parts of a person's name: no columns of their own, joined into `name`."""

SURE, MAYBE, HARDLY, PART = 1.0, 0.75, 0.55, 0.5
"""How far a name alone is believed: its only meaning; one of several; the least of several; a part is known."""


@dataclass(frozen=True)
class Meaning:
    """What a column's name may stand for.

    Attributes:
        table: A fact table.
        column: One of its columns, or a part of a person's name.
        strength: How far the name alone is believed, 0 to 1.
    """

    table: str
    column: str
    strength: float


def meanings(name: str) -> tuple[Meaning, ...]:
    """Everything that a column's name may stand for, strongest first in each table."""
    exact = _phrases().get(squashed(name), ())
    if any(each.strength == SURE for each in exact):
        return exact
    known = {(each.table, each.column) for each in exact}
    return exact + tuple(each for each in _partly(name) if (each.table, each.column) not in known)


def tables_called(name: str) -> frozenset[str]:
    """The fact tables that a file of that name would hold; `things` for files of other things."""
    whole = squashed(name)
    return _files().get(whole) or _files().get(whole.removesuffix("s")) or _longest_file(name)


def sounds_like_key(name: str) -> str | None:
    """The thing that a key's name speaks of, `supplier` for `supplier_id`; None where it is no key's name."""
    words = tokens(name)
    if len(words) > 1 and words[-1] in _KEY_ENDINGS:
        return "".join(words[:-1])
    return None


@cache
def words(name: str) -> frozenset[str]:
    """A declared list of words, as they compare."""
    return frozenset(squashed(item.text()) for item in _documents()[name].items())


@cache
def meant(table: str, column: str) -> dict[str, str]:
    """For each word that files use as a value of a column, the contract's word."""
    found = _documents()["meant"].mapping().get(f"{table}.{column}")
    ours = found.mapping() if found else {}
    return {
        squashed(word): our for our, node in ours.items() for word in (our, *(each.text() for each in node.items()))
    }


@cache
def currency_words() -> dict[str, str]:
    """For each mark or word of a currency, its code."""
    codes = _documents()["currencies"].mapping().items()
    return {item.text().casefold(): code for code, node in codes for item in node.items()}


_BY_MARKS: Final = (SURE, MAYBE, HARDLY)
_KEY_ENDINGS: Final = frozenset({"id", "no", "number", "code", "key", "uuid", "guid"})


def _partly(name: str) -> Iterator[Meaning]:
    """Meanings of the longest known end of a name: `ship country` ends in `country`."""
    parts = _chinese_ends(squashed(name)) if is_chinese(name) else _word_ends(tokens(name))
    for part in parts:
        if found := [each for each in _phrases().get(part, ()) if each.strength == SURE]:
            yield from (Meaning(each.table, each.column, PART) for each in found)
            return


def _word_ends(words: tuple[str, ...]) -> Iterator[str]:
    for start in range(1, len(words)):
        yield "".join(words[start:])


def _chinese_ends(whole: str) -> Iterator[str]:
    for start in range(1, len(whole) - 1):
        yield whole[start:]


def _longest_file(name: str) -> frozenset[str]:
    words = tokens(name)
    for size in range(len(words) - 1, 0, -1):
        for start in range(len(words) - size, -1, -1):
            if found := _files().get("".join(words[start : start + size])):
                return found
    whole = squashed(name)
    inside = [each for each in _files() if is_chinese(each) and len(each) > 1 and each in whole]
    return _files()[max(inside, key=lambda each: (len(each), each))] if inside else frozenset()


@cache
def _documents() -> dict[str, Node]:
    found: dict[str, Node] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if path.name.endswith(".yaml"):
            found |= read_yaml(path.read_text(encoding="utf-8"), path.name).mapping()
    return found


@cache
def _phrases() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = {}
    for table in TABLES:
        for column, node in _documents()[table].mapping()["columns"].mapping().items():
            for word, strength in _strengths(column, node):
                found.setdefault(word, []).append(Meaning(table, column, strength))
    return {word: tuple(sorted(each, key=lambda m: -m.strength)) for word, each in found.items()}


def _strengths(column: str, node: Node) -> Iterator[tuple[str, float]]:
    strengths: dict[str, float] = {squashed(column): SURE} if node.value or column in NAME_PARTS else {}
    for item in node.items():
        phrase = item.text()
        word = squashed(phrase.lstrip("?"))
        strengths[word] = max(strengths.get(word, 0.0), _BY_MARKS[len(phrase) - len(phrase.lstrip("?"))])
    yield from strengths.items()


@cache
def _files() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for table in TABLES:
        for item in _documents()[table].mapping()["files"].items():
            found.setdefault(squashed(item.text()), set()).add(table)
    for item in _documents()["things"].items():
        found.setdefault(squashed(item.text()), set()).add("things")
    return {word: frozenset(tables) for word, tables in found.items()}
