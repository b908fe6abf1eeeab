"""From YAML to a scheme; every error names its place and the nearest remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from carpel.kernel.yaml import Node, read_yaml
from carpel.schemes.entries import fields, read_key, read_labels, read_rule, read_when
from carpel.schemes.errors import SchemeError
from carpel.schemes.reading_partitions import read_partitions
from carpel.schemes.structure import require_sound
from carpel.schemes.values import Limits, Scheme, Segment

MAX_SEGMENTS: Final = 2_000
_HOLD: Final = re.compile(r"(\d{1,5}) (day|days|week|weeks)")
_SCHEME: Final = ("scheme", "label", "sponsor", "base", "hold", "limits", "partitions", "segments")
_SEGMENT: Final = ("key", "label", "when", "otherwise", "owner", "team", "playbook", "urgent", "segments")


def read_scheme(text: str, name: str) -> Scheme:
    """Read a scheme as its owner wrote it.

    Args:
        text: The YAML.
        name: What to call it in places, usually the file's path as the user knows it.

    Raises:
        CarpelError: Not YAML, or not a scheme; the place says where.
    """
    node = read_yaml(text, name)
    scheme = _scheme(node, name)
    require_sound(scheme)
    return scheme


def _scheme(node: Node, name: str) -> Scheme:
    given = fields(node, _SCHEME, required=("scheme", "segments"))
    segments = tuple(_segments(given["segments"], Counter()))
    return Scheme(
        key=read_key(given["scheme"]),
        label=read_labels(given.get("label")),
        sponsor=_name(given.get("sponsor")),
        base=read_rule(given.get("base")),
        hold=_hold(given.get("hold")),
        limits=_limits(given.get("limits")),
        partitions=read_partitions(given.get("partitions")),
        segments=segments,
        name=name,
    )


class Counter:
    """Counts segments while they are read, so that a scheme without end is refused early."""

    def __init__(self) -> None:
        self.count = 0

    def one_more(self, place: str) -> None:
        """Count one; refuse those beyond the most that a scheme may have."""
        self.count += 1
        if self.count > MAX_SEGMENTS:
            raise SchemeError("schemes.too-many-segments", place=place, limit=MAX_SEGMENTS)


def _segments(node: Node, counter: Counter) -> Iterator[Segment]:
    if not node.items():
        raise SchemeError("schemes.no-segments", place=node.place)
    for each in node.items():
        counter.one_more(each.place)
        yield _segment(each, counter)


def _segment(node: Node, counter: Counter) -> Segment:
    given = fields(node, _SEGMENT, required=("key",))
    refined = given.get("segments")
    return Segment(
        key=read_key(given["key"]),
        label=read_labels(given.get("label")),
        when=read_when(node, given),
        owner=_name(given.get("owner")),
        team=_name(given.get("team")),
        playbook=_name(given.get("playbook")),
        urgent=_flag(given.get("urgent")),
        segments=tuple(_segments(refined, counter)) if refined else (),
        place=node.place,
    )


def _name(node: Node | None) -> str | None:
    return None if node is None or node.value is None else node.text()


def _flag(node: Node | None) -> bool:
    if node is None:
        return False
    if not isinstance(node.value, bool):
        raise SchemeError("schemes.not-true-or-false", place=node.place)
    return node.value


def _hold(node: Node | None) -> timedelta:
    if node is None:
        return timedelta()
    found = _HOLD.fullmatch(node.text())
    if found is None:
        raise SchemeError("schemes.bad-hold", place=node.place, value=node.text())
    days = int(found[1]) * (7 if found[2].startswith("week") else 1)
    if days:
        # Holding needs the previous assignment, which runs do not hand on yet.
        raise SchemeError("schemes.hold-not-built", place=node.place)
    return timedelta(days=days)


def _limits(node: Node | None) -> Limits:
    if node is None:
        return Limits()
    given = fields(node, ("segments", "customers"))
    return Limits(segments=_count(given.get("segments")), customers=_count(given.get("customers")))


def _count(node: Node | None) -> int | None:
    if node is None or node.value is None:
        return None
    if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 1:
        raise SchemeError("schemes.not-a-count", place=node.place, value=str(node.value))
    return node.value
