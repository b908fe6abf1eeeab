"""Text to a syntax tree, within limits that keep a hostile rule from costing anything."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, TypeAlias

from lark import Lark, Token
from lark import Tree as LarkTree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from carpel.kernel.language.errors import Source, Span
from carpel.kernel.language.remedies import unreadable

MAX_CHARACTERS: Final = 4_000
MAX_DEPTH: Final = 60

Tree: TypeAlias = LarkTree[Token]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_QUOTED_OR_SIGN: Final = re.compile(r"'(?:[^']|'')*'|`[^`\n]*`|[()]|--")


def syntax(source: Source) -> Tree:
    """The syntax tree of an expression.

    Raises:
        LanguageError: Not an expression, or one that is longer or more deeply nested than anyone would write.
    """
    _refuse_enormous(source)
    try:
        tree = _grammar().parse(source.text)
    except UnexpectedInput as error:
        raise unreadable(source, _offending(source, error)) from error
    _refuse_deep(source, tree)
    return tree


def span(tree: Tree | Token) -> Span:
    """Where a part of the syntax tree is written."""
    if isinstance(tree, Token):
        return Span(tree.start_pos or 0, tree.end_pos or 0)
    return Span(tree.meta.start_pos, tree.meta.end_pos)


def trees(tree: Tree) -> list[Tree]:
    """The parts of a tree that are trees."""
    return [child for child in tree.children if not isinstance(child, Token)]


def tokens(tree: Tree) -> list[Token]:
    """The parts of a tree that are single words or signs."""
    return [child for child in tree.children if isinstance(child, Token)]


@cache
def _grammar() -> Lark:
    grammar = (files("carpel.kernel.language") / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=False)


def _offending(source: Source, error: UnexpectedInput) -> Span:
    end = len(source.text)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return span(error.token)
    if isinstance(error, UnexpectedCharacters):
        at = error.pos_in_stream or 0
        return Span(at, at + 1)
    return Span(end, end)


def _refuse_enormous(source: Source) -> None:
    if len(source.text) > MAX_CHARACTERS:
        shortened = Source(source.text[:MAX_CHARACTERS], source.place)
        start = Span(0, min(40, MAX_CHARACTERS))
        raise shortened.error("language.too-long", start, characters=len(source.text), limit=MAX_CHARACTERS)
    if not source.text.strip():
        raise source.error("language.empty", Span(0, 0))
    if odd := _CONTROL.search(source.text):
        cleaned = Source(_CONTROL.sub("�", source.text), source.place)
        raise cleaned.error("language.control-character", Span(*odd.span()), code=f"U+{ord(odd.group()):04X}")
    depth = 0
    for found in _QUOTED_OR_SIGN.finditer(source.text):
        if found.group() == "--":
            raise source.error("language.comment", Span(*found.span()))
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth > MAX_DEPTH:
            raise source.error("language.too-deep", Span(*found.span()), limit=MAX_DEPTH)


def _refuse_deep(source: Source, tree: Tree) -> None:
    """Before anything recurses: a chain of n calculations is n deep, as each takes the result of the one before."""
    waiting: list[tuple[Tree, int]] = [(tree, 0)]
    while waiting:
        found, depth = waiting.pop()
        if depth > MAX_DEPTH + 1:
            raise source.error("language.too-deep", span(found), limit=MAX_DEPTH)
        deeper = depth + (len(found.children) // 2 if found.data == "chain" else 1)
        waiting.extend((child, deeper) for child in trees(found))
