"""A small tree that says who is in which cluster, as rules that people read and change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-untyped]

from carpel.kernel.types import ValueType
from carpel.models.clusters.points import Matrix
from carpel.models.clusters.traits import Measure, Trait
from carpel.models.frames.frame import Rows

LEARNED_FROM: Final = 0.7
"""The part of customers from whom the tree is learned; the others say how well it agrees."""
_LEAVES: Final = 3
"""Leaves for each cluster."""
_DEPTH: Final = 4
"""The most questions in a row; a longer rule is not read."""
_FEWEST: Final = 10
_DIGITS: Final = 2
"""How many digits of a bound count."""
_SEED: Final = 7

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a tree asks of customers: a number, or whether a trait has a value.

    Attributes:
        trait: The trait.
        level: With a category, the place of the value.
        minor: How many units of the stored number a rule's unit has.
        unknown: Whether it is unknown of some of those learned from.
    """

    trait: Trait
    level: int | None
    minor: float
    unknown: bool

    def column(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """In the units of rules; a value as there or not, and not there where it is unknown."""
        if self.trait.measure is Measure.NUMBER:
            return np.asarray(values / self.minor)
        return np.asarray(values == (1 if self.level is None else self.level), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Passing:
    """Which values of what was asked pass.

    Attributes:
        above: Only numbers above this; None where there is no such bound.
        most: Only numbers of at most this.
        has: Whether the value must be there, or must not be; None for a number.
        unknown: Whether the unknown pass.
    """

    above: float | None = None
    most: float | None = None
    has: bool | None = None
    unknown: bool = True

    def passes(self, column: npt.NDArray[np.float64]) -> Flags:
        """Who passes."""
        if self.has is not None:
            return np.asarray((column > 0) == self.has)
        found = np.isnan(column) if self.unknown else np.zeros(len(column), dtype=bool)
        within = ~np.isnan(column)
        if self.above is not None:
            within &= column > self.above
        if self.most is not None:
            within &= column <= self.most
        return np.asarray(found | within)


Leaf = tuple[Mapping[int, Passing], int]
"""What must pass, by the place of what is asked, and the cluster of those who do."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Who is in which cluster.

    Attributes:
        by_cluster: A rule for each cluster; None for one that no rule tells.
        agreement: The part of customers, of those that nothing was learned from, whom the rules place where they are.
        found: The same of each cluster's own customers.
    """

    by_cluster: tuple[str | None, ...]
    agreement: float
    found: tuple[float, ...]


def ruled(traits: Sequence[Trait], values: Matrix, clusters: Rows, count: int, digits: int) -> Rules:
    """Rules from some customers, tried on others as they are written, with round bounds.

    Args:
        traits: What rules may name.
        values: Customers by traits, in an order that says nothing; NaN where unknown.
        clusters: The cluster of each.
        count: How many clusters there are.
        digits: Decimal places of money's minor unit.
    """
    if not traits:
        return Rules(by_cluster=(None,) * count, agreement=0.0, found=(0.0,) * count)
    asked = list(_asked(traits, values, digits))
    columns = np.column_stack([each.column(values[:, traits.index(each.trait)]) for each in asked])
    learning = np.arange(len(values)) % 10 < round(10 * LEARNED_FROM)
    tree = DecisionTreeClassifier(
        max_leaf_nodes=_LEAVES * count, max_depth=_DEPTH, min_samples_leaf=_FEWEST, random_state=_SEED
    )
    tree.fit(columns[learning], clusters[learning])
    leaves = _joined(_leaves(tree, asked, 0, {}))
    placed = _placed(leaves, columns)
    unseen = ~learning if not learning.all() else learning
    right, clusters = (placed == clusters)[unseen], clusters[unseen]
    return Rules(
        by_cluster=tuple(
            _either([_written(asked, tests) for tests, of in leaves if of == one]) for one in range(count)
        ),
        agreement=float(right.mean()),
        found=tuple(float(right[clusters == one].mean()) if (clusters == one).any() else 0.0 for one in range(count)),
    )


def _asked(traits: Sequence[Trait], values: Matrix, digits: int) -> Iterator[Asked]:
    for place, trait in enumerate(traits):
        unknown = bool(np.isnan(values[:, place]).any())
        minor = float(10**digits) if trait.type is ValueType.MONEY else 1.0
        levels = range(len(trait.levels)) if trait.measure is Measure.CATEGORY else (None,)
        for level in levels:
            yield Asked(trait=trait, level=level, minor=minor, unknown=unknown)


def _leaves(tree: Any, asked: Sequence[Asked], node: int, tests: Mapping[int, Passing]) -> list[Leaf]:
    """What leads to each leaf; two that lead to the same cluster are one."""
    inner = tree.tree_
    if inner.children_left[node] == -1:
        return [(tests, int(tree.classes_[int(np.argmax(inner.value[node][0]))]))]
    place = int(inner.feature[node])
    bound = _rounded(float(inner.threshold[node]), asked[place].trait)
    before, unknown_left = tests.get(place, Passing()), bool(inner.missing_go_to_left[node])
    found = [
        leaf
        for above, child in ((False, inner.children_left[node]), (True, inner.children_right[node]))
        for leaf in _leaves(
            tree, asked, int(child), {**tests, place: _narrowed(before, asked[place], bound, above, unknown_left)}
        )
    ]
    return [(tests, found[0][1])] if len({of for _, of in found}) == 1 else found


def _joined(leaves: Sequence[Leaf]) -> list[Leaf]:
    """Leaves of a cluster that together leave nothing of one condition are one without it."""
    for one, (tests, cluster) in enumerate(leaves):
        for other, (others, of) in enumerate(leaves[:one]):
            place = _apart(tests, others) if of == cluster else None
            if place is not None:
                left = [each for number, each in enumerate(leaves) if number not in (one, other)]
                return _joined([*left, ({key: each for key, each in tests.items() if key != place}, cluster)])
    return list(leaves)


def _apart(one: Mapping[int, Passing], other: Mapping[int, Passing]) -> int | None:
    """The place of the only condition in which two leaves differ, where each value passes one of them."""
    differ = [place for place in one if one[place] != other.get(place)]
    if one.keys() != other.keys() or len(differ) != 1:
        return None
    this, that = one[differ[0]], other[differ[0]]
    if this.has is not None:
        return differ[0]
    halves = {(this.above, this.most), (that.above, that.most)}
    split = next((bound for bound in (this.above, that.above) if bound is not None), None)
    return differ[0] if halves == {(split, None), (None, split)} else None


def _narrowed(before: Passing, asked: Asked, bound: float, above: bool, unknown_left: bool) -> Passing:  # noqa: FBT001
    if asked.trait.measure is not Measure.NUMBER:
        return replace(before, has=above)
    unknown = before.unknown and asked.unknown and unknown_left is not above
    if above:
        return replace(before, unknown=unknown, above=bound if before.above is None else max(bound, before.above))
    return replace(before, unknown=unknown, most=bound if before.most is None else min(bound, before.most))


def _placed(leaves: Sequence[Leaf], columns: npt.NDArray[np.float64]) -> Rows:
    """The cluster whose rule each customer passes; -1 of whom no rule is passed."""
    placed = np.full(len(columns), -1)
    for tests, cluster in reversed(leaves):
        passing = np.ones(len(columns), dtype=bool)
        for place, each in tests.items():
            passing &= each.passes(columns[:, place])
        placed[passing] = cluster
    return placed


def _rounded(bound: float, trait: Trait) -> float:
    """As people say it: whole where the number is, and of few digits; infinite where the unknown are parted off."""
    if trait.measure is not Measure.NUMBER:
        return 0.5
    if math.isinf(bound):
        return bound
    whole = float(math.floor(bound)) if trait.type is ValueType.INTEGER else bound
    return whole if trait.type is ValueType.INTEGER and abs(whole) < 10**_DIGITS else float(f"{whole:.{_DIGITS}g}")


def _either(rules: Sequence[str]) -> str | None:
    if not rules:
        return None
    return rules[0] if len(rules) == 1 else " or ".join(f"({each})" for each in rules)


def _written(asked: Sequence[Asked], tests: Mapping[int, Passing]) -> str:
    """Conditions of one leaf, joined."""
    by_trait: dict[str, list[tuple[Asked, Passing]]] = {}
    for place, passing in sorted(tests.items()):
        by_trait.setdefault(asked[place].trait.column, []).append((asked[place], passing))
    return " and ".join(_condition(each) for each in by_trait.values())


def _condition(tests: Sequence[tuple[Asked, Passing]]) -> str:
    """What one trait must be."""
    asked, passing = tests[0]
    match asked.trait.measure:
        case Measure.NUMBER:
            return _number(asked, passing)
        case Measure.YES_OR_NO:
            return _yes_or_no(asked, has=bool(passing.has))
        case Measure.CATEGORY:
            return _category(tests)


def _number(asked: Asked, passing: Passing) -> str:
    key = _named(asked.trait)
    if passing.above == math.inf:
        return f"{key} is null"
    bounds = [(">", passing.above), ("<=", None if passing.most == math.inf else passing.most)]
    plain = [f"{key} {sign} {_figure(bound)}" for sign, bound in bounds if bound is not None]
    if not passing.unknown:
        return " and ".join(plain) or f"{key} is not null"
    return f"({key} is null or {plain[0]})" if len(plain) == 1 else f"({key} is null or ({' and '.join(plain)}))"


def _yes_or_no(asked: Asked, *, has: bool) -> str:
    key, member = _named(asked.trait), asked.trait.member
    holds, lacks = (
        (key, f"not {key}") if member is None else (f"{_quoted(member)} {each} {key}" for each in ("in", "not in"))
    )
    plain = holds if has else lacks
    return plain if has or not asked.unknown else f"({key} is null or {plain})"


def _category(tests: Sequence[tuple[Asked, Passing]]) -> str:
    """The value that it has, else those that it has not."""
    trait, unknown = tests[0][0].trait, tests[0][0].unknown
    key = _named(trait)
    had = [each for each, passing in tests if passing.has]
    values = [_quoted(trait.levels[each.level or 0]) for each in had or [each for each, _ in tests]]
    sign = "=" if had else "!="
    plain = f"{key} {sign} {values[0]}" if len(values) == 1 or had else f"{key} not in ({', '.join(values)})"
    return plain if had or not unknown else f"({key} is null or {plain})"


def _named(trait: Trait) -> str:
    return str(trait.attribute)


def _figure(value: float) -> str:
    return format(Decimal(repr(value)).normalize(), "f")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
