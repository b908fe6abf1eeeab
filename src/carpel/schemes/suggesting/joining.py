"""Two siblings as one segment, so that nobody outside the two moves.

Rules are tried in order, so a sibling between the two must keep whom it takes:

- The later one has a rule: it comes up to the earlier one's place, without those whom a sibling in between would take.
- The later one takes everyone left: the earlier one goes down into it, and siblings in between leave alone whom it
  took.
- There are only the two: the segment that they divide is not divided any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from carpel.kernel.texts import DEFAULT_LANGUAGE, Labels, text
from carpel.schemes.partitions import Rule
from carpel.schemes.suggesting.wording import in_languages
from carpel.schemes.values import Scheme, Segment

_PAIR: Final = 2


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Two siblings made one.

    Attributes:
        parent: The segment that they refine; None at the top.
        children: Its parts afterwards; none where it is not divided any more.
        kept: The key of the two as one.
        gone: The key, or one of the keys, that is no longer there.
        written: The segments whose rule or label changes.
    """

    parent: str | None
    children: tuple[Segment, ...]
    kept: str
    gone: str
    written: tuple[Segment, ...]


def siblings(scheme: Scheme) -> tuple[tuple[str | None, tuple[Segment, ...]], ...]:
    """The parts of each divided segment, and of the scheme itself under None."""
    divided = ((segment.key, segment.segments) for _, segment in scheme.walk() if segment.segments)
    return ((None, scheme.segments), *divided)


def joined(scheme: Scheme, one: str, other: str) -> Joined | None:
    """Two leaves that are siblings as one; None where they are all that the scheme has.

    Args:
        scheme: The scheme.
        one: A leaf's key.
        other: That of a sibling.
    """
    parent, parts = next((parent, parts) for parent, parts in siblings(scheme) if _holds(parts, one, other))
    if len(parts) == _PAIR:
        if parent is None:
            return None
        whole = replace(scheme.segment(parent), segments=())
        return Joined(parent=parent, children=(), kept=parent, gone=parts[1].key, written=(whole,))
    first, last = sorted(index for index, part in enumerate(parts) if part.key in {one, other})
    make = _down if parts[last].when is None else _up
    return make(parent, parts, first, last)


def _holds(parts: Sequence[Segment], one: str, other: str) -> bool:
    return {one, other} <= {part.key for part in parts}


def _up(parent: str | None, parts: Sequence[Segment], first: int, last: int) -> Joined:
    earlier, later, between = parts[first], parts[last], parts[first + 1 : last]
    rule = f"({_source(earlier)}) or ({_source(later)})"
    if between:
        taken = " or ".join(f"({_source(each)})" for each in between)
        # An unknown rule takes nobody, and "not unknown" would be unknown too.
        rule = f"({_source(earlier)}) or (({_source(later)}) and not coalesce({taken}, false))"
    both = replace(earlier, label=_label(earlier, later), when=Rule(rule))
    children = (*parts[:first], both, *between, *parts[last + 1 :])
    return Joined(parent=parent, children=children, kept=both.key, gone=later.key, written=(both,))


def _down(parent: str | None, parts: Sequence[Segment], first: int, last: int) -> Joined:
    earlier, rest = parts[first], parts[last]
    apart = f"not coalesce({_source(earlier)}, false)"
    between = tuple(replace(each, when=Rule(f"({_source(each)}) and {apart}")) for each in parts[first + 1 : last])
    both = replace(rest, label=_label(earlier, rest))
    children = (*parts[:first], *between, both)
    return Joined(parent=parent, children=children, kept=both.key, gone=earlier.key, written=(*between, both))


def _source(segment: Segment) -> str:
    return segment.when.source if segment.when else "true"


def _label(one: Segment, other: Segment) -> Labels:
    languages = dict.fromkeys((*one.label.by_language, *other.label.by_language)) or (DEFAULT_LANGUAGE,)
    return in_languages(text("schemes.suggest-joined", one=one.name, other=other.name), tuple(languages))
