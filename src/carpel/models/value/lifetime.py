"""Customer lifetime value: orders to come, discounted, times what one is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.models.value.arrays import Array, Numbers, column, normal_bound
from carpel.models.value.contracts import ShiftedBetaGeometric
from carpel.models.value.estimating import Estimates
from carpel.models.value.ordering import OrderModel
from carpel.models.value.spending import GammaGamma

_SMALLEST: Final = 1e-300
_LARGEST_EXPONENT: Final = 690.0


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """How far to look, and what of it counts today.

    Attributes:
        horizon: In the models' unit of time; infinite for a lifetime, if there is a discount.
        discount: What waiting one unit of time costs, as 0.01 for 1 %.
        margin: The share of an order's value that is margin; 1 gives value in revenue.
    """

    horizon: float
    discount: float = 0.0
    margin: float = 1.0


def lifetime_value(
    outlook: Outlook,
    orders: OrderModel,
    spend: GammaGamma,
    *,
    frequency: Numbers,
    recency: Numbers,
    age: Numbers,
    mean_value: Numbers,
    spend_orders: Numbers | None = None,
    level: float = 0.95,
) -> Estimates:
    """What each customer's orders to come are worth today (Fader, Hardie and Lee 2005, "RFM and CLV").

    Intervals say how uncertain the parameters of both models leave the value, which are taken as independent.

    Args:
        outlook: How far to look.
        orders: A fitted model of orders.
        spend: A fitted model of what an order is worth.
        frequency: Orders after the first.
        recency: From the first order to the latest.
        age: From the first order to now.
        mean_value: The mean value of a customer's orders.
        spend_orders: How many orders that mean is over; `frequency` where they are the orders after the first.
        level: How often the interval should hold.
    """
    counted = frequency if spend_orders is None else spend_orders
    many = orders.estimate(
        lambda model: model.discounted_orders(outlook.horizon, outlook.discount, frequency, recency, age), level=level
    )
    much = spend.estimate(lambda model: model.expected_spend(counted, mean_value), level=level)
    return product(many, much, outlook.margin)


def contract_value(
    outlook: Outlook, contracts: ShiftedBetaGeometric, *, renewals: Numbers, amount: Numbers, level: float = 0.95
) -> Estimates:
    """What each running contract's renewals to come are worth today.

    Args:
        outlook: How far to look, in periods of the contract.
        contracts: A fitted model of contracts.
        renewals: How often each contract was renewed.
        amount: What one period of it brings.
        level: How often the interval should hold.
    """
    each = column(amount) * outlook.margin
    many = contracts.estimate(
        lambda model: model.expected_renewals(outlook.horizon, renewals, outlook.discount), level=level
    )
    ends = many.low * each, many.high * each
    return Estimates(many.value * each, np.minimum(*ends), np.maximum(*ends), level)


def product(many: Estimates, much: Estimates, margin: float = 1.0) -> Estimates:
    """What so many of such a value are worth; the errors of the two are taken as independent."""
    value = many.value * much.value * margin
    error = np.hypot(_error(many), _error(much))
    reach = np.exp(np.minimum(normal_bound(many.level) * error, _LARGEST_EXPONENT / 2))
    low, high = np.minimum(value / reach, value * reach), np.maximum(value / reach, value * reach)
    return Estimates(value, low, high, many.level)


def _error(estimates: Estimates) -> Array:
    """The standard error of the logarithm."""
    spread = np.log(np.maximum(estimates.high, _SMALLEST)) - np.log(np.maximum(estimates.value, _SMALLEST))
    return np.asarray(spread / normal_bound(estimates.level), dtype=np.float64)
