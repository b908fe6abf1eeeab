"""What is true of the demo company by construction, so that an analysis can be checked against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PARTIES: Final = ("consumer", "business", "reseller", "government")
"""The four kinds of customers, in the order of every array that holds one number for each."""

_ELASTICITY: Final = {"consumer": 2.2, "business": 0.6, "reseller": 1.5, "government": 0.2}
_DAYS_LATE: Final = {"A": -6.0, "B": 4.0, "C": 24.0}


@dataclass(frozen=True, kw_only=True)
class CrossSell:
    """Customers who buy one product add another.

    Attributes:
        first: The product bought.
        then: The product added in the same or the next order.
    """

    first: str
    then: str


@dataclass(frozen=True, kw_only=True)
class Planted:
    """The structure that waits to be found.

    Attributes:
        cycles: Usual days between two purchases of a category by one customer.
        cross_sells: Pairs of products.
        cross_sell_share: Chance that the second of a pair is added.
        answered: Share of complaints that somebody answers.
        leaves_after_unanswered: Share of customers who leave within weeks of an unanswered complaint.
        leaves_after_answered: The same where somebody answered.
        fewer_after_unanswered: Share of wishes no longer met here by those who stay nevertheless.
        elasticity: Percent more units for one percent off the price, by kind of customer.
        conversion: Chance that a lead buys, by the hours within which it was answered (`up_to_hours`, `chance`).
        december: How many more units a line holds in December.
        growing: Share of customers whose orders grow, and by what factor a year.
        shrinking: Share whose orders shrink, and by what factor a year.
        usage_before_leaving: What is left of usage in the 90 days before a contract that is not renewed.
        days_late: Median days between due date and payment, by credit rating.
        pyramid: Least share of revenue of the largest 1 and 20 percent of buyers.
    """

    cycles: Mapping[str, int] = field(default_factory=dict)
    cross_sells: tuple[CrossSell, ...] = ()
    cross_sell_share: float = 0.30
    answered: float = 0.70
    leaves_after_unanswered: float = 0.60
    leaves_after_answered: float = 0.05
    fewer_after_unanswered: float = 0.50
    elasticity: Mapping[str, float] = field(default_factory=lambda: dict(_ELASTICITY))
    conversion: tuple[tuple[float, float], ...] = ((4.0, 0.45), (24.0, 0.22), (float("inf"), 0.07))
    december: float = 1.30
    growing: tuple[float, float] = (0.18, 1.50)
    shrinking: tuple[float, float] = (0.18, 0.60)
    usage_before_leaving: float = 0.35
    days_late: Mapping[str, float] = field(default_factory=lambda: dict(_DAYS_LATE))
    pyramid: tuple[float, float] = (0.15, 0.60)
