"""When a product is bought again: a customer's own rate, pulled to what is usual of the product and of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
OWN: Final = 2.0
"""Purchases that a product's usual rate counts as beside a customer's own."""
OF_PRODUCT: Final = 5.0
"""Purchases that the usual rate of all products counts as beside a product's own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Timing:
    """How often each product is bought again.

    Attributes:
        rates: Purchases again for each day since the first, of each product.
        cycles: Days from a purchase to the next, of each product.
    """

    rates: Array
    cycles: Array

    def chance(self, items: npt.NDArray[np.intp], days: Array, exposure: Array, horizon: int) -> Array:
        """The chance that it is bought again within the horizon: gamma-Poisson, `exposure` days since the first."""
        rate = self.rates[items]
        own = (days - 1 + OWN) / (exposure + OWN / np.maximum(rate, 1e-9))
        return np.asarray(-np.expm1(-own * horizon))

    def cycle(self, items: npt.NDArray[np.intp], days: Array, span: Array) -> Array:
        """Days from a purchase to the next, `span` days from the first to the last."""
        return np.asarray((span + OWN * self.cycles[items]) / (days - 1 + OWN))


def learn_timing(items: npt.NDArray[np.intp], days: Array, span: Array, exposure: Array, count: int) -> Timing:
    """From rows of customer and product."""
    again, lived, spans = (np.bincount(items, each, count) for each in (days - 1, exposure, span))
    usual_rate = (again.sum() + 0.5) / (lived.sum() + 365.0)
    usual_cycle = (spans.sum() + 90.0) / (again.sum() + 1)
    rates = (again + OF_PRODUCT) / (lived + OF_PRODUCT / usual_rate)
    return Timing(rates=rates, cycles=(spans + OF_PRODUCT * usual_cycle) / (again + OF_PRODUCT))
