"""Ways to rank products for customers, learned from what was bought until a day and judged by what was bought after.

Products that a customer already has may be recommended again: in most trades they are what is bought next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from carpel.models.next_product.metrics import ndcg
from carpel.models.next_product.neighbours import cosine, ease, gram_of, strongest, together
from carpel.models.next_product.timing import Timing, learn_timing

TOP: Final = 10
"""Products of a list that is judged."""
NEIGHBOURS: Final = 50
"""Of each product, the strongest that are kept."""
REGULARISATION: Final = 200.0
_YEAR: Final = 365
_AT_ONCE: Final = 2_048
_BESIDE: Final = 0.2
"""How much a new product counts beside one that is bought again; 0.1 to 0.3 do about as well on Online Retail."""
_BASELINES: Final = ("popularity", "item-kNN")

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Purchases:
    """What customers have bought until a day, a row for each customer and product.

    Attributes:
        customers: The customer's place, from 0.
        items: The product's place, from 0.
        days: On how many days.
        first: The first of them, counted as dates count days.
        last: The last.
        until: The day after the last that counts.
        shape: How many customers and products there are.
    """

    customers: Places
    items: Places
    days: Array
    first: Array
    last: Array
    until: int
    shape: tuple[int, int]

    @cached_property
    def matrix(self) -> Any:
        """1 where a customer has bought a product, sparse."""
        ones = np.ones(len(self.items))
        return sparse.csr_matrix((ones, (self.customers, self.items)), shape=self.shape)

    def again(self, timing: Timing, horizon: int) -> Any:
        """The chance that each product is bought again within the horizon, sparse."""
        chance = timing.chance(self.items, self.days, self.until - self.first, horizon)
        # Whoever has been silent for longer than twice the usual time has likely gone over to something else.
        overdue = (self.until - self.last) / np.maximum(timing.cycle(self.items, self.days, self.last - self.first), 1)
        faded = chance * np.exp(-np.maximum(overdue - 2, 0) / 2)
        return sparse.csr_matrix((faded, (self.customers, self.items)), shape=self.shape)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rankers:
    """What was learned of products; each way gives customers by products, the higher the sooner.

    Attributes:
        popularity: The share of customers who have bought each within a year.
        usual: The share of customers who have ever bought each.
        alike: Cosine neighbours.
        added: What buyers of a product buy beside it, beyond chance.
        weights: Those of EASE^R.
        timing: When products are bought again.
        horizon: Days ahead.
    """

    popularity: Array
    usual: Array
    alike: Any
    added: Any
    weights: Any
    timing: Timing
    horizon: int

    @classmethod
    def learned(cls, bought: Purchases, horizon: int) -> Self:
        """From what was bought until a day."""
        customers, products = bought.shape
        recent = bought.last >= bought.until - _YEAR
        gram = gram_of(bought.matrix)
        span, exposure = bought.last - bought.first, bought.until - bought.first
        return cls(
            popularity=np.bincount(bought.items[recent], minlength=products) / max(customers, 1),
            usual=np.bincount(bought.items, minlength=products) / max(customers, 1),
            alike=strongest(cosine(gram), NEIGHBOURS),
            added=strongest(together(gram, customers), NEIGHBOURS),
            weights=strongest(ease(gram, REGULARISATION), NEIGHBOURS),
            timing=learn_timing(bought.items, bought.days, span, exposure, products),
            horizon=horizon,
        )

    @property
    def ways(self) -> Mapping[str, Callable[[Any, Any], Any]]:
        """By name in the literature: scores from who has bought what, and what they buy again."""
        usual = 0.1 * self.popularity
        return {
            "popularity": lambda have, _: _rows(have, self.popularity),
            "item-kNN": lambda have, _: (have @ self.alike).toarray(),
            "co-purchase": lambda have, _: (have @ self.added).toarray() + usual,
            "EASE^R": lambda have, _: (have @ self.weights).toarray() + usual,
            "repurchase": lambda _, again: again.toarray() + usual,
            "EASE^R + repurchase": lambda have, again: (
                _BESIDE * (have @ self.weights).toarray() + again.toarray() + usual
            ),
        }

    def kept(self, way: str) -> Self:
        """What one way and its reasons need, as it comes back from where it is kept."""
        return type(self).from_json(self.to_json(way), self.horizon)

    def best(self, way: str, bought: Purchases, offered: npt.NDArray[np.bool_]) -> tuple[Places, Array]:
        """The best product of each customer, and how much speaks for it; of equals the first."""
        again = bought.again(self.timing, self.horizon)
        places, scores = [], []
        for rows in _slices(bought.shape[0]):
            found = np.where(offered, self.ways[way](bought.matrix[rows], again[rows]), -np.inf)
            places.append(found.argmax(axis=1))
            scores.append(found[np.arange(len(found)), places[-1]])
        return np.concatenate([np.empty(0, np.intp), *places]), np.concatenate([np.empty(0), *scores])

    def lists(self, way: str, bought: Purchases, offered: npt.NDArray[np.bool_], most: int = TOP) -> Places:
        """The best products of each customer, best first; equals in the order of products.

        Args:
            way: One of `ways`.
            bought: What the customers have.
            offered: Which products may be recommended.
            most: How many for each.
        """
        again = bought.again(self.timing, self.horizon)
        parts = [self._best(way, bought.matrix[rows], again[rows], offered, most) for rows in _slices(bought.shape[0])]
        return np.concatenate(parts)

    def _best(self, way: str, have: Any, again: Any, offered: npt.NDArray[np.bool_], most: int) -> Places:
        scores = np.where(offered, self.ways[way](have, again), -np.inf)
        return np.argsort(-scores, axis=1, kind="stable")[:, :most]

    def to_json(self, way: str) -> dict[str, Any]:
        """What one way and its reasons need; weights with four digits."""
        return {
            "popularity": list(map(float, self.popularity)),
            "usual": list(map(float, self.usual)),
            "added": _matrix_to_json(self.added),
            "alike": _matrix_to_json(self.alike) if way == "item-kNN" else None,
            "weights": _matrix_to_json(self.weights) if way.startswith("EASE") else None,
            "rates": list(map(float, self.timing.rates)),
            "cycles": list(map(float, self.timing.cycles)),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], horizon: int) -> Self:
        """What `to_json` gave."""
        count = len(kept["popularity"])
        alike, added, weights = (_matrix_from_json(kept[name], count) for name in ("alike", "added", "weights"))
        return cls(
            popularity=np.array(kept["popularity"]),
            usual=np.array(kept["usual"]),
            alike=alike,
            added=added,
            weights=weights,
            timing=Timing(rates=np.array(kept["rates"]), cycles=np.array(kept["cycles"])),
            horizon=horizon,
        )


@dataclass(frozen=True, kw_only=True)
class Judged:
    """How one way did.

    Attributes:
        way: Its name.
        mean: Its mean NDCG@10 over customers who bought something after.
        each: That of each of them.
    """

    way: str
    mean: float
    each: Array


def judged(rankers: Rankers, bought: Purchases, after: Purchases, offered: npt.NDArray[np.bool_]) -> tuple[Judged, ...]:
    """Every way, judged by what customers with a history bought after; best first.

    Args:
        rankers: Learned from nothing later than `bought`.
        bought: What customers had.
        after: What the same customers bought after that.
        offered: Which products count.
    """
    later = after.matrix.multiply(offered).tocsr()
    counts = np.asarray(later.sum(axis=1)).ravel()
    who = np.flatnonzero((counts > 0) & (np.diff(bought.matrix.indptr) > 0))
    found = []
    for way in rankers.ways:
        lists = rankers.lists(way, bought, offered)[who]
        cells = later[np.repeat(who, lists.shape[1]), lists.ravel()] if len(who) else np.empty(0)
        hits = np.asarray(cells).reshape(lists.shape) > 0
        each = ndcg(hits, counts[who])
        found.append(Judged(way=way, mean=float(each.mean()) if len(who) else 0.0, each=each))
    return tuple(sorted(found, key=lambda one: -one.mean))


def gain(better: Judged, worse: Judged) -> tuple[float, float, float]:
    """By how much one way's NDCG is above another's, with the ends of its 95 % interval over customers."""
    apart = better.each - worse.each
    reach = 1.96 * float(apart.std()) / np.sqrt(max(len(apart), 1))
    return float(apart.mean()), float(apart.mean() - reach), float(apart.mean() + reach)


def baseline(found: tuple[Judged, ...]) -> Judged:
    """The better of popularity and item-kNN."""
    return next(each for each in found if each.way in _BASELINES)


def _matrix_to_json(matrix: Any) -> dict[str, Any]:
    whole = matrix.tocsr()
    whole.sort_indices()
    return {
        "values": [float(f"{each:.4g}") for each in whole.data],
        "columns": whole.indices.tolist(),
        "ends": whole.indptr.tolist(),
    }


def _matrix_from_json(kept: Mapping[str, Any] | None, count: int) -> Any:
    if kept is None:
        return sparse.csr_matrix((count, count))
    return sparse.csr_matrix(
        (np.array(kept["values"], dtype=np.float64), np.array(kept["columns"]), np.array(kept["ends"])),
        shape=(count, count),
    )


def _rows(have: Any, values: Array) -> Array:
    return np.broadcast_to(values, (have.shape[0], len(values)))


def _slices(count: int) -> Iterator[slice]:
    yield from (slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE))
