"""For whom a rule holds: one bit per customer, in customer order, kept while it is of use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from carpel.schemes.previewing.identities import Identity

Bits: TypeAlias = npt.NDArray[np.uint8]
"""Eight customers to a byte."""

KEPT_BYTES: Final = 64_000_000
"""What answers may take together: of a million customers some 500."""


class Answers:
    """The answers that were asked last; the least recently used leave first."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[Identity, Bits] = OrderedDict()
        self._bytes = 0

    def known(self, wanted: Iterable[Identity]) -> dict[Identity, Bits]:
        """Those of the wanted answers that are kept."""
        found = {each: self._kept[each] for each in wanted if each in self._kept}
        for each in found:
            self._kept.move_to_end(each)
        return found

    def keep(self, answers: Mapping[Identity, Bits]) -> None:
        """Remember answers, as far as there is room."""
        for identity, bits in answers.items():
            self._kept[identity] = bits
            self._bytes += bits.nbytes
        while self._bytes > self._limit and self._kept:
            _, leaving = self._kept.popitem(last=False)
            self._bytes -= leaving.nbytes
