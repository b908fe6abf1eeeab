"""The products that are told apart, and what customers have bought of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from carpel.kernel.dates import AsOf
from carpel.models.next_product.assortment import (
    Product,
    codes_are_long,
    is_no_product,
    is_offered,
    replacements,
)
from carpel.models.next_product.baskets import Baskets
from carpel.models.next_product.ranking import Purchases

MOST: Final = 3_000
"""Products that are told apart: each two of them are looked at together."""
_UNPLACED: Final = -1


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The products that are told apart, those with the most buyers first.

    Attributes:
        codes: Of each product.
        names: What people call it.
        offered: Whether it may be recommended now.
        newer: What stands for a replaced product today, by code.
        left_out: Codes that are no products, such as postage and fees.
        others: How many products there are beyond those told apart.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    offered: tuple[bool, ...]
    newer: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    others: int = 0

    @classmethod
    def of(cls, baskets: Baskets, products: Mapping[str, Product], as_of: AsOf) -> Self:
        """The products in what was bought, as the company's list of them stands."""
        newer = replacements(products)
        buyers, paid = _buyers(baskets, newer)
        are_long = codes_are_long(list(buyers))
        real = {
            code
            for code in buyers
            if not is_no_product(code, products.get(code, {}), paid=paid[code], codes_are_long=are_long)
        }
        ranked = sorted(real, key=lambda code: (-buyers[code], code))
        told = ranked[:MOST]
        return cls(
            codes=tuple(told),
            names=tuple(str(products.get(code, {}).get("name") or code) for code in told),
            offered=tuple(is_offered(products.get(code, {}), as_of) for code in told),
            newer=newer,
            left_out=tuple(sorted(buyers.keys() - real)),
            others=len(ranked) - len(told),
        )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each product's code, and of what it has replaced."""
        own = {code: place for place, code in enumerate(self.codes)}
        return own | {old: own[new] for old, new in self.newer.items() if new in own}

    @cached_property
    def may_be_offered(self) -> npt.NDArray[np.bool_]:
        """Which products may be recommended now."""
        return np.array(self.offered, dtype=bool)

    def purchases(self, baskets: Baskets, numbers: npt.NDArray[np.int64], until: int) -> Purchases:
        """What some customers have bought of these products, a replaced one together with what replaced it.

        Args:
            baskets: What was bought.
            numbers: The customers, in order.
            until: The day after the last that counts, as dates count days.
        """
        places = self.places
        items = np.array([places.get(code, _UNPLACED) for code in baskets.codes], dtype=np.intp)
        people = np.searchsorted(numbers, baskets.numbers)
        known = np.minimum(people, max(len(numbers) - 1, 0))
        here = items != _UNPLACED
        if len(numbers):
            here &= numbers[known] == baskets.numbers
        else:
            here &= False
        rows = np.flatnonzero(here)
        cells, where = np.unique(people[rows] * len(self.codes) + items[rows], return_inverse=True)
        first, last = np.full(len(cells), np.inf), np.full(len(cells), -np.inf)
        np.minimum.at(first, where, baskets.first[rows])
        np.maximum.at(last, where, baskets.last[rows])
        return Purchases(
            customers=cells // max(len(self.codes), 1),
            items=cells % max(len(self.codes), 1),
            days=np.bincount(where, baskets.days[rows], len(cells)).astype(np.float64),
            first=first,
            last=last,
            until=until,
            shape=(len(numbers), len(self.codes)),
        )

    def to_json(self) -> dict[str, Any]:
        """What answers need."""
        return {
            "codes": list(self.codes),
            "names": list(self.names),
            "offered": [int(each) for each in self.offered],
            "newer": dict(self.newer),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(
            codes=tuple(kept["codes"]),
            names=tuple(kept["names"]),
            offered=tuple(bool(each) for each in kept["offered"]),
            newer=kept["newer"],
        )


def _buyers(baskets: Baskets, newer: Mapping[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    """How many bought each product, and the most that was ever paid for it."""
    buyers: dict[str, int] = {}
    paid: dict[str, int] = {}
    for bought, most in zip(baskets.codes, baskets.paid, strict=True):
        code = newer.get(bought, bought)
        buyers[code] = buyers.get(code, 0) + 1
        paid[code] = max(paid.get(code, 0), int(most))
    return buyers, paid
