"""A scheme as frozen values: what its owner wrote, each part with its place in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from carpel.kernel.texts import Labels
from carpel.schemes.partitions import NO_LABEL, Partition, Rule


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A part of the base that earns its own treatment.

    Attributes:
        key: Stable name; lists, addresses and accounts refer to it.
        label: What people call it.
        when: The rule that must hold. None means everyone left.
        segments: How it is refined; a customer of this segment is in exactly one of them. None: it is a leaf.
        owner: Who answers for it.
        team: Who serves it.
        playbook: What to offer and say.
        urgent: Whether customers enter at once, however long another segment would hold them.
        left_over: Whether it is only for customers whom the partition that divides here cannot place.
        place: Where it stands.
    """

    key: str
    label: Labels = NO_LABEL
    when: Rule | None = None
    segments: tuple[Segment, ...] = ()
    owner: str | None = None
    team: str | None = None
    playbook: str | None = None
    urgent: bool = False
    left_over: bool = field(default=False, compare=False)
    place: str = field(default="", compare=False)

    @property
    def name(self) -> Labels:
        """Its label, or its key where it has none."""
        return self.label if self.label.by_language else Labels({"en": self.key})

    @property
    def leaves(self) -> tuple[Segment, ...]:
        """The segments that its customers are in, in order: those of its parts, or itself where it has none."""
        return tuple(leaf for part in self.segments for leaf in part.leaves) or (self,)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the owner has set as bounds.

    Attributes:
        segments: The most leaves that the company can serve.
        customers: The fewest customers that are worth a segment.
        moved: By which part of itself a segment's size may change from one run to the next, 0.5 being half.
    """

    segments: int | None = None
    customers: int | None = None
    moved: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One division of all customers of a base: every one of them is in exactly one segment.

    Attributes:
        key: Its name.
        label: What people call it.
        segments: In the order in which their rules are tried; the last takes everyone left.
        partitions: Named divisions that rules may use; a later one may use those before it.
        base: Who is divided at all. None: every customer.
        sponsor: Who approves it.
        hold: How long a customer stays at least.
        limits: What its owner has set as bounds.
        name: What the text was called when it was read, usually its file.
    """

    key: str
    segments: tuple[Segment, ...]
    label: Labels = NO_LABEL
    partitions: tuple[Partition, ...] = ()
    base: Rule | None = None
    sponsor: str | None = None
    hold: timedelta = timedelta()
    limits: Limits = Limits()
    name: str = field(default="", compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.key, self.segments, self.partitions, self.base))

    def walk(self) -> Iterator[tuple[tuple[str, ...], Segment]]:
        """Every segment with its path, parents before their parts, in order."""
        yield from _walk((), self.segments)

    @cached_property
    def leaves(self) -> tuple[Segment, ...]:
        """The segments that customers are in, in order."""
        return tuple(segment for _, segment in self.walk() if not segment.segments)

    @cached_property
    def paths(self) -> Mapping[str, tuple[str, ...]]:
        """For each segment's key, the keys from the top down to it."""
        return {path[-1]: path for path, _ in self.walk()}

    def segment(self, key: str) -> Segment:
        """The segment of that key; KeyError where there is none."""
        return self._by_key[key]

    def title(self, key: str) -> Labels:
        """What people call a segment where it stands alone: with those above it where another has the same name."""
        return self._titles[key]

    @cached_property
    def _titles(self) -> Mapping[str, Labels]:
        used = Counter(segment.name.render() for _, segment in self.walk())
        return {
            path[-1]: segment.name if used[segment.name.render()] == 1 else _joined([self.segment(key) for key in path])
            for path, segment in self.walk()
        }

    @cached_property
    def _by_key(self) -> Mapping[str, Segment]:
        return {segment.key: segment for _, segment in self.walk()}


def _joined(path: Sequence[Segment]) -> Labels:
    languages = dict.fromkeys(language for segment in path for language in segment.name.by_language)
    return Labels({language: " › ".join(segment.name.render(language) for segment in path) for language in languages})


def _walk(above: tuple[str, ...], segments: tuple[Segment, ...]) -> Iterator[tuple[tuple[str, ...], Segment]]:
    for segment in segments:
        path = (*above, segment.key)
        yield path, segment
        yield from _walk(path, segment.segments)
