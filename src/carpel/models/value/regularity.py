"""How regular orders are: at random, or like clockwork."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.models.value.arrays import Array, Numbers, column, log_gamma
from carpel.models.value.histories import check_columns

_FEWEST: Final = 2


@dataclass(frozen=True)
class Regularity:
    """The shape k of gamma gaps between orders: 1 at random, below in bursts, above more regular.

    Attributes:
        k: The shape.
        standard_error: Of k, from customer to customer.
        customers: How many had two gaps or more.
    """

    k: float
    standard_error: float
    customers: int


def wheat_morrison(customer: Numbers, gap: Numbers) -> Regularity:
    """Regularity from each customer's latest two gaps (Wheat and Morrison, Journal of Marketing Research 27 (1990)).

    The share of one in the sum of both is beta(k, k) whatever the customer's rate, with variance 1 / (4 (2k + 1))
    about one half. Each customer counts once.

    Args:
        customer: Whose gap each is; rows of one customer together, in order of time.
        gap: The time between one order and the next.

    Raises:
        CarpelError: Fewer than two customers with two gaps, a gap that is not positive, or gaps that are all equal.
    """
    who, gaps = np.asarray(customer), column(gap)
    check_columns({"gap": gaps})
    if len(who) != len(gaps):
        raise CarpelError("models.lengths-differ", first="customer", length=len(who), second="gap", other=len(gaps))
    if (gaps == 0).any():
        raise CarpelError("models.gap-of-nothing")
    together = who[1:] == who[:-1]
    latest = together & np.append(~together[1:], True)
    share = gaps[:-1][latest] / (gaps[:-1] + gaps[1:])[latest]
    spread = (share - 0.5) ** 2
    if len(spread) < _FEWEST:
        raise CarpelError("models.too-few-gaps", count=len(spread), needed=_FEWEST)
    return _from_variance(spread)


def _from_variance(spread: Array) -> Regularity:
    variance = float(spread.mean())
    if variance == 0:
        raise CarpelError("models.clockwork")
    error = float(spread.std(ddof=1)) / np.sqrt(len(spread))
    return Regularity((1 - 4 * variance) / (8 * variance), float(error / (8 * variance**2)), len(spread))


def erlang_gap_term(k: int, orders: Array, elapsed: Array, log_gaps: Array | None) -> Array:
    """What Erlang-k gaps add to the log-likelihood of orders beside the powers of their rate.

    Where the single gaps are unknown, it is what their number and their sum alone say: the density of the sum
    against that of exponential gaps. Both are nothing for k = 1.
    """
    if k == 1:
        return np.zeros_like(orders)
    if log_gaps is not None:
        return (k - 1) * log_gaps - orders * log_gamma(float(k))
    some = orders > 0
    n, span = np.where(some, orders, 1.0), np.where(some, elapsed, 1.0)
    return np.where(some, (k - 1) * n * np.log(span) - log_gamma(k * n) + log_gamma(n), 0.0)
