"""What each customer buys next."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer, with_interval
from carpel.models.learning import Model
from carpel.profiles import Better, Unit

PRODUCT: Final = answer("next_product", ValueType.ID)
NAME: Final = answer("next_product_name", ValueType.TEXT)
CHANCE: Final = answer("next_product_probability", ValueType.SHARE, Unit.SHARE, Better.MORE)
DAY: Final = answer("next_product_on", ValueType.DATE)

NEXT_PRODUCT: Final = Model(
    key="next_product",
    asks=text("models.question-next-product"),
    wants=("order_lines.product_id", "order_lines.day"),
    attributes=(PRODUCT, NAME, *with_interval(CHANCE), DAY),
    horizon=90,
    module="carpel.models.next_product.recommending",
)
"""The one product to offer, how likely it is bought within the horizon, and when."""
