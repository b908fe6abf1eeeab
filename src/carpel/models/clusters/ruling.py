"""A small tree that says who is in which cluster, as rules of the scheme language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
_FEWEST: Final = 10
_DIGITS: Final = 3
_SEED: Final = 7

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Test:
    """One condition: a column of a trait against a number, or the presence of a value.

    Attributes:
        trait: The trait.
        level: With a category, the place of the value.
        above: Whether what lies above passes, or for a value, whether it is there.
        bound: The rounded bound, in the units that rules use; None for a value.
        unknown: Whether the unknown pass too.
    """

    trait: Trait
    level: int | None
    above: bool
    bound: float | None
    unknown: bool

    def text(self) -> str:
        """In the scheme language."""
        key = str(self.trait.attribute)
        if self.trait.member is not None:
            held = f"'{_quoted(self.trait.member)}' in {key}"
            return held if self.above else f"not ({held})"
        if self.trait.measure is Measure.YES_OR_NO:
            plain = key if self.above else f"not {key}"
        elif self.level is not None:
            plain = f"{key} {'=' if self.above else '!='} '{_quoted(self.trait.levels[self.level])}'"
        else:
            plain = f"{key} {'>' if self.above else '<='} {_written(self.bound or 0.0)}"
        if self.unknown:
            return f"({plain} or {key} is null)"
        return plain if self.above or self.level is None else f"({plain} and {key} is not null)"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Who is in which cluster.

    Attributes:
        by_cluster: A rule of the scheme language for each cluster; None for one that no rule tells.
        agreement: The part of customers, of those that nothing was learned from, whom the rules place where they are.
    """

    by_cluster: tuple[str | None, ...]
    agreement: float


def ruled(traits: Sequence[Trait], values: Matrix, clusters: Rows, count: int, digits: int) -> Rules:
    """Rules from some customers, tried on others.

    Args:
        traits: What rules may name.
        values: Customers by traits, in an order that says nothing; NaN where unknown.
        clusters: The cluster of each.
        count: How many clusters there are.
        digits: Decimal places of money's minor unit.
    """
    columns, owners = _columns(traits, values)
    cut = max(1, round(LEARNED_FROM * len(values)))
    tree = DecisionTreeClassifier(max_leaf_nodes=_LEAVES * count, min_samples_leaf=_FEWEST, random_state=_SEED)
    tree.fit(columns[:cut], clusters[:cut])
    leaves = list(_leaves(tree, traits, owners, digits))
    placed = np.full(len(values), -1)
    for tests, cluster in leaves:
        passing = np.ones(len(values), dtype=bool)
        for each in tests:
            passing &= _passes(each, traits, values, digits)
        placed[passing] = cluster
    rest = slice(cut, None) if cut < len(values) else slice(None)
    texts = [[" and ".join(each.text() for each in tests) for tests, of in leaves if of == one] for one in range(count)]
    return Rules(
        by_cluster=tuple(_either(each) for each in texts),
        agreement=float((placed[rest] == clusters[rest]).mean()),
    )


def _either(rules: Sequence[str]) -> str | None:
    if not rules:
        return None
    return rules[0] if len(rules) == 1 else " or ".join(f"({each})" for each in rules)


def _columns(traits: Sequence[Trait], values: Matrix) -> tuple[Matrix, list[tuple[int, int | None]]]:
    """Numbers as they are, each value of a category as there or not; and which trait and value each column is of."""
    columns, owners = [], list[tuple[int, int | None]]()
    for place, trait in enumerate(traits):
        column = values[:, place]
        if trait.measure is not Measure.CATEGORY:
            columns.append(column)
            owners.append((place, None))
            continue
        for level in range(len(trait.levels)):
            columns.append(np.where(np.isnan(column), np.nan, column == level))
            owners.append((place, level))
    return np.column_stack(columns), owners


def _leaves(
    tree: Any, traits: Sequence[Trait], owners: Sequence[tuple[int, int | None]], digits: int
) -> Iterator[tuple[tuple[_Test, ...], int]]:
    inner = tree.tree_

    def walk(node: int, tests: tuple[_Test, ...]) -> Iterator[tuple[tuple[_Test, ...], int]]:
        if inner.children_left[node] == -1:
            yield tests, int(tree.classes_[int(np.argmax(inner.value[node][0]))])
            return
        place, level = owners[inner.feature[node]]
        trait, bound = traits[place], float(inner.threshold[node])
        missing_left = bool(inner.missing_go_to_left[node])
        is_number = trait.measure is Measure.NUMBER
        for above, child in ((False, inner.children_left[node]), (True, inner.children_right[node])):
            test = _Test(
                trait=trait,
                level=level,
                above=above,
                bound=_rounded(bound / _minor(trait, digits)) if is_number else None,
                unknown=(missing_left is not above) and trait.member is None,
            )
            yield from walk(int(child), (*tests, test))

    yield from walk(0, ())


def _passes(test: _Test, traits: Sequence[Trait], values: Matrix, digits: int) -> Flags:
    """Whom the written condition lets through."""
    column = values[:, [each.column for each in traits].index(test.trait.column)]
    unknown = np.isnan(column)
    if test.bound is not None:
        there = column / _minor(test.trait, digits) > test.bound
    elif test.level is not None:
        there = column == test.level
    else:
        there = column > 0
    found: Flags = there if test.above else ~there
    return np.where(unknown, test.unknown, found)


def _minor(trait: Trait, digits: int) -> float:
    return float(10**digits) if trait.type is ValueType.MONEY else 1.0


def _rounded(value: float) -> float:
    """To three digits that count: people read rules."""
    return float(f"{value:.{_DIGITS}g}")


def _written(value: float) -> str:
    return format(Decimal(repr(value)).normalize(), "f")


def _quoted(value: str) -> str:
    return value.replace("'", "''")
