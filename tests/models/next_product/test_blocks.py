"""What recommendations are made of: formulas against independent computation, and what may be recommended at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse  # type: ignore[import-untyped]

from carpel.kernel.dates import AsOf
from carpel.models.next_product.assortment import codes_are_long, is_no_product, is_offered, replacements
from carpel.models.next_product.metrics import average_precision, ndcg, recall
from carpel.models.next_product.neighbours import cosine, ease, gram_of, strongest, together
from carpel.models.next_product.timing import learn_timing

AS_OF = AsOf.parse("2026-01-01", "Asia/Manila")
baskets = st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=3, max_size=30)


def bought(rows: list[list[bool]]) -> Any:
    return sparse.csr_matrix(np.array(rows, dtype=np.float64))


@settings(max_examples=60, deadline=None)
@given(rows=baskets, strength=st.floats(0.5, 500))
def test_ease_is_the_ridge_regression_of_each_product_on_the_others(rows: list[list[bool]], strength: float) -> None:
    """Each column solves its own least squares without the product itself: the definition, not its closed form."""
    matrix = np.array(rows, dtype=np.float64)
    weights = ease(gram_of(bought(rows)), strength)
    for item in range(matrix.shape[1]):
        others = [each for each in range(matrix.shape[1]) if each != item]
        known = matrix[:, others]
        solved = np.linalg.solve(known.T @ known + strength * np.eye(len(others)), known.T @ matrix[:, item])
        assert weights[others, item] == pytest.approx(solved, abs=1e-9)
        assert weights[item, item] == 0


@given(rows=baskets)
def test_cosine_neighbours_are_alike_by_their_buyers(rows: list[list[bool]]) -> None:
    matrix = np.array(rows, dtype=np.float64)
    weights = cosine(gram_of(bought(rows)))
    for one in range(6):
        for other in range(6):
            size = np.linalg.norm(matrix[:, one]) * np.linalg.norm(matrix[:, other])
            alike = matrix[:, one] @ matrix[:, other] / size if size and one != other else 0.0
            assert weights[one, other] == pytest.approx(alike)


def test_what_is_bought_together_no_more_than_by_chance_says_nothing() -> None:
    """Everybody buys the second product; the third goes with the first."""
    rows = [[True, True, True]] * 40 + [[False, True, False]] * 60
    weights = together(gram_of(bought(rows)), len(rows))
    assert weights[0, 1] == pytest.approx(0, abs=1e-9)
    assert weights[0, 2] > 0.4


def test_the_strongest_neighbours_are_kept() -> None:
    weights = np.arange(25, dtype=np.float64).reshape(5, 5)
    kept = strongest(weights, 2).toarray()
    assert (kept[:3] == 0).all()
    assert (kept[3:] == weights[3:]).all()


def test_ranked_lists_are_measured_as_by_hand() -> None:
    """Three customers: the first and third place right of two bought; nothing right; all of one bought."""
    hits, count = [[1, 0, 1], [0, 0, 0], [1, 0, 0]], [2, 4, 1]
    best = 1 + 1 / np.log2(3)
    assert ndcg(hits, count) == pytest.approx([(1 + 1 / 2) / best, 0, 1])
    assert recall(hits, count) == pytest.approx([1, 0, 1])
    assert average_precision(hits, count) == pytest.approx([(1 + 2 / 3) / 2, 0, 1])


@given(st.lists(st.booleans(), min_size=1, max_size=10), st.integers(1, 30))
def test_a_better_place_never_counts_less(places: list[bool], more: int) -> None:
    """Moving the first hit one place up, and nothing else, raises every measure or leaves it."""
    count = sum(places) + more
    for place in range(1, len(places)):
        if places[place] and not places[place - 1]:
            better = [*places]
            better[place - 1], better[place] = True, False
            for measure in (ndcg, recall, average_precision):
                now, then = measure([places], [count])[0], measure([better], [count])[0]
                assert 0 <= now <= then + 1e-12 <= 1 + 1e-9


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("POST", "POSTAGE"),
        ("DOT", "DOTCOM POSTAGE"),
        ("M", "Manual"),
        ("D", "Discount"),
        ("S", "SAMPLES"),
        ("BANK CHARGES", "Bank Charges"),
        ("AMAZONFEE", "AMAZON FEE"),
        ("C2", "CARRIAGE"),
        ("CRUK", "CRUK Commission"),
        ("F-1", "运费"),
        ("F-2", "優惠券"),
        ("F-3", "Singil sa padala"),
    ],
)
def test_fees_postage_and_entries_by_hand_are_no_products(code: str, name: str) -> None:
    assert is_no_product(code, {"name": name}, paid=500, codes_are_long=True)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("22423", "REGENCY CAKESTAND 3 TIER"),
        ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER"),
        ("22197", "POPCORN HOLDER"),
        ("P-7", "Postcard set"),
        ("P-8", "打印纸"),
        ("P-9", "Sample book of fabrics"),
    ],
)
def test_what_is_sold_is_a_product(code: str, name: str) -> None:
    assert not is_no_product(code, {"name": name}, paid=500, codes_are_long=True)
    assert is_no_product(code, {"name": name}, paid=0, codes_are_long=True), "what nobody ever paid for is not sold"


def test_a_letter_is_a_product_where_codes_are_letters() -> None:
    assert not codes_are_long(["A", "B", "C"])
    assert not is_no_product("A", {}, paid=100, codes_are_long=False)


def test_stopped_unlaunched_and_absent_products_are_not_offered() -> None:
    assert is_offered({}, AS_OF)
    assert is_offered({"active": True, "stock": 3, "launched_on": date(2025, 12, 1)}, AS_OF)
    assert not is_offered({"active": False}, AS_OF)
    assert not is_offered({"stock": 0}, AS_OF)
    assert not is_offered({"launched_on": date(2026, 2, 1)}, AS_OF)


def test_a_replaced_product_leads_to_the_newest_and_circles_end() -> None:
    products = {
        "B": {"replaces_product_id": "A"},
        "C": {"replaces_product_id": "B"},
        "X": {"replaces_product_id": "Y"},
        "Y": {"replaces_product_id": "X"},
    }
    found = replacements(products)
    assert (found["A"], found["B"]) == ("C", "C")
    assert {found["X"], found["Y"]} <= {"X", "Y"}


def test_a_customers_own_cycle_is_pulled_to_the_products() -> None:
    """Paper is bought every 35 days by many; somebody with one purchase is told that, somebody regular their own."""
    count = 200
    items = np.zeros(count, dtype=np.intp)
    days, span = np.full(count, 11.0), np.full(count, 350.0)
    timing = learn_timing(items, days, span, span + 10, 1)
    assert timing.cycles[0] == pytest.approx(35, rel=0.02)
    new, own = timing.cycle(items[:2], np.array([1.0, 41.0]), np.array([0.0, 280.0]))
    assert new == pytest.approx(35, rel=0.02)
    assert 7 < own < 9, "every 7 days for 40 times, hardly pulled"
    chances = timing.chance(items[:2], np.array([1.0, 11.0]), np.array([400.0, 360.0]), 35)
    assert chances[0] < chances[1] < 1
