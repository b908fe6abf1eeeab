"""Whom a search finds, and by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

import numpy as np
import numpy.typing as npt

Ranks = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Matched(StrEnum):
    """By what a customer was found."""

    ID = "id"
    NAME = "name"
    CONTACT = "contact"
    EMAIL = "email"
    PHONE = "phone"


Part = Mapping[Matched, Mask]
"""By each of several things, whether each customer is found by it, by rank; what finds nobody is left out."""


@dataclass(frozen=True)
class Hits:
    """Whom a search finds.

    Attributes:
        ways: Ways to be found; of each, those who are found by all of its parts, each by one thing or another.
        everyone: How many customers there are.
    """

    ways: Sequence[Sequence[Part]]
    everyone: int

    def ranks(self) -> Ranks:
        """All of them, ascending."""
        found = [_by_all(way) for way in self.ways if all(way)]
        return np.flatnonzero(reduce(np.logical_or, found)) if found else np.zeros(0, dtype=np.int64)

    def matched(self, ranks: Ranks) -> tuple[tuple[Matched, ...], ...]:
        """By what each of some customers was found."""
        held = {kind: np.zeros(len(ranks), dtype=bool) for kind in Matched}
        for way in (way for way in self.ways if all(way)):
            parts = [{kind: mask[ranks] for kind, mask in part.items()} for part in way]
            among = _by_all(parts)
            for part in parts:
                for kind, mask in part.items():
                    held[kind] |= mask & among
        return tuple(tuple(kind for kind in Matched if held[kind][place]) for place in range(len(ranks)))


def _by_all(way: Sequence[Part]) -> Mask:
    found: Mask = reduce(np.logical_and, (reduce(np.logical_or, part.values()) for part in way))
    return found
