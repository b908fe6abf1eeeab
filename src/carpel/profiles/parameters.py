"""What profiles know about the whole population: small, fitted once, stamped with what they know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Population numbers that profiles use, so that each customer's row needs no other customer.

    Attributes:
        known_through: Facts at or after this moment had no part in them.
        typical_gap_days: The median number of days between two purchase days of a customer; None where nobody
            bought twice.
        category_cycles: The same within a category, for categories with enough repurchases.
        bulk_quantity: A purchase above this quantity (or, where quantities are unknown, above this amount in
            minor units) is bulk: the 95th percentile.
        value_cuts: Monetary value, in minor units, from which a customer's value is intermediate and high: the
            50th and 80th percentile of customers with positive value. None where nobody has any.
        sampled_buckets: The customer buckets that were read; None means all.
    """

    known_through: AsOf
    typical_gap_days: float | None = None
    category_cycles: Mapping[str, float] = field(default_factory=dict)
    bulk_quantity: float | None = None
    value_cuts: tuple[int, int] | None = None
    sampled_buckets: tuple[int, ...] | None = None

    def to_json(self) -> str:
        """As the run's manifest keeps it."""
        return json.dumps(asdict(self) | {"known_through": self.known_through.to_json()}, sort_keys=True)

    @classmethod
    def from_json(cls, content: str) -> Parameters:
        """From what `to_json` gave."""
        raw: dict[str, Any] = json.loads(content)
        raw["known_through"] = AsOf.from_json(raw["known_through"])
        for name in ("value_cuts", "sampled_buckets"):
            raw[name] = tuple(raw[name]) if raw[name] is not None else None
        return cls(**raw)

    def refuse_later_than(self, as_of: AsOf) -> None:
        """A replay must not use what was learnt later.

        Raises:
            CarpelError: The parameters know more than `as_of` allows.
        """
        if self.known_through.instant > as_of.instant:
            raise CarpelError("profiles.parameters-know-later", known=self.known_through.instant, as_of=as_of.instant)
