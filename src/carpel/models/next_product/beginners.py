"""What those who have not bought yet are offered: what first buyers of their kind buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.texts import Labels, Text
from carpel.kernel.types import ValueType
from carpel.models.frames.moments import NUMBER, known_as_of, sampled
from carpel.models.learning import Ground
from carpel.models.next_product.ranking import Purchases
from carpel.profiles import Attribute, Family

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

WHOLE: Final = 20.0
"""Buyers that everybody counts as, beside those of one kind."""
LARGEST: Final = 30
"""Kinds of an attribute that are told apart."""
_KNOWN_OF: Final = 0.5
_FAMILIES: Final = frozenset({Family.DEMOGRAPHIC, Family.GEOGRAPHIC, Family.FIRMOGRAPHIC})


@dataclass(frozen=True, kw_only=True)
class Beginners:
    """The product that is bought most by each kind of customer.

    Attributes:
        attribute: What tells kinds apart; None where nothing does.
        label: Its name.
        best: The product's place, by kind.
        usual: The product's place for everybody else; None where nothing may be offered.
    """

    attribute: str | None
    label: Text | Labels | None
    best: Mapping[str, int]
    usual: int | None

    @classmethod
    def learned(cls, ground: Ground, bought: Purchases, numbers: npt.NDArray[np.int64], offered: Array) -> Self:
        """From what customers of each kind have bought.

        Args:
            ground: What may be known.
            bought: What customers have bought.
            numbers: Those customers.
            offered: 1 where a product may be recommended.
        """
        share = np.bincount(bought.items, minlength=bought.shape[1]) / max(len(numbers), 1)
        usual = int(np.argmax(share * offered)) if offered.any() else None
        kinds = _kinds(ground, numbers) if usual is not None and len(numbers) else {}
        told = {key: _told(each, bought, share) for key, each in kinds.items()}
        best = max(sorted(kinds), key=lambda key: told[key], default=None)
        if best is None or told[best] <= 0:
            return cls(attribute=None, label=None, best={}, usual=usual)
        return cls(
            attribute=best,
            label=ground.catalogue.available[best].label,
            best=_favourites(kinds[best], bought, share, offered),
            usual=usual,
        )

    def places(self, profiles: pa.Table) -> list[int | None]:
        """The place of each customer's product."""
        kinds = self.kinds(profiles)
        return [self.best.get(kind or "", self.usual) for kind in kinds]

    def kinds(self, profiles: pa.Table) -> Sequence[str | None]:
        """Which kind each customer is; None where it is not known or nothing tells."""
        if self.attribute is None:
            return [None] * profiles.num_rows
        found: list[str | None] = profiles[self.attribute].cast(pa.string()).to_pylist()
        return found

    def to_json(self) -> dict[str, Any]:
        """In plain values but the label, which its attribute has."""
        return {"attribute": self.attribute, "best": dict(self.best), "usual": self.usual}


def _kinds(ground: Ground, numbers: npt.NDArray[np.int64]) -> dict[str, list[str | None]]:
    """What each attribute says of the customers."""
    wanted = [each for each in ground.catalogue.available.values() if _tells_kinds(each)]
    if not wanted:
        return {}
    table = known_as_of(
        ground.facts,
        ground.catalogue,
        ground.as_of,
        ground.engine,
        keys=[each.key for each in wanted],
        buckets=sampled(ground.facts),
    ).sort_by(NUMBER)
    rows = pa.array(np.searchsorted(np.asarray(table[NUMBER]), numbers))
    table = table.take(rows)
    return {each.key: table[each.key].cast(pa.string()).to_pylist() for each in wanted}


def _tells_kinds(attribute: Attribute) -> bool:
    return attribute.type is ValueType.CATEGORY and attribute.family in _FAMILIES and not attribute.personal


def _by_kind(kinds: list[str | None], bought: Purchases) -> dict[str, tuple[float, Array]]:
    """The largest kinds: how many customers, and how many of them bought each product."""
    found = np.array([each or "" for each in kinds], dtype=object)
    names, sizes = np.unique(found[found != ""].astype(str), return_counts=True)
    largest = [str(names[place]) for place in np.argsort(-sizes, kind="stable")[:LARGEST]]
    counted = {}
    for name in largest:
        rows = found == name
        inside = rows[bought.customers]
        counted[name] = (float(rows.sum()), np.bincount(bought.items[inside], minlength=bought.shape[1]).astype(float))
    return counted


def _told(kinds: list[str | None], bought: Purchases, share: Array) -> float:
    """How much more of what is bought the kinds tell, less what chance would (half a parameter each, as AIC has it)."""
    if sum(each is not None for each in kinds) < _KNOWN_OF * len(kinds):
        return 0.0
    total, usual = 0.0, share / max(share.sum(), 1e-12)
    for _, counts in _by_kind(kinds, bought).values():
        own = (counts + WHOLE * usual) / (counts.sum() + WHOLE)
        seen = counts > 0
        total += float(counts[seen] @ np.log(own[seen] / usual[seen])) - float(seen.sum())
    return total


def _favourites(kinds: list[str | None], bought: Purchases, share: Array, offered: Array) -> dict[str, int]:
    return {
        name: int(np.argmax((counts + WHOLE * share) / (size + WHOLE) * offered))
        for name, (size, counts) in _by_kind(kinds, bought).items()
    }
