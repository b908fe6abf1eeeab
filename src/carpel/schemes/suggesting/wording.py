"""A division as YAML that its owner could have written: keys, labels in the segment's languages, rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from carpel.kernel.texts import DEFAULT_LANGUAGE, Labels, Text, text
from carpel.schemes.partitions import Rule
from carpel.schemes.suggesting.options import Option
from carpel.schemes.values import Segment

_LONGEST: Final = 80
_NOT_IN_KEYS: Final = re.compile(r"[^\w.]+")


def parts_of(segment: Segment, option: Option, taken: Collection[str]) -> tuple[Segment, Segment]:
    """The two parts of a segment as an option divides it."""
    languages = tuple(segment.label.by_language) or (DEFAULT_LANGUAGE,)
    attribute = option.attribute.key.removeprefix("own_")
    first = _free(f"{segment.key}-{_plain(attribute)}-{_plain(option.slug)}", taken)
    second = _free(f"{segment.key}-others", {*taken, first})
    said = text("schemes.suggest-part", segment=segment.name, says=option.says)
    others = text("schemes.suggest-others", segment=segment.name)
    return (
        Segment(key=first, label=in_languages(said, languages), when=Rule(option.rule)),
        Segment(key=second, label=in_languages(others, languages)),
    )


def in_languages(said: Text, languages: Collection[str]) -> Labels:
    """A sentence as a label."""
    return Labels({language: said.render(language) for language in languages})


def as_entries(segments: Collection[Segment]) -> list[dict[str, Any]]:
    """Segments as the entries of their YAML."""
    return [_entries(each) for each in segments]


def _entries(segment: Segment) -> dict[str, Any]:
    entries: dict[str, Any] = {"key": segment.key}
    if segment.label.by_language:
        entries["label"] = dict(segment.label.by_language)
    entries |= {"when": segment.when.source} if segment.when else {"otherwise": True}
    own: Mapping[str, Any] = {name: getattr(segment, name) for name in ("owner", "team", "playbook", "urgent")}
    entries |= {name: value for name, value in own.items() if value}
    if segment.segments:
        entries["segments"] = as_entries(segment.segments)
    return entries


def _plain(words: str) -> str:
    return _NOT_IN_KEYS.sub("-", words.replace("_", "-")).strip("-.").casefold() or "x"


def _free(wish: str, taken: Collection[str]) -> str:
    """The wish, shortened to what a key may be, with a number where it is taken."""
    key, number = wish[:_LONGEST], 1
    while key in taken:
        number += 1
        ending = f"-{number}"
        key = wish[: _LONGEST - len(ending)] + ending
    return key
