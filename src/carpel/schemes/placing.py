"""One customer placed without the others: the same rules, read by Python instead of the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from carpel.kernel.language import evaluate
from carpel.schemes.binding import Bound, bind
from carpel.schemes.cuts import Cuts, TierCuts
from carpel.schemes.errors import SchemeError
from carpel.schemes.fingerprints import logic_fingerprint
from carpel.schemes.partitions import (
    UNKNOWN,
    UNRANKED,
    Categories,
    Cross,
    Partition,
    Refined,
    Rule,
    Rules,
    Tiers,
    joined,
)
from carpel.schemes.values import Scheme, Segment


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a customer is in one segment of their path.

    Attributes:
        segment: The segment's key.
        rule: The rule that held; None for a remainder.
        values: What the rule read, with the customer's values, money in minor units.
    """

    segment: str
    rule: Rule | None
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a scheme places one customer.

    Attributes:
        in_base: Whether the scheme divides this customer at all.
        segment: The leaf; None outside the base.
        path: The segments from the top to the leaf.
        labels: Each partition's label; None outside the base.
        because: One reason for each segment of the path.
    """

    in_base: bool
    segment: str | None = None
    path: tuple[str, ...] = ()
    labels: Mapping[str, str | None] = field(default_factory=dict)
    because: tuple[Reason, ...] = ()


def place(scheme: Scheme, cuts: Cuts, values: Mapping[str, object]) -> Placement:
    """Place one customer.

    Args:
        scheme: The scheme.
        cuts: Its parameters.
        values: The customer's attributes as profiles store them, at least those that the scheme reads.

    Raises:
        SchemeError: The parameters belong to another logic, or a value is missing (None is "unknown").
    """
    return interpreter(scheme, cuts).place(values)


@lru_cache(maxsize=32)
def interpreter(scheme: Scheme, cuts: Cuts) -> Interpreter:
    """The interpreter of one scheme with its parameters; made once, then remembered."""
    return Interpreter(bound_to(scheme, cuts), cuts)


@lru_cache(maxsize=32)
def bound_to(scheme: Scheme, cuts: Cuts) -> Bound:
    """The scheme read against the types that its parameters were fitted with."""
    if cuts.logic != logic_fingerprint(scheme):
        raise SchemeError("schemes.cuts-of-another-logic", place=scheme.name or scheme.key)
    return bind(scheme, {symbol.name: symbol for symbol in cuts.symbols}, time_zone=cuts.time_zone)


class Interpreter:
    """Places customers one at a time."""

    def __init__(self, bound: Bound, cuts: Cuts) -> None:
        self.bound = bound
        self.cuts = cuts
        self._reads = {partition.key: bound.named_by(partition) for partition in bound.scheme.partitions}

    def place(self, values: Mapping[str, object]) -> Placement:
        """Where one customer is, and why."""
        row = self.row(values)
        base = self.bound.scheme.base
        if base and not self.holds(base, row):
            return Placement(in_base=False, labels={each.key: None for each in self.bound.scheme.partitions})
        path = self.path(row)
        return Placement(
            in_base=True,
            segment=path[-1].key,
            path=tuple(segment.key for segment in path),
            labels={each.key: row[each.key] for each in self.bound.scheme.partitions},
            because=tuple(self._reason(segment, row) for segment in path),
        )

    def leaf(self, values: Mapping[str, object]) -> str | None:
        """Only the segment; None outside the base."""
        return self.leaf_of(self.row(values))

    def leaf_of(self, row: Mapping[str, Any]) -> str | None:
        """The same of what rules read."""
        base = self.bound.scheme.base
        return self.path(row)[-1].key if base is None or self.holds(base, row) else None

    def row(self, values: Mapping[str, object]) -> dict[str, Any]:
        """What rules read of a customer: attributes that are numbers or unknown, and each partition's label."""
        row = {name: self._known(name, values) for name in self.bound.names}
        for partition in self.bound.scheme.partitions:
            row[partition.key] = self._label(partition, row)
        return row

    def changed(self, row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """A row with other values of some attributes, and anew only the labels that these decide."""
        found, other = {**row, **values}, set(values)
        for partition in self.bound.scheme.partitions:
            if not other.isdisjoint(self._reads[partition.key]):
                found[partition.key] = self._label(partition, found)
                other.add(partition.key)
        return found

    def holds(self, rule: Rule, row: Mapping[str, Any]) -> bool:
        """Whether a rule is true; an unknown value makes no rule true."""
        return self._value(rule, row) is True

    def path(self, row: Mapping[str, Any]) -> list[Segment]:
        """From the top to the leaf, at each level the first segment whose rule holds."""
        return self._down([], self.bound.scheme.segments, row)

    def path_below(self, segment: Segment, row: Mapping[str, Any]) -> list[Segment]:
        """From a segment down to the leaf, taking for granted that its own rule holds."""
        return self._down([segment], segment.segments, row)

    def tiered(self, tiers: Tiers, row: Mapping[str, Any]) -> float | None:
        """The number that a partition by tiers cuts; None where it is unknown."""
        value = self._value(tiers.of, row)
        if value is None:
            return None
        number = float(value)
        return number if math.isfinite(number) else None

    def _down(self, path: list[Segment], segments: Sequence[Segment], row: Mapping[str, Any]) -> list[Segment]:
        while segments:
            path.append(next(each for each in segments if each.when is None or self.holds(each.when, row)))
            segments = path[-1].segments
        return path

    def _value(self, rule: Rule, row: Mapping[str, Any]) -> Any:
        return evaluate(self.bound.tree(rule), row, digits=self.cuts.digits)

    def _known(self, name: str, values: Mapping[str, object]) -> object:
        try:
            value = values[name]
        except KeyError as error:
            raise SchemeError("schemes.value-missing", place=name, name=name) from error
        return None if isinstance(value, float) and not math.isfinite(value) else value

    def _label(self, partition: Partition, row: Mapping[str, Any]) -> str:
        match partition:
            case Rules():
                return next(part.key for part in partition.parts if part.when is None or self.holds(part.when, row))
            case Tiers():
                return self._tier(partition, row)
            case Categories():
                return partition.label_of(self._value(partition.of, row))
            case Cross():
                return joined(row[each.key] for each in partition.of)
            case Refined():
                whole = row[partition.of.key]
                part = dict(partition.parts).get(whole)
                return joined((whole, row[part.key])) if part else str(whole)

    def _tier(self, tiers: Tiers, row: Mapping[str, Any]) -> str:
        if tiers.over and not self.holds(tiers.over, row):
            return UNRANKED
        value = self.tiered(tiers, row)
        return UNKNOWN if value is None else self._cuts_of(tiers).label(value)

    def _cuts_of(self, tiers: Tiers) -> TierCuts:
        return self.cuts.tiers[tiers.key]

    def _reason(self, segment: Segment, row: Mapping[str, Any]) -> Reason:
        names = sorted(self.bound.tree(segment.when).names) if segment.when else ()
        return Reason(segment=segment.key, rule=segment.when, values={name: row[name] for name in names})
