"""What to write instead of what could not be read; one slip a function, the first that fits speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final, TypeAlias

from carpel.kernel.errors import nearest
from carpel.kernel.language.errors import LanguageError, Source, Span
from carpel.kernel.texts import Text, text

_Remedy: TypeAlias = Callable[[Source, Span], LanguageError | None]

_SIGNS: Final = {
    "≥": ">=",
    "≤": "<=",
    "≠": "<>",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "“": "'",
    "”": "'",
    "‘": "'",
    "’": "'",
    "「": "'",
    "」": "'",
    "。": ".",
    "、": ",",
    "&": "and",
    "|": "or",
    "!": "not",
}
_STATEMENT: Final = frozenset(
    {"select", "from", "drop", "delete", "insert", "update", "union", "with", "case", "exists"}
)
_SHOWN: Final = 12
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|`[^`\n]*`")


def unreadable(source: Source, at: Span) -> LanguageError:
    """The error for a text that the grammar does not take, whose first odd piece is `at`."""
    for remedy in _REMEDIES:
        error = remedy(source, at)
        if error:
            return error
    return source.error("language.unexpected", at, found=source.written(at))


def nearest_of(name: str, known: Iterable[str]) -> Text:
    """What was probably meant, or else what there is."""
    names = tuple(known)
    near = nearest(name, names)
    return near if isinstance(near, Text) else text("language.known", names=listed(names))


def listed(names: Iterable[str]) -> str:
    """Some names, or the first of many."""
    first = list(islice(names, _SHOWN + 1))
    return ", ".join(first[:_SHOWN]) + (", …" if len(first) > _SHOWN else "")


def _unclosed_quote(source: Source, at: Span) -> LanguageError | None:
    if source.written(at) in {"'", "`"}:
        return source.error("language.unclosed-quote", at, quote=source.written(at))
    return None


def _double_quoted(source: Source, at: Span) -> LanguageError | None:
    if source.written(at) != '"':
        return None
    end = source.text.find('"', at.end)
    if end < 0:
        return source.error("language.sign", at, found='"', instead="'")
    inner = source.text[at.end : end]
    return source.error("language.double-quoted", Span(at.start, end + 1), text=inner.replace("'", "''"), name=inner)


def _doubled_sign(source: Source, at: Span) -> LanguageError | None:
    before = source.text[at.start - 1 : at.start]
    if before == "=" and source.written(at) in {"=", ">", "<", ">=", "<="}:
        instead = "=" if source.written(at) == "=" else source.written(at)[0] + "="
        whole = Span(at.start - 1, at.end)
        return source.error("language.sign", whole, found=source.written(whole), instead=instead)
    return None


def _other_sign(source: Source, at: Span) -> LanguageError | None:
    found = source.written(at)
    instead = _SIGNS.get(found) or (chr(ord(found) - 0xFEE0) if "！" <= found <= "～" and len(found) == 1 else None)
    return source.error("language.sign", at, found=found, instead=instead) if instead else None


def _percent(source: Source, at: Span) -> LanguageError | None:
    return source.error("language.percent", at) if source.written(at) == "%" else None


def _statement(source: Source, at: Span) -> LanguageError | None:
    found = source.written(at)
    if found == ";" or found.lower() in _STATEMENT:
        return source.error("language.statement", at, found=found)
    return None


def _comment(source: Source, at: Span) -> LanguageError | None:
    if source.text[at.start :].startswith("#") or source.text[at.start - 1 : at.end] == "/*":
        return source.error("language.comment", at)
    return None


def _unopened(source: Source, at: Span) -> LanguageError | None:
    if source.written(at) == ")" and not _open_brackets(source, at.start):
        return source.error("language.unopened", at)
    return None


def _ends_early(source: Source, at: Span) -> LanguageError | None:
    if at.start < len(source.text.rstrip()):
        return None
    brackets = _open_brackets(source, len(source.text))
    if brackets:
        return source.error("language.unclosed", Span(brackets[-1], brackets[-1] + 1))
    return source.error("language.unfinished", at)


def _thousands(source: Source, at: Span) -> LanguageError | None:
    if source.written(at) == "," and re.search(r"\d\s*$", source.text[: at.start]):
        return source.error("language.thousands", at)
    return None


def _quote_inside(source: Source, at: Span) -> LanguageError | None:
    if source.text[at.start - 1 : at.start] == "'" and re.match(r"\w", source.written(at)):
        return source.error("language.quote-inside", Span(at.start - 1, at.start))
    return None


def _missing_operator(source: Source, at: Span) -> LanguageError | None:
    before = _QUOTED.sub("x", source.text[: at.start]).rstrip()
    if re.match(r"[\w'`]", source.written(at)) and re.search(r"[\w)]$", before):
        return source.error("language.missing-operator", at, found=source.written(at))
    return None


def _open_brackets(source: Source, end: int) -> list[int]:
    """Where the brackets stand that are still open at a position."""
    quiet = _QUOTED.sub(lambda found: "x" * len(found.group()), source.text)[:end]
    brackets: list[int] = []
    for found in re.finditer(r"[()]", quiet):
        if found.group() == "(":
            brackets.append(found.start())
        elif brackets:
            brackets.pop()
    return brackets


_REMEDIES: Final[tuple[_Remedy, ...]] = (
    _unclosed_quote,
    _double_quoted,
    _doubled_sign,
    _other_sign,
    _percent,
    _statement,
    _comment,
    _unopened,
    _ends_early,
    _thousands,
    _quote_inside,
    _missing_operator,
)
