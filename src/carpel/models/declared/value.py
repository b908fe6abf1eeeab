"""What each customer is worth."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer, with_interval
from carpel.models.learning import Model
from carpel.profiles import Better, Unit

_V, _U = ValueType, Unit

ESTIMATED: Final = {
    each.key: with_interval(each)
    for each in (
        answer("expected_orders_90d", _V.NUMBER, _U.COUNT, Better.MORE),
        answer("alive_probability", _V.SHARE, _U.SHARE, Better.MORE),
        answer("clv_12m", _V.MONEY, _U.MONEY, Better.MORE),
        answer("clv_12m_margin", _V.MONEY, _U.MONEY, Better.MORE),
        answer("clv_lifetime", _V.MONEY, _U.MONEY, Better.MORE),
        answer("clv_lifetime_margin", _V.MONEY, _U.MONEY, Better.MORE),
        answer("renewal_probability", _V.SHARE, _U.SHARE, Better.MORE),
    )
}
"""What customers are worth, each with the ends of its interval."""

VALUE: Final = Model(
    key="value",
    asks=text("models.question-value"),
    wants=("purchases.day|contracts.ends_on",),
    attributes=tuple(each for estimated in ESTIMATED.values() for each in estimated),
    module="carpel.models.value.customer_value",
)
