"""Whom a search finds, and by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True)
class Hits:
    """Whom a search finds.

    Attributes:
        ways: Ways to be found; of each, those who are found by all of its parts, each by one thing or another.
        everyone: How many customers there are.
    """

    ways: Sequence[Sequence[Mapping[Matched, Ranks]]]
    everyone: int

    def ranks(self) -> Ranks:
        """All of them, ascending."""
        return self._once([self._by_all(way) for way in self.ways if way])

    def matched(self, ranks: Ranks) -> tuple[tuple[Matched, ...], ...]:
        """By what each of some customers was found."""
        held = {kind: np.zeros(len(ranks), dtype=bool) for kind in Matched}
        for way in self.ways:
            parts = [{kind: self._marked([found])[ranks] for kind, found in part.items()} for part in way]
            among = np.logical_and.reduce([np.logical_or.reduce([*part.values()]) for part in parts])
            for part in parts:
                for kind, mask in part.items():
                    held[kind] |= mask & among
        return tuple(tuple(kind for kind in Matched if held[kind][place]) for place in range(len(ranks)))

    def _by_all(self, way: Sequence[Mapping[Matched, Ranks]]) -> Ranks:
        return common([self._once([*part.values()]) for part in way], self.everyone)

    def _once(self, parts: Sequence[Ranks]) -> Ranks:
        return np.flatnonzero(self._marked(parts))

    def _marked(self, parts: Sequence[Ranks]) -> Mask:
        """Marking is faster than sorting where many are found."""
        marked = np.zeros(self.everyone, dtype=bool)
        for part in parts:
            marked[part] = True
        return marked


def common(sets: Sequence[Ranks], everyone: int) -> Ranks:
    """The ranks that are in every set, in the order of the smallest."""
    found = min(sets, key=len)
    for other in sets:
        if other is not found:
            marked = np.zeros(everyone, dtype=bool)
            marked[other] = True
            found = found[marked[found]]
    return found
