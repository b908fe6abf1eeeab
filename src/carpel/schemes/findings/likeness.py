"""Siblings that differ in nothing that matters: in worth, behaviour, needs and relationship they are the same.

Numbers are compared by the difference of their means in standard deviations, money on a logarithmic scale so that one
large account does not hide what the others spend; below 0.2 a difference is called small (Cohen 1988). Categories are
compared by Cramér's V, where below 0.1 is called small. What the siblings' own rules ask for is left out: they differ
in it because they were told to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any, Final

import ibis

from carpel.kernel.engine import Engine, Step
from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Family, Profiles
from carpel.schemes.binding import Bound
from carpel.schemes.findings.trying import LEAF
from carpel.schemes.findings.values import Alike
from carpel.schemes.suggesting.joining import siblings
from carpel.schemes.suggesting.sums import Sums, effect
from carpel.schemes.values import Segment

SMALL_EFFECT: Final = 0.2
SMALL_ASSOCIATION: Final = 0.1
FEWEST: Final = 100
"""Customers; of fewer a small difference says little."""
_FEWEST_ATTRIBUTES: Final = 3
_PAIR: Final = 2
_MOST_SIBLINGS: Final = 40
"""Of more the largest are compared."""
_LARGE: Final = 1e100
_MATTERS: Final = frozenset({Family.VALUE, Family.BEHAVIOURAL, Family.NEED, Family.RELATIONSHIP})


def compared(catalogue: Catalogue) -> tuple[Attribute, ...]:
    """The attributes in which a difference would matter, and that can be compared."""
    return tuple(
        each for each in catalogue.available.values() if each.family in _MATTERS and (_is_number(each) or _words(each))
    )


def alike(
    bound: Bound, steps: tuple[Step, ...], profiles: Profiles, customers: Mapping[str, int], engine: Engine
) -> tuple[Alike, ...]:
    """Pairs of siblings that differ in nothing that matters.

    Args:
        bound: The scheme.
        steps: Up to `placed`, with the attributes that are compared.
        profiles: The customers.
        customers: How many each leaf has.
        engine: Where it runs.
    """
    attributes = compared(profiles.catalogue)
    levels = [(asked_for(bound, level), _large(level, customers)) for _, level in siblings(bound.scheme)]
    if all(len(leaves) < _PAIR for _, leaves in levels) or len(attributes) < _FEWEST_ATTRIBUTES:
        return ()
    sums = _Measured(bound, steps, profiles, attributes).read(engine)
    return tuple(
        found
        for asked, leaves in levels
        for found in _pairs(leaves, [each for each in attributes if each.key not in asked], sums)
    )


@dataclass(frozen=True)
class _Measured:
    """Sums of every attribute by leaf, in one pass."""

    bound: Bound
    steps: tuple[Step, ...]
    profiles: Profiles
    attributes: Sequence[Attribute]

    def read(self, engine: Engine) -> Mapping[str, Mapping[str, Any]]:
        row = self.steps[-1].unbound()
        inside = row.filter(row[LEAF].notnull())
        sums = {name: value for each in self.attributes for name, value in self._sums(each, inside)}
        step = Step("measured", text("schemes.step-measured"), inside.group_by(LEAF).agg(**sums))
        rows = engine.read((*self.steps, step), self.profiles.bindings).to_pylist()
        leaves = self.bound.scheme.leaves
        return {leaves[row[LEAF]].key: row for row in rows}

    def _sums(self, attribute: Attribute, row: Any) -> Iterator[tuple[str, Any]]:
        if _is_number(attribute):
            value = self._value(attribute, row)
            yield _count(attribute.key), value.count()
            yield _total(attribute.key), value.sum()
            yield _squares(attribute.key), (value * value).sum()
        for number, word in enumerate(_words(attribute)):
            yield _of_word(attribute.key, number), (row[attribute.key] == word).sum().cast("int64")

    def _value(self, attribute: Attribute, row: Any) -> Any:
        value = row[attribute.key].cast("float64")
        if attribute.type is not ValueType.MONEY:
            # A number too large to be squared would say nothing of anybody else.
            return (value.abs() < _LARGE).ifelse(value, ibis.null("float64"))
        units = value.abs() / float(10**self.profiles.digits)
        return value.sign().cast("float64") * (units + 1.0).ln()


def _large(level: Sequence[Segment], customers: Mapping[str, int]) -> tuple[Segment, ...]:
    """The leaves of a level that have enough customers, in order; the largest where there are many."""
    leaves = [each for each in level if not each.segments and customers[each.key] >= FEWEST]
    largest = {each.key for each in sorted(leaves, key=lambda each: -customers[each.key])[:_MOST_SIBLINGS]}
    return tuple(each for each in leaves if each.key in largest)


def _pairs(
    leaves: Sequence[Segment], attributes: Sequence[Attribute], sums: Mapping[str, Mapping[str, Any]]
) -> Iterator[Alike]:
    for one, other in combinations(leaves, _PAIR):
        sides = sums[one.key], sums[other.key]
        effects = {each.key: found for each in attributes if (found := _effect(each, *sides)) is not None}
        if len(effects) < _FEWEST_ATTRIBUTES:
            continue
        most = max(effects, key=lambda key: effects[key][0] / effects[key][1])
        size, small = effects[most]
        if size < small:
            yield Alike(one=one.key, other=other.key, compared=len(effects), attribute=most, effect=size)


def _effect(attribute: Attribute, one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[float, float] | None:
    """How much two siblings differ, and what would be small; None where too few values are known."""
    if _is_number(attribute):
        sides = [_sums_of(attribute.key, row) for row in (one, other)]
        enough = min(side.customers for side in sides) >= FEWEST
        return (effect(*sides), SMALL_EFFECT) if enough else None
    words = range(len(_words(attribute)))
    counts = [[int(row[_of_word(attribute.key, number)] or 0) for number in words] for row in (one, other)]
    return (association(*counts), SMALL_ASSOCIATION) if min(map(sum, counts)) >= FEWEST else None


def association(one: Sequence[int], other: Sequence[int]) -> float:
    """Cramér's V of two groups and some words, from 0 (alike) to 1 (Cramér 1946, 21.9)."""
    groups = sum(one), sum(other)
    everyone = sum(groups)
    square = 0.0
    for counts in zip(one, other, strict=True):
        expected = [sum(counts) * group / everyone for group in groups]
        square += sum((count - wanted) ** 2 / wanted for count, wanted in zip(counts, expected, strict=True) if wanted)
    return sqrt(square / everyone)


def asked_for(bound: Bound, level: Sequence[Segment]) -> frozenset[str]:
    """The attributes that the rules of a level ask for, those behind its partitions' labels too."""
    behind: dict[str, frozenset[str]] = {}
    for partition in bound.scheme.partitions:
        named = bound.named_by(partition)
        behind[partition.key] = named.union(*(behind[name] for name in named if name in behind))
    named = frozenset[str]().union(*(bound.tree(each.when).names for each in level if each.when))
    return named.union(*(behind[name] for name in named if name in behind))


def _is_number(attribute: Attribute) -> bool:
    return attribute.type.is_numeric


def _words(attribute: Attribute) -> tuple[object, ...]:
    """The values of an attribute that has few."""
    if attribute.type is ValueType.BOOLEAN:
        return (True, False)
    return attribute.values if attribute.type.is_text else ()


def _sums_of(key: str, row: Mapping[str, Any]) -> Sums:
    return Sums(int(row[_count(key)] or 0), float(row[_total(key)] or 0.0), float(row[_squares(key)] or 0.0))


def _count(key: str) -> str:
    return f"{key}:count"


def _total(key: str) -> str:
    return f"{key}:total"


def _squares(key: str) -> str:
    return f"{key}:squares"


def _of_word(key: str, number: int) -> str:
    return f"{key}:{number}"
