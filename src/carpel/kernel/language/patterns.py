"""Patterns of `like`: `%` is any text, `_` is one character, a backslash takes the next character as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final, TypeAlias


class Wild(Enum):
    """What stands for characters that are not written out."""

    ANY = "%"
    ONE = "_"


Piece: TypeAlias = "str | Wild"

_SPECIAL: Final = frozenset(r"\.+*?()|[]{}^$")


def pattern_problem(pattern: str) -> bool:
    """Whether the pattern ends in a backslash that has nothing to take as it is."""
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1


def has_escapes(pattern: str) -> bool:
    """Whether the pattern takes any character as it is."""
    return "\\" in pattern


def pieces(pattern: str) -> Iterator[Piece]:
    """The pattern's characters and wildcards in order."""
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            yield next(characters)
        elif character in {"%", "_"}:
            yield Wild(character)
        else:
            yield character


def regular_expression(pattern: str) -> str:
    """The pattern as a regular expression for the whole text, in the syntax that RE2 and Java share."""
    return f"(?s)^{''.join(_regular(piece) for piece in pieces(pattern))}\\z"


def matcher(pattern: str) -> Callable[[str], bool]:
    """A test of one text. It takes time in proportion to the text for each `%`, whatever the pattern."""
    runs = [re.compile("".join(map(_regular, run)), re.DOTALL) for run in _runs(pattern)]
    if len(runs) == 1:
        return lambda text: runs[0].fullmatch(text) is not None
    first, *middle, last = runs
    size = len(_runs(pattern)[-1])

    def matches(text: str) -> bool:
        start = first.match(text)
        if start is None:
            return False
        at = start.end()
        for run in middle:
            found = run.search(text, at)
            if found is None:
                return False
            at = found.end()
        return len(text) - size >= at and last.fullmatch(text, len(text) - size) is not None

    return matches


def _runs(pattern: str) -> list[list[Piece]]:
    """What stands between the `%`s."""
    runs: list[list[Piece]] = [[]]
    for piece in pieces(pattern):
        if piece is Wild.ANY:
            runs.append([])
        else:
            runs[-1].append(piece)
    return runs


def _regular(piece: Piece) -> str:
    if isinstance(piece, Wild):
        return ".*" if piece is Wild.ANY else "."
    return f"\\{piece}" if piece in _SPECIAL else piece
