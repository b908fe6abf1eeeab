"""Which products go with which: EASE^R, cosine neighbours and co-purchase, each a products x products matrix."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse  # type: ignore[import-untyped]

Array = npt.NDArray[np.float64]
SHRINKAGE: Final = 10.0
"""Customers that chance is counted as, in a share of buyers who also bought something else."""


def gram_of(bought: Any) -> Array:
    """How many customers bought each two products; `bought` is a sparse customers x products matrix of ones."""
    return np.asarray((bought.T @ bought).todense(), dtype=np.float64)


def ease(gram: Array, regularisation: float) -> Array:
    """EASE^R (Steck 2019, arXiv 1905.03375): B = I - P diag(1 / diag(P)), P the inverse of gram + lambda I."""
    inverse = linalg.inv(gram + regularisation * np.eye(len(gram)))
    weights: Array = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def cosine(gram: Array) -> Array:
    """Cosine of the buyers of each two products; 0 of a product with itself."""
    norm = np.sqrt(np.maximum(np.diag(gram), 1))
    weights: Array = gram / np.outer(norm, norm)
    np.fill_diagonal(weights, 0)
    return weights


def together(gram: Array, customers: int) -> Array:
    """The share of a product's buyers who also bought another, pulled to that of all customers, less that of all."""
    buyers = np.diag(gram)
    usual = buyers / max(customers, 1)
    weights: Array = (gram + SHRINKAGE * usual) / (buyers[:, None] + SHRINKAGE) - usual
    np.fill_diagonal(weights, 0)
    return weights


def strongest(weights: Array, most: int) -> Any:
    """Only the strongest neighbours that each product is recommended for, as a sparse matrix."""
    count = len(weights)
    if count <= most:
        return sparse.csr_matrix(weights)
    places = np.argpartition(-np.abs(weights), most, axis=0)[:most]
    columns = np.broadcast_to(np.arange(count), places.shape)
    kept = (weights[places, columns].ravel(), (places.ravel(), columns.ravel()))
    return sparse.csr_matrix(kept, shape=weights.shape)
