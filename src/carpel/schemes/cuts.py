"""What a scheme needs to know across customers: where its tiers are cut. A parameter of the run."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.language import Symbol
from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.schemes.partitions import UNRANKED


@dataclass(frozen=True, kw_only=True)
class TierCount:
    """How many customers a share asked for, and how many it got because equal values stay together."""

    label: str
    wanted: int
    given: int


@dataclass(frozen=True, kw_only=True)
class TierCuts:
    """Where one value is cut.

    Attributes:
        labels: From the lowest values to the highest.
        bounds: Ascending; a value at or above the i-th bound has label i or a later one. None: nobody was
            ranked when it was fitted, so nobody is.
        ranked: How many customers it was fitted on.
        counts: For shares, in the owner's order.
    """

    labels: tuple[str, ...]
    bounds: tuple[float, ...] | None
    ranked: int = 0
    counts: tuple[TierCount, ...] = ()

    def label(self, value: float) -> str:
        """The tier of a known value."""
        return UNRANKED if self.bounds is None else self.labels[bisect_right(self.bounds, value)]


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """The parameters of one scheme, fitted on the profiles of one moment.

    Attributes:
        logic: The logic fingerprint of the scheme they belong to.
        digits: Decimal places of the reporting currency's minor unit.
        time_zone: Where a day that a rule writes begins.
        known_through: The moment up to which they know, ISO 8601 in UTC; None where nothing was fitted.
        symbols: The attributes that the scheme reads, with their types.
        tiers: By partition.
        scales: For each changeable number that the scheme reads, its interquartile range: what counts as one
            step when the smallest change is sought.
    """

    logic: str
    digits: int
    time_zone: str = "UTC"
    known_through: str | None = None
    symbols: tuple[Symbol, ...] = ()
    tiers: Mapping[str, TierCuts] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.to_json())

    def to_json(self) -> str:
        """As it is kept in a run's manifest."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, written: str) -> Cuts:
        """What `to_json` wrote."""
        raw = json.loads(written)
        return cls(
            logic=raw["logic"],
            digits=raw["digits"],
            time_zone=raw["time_zone"],
            known_through=raw["known_through"],
            symbols=tuple(
                Symbol(each["name"], ValueType(each["type"]), tuple(each["values"])) for each in raw["symbols"]
            ),
            tiers={key: _tier_cuts(each) for key, each in raw["tiers"].items()},
            scales=raw["scales"],
        )


def ties(cuts: Cuts) -> Iterator[Issue]:
    """Customers with equal values share a tier, so a tier may hold more customers than its share."""
    for key, tier in cuts.tiers.items():
        for count in tier.counts:
            if count.given != count.wanted:
                yield Issue(
                    severity=Severity.NOTE,
                    place=key,
                    count=abs(count.given - count.wanted),
                    text=text("schemes.ties", label=count.label, wanted=count.wanted, given=count.given),
                )


def _tier_cuts(raw: Mapping[str, Any]) -> TierCuts:
    return TierCuts(
        labels=tuple(raw["labels"]),
        bounds=None if raw["bounds"] is None else tuple(raw["bounds"]),
        ranked=raw["ranked"],
        counts=tuple(TierCount(**each) for each in raw["counts"]),
    )
