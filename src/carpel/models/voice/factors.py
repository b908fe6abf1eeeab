"""How texts fall into groups by the terms that come together in them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]

from carpel.models.voice.grams import Numbers

FEWEST: Final = 3
MOST: Final = 10
"""Themes of a language, at least and at most."""
WORDS: Final = 8
"""Key words of a theme."""
_AUDIBLE: Final = 0.05
"""Key words weigh at least so much of the heaviest."""
_EACH: Final = 15
"""Texts for each theme, at least."""
_HALVINGS: Final = 3
_AS_STABLE: Final = 0.8
"""As a share of the stability of the stablest number."""
_ROUNDS: Final = 400
_SEED: Final = 20_240_229


def how_many(matrix: Any) -> tuple[int, float]:
    """The most themes that are about as stable as the stablest number."""
    texts, terms = matrix.shape
    most = max(FEWEST, min(MOST, texts // (2 * _EACH), terms // 2))
    found = {many: _stability(matrix, many) for many in range(FEWEST, most + 1)}
    best = max(found.values())
    many = max(many for many, stability in found.items() if stability >= _AS_STABLE * best)
    return many, found[many]


def factors_of(matrix: Any, many: int) -> Numbers:
    """Non-negative factors (scikit-learn's NMF), each of length 1."""
    from sklearn.decomposition import NMF  # type: ignore[import-untyped]  # noqa: PLC0415  slow
    from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]  # noqa: PLC0415  slow

    model = NMF(n_components=many, init="nndsvda", random_state=_SEED, max_iter=_ROUNDS, tol=1e-3)
    with warnings.catch_warnings():
        # Factors that are still moving a little name their themes all the same; how stable they are is measured.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix)
    lengths = np.linalg.norm(model.components_, axis=1, keepdims=True)
    return np.asarray((model.components_ / np.maximum(lengths, 1e-12)).astype(np.float32).astype(np.float64))


def strongest(matrix: Any, weights: Numbers) -> tuple[Any, Numbers]:
    """The theme of each text, -1 where there is none, and how much the text is about it."""
    strength = np.asarray(matrix @ weights.T)
    best = strength.argmax(axis=1)
    most = strength[np.arange(len(best)), best]
    return np.where(most > 0, best, -1), most


def heaviest(weights: Numbers) -> list[int]:
    """The places of key words, the heaviest first."""
    order = np.argsort(-weights, kind="stable")[:WORDS]
    return [int(each) for each in order if weights[each] > _AUDIBLE * weights[order[0]]]


def _stability(matrix: Any, many: int) -> float:
    """How alike the key words of themes of two halves are, on average over some ways to halve."""
    return float(np.mean([_alike(*(factors_of(half, many) for half in halves)) for halves in _halves(matrix)]))


def _halves(matrix: Any) -> Iterator[tuple[Any, Any]]:
    random = np.random.default_rng(_SEED)
    for _ in range(_HALVINGS):
        order = random.permutation(matrix.shape[0])
        middle = len(order) // 2
        yield matrix[np.sort(order[:middle])], matrix[np.sort(order[middle:])]


def _alike(first: Numbers, second: Numbers) -> float:
    ours, theirs = ([set(heaviest(each)) for each in factors] for factors in (first, second))
    overlap = np.array([[len(one & other) / max(len(one | other), 1) for other in theirs] for one in ours])
    rows, columns = optimize.linear_sum_assignment(-overlap)
    return float(overlap[rows, columns].mean())
