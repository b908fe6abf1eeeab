"""How good ranked lists are: fixed formulas, one value for each customer.

With `hit_i` 1 where place i (from 1) of a list of k holds a product that was bought, and m products bought:

- NDCG@k = sum(hit_i / log2(i + 1)) / sum(1 / log2(i + 1), i = 1 .. min(m, k))
- Recall@k = sum(hit_i) / m
- AP@k = sum(hit_i * sum(hit_1 .. hit_i) / i) / min(m, k); MAP is its mean over customers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def ndcg(hits: npt.ArrayLike, bought: npt.ArrayLike) -> Array:
    """NDCG@k of each customer; `hits` is customers x k, `bought` counts what each bought (0 gives 0)."""
    found = np.asarray(hits, dtype=np.float64)
    weights = 1 / np.log2(np.arange(found.shape[1]) + 2)
    ideal = np.concatenate([[0.0], np.cumsum(weights)])
    return _share(found @ weights, ideal[_at_most(bought, found.shape[1])])


def recall(hits: npt.ArrayLike, bought: npt.ArrayLike) -> Array:
    """Recall@k of each customer."""
    return _share(np.asarray(hits, dtype=np.float64).sum(axis=1), np.asarray(bought, dtype=np.float64))


def average_precision(hits: npt.ArrayLike, bought: npt.ArrayLike) -> Array:
    """AP@k of each customer, divided by min(m, k)."""
    found = np.asarray(hits, dtype=np.float64)
    precision = np.cumsum(found, axis=1) / (np.arange(found.shape[1]) + 1)
    return _share((found * precision).sum(axis=1), _at_most(bought, found.shape[1]).astype(np.float64))


def _at_most(bought: npt.ArrayLike, k: int) -> npt.NDArray[np.intp]:
    return np.minimum(np.asarray(bought, dtype=np.intp), k)


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
