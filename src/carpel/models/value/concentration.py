"""How much of all sales the best customers bring: the customer pyramid."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from carpel.models.value.arrays import Numbers, column
from carpel.models.value.histories import check_columns

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Layer:
    """The best customers down to some share of all of them.

    Attributes:
        share: Of all customers.
        customers: How many that is, rounded up.
        value: Their share of everything that customers bring.
    """

    share: float
    customers: int
    value: float


def pyramid(values: Numbers, shares: Sequence[float] = (0.01, 0.05, 0.2, 1.0)) -> tuple[Layer, ...]:
    """What the best customers bring, cumulatively (Curry and Curry, "The Customer Marketing Method", 2000)."""
    best_first = -np.sort(-column(values))
    check_columns({}, free={"values": best_first})
    sums = np.cumsum(best_first)
    counts = [ceil(share * len(best_first) - _ROUNDING) for share in shares]
    whole = float(sums[-1])
    return tuple(
        Layer(share, count, float(sums[count - 1]) / whole if count and whole else 0.0)
        for share, count in zip(shares, counts, strict=True)
    )
