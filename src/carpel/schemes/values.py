"""A scheme as frozen values: what its owner wrote, each part with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from carpel.kernel.texts import Labels

UNKNOWN: Final = "unknown"
"""The label of a customer whose tiered value is not known."""
UNRANKED: Final = "unranked"
"""The label of a customer whom `over:` leaves out of the tiers."""
RESERVED_LABELS: Final = frozenset({UNKNOWN, UNRANKED})

NO_LABEL: Final = Labels({})


@dataclass(frozen=True)
class Rule:
    """A condition or a formula over attributes, as its owner wrote it.

    Attributes:
        source: The text, in the rule language.
        place: Where it stands; not part of what it means.
    """

    source: str
    place: str = field(default="", compare=False)


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
    place: str = field(default="", compare=False)

    @property
    def name(self) -> Labels:
        """Its label, or its key where it has none."""
        return self.label if self.label.by_language else Labels({"en": self.key})


class Order(StrEnum):
    """In which direction values run from the first label to the last."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Tiers by parts of the customers, such as the best 1 %, the next 4 %, the next 15 % and the rest.

    Counts round up, cumulatively: of 2,357 customers 1 % is 24 and 5 % is 118. Equal values share the better tier.

    Attributes:
        parts: Each label with its share, 0 to 1, in order; they add up to 1.
        order: Whether the first label has the highest values (descending) or the lowest.
    """

    parts: tuple[tuple[str, Decimal], ...]
    order: Order = Order.DESCENDING

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, first to last."""
        return tuple(label for label, _ in self.parts)


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Tiers by fixed bounds, such as 10,000 and more, 1,000 and more, and the rest.

    Attributes:
        parts: Each label but the last with its bound, in order. Descending: at least; ascending: at most.
        rest: The label of those beyond every bound.
        order: Whether the first label has the highest values (descending) or the lowest.
    """

    parts: tuple[tuple[str, Decimal], ...]
    rest: str
    order: Order = Order.DESCENDING

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, first to last."""
        return (*(label for label, _ in self.parts), self.rest)


@dataclass(frozen=True, kw_only=True)
class Quantiles:
    """Tiers of about equal numbers of customers; equal values share a tier, so the numbers may differ.

    A tier ends at its quantile (R's type 7); a value equal to the quantile belongs below it. With `margin` m it ends
    just before the quantile + m, as the R package rfm does with m = 1.

    Attributes:
        labels: First to last.
        order: Whether the first label has the lowest values (ascending) or the highest.
        margin: Added to each quantile; None is none.
    """

    labels: tuple[str, ...]
    order: Order = Order.ASCENDING
    margin: Decimal | None = None


Cut: TypeAlias = Shares | Thresholds | Quantiles


@dataclass(frozen=True, kw_only=True)
class Tiers:
    """A partition by the size of one value.

    Attributes:
        key: Its name in rules and its column in assignments.
        of: The value, an attribute or a formula.
        cut: How values are cut.
        over: Who is ranked; the others are `unranked`. None ranks the whole base.
        label: What people call it.
        place: Where it stands.
    """

    key: str
    of: Rule
    cut: Cut
    over: Rule | None = None
    label: Labels = NO_LABEL
    place: str = field(default="", compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that a customer of the base can have."""
        return (*self.cut.labels, UNKNOWN, *((UNRANKED,) if self._ranks_some else ()))

    @property
    def _ranks_some(self) -> bool:
        # Cut points fitted on nobody rank nobody, so shares and quantiles can always leave someone unranked.
        return self.over is not None or not isinstance(self.cut, Thresholds)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One label of a partition by rules; `when` None means everyone left."""

    key: str
    when: Rule | None = None
    label: Labels = NO_LABEL
    place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A partition by rules: the first that holds gives the label, the last part takes everyone left.

    Attributes:
        key: Its name in rules and its column in assignments.
        parts: In order.
        label: What people call it.
        place: Where it stands.
    """

    key: str
    parts: tuple[Part, ...]
    label: Labels = NO_LABEL
    place: str = field(default="", compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that a customer of the base can have."""
        return tuple(part.key for part in self.parts)


Partition: TypeAlias = Tiers | Rules


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the owner has set as bounds.

    Attributes:
        segments: The most leaves that the company can serve.
        customers: The fewest customers that are worth a segment.
    """

    segments: int | None = None
    customers: int | None = None


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

    @cached_property
    def _by_key(self) -> Mapping[str, Segment]:
        return {segment.key: segment for _, segment in self.walk()}


def _walk(above: tuple[str, ...], segments: tuple[Segment, ...]) -> Iterator[tuple[tuple[str, ...], Segment]]:
    for segment in segments:
        path = (*above, segment.key)
        yield path, segment
        yield from _walk(path, segment.segments)
