"""Rules that say who is in a cluster: each customer passes one, and they agree exactly as often as they claim."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.kernel.language import Symbol, evaluate, parse
from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.clusters.ruling import Rules, ruled
from carpel.models.clusters.traits import measured, traits_of
from carpel.profiles import Attribute, Family

TYPES = {
    "spend": ValueType.MONEY,
    "orders": ValueType.INTEGER,
    "rebate": ValueType.SHARE,
    "kind": ValueType.CATEGORY,
    "likes": ValueType.SET,
    "consent": ValueType.BOOLEAN,
}
SYMBOLS = {key: Symbol(key, of) for key, of in TYPES.items()}
NAME = text("models.clusters-others")
ATTRIBUTES = [
    Attribute(key=key, family=Family.BEHAVIOURAL, type=of, label=NAME, description=NAME) for key, of in TYPES.items()
]


def customers(rows: int, seed: int, unknown: float) -> pa.Table:
    """Customers of all kinds of attributes, some of them unknown."""
    random = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {
        "spend": random.integers(0, 900_000, rows).tolist(),
        "orders": random.integers(0, 400, rows).tolist(),
        "rebate": np.round(random.random(rows), 3).tolist(),
        "kind": random.choice(["Juan's shop", "school", "hotel"], rows).tolist(),
        "likes": [sorted({str(each) for each in random.choice(["tea", "rice", "'"], 2)}) for _ in range(rows)],
        "consent": [bool(each) for each in random.random(rows) < 0.5],
    }
    lost = {key: random.random(rows) < unknown for key in columns}
    types = {"likes": pa.list_(pa.string())}
    return pa.table(
        {
            key: pa.array([None if no else each for no, each in zip(lost[key], column, strict=True)], types.get(key))
            for key, column in columns.items()
        }
    )


def clusters_of(table: pa.Table, seed: int) -> tuple[np.ndarray, int]:
    """Three clusters by two attributes, chance and all that is unknown among the reasons."""
    random = np.random.default_rng(seed)
    names = random.choice(list(TYPES), 2, replace=False)
    flags = [np.array([_large(name, each) for each in table[str(name)].to_pylist()]) for name in names]
    found = np.where(flags[0], 2, np.where(flags[1], 1, 0))
    mixed = random.random(len(found)) < 0.1
    return np.where(mixed, random.integers(0, 3, len(found)), found), 3


def _large(name: str, value: Any) -> bool:
    if value is None:
        return name in {"orders", "kind"}
    middle = {"spend": 450_000, "orders": 120, "rebate": 0.4}
    if name in middle:
        return bool(value > middle[name])
    return "tea" in value if name == "likes" else value in ("school", True)


def passing(rules: Rules, row: dict[str, Any]) -> list[int]:
    """By the language that schemes are written in."""
    parsed = [(place, parse(rule, SYMBOLS, place="rule")) for place, rule in enumerate(rules.by_cluster) if rule]
    return [place for place, rule in parsed if evaluate(rule, row, digits=2) is True]


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), unknown=st.sampled_from([0.0, 0.1, 0.3]))
def test_every_customer_passes_one_rule_and_agreement_is_what_was_claimed(seed: int, unknown: float) -> None:
    table = customers(200, seed, unknown)
    found, count = clusters_of(table, seed)
    traits = traits_of(table, ATTRIBUTES)
    rules = ruled(traits, measured(table, traits), found, count, digits=2)
    right = []
    for row, cluster in zip(table.to_pylist(), found, strict=True):
        placed = passing(rules, row)
        assert len(placed) == 1, (rules.by_cluster, row)
        right.append(placed == [cluster])
    unseen = np.arange(len(right)) % 10 >= 7
    assert np.mean(np.array(right)[unseen]) == pytest.approx(rules.agreement)
    for cluster in range(count):
        of_it = unseen & (found == cluster)
        assert np.mean(np.array(right)[of_it]) == pytest.approx(rules.found[cluster])


def test_bounds_are_those_that_people_say_and_money_is_in_major_units() -> None:
    """Those who spent more than 4,500.00 of their currency; the bound is found between two customers."""
    table = customers(1000, 1, 0.0)
    found = np.array([int(each > 450_000) for each in table["spend"].to_pylist()])
    traits = traits_of(table, ATTRIBUTES)
    rules = ruled(traits, measured(table, traits), found, 2, digits=2)
    assert rules.by_cluster == ("spend <= 4500", "spend > 4500")
    assert rules.agreement > 0.98


def test_those_of_whom_something_is_unknown_may_be_a_cluster() -> None:
    table = customers(1000, 3, 0.3)
    found = np.array([int(each is None) for each in table["spend"].to_pylist()])
    traits = traits_of(table, ATTRIBUTES)
    rules = ruled(traits, measured(table, traits), found, 2, digits=2)
    assert rules.by_cluster == ("spend is not null", "spend is null")
    assert rules.agreement == 1


def test_what_is_unknown_is_asked_for_where_it_decides() -> None:
    table = customers(1000, 2, 0.2)
    orders = table["orders"].to_pylist()
    found = np.array([int(each is not None and each > 120) for each in orders])
    traits = traits_of(table, ATTRIBUTES)
    rules = ruled(traits, measured(table, traits), found, 2, digits=2)
    assert rules.by_cluster == ("(orders is null or orders <= 120)", "orders > 120")
