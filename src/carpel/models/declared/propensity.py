"""Will they? What customers and leads do within so many days."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer, with_interval
from carpel.models.learning import Model
from carpel.profiles import Better, Unit

_MODULE: Final = "carpel.models.propensity.asking"

PURCHASE: Final = Model(
    key="purchase",
    asks=text("models.question-purchase", count=90),
    wants=("purchases.day",),
    attributes=with_interval(answer("purchase_probability", ValueType.SHARE, Unit.SHARE, Better.MORE)),
    horizon=90,
    module=_MODULE,
)
"""Whether a customer who has bought before buys again."""

CONVERSION: Final = Model(
    key="conversion",
    asks=text("models.question-conversion", count=90),
    wants=("purchases.day",),
    attributes=with_interval(answer("conversion_probability", ValueType.SHARE, Unit.SHARE, Better.MORE)),
    horizon=90,
    module=_MODULE,
)
"""Whether a lead buys for the first time."""

RESPONSE: Final = Model(
    key="response",
    asks=text("models.question-response", count=30),
    wants=("interactions.happened_at", "interactions.direction"),
    attributes=with_interval(answer("response_probability", ValueType.SHARE, Unit.SHARE, Better.MORE)),
    horizon=30,
    module=_MODULE,
)
"""Whether somebody who is approached answers or buys."""

CATEGORY: Final = Model(
    key="category",
    asks=text("models.question-category", count=90),
    wants=("order_lines.category", "order_lines.day"),
    attributes=(
        answer("likely_category", ValueType.CATEGORY),
        answer("likely_category_probability", ValueType.SHARE, Unit.SHARE, Better.MORE),
    ),
    horizon=90,
    module="carpel.models.propensity.categories",
)
"""From which category a customer buys next."""
