"""Why a product is the one to offer: the customer's own rhythm, what goes with what they have, or others like them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carpel.kernel.texts import Text, text
from carpel.models.next_product.ranking import Purchases, Rankers
from carpel.models.next_product.shelf import Shelf
from carpel.models.reasons import Reason

_OF = "next_product"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sayer:
    """Finds the words for products that were named.

    Attributes:
        shelf: The products.
        rankers: What was learned of them.
        bought: What the customers have bought.
    """

    shelf: Shelf
    rankers: Rankers
    bought: Purchases

    def reasons(self, customer: int, product: int) -> tuple[Reason, ...]:
        """Why this product; the customer's own rhythm first."""
        rows = np.flatnonzero(self.bought.customers == customer)
        own = rows[self.bought.items[rows] == product]
        found = [Reason(of=_OF, said=self._again(int(own[0])), supports=True, weight=2.0)] if len(own) else []
        beside = self._beside(rows, product)
        return (*found, Reason(of=_OF, said=beside, supports=True, weight=1.0)) if beside else tuple(found)

    def _again(self, row: int) -> Text:
        bought, timing = self.bought, self.rankers.timing
        days, silence = int(bought.days[row]), int(bought.until - bought.last[row])
        name = self.shelf.names[bought.items[row]]
        if days == 1:
            usual = round(float(timing.cycles[bought.items[row]]))
            return text("models.next-product-once", product=name, silence=silence, count=max(usual, 1))
        gap = round(float(bought.last[row] - bought.first[row]) / (days - 1))
        return text("models.next-product-again", product=name, gap=max(gap, 1), count=silence)

    def _beside(self, rows: np.ndarray, product: int) -> Text | None:
        """What the customer has whose buyers add the product most."""
        others = [int(each) for each in self.bought.items[rows] if each != product]
        added = self.rankers.added[others, product].toarray().ravel() if others else np.zeros(0)
        if not len(added) or added.max() <= 0:
            return None
        best = int(added.argmax())
        share, usual = float(added[best] + self.rankers.usual[product]), float(self.rankers.usual[product])
        return text(
            "models.next-product-beside",
            bought=self.shelf.names[others[best]],
            product=self.shelf.names[product],
            share=round(100 * min(share, 1.0)),
            usual=round(100 * usual),
        )
