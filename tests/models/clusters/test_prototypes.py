"""k-prototypes against published figures, and what must hold of any data."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score  # type: ignore[import-untyped]

from carpel.models.clusters.points import Points, usual_mismatch
from carpel.models.clusters.prototypes import cao, prototyped, spread_out
from tests.models.clusters.soybean import DISEASES, SYMPTOMS


def points(numbers, codes, mismatch=None):
    levels = tuple(int(column.max()) + 1 for column in codes.T)
    scale = usual_mismatch(numbers) if mismatch is None else mismatch
    return Points(numbers=numbers, codes=codes, levels=levels, mismatch=scale)


def test_the_four_diseases_of_soybeans_are_recovered_at_the_published_cost():
    """k-modes with the starts of Cao: cost 199, every plant with its own disease."""
    plants = points(np.empty((47, 0)), SYMPTOMS)
    found = prototyped(plants, cao(plants, 4))
    assert found.costs[-1] == 199
    assert adjusted_rand_score(DISEASES, found.labels) == 1


@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(0, 3), st.integers(0, 3), st.integers(1, 6))
def test_the_cost_never_rises(seed, rows, numbers, categories, clusters):
    random = np.random.default_rng(seed)
    few = points(
        np.round(random.normal(size=(rows, numbers)), 1),
        random.integers(0, 3, size=(rows, categories)) if numbers + categories else np.zeros((rows, 1), dtype=int),
    )
    for first in (cao(few, clusters), spread_out(few, clusters, random)):
        found = prototyped(few, first)
        rises = np.diff(found.costs)
        assert (rises <= 1e-9).all(), found.costs
        again = ((few.numbers[:, None] - found.prototypes.means) ** 2).sum(axis=2)
        again += few.mismatch * (few.codes[:, None] != found.prototypes.modes).sum(axis=2)
        cost = again[np.arange(rows), found.labels].sum()
        assert cost <= found.costs[-1] + 1e-9
        if few.distinct() >= clusters:
            assert len(np.unique(found.labels)) == clusters, "no cluster stays empty"


def test_planted_clusters_of_numbers_and_categories_are_found_again():
    random = np.random.default_rng(1)
    truth = np.repeat([0, 1, 2], 100)
    numbers = random.normal(size=(300, 2)) + np.array([[0, 0], [4, 0], [0, 0]])[truth]
    told = [np.where(random.random(300) < 0.9, truth == 2, random.integers(0, 2, 300)) for _ in range(4)]
    codes = np.column_stack(told)
    planted = points(numbers, codes.astype(int), mismatch=2.0)
    found = prototyped(planted, cao(planted, 3))
    assert adjusted_rand_score(truth, found.labels) > 0.85
