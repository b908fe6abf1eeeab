"""How a scheme, or one of its segments, is divided: `segments:` with rules, or `by:` a partition.

`by:` is another way to write rules. Each label of the partition is a segment whose rule asks for it, and the last takes
everyone left, so that all that is done with segments knows rules only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carpel.kernel.errors import nearest
from carpel.kernel.yaml import Node
from carpel.schemes.entries import fields, read_key, read_labels, read_name, read_when
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import Partition, Rule, joined, left_over, name_of
from carpel.schemes.reading_partitions import named_partition
from carpel.schemes.values import Segment

MAX_SEGMENTS: Final = 2_000
DIVIDED: Final = ("segments", "by", "parts")
"""The entries that say how a scheme or a segment is divided."""
_OWN: Final = ("label", "owner", "team", "playbook", "urgent")
_SEGMENT: Final = ("key", "when", "otherwise", *_OWN, *DIVIDED)
_PART: Final = (*_OWN, *DIVIDED)


def read_segments(node: Node, given: Mapping[str, Node], partitions: Sequence[Partition]) -> tuple[Segment, ...]:
    """The segments of a scheme; it must be divided."""
    if "segments" not in given and "by" not in given:
        raise SchemeError("schemes.missing-entry", place=node.place, name="segments")
    return _Reader({each.key: each for each in partitions}).divided(node, given, above="")


@dataclass
class _Reader:
    """Reads segments and counts them, so that a scheme without end is refused early."""

    partitions: Mapping[str, Partition]
    count: int = 0

    def divided(
        self, node: Node, given: Mapping[str, Node], *, above: str, by: Sequence[Node] = ()
    ) -> tuple[Segment, ...]:
        """The parts of a scheme or a segment; none where it is not divided.

        Args:
            node: The scheme or segment.
            given: Its entries.
            above: The key that parts by a partition begin with.
            by: How it is divided where it does not say itself.
        """
        if "segments" in given and "by" in given:
            raise SchemeError("schemes.both-segments-and-by", place=given["by"].place)
        if "parts" in given and "by" not in given and not by:
            raise SchemeError("schemes.parts-without-by", place=given["parts"].place)
        if "segments" in given:
            return tuple(self._ruled(given["segments"]))
        by = _listed(given["by"]) if "by" in given else by
        if not by:
            return ()
        return tuple(self._labelled(node, by, given.get("parts"), above))

    def _ruled(self, node: Node) -> Iterator[Segment]:
        if not node.items():
            raise SchemeError("schemes.no-segments", place=node.place)
        for each in node.items():
            self._one_more(each.place)
            yield self._segment(each)

    def _segment(self, node: Node) -> Segment:
        given = fields(node, _SEGMENT, required=("key",))
        key = read_key(given["key"])
        return Segment(
            key=key,
            when=read_when(node, given),
            label=read_labels(given.get("label")),
            owner=read_name(given.get("owner")),
            team=read_name(given.get("team")),
            playbook=read_name(given.get("playbook")),
            urgent=_flag(given.get("urgent")),
            segments=self.divided(node, given, above=key),
            place=node.place,
        )

    def _labelled(self, node: Node, by: Sequence[Node], parts: Node | None, above: str) -> Iterator[Segment]:
        """One segment for each label of a partition; the last takes everyone left."""
        partition = named_partition(by[0], self.partitions)
        written = parts.mapping() if parts else {}
        _refuse_unknown_labels(written, partition)
        for label in partition.labels:
            self._one_more(node.place)
            last = label == partition.labels[-1]
            when = None if last else Rule(f"{partition.key} = '{label}'", by[0].place)
            part = written.get(label, Node(None, by[0].place))
            yield self._part(part, partition, label, when=when, by=by[1:], above=above)

    def _part(
        self, node: Node, partition: Partition, label: str, *, when: Rule | None, by: Sequence[Node], above: str
    ) -> Segment:
        given = fields(node, _PART)
        key = joined((above, label)) if above else label
        name = read_labels(given.get("label"))
        return Segment(
            key=key,
            when=when,
            label=name if name.by_language else name_of(partition, label),
            owner=read_name(given.get("owner")),
            team=read_name(given.get("team")),
            playbook=read_name(given.get("playbook")),
            urgent=_flag(given.get("urgent")),
            left_over=label in left_over(partition),
            segments=self.divided(node, given, above=key, by=by),
            place=node.place,
        )

    def _one_more(self, place: str) -> None:
        self.count += 1
        if self.count > MAX_SEGMENTS:
            raise SchemeError("schemes.too-many-segments", place=place, limit=MAX_SEGMENTS)


def _listed(node: Node) -> Sequence[Node]:
    """One partition, or several of which each divides the parts of the one before."""
    found = node.items() if isinstance(node.value, list) else [node]
    if not found:
        raise SchemeError("schemes.no-segments", place=node.place)
    return found


def _refuse_unknown_labels(written: Mapping[str, Node], partition: Partition) -> None:
    for label, node in written.items():
        if label not in partition.labels:
            hint = nearest(label, partition.labels)
            raise SchemeError("schemes.unknown-label", place=node.place, label=label, key=partition.key, hint=hint)


def _flag(node: Node | None) -> bool:
    if node is None:
        return False
    if not isinstance(node.value, bool):
        raise SchemeError("schemes.not-true-or-false", place=node.place)
    return node.value
