"""Partitions: each gives every customer of the base exactly one of its labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Final, TypeAlias

from carpel.kernel.texts import Labels

UNKNOWN: Final = "unknown"
"""The label of a customer whose tiered value is not known."""
UNRANKED: Final = "unranked"
"""The label of a customer whom `over:` leaves out of the tiers."""
RESERVED_LABELS: Final = frozenset({UNKNOWN, UNRANKED})

OTHER: Final = "other"
"""The label, unless its owner says another, of customers of whom a partition by an attribute does not list the word."""
NO_LABEL: Final = Labels({})
SEPARATOR: Final = "."
"""Between the parts of a label that is made of several."""
_BESIDE: Final = " \N{MULTIPLICATION SIGN} "


@dataclass(frozen=True)
class Rule:
    """A condition or a formula over attributes, as its owner wrote it.

    Attributes:
        source: The text, in the rule language.
        place: Where it stands; not part of what it means.
    """

    source: str
    place: str = field(default="", compare=False)


Names: TypeAlias = tuple[tuple[str, Labels], ...]
"""What people call some of a partition's labels."""


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
        own_names: What people call some of its labels; the others are called as they are written.
        place: Where it stands.
    """

    key: str
    of: Rule
    cut: Cut
    over: Rule | None = None
    label: Labels = NO_LABEL
    own_names: Names = ()
    place: str = field(default="", compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that a customer of the base can have."""
        return (*self.cut.labels, UNKNOWN, *((UNRANKED,) if self._ranks_some else ()))

    @property
    def names(self) -> Names:
        """What people call its labels."""
        return self.own_names

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

    @property
    def names(self) -> Names:
        """What people call its labels."""
        return tuple((part.key, part.label) for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Categories:
    """A partition by an attribute that says one of a few words of each customer, such as the lifecycle stage.

    Attributes:
        key: Its name in rules and its column in assignments.
        of: The attribute.
        values: Each label with the words that give it, in order. A word gives one label.
        rest: The label of customers with any other word.
        label: What people call it.
        own_names: What people call some of its labels; the others are called as they are written.
        place: Where it stands.
    """

    key: str
    of: Rule
    values: tuple[tuple[str, tuple[str, ...]], ...]
    rest: str = OTHER
    label: Labels = NO_LABEL
    own_names: Names = ()
    place: str = field(default="", compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that a customer of the base can have."""
        return (*(label for label, _ in self.values), self.rest, UNKNOWN)

    @property
    def names(self) -> Names:
        """What people call its labels: what their owner says, else the word that a label stands for alone."""
        words = {label: Labels({"en": values[0]}) for label, values in self.values if len(values) == 1}
        return tuple((words | dict(self.own_names)).items())

    def label_of(self, value: str | None) -> str:
        """The label that an attribute's value gives."""
        return UNKNOWN if value is None else self._by_value.get(value, self.rest)

    @cached_property
    def _by_value(self) -> Mapping[str, str]:
        return {value: label for label, values in self.values for value in values}


@dataclass(frozen=True, kw_only=True)
class Cross:
    """Partitions crossed: a customer's label is theirs in each of them, as `top.new`.

    Attributes:
        key: Its name in rules and its column in assignments.
        of: Two or more partitions that stand before it.
        label: What people call it.
        own_names: What people call some of its labels; the others are named by their parts.
        place: Where it stands.
    """

    key: str
    of: tuple[Partition, ...]
    label: Labels = NO_LABEL
    own_names: Names = ()
    place: str = field(default="", compare=False)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every label that a customer of the base can have."""
        return tuple(joined(some) for some in product(*(each.labels for each in self.of)))

    @cached_property
    def names(self) -> Names:
        """What people call its labels."""
        parts = [[(label, name_of(each, label)) for label in each.labels] for each in self.of]
        made = {joined(label for label, _ in some): side_by_side(name for _, name in some) for some in product(*parts)}
        return tuple((made | dict(self.own_names)).items())


@dataclass(frozen=True, kw_only=True)
class Refined:
    """A partition some of whose labels are divided by other partitions: nobody outside those labels moves.

    Attributes:
        key: Its name in rules and its column in assignments.
        of: The partition that is refined.
        parts: Each refined label with the partition that divides it.
        label: What people call it.
        own_names: What people call some of its labels; the others are named by their parts.
        place: Where it stands.
    """

    key: str
    of: Partition
    parts: tuple[tuple[str, Partition], ...]
    label: Labels = NO_LABEL
    own_names: Names = ()
    place: str = field(default="", compare=False)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every label that a customer of the base can have."""
        return tuple(label for label, _ in self._made)

    @cached_property
    def names(self) -> Names:
        """What people call its labels."""
        return tuple((dict(self._made) | dict(self.own_names)).items())

    @cached_property
    def _made(self) -> Names:
        by = dict(self.parts)
        made: list[tuple[str, Labels]] = []
        for label in self.of.labels:
            name = name_of(self.of, label)
            if label not in by:
                made.append((label, name))
                continue
            inside = by[label]
            made += [(joined((label, part)), side_by_side((name, name_of(inside, part)))) for part in inside.labels]
        return tuple(made)


Partition: TypeAlias = Tiers | Rules | Categories | Cross | Refined


def joined(labels: Iterable[str]) -> str:
    """One label of several."""
    return SEPARATOR.join(labels)


def left_over(partition: Partition) -> frozenset[str]:
    """The labels of customers whom a partition by tiers or by an attribute cannot place."""
    match partition:
        case Tiers():
            return RESERVED_LABELS
        case Categories():
            return RESERVED_LABELS | {partition.rest}
        case Cross():
            some = product(*([(label, label in left_over(each)) for label in each.labels] for each in partition.of))
            return frozenset(joined(label for label, _ in pairs) for pairs in some if any(over for _, over in pairs))
        case Refined():
            parts = ((label, left_over(part)) for label, part in partition.parts)
            return left_over(partition.of) | {joined((label, over)) for label, some in parts for over in some}
        case Rules():
            return frozenset()


def name_of(partition: Partition, label: str) -> Labels:
    """What people call one of a partition's labels; the label itself where nobody has said."""
    found = dict(partition.names).get(label, NO_LABEL)
    return found if found.by_language else Labels({"en": label})


def side_by_side(names: Iterable[Labels]) -> Labels:
    """Several names as one, in every language in which one of them is written."""
    every = list(names)
    languages = dict.fromkeys(language for each in every for language in each.by_language)
    return Labels({language: _BESIDE.join(each.render(language) for each in every) for language in languages})
