"""What is wrong with an expression, where in it, and what to write instead."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Parameter

_AROUND: Final = 32
_INDENT: Final = "    "


@dataclass(frozen=True)
class Span:
    """Part of a text, from `start` up to but not including `end`."""

    start: int
    end: int


class LanguageError(CarpelError):
    """An expression that cannot be read.

    Attributes:
        span: The part of the expression that is meant.
    """

    def __init__(self, key: str, /, *, place: str | None, span: Span = Span(0, 0), **params: Parameter) -> None:
        self.span = span
        super().__init__(key, place=place, **params)


@dataclass(frozen=True)
class Source:
    """An expression as written.

    Attributes:
        text: The expression.
        place: Where it stands, as `file:line:column`.
    """

    text: str
    place: str

    def error(self, key: str, span: Span, **params: Parameter) -> LanguageError:
        """An error that points at a part of the expression.

        Its place is that of the expression, followed by `+` and the offset within it.
        """
        place = f"{self.place}+{span.start}" if span.start else self.place
        return LanguageError(key, place=place, span=span, excerpt=excerpt(self.text, span), **params)

    def written(self, span: Span) -> str:
        """A part of the expression."""
        return self.text[span.start : span.end]


def excerpt(source: str, span: Span) -> str:
    """The part of a source around a span, with carets under the span.

    Wide characters, such as Chinese ones, count as two columns.
    """
    line_start = source.rfind("\n", 0, span.start) + 1
    line_end = source.find("\n", span.start)
    line_end = len(source) if line_end < 0 else line_end
    first = line_start if span.start - line_start <= _AROUND else span.start - _AROUND
    last = min(line_end, max(span.start + _AROUND, min(span.end, span.start + 2 * _AROUND)))
    before = ("…" if first > line_start else "") + source[first : span.start]
    marked = source[span.start : min(span.end, last)]
    after = source[span.start + len(marked) : last] + ("…" if last < line_end else "")
    carets = " " * _columns(before) + "^" * max(1, _columns(marked))
    return f"{_INDENT}{before}{marked}{after}\n{_INDENT}{carets}"


def _columns(shown: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in shown)
