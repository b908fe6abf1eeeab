"""When two rules ask the same: their text is the same, and what they name means the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from carpel.schemes.binding import Bound
from carpel.schemes.cuts import TierCuts
from carpel.schemes.partitions import Categories, Cross, Partition, Refined, Rule, Rules, Tiers

Identity: TypeAlias = str


class Identities:
    """Grows with a scheme's partitions, one after the other, as a later one may name those before."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._base = bound.scheme.base.source if bound.scheme.base else None
        self._labels: dict[str, Identity] = {}

    def add(self, partition: Partition, cuts: TierCuts | None) -> None:
        """A partition is settled: its labels have a meaning from here on."""
        # Outside the base labels are unknown, so they are other labels where the base is another.
        self._labels[partition.key] = _digest(self._base, self._meaning(partition, cuts))

    def fitted(self, tiers: Tiers) -> Identity:
        """What the cut points of tiers follow from."""
        return _digest("fitted", self._base, self._ranked(tiers), repr(tiers.cut))

    def rule(self, rule: Rule) -> Identity:
        """What the customers for whom a rule holds follow from."""
        named = self._bound.tree(rule).names
        return _digest("rule", rule.source, [each for each in self._labels.items() if each[0] in named])

    def _meaning(self, partition: Partition, cuts: TierCuts | None) -> object:
        match partition:
            case Tiers():
                return ["tiers", self._ranked(partition), cuts and (cuts.labels, cuts.bounds)]
            case Rules():
                return ["rules", [(part.key, self._optional(part.when)) for part in partition.parts]]
            case Categories():
                return ["categories", self.rule(partition.of), partition.values, partition.rest]
            case Cross():
                return ["cross", [self._labels[each.key] for each in partition.of]]
            case Refined():
                parts = [(label, self._labels[part.key]) for label, part in partition.parts]
                return ["refined", self._labels[partition.of.key], parts]

    def _ranked(self, tiers: Tiers) -> tuple[Identity, Identity | None]:
        return self.rule(tiers.of), self._optional(tiers.over)

    def _optional(self, rule: Rule | None) -> Identity | None:
        return self.rule(rule) if rule else None


def needed(bound: Bound, rules: Mapping[Identity, Rule]) -> frozenset[str]:
    """The partitions that rules name, and those that these are made of."""
    partitions = {each.key: each for each in bound.scheme.partitions}
    waiting = [name for rule in rules.values() for name in bound.tree(rule).names if name in partitions]
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += [name for name in bound.named_by(partitions[key]) if name in partitions]
    return frozenset(found)


def _digest(*content: object) -> Identity:
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()
