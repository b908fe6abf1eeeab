"""Which segments, and which labels of partitions by rules, no customer can ever be in, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import combinations
from typing import Final

from carpel.kernel.language.tree import And, Node
from carpel.schemes.analysis.conditions import Conditions
from carpel.schemes.analysis.labels import Meanings
from carpel.schemes.analysis.regions import EVERYWHERE, Region, meet
from carpel.schemes.binding import Bound
from carpel.schemes.partitions import Part, Rule, Rules, Tiers
from carpel.schemes.values import Segment

_MOST_SIBLINGS: Final = 300
"""How many earlier siblings are taken into account; a scheme that people read has far fewer."""
_MOST_WEIGHED: Final = 30
"""How many rules are weighed against each other to name the few that matter."""


class Cause(StrEnum):
    """Why no customer can be somewhere."""

    CONTRADICTS_ITSELF = "contradicts itself"
    OUTSIDE_BASE = "outside the base"
    CONTRADICTS_PARENT = "contradicts a rule above"
    SHADOWED = "shadowed by earlier rules"
    NOBODY_LEFT = "nobody left"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A rule with the customers for whom it can hold.

    Attributes:
        name: What it decides: a segment, a label as `size = 'large'`, or what `over:` ranks.
        rule: The rule; None takes everyone left.
        place: Where it stands.
        region: For whom it can hold.
        is_base: Whether it is the scheme's base.
        is_label: Whether it is only there because a partition that divides everyone here has that label.
    """

    name: str
    rule: Rule | None
    place: str
    region: Region
    is_base: bool = False
    is_label: bool = False


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """Somewhere no customer can be.

    Attributes:
        asked: The rule for which that is so.
        cause: Why.
        others: The rules that stand in the way; for a rule that contradicts itself, none.
        parts: For a rule that contradicts itself: two parts of it that exclude each other, where there are such.
    """

    asked: Asked
    cause: Cause
    others: tuple[Asked, ...] = ()
    parts: tuple[str, ...] = ()


def unreachable(bound: Bound, *, moments: bool) -> tuple[Unreachable, ...]:
    """Everything in a scheme where no customer can ever be. What cannot be decided is not in it.

    Args:
        bound: The scheme.
        moments: Whether its rules were read in the time zone in which they will hold.
    """
    return tuple(_Reach(bound, moments=moments).everywhere())


@dataclass(frozen=True)
class _Here:
    """Who comes to a level, and past which rules.

    Attributes:
        came: Everyone who can come to it.
        above: The rules that hold for them: the base and the segments above.
        passed: The rules that took others before, on any level above.
    """

    came: Region = EVERYWHERE
    above: tuple[Asked, ...] = ()
    passed: tuple[Asked, ...] = ()


class _Reach:
    def __init__(self, bound: Bound, *, moments: bool) -> None:
        self._bound = bound
        labels = frozenset(each.key for each in bound.scheme.partitions)
        self._conditions = Conditions(labels, moments=moments)
        self._meanings = Meanings(bound, self._conditions)

    def everywhere(self) -> Iterator[Unreachable]:
        """The base, the partitions, then the segments; parts of what nobody reaches are not looked at."""
        here = _Here()
        base = self._bound.scheme.base
        if base:
            asked = self._asked(self._bound.scheme.key, base, base.place, is_base=True)
            if self._is_nobody(asked.region):
                yield self._contradiction(asked)
                return
            here = _Here(asked.region, (asked,))
        yield from self._of_partitions(here)
        yield from self._level(self._bound.scheme.segments, here, "{}")

    def _of_partitions(self, here: _Here) -> Iterator[Unreachable]:
        for partition in self._bound.scheme.partitions:
            if isinstance(partition, Rules):
                yield from self._level(partition.parts, here, f"{partition.key} = '{{}}'")
            elif isinstance(partition, Tiers) and partition.over:
                asked = self._asked(partition.key, partition.over, partition.place)
                yield from self._verdict(asked, here, here.came, ())

    def _level(self, entries: Sequence[Segment | Part], here: _Here, called: str) -> Iterator[Unreachable]:
        left, earlier = here.came, list[Asked]()
        labels = self._are_labels(entries)
        for entry in entries:
            asked = self._asked(called.format(entry.key), entry.when, entry.place, is_label=labels)
            found = list(self._verdict(asked, here, left, earlier))
            # Nobody wrote a part for those who cannot be placed; that it stays empty is what one hopes for.
            if not (isinstance(entry, Segment) and entry.left_over):
                yield from found
            if isinstance(entry, Segment) and entry.segments and not found:
                inside = _Here(left & asked.region, (*here.above, asked), (*here.passed, *earlier))
                yield from self._level(entry.segments, inside, called)
            if len(earlier) < _MOST_SIBLINGS:
                left = left - asked.region
                earlier.append(asked)

    def _verdict(self, asked: Asked, here: _Here, left: Region, earlier: Sequence[Asked]) -> Iterator[Unreachable]:
        """Why nobody can be there, if that is so."""
        if not self._is_nobody(left & asked.region):
            return
        described = meet((*(each.region for each in here.above), asked.region))
        before = (*here.passed, *earlier)
        if asked.rule is None:
            yield Unreachable(asked=asked, cause=Cause.NOBODY_LEFT, others=self._blocking(described, before))
        elif self._is_nobody(asked.region):
            yield self._contradiction(asked)
        elif self._is_nobody(described):
            yield self._against(asked, here.above)
        else:
            yield Unreachable(asked=asked, cause=Cause.SHADOWED, others=self._blocking(described, before))

    def _against(self, asked: Asked, above: tuple[Asked, ...]) -> Unreachable:
        """The rule above that it contradicts; all of them where no single one does."""
        ruled = tuple(each for each in above if each.rule)
        alone = next((each for each in ruled if self._is_nobody(each.region & asked.region)), None)
        cause = Cause.OUTSIDE_BASE if alone and alone.is_base else Cause.CONTRADICTS_PARENT
        return Unreachable(asked=asked, cause=cause, others=(alone,) if alone else ruled)

    def _contradiction(self, asked: Asked) -> Unreachable:
        return Unreachable(asked=asked, cause=Cause.CONTRADICTS_ITSELF, parts=self._excluding(asked))

    def _excluding(self, asked: Asked) -> tuple[str, ...]:
        if asked.rule is None:
            return ()
        tree = self._bound.tree(asked.rule)
        if not isinstance(tree.root, And):
            return ()
        for one, other in combinations(tree.root.conditions[:_MOST_WEIGHED], 2):
            regions = (self._conditions.true(one), self._conditions.true(other))
            if not any(map(self._is_nobody, regions)) and self._is_nobody(meet(regions)):
                return tree.part(one).source, tree.part(other).source
        return ()

    def _blocking(self, described: Region, before: Sequence[Asked]) -> tuple[Asked, ...]:
        """The few rules that together take everyone who is described; one where one is enough."""
        for each in before:
            if self._is_nobody(described - each.region):
                return (each,)
        relevant = [each for each in before if not self._is_nobody(described & each.region)]
        if len(relevant) > _MOST_WEIGHED:
            return tuple(relevant)
        for each in list(relevant):
            others = [other for other in relevant if other is not each]
            if self._is_nobody(reduce(Region.__sub__, (other.region for other in others), described)):
                relevant = others
        return tuple(relevant)

    def _are_labels(self, entries: Sequence[Segment | Part]) -> bool:
        """Whether segments are just the labels of one partition, as `by:` makes them."""
        rules = [each.when.source for each in entries if each.when]
        made = ([f"{each.key} = '{label}'" for label in each.labels[:-1]] for each in self._bound.scheme.partitions)
        return bool(rules) and rules in made

    def _asked(
        self, name: str, rule: Rule | None, place: str, *, is_base: bool = False, is_label: bool = False
    ) -> Asked:
        region = self._conditions.true(self._root(rule)) if rule else EVERYWHERE
        shown = (rule.place if rule else "") or place or name
        return Asked(name=name, rule=rule, place=shown, region=region, is_base=is_base, is_label=is_label)

    def _root(self, rule: Rule) -> Node:
        return self._bound.tree(rule).root

    def _is_nobody(self, region: Region) -> bool:
        return self._meanings.is_nobody(region)
