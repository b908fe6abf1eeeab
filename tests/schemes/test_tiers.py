"""Tiers: where they are cut, who shares one, and who has none."""

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.schemes import Cuts, assign, fit_cuts, place, read_scheme, ties
from tests.schemes.company import profiles

AMOUNTS = st.lists(st.integers(-1_000, 1_000), min_size=1, max_size=60)


def tiered(spec: str, rows: list[dict[str, Any]], folder: Path, engine: Engine) -> tuple[list[str | None], Cuts]:
    """Each customer's label in a scheme of one partition."""
    scheme = read_scheme(
        f"scheme: s\npartitions:\n  p: {{{spec}}}\nsegments: [{{key: all, otherwise: true}}]", "s.yaml"
    )
    held = profiles(rows, folder)
    cuts = fit_cuts(scheme, held, engine)
    table = engine.read(assign(scheme, held, cuts), held.bindings).sort_by("customer_no")
    labels = table["p"].to_pylist()
    assert labels == [place(scheme, cuts, row).labels["p"] for row in rows]
    return labels, cuts


def spent(amounts: list[Any]) -> list[dict[str, Any]]:
    return [{"monetary_value": amount} for amount in amounts]


PYRAMID = "tiers: monetary_value, shares: {top: 10%, middle: 30%, low: 60%}"


@given(AMOUNTS)
def test_equal_values_share_a_tier_and_more_is_never_lower(tmp_path_factory, engine, amounts):
    labels, _ = tiered(PYRAMID, spent(amounts), tmp_path_factory.getbasetemp(), engine)
    rank = {"top": 0, "middle": 1, "low": 2}
    by_amount = sorted(zip(amounts, labels, strict=True), reverse=True)
    ranks = [rank[str(label)] for _, label in by_amount]
    assert ranks == sorted(ranks)
    assert len({(amount, label) for amount, label in by_amount}) == len(set(amounts))


@given(AMOUNTS)
def test_a_share_counts_up_and_takes_everyone_as_good_as_its_last(tmp_path_factory, engine, amounts):
    labels, cuts = tiered(PYRAMID, spent(amounts), tmp_path_factory.getbasetemp(), engine)
    best_first = sorted(amounts, reverse=True)
    wanted = [-(-len(amounts) * percent // 100) for percent in (10, 40)]
    within = [sum(amount >= best_first[count - 1] for amount in amounts) for count in wanted]
    assert [labels.count("top"), labels.count("top") + labels.count("middle")] == within
    counts = cuts.tiers["p"].counts
    assert [count.given for count in counts] == [labels.count(label) for label in ("top", "middle", "low")]
    assert sum(count.wanted for count in counts) == len(amounts)


def test_a_share_that_ties_made_larger_is_said(tmp_path, engine):
    labels, cuts = tiered("tiers: monetary_value, shares: {a: 25%, b: 75%}", spent([5, 5, 5, 1]), tmp_path, engine)
    assert labels == ["a", "a", "a", "b"]
    said = [
        (issue.text.params["label"], issue.text.params["wanted"], issue.text.params["given"]) for issue in ties(cuts)
    ]
    assert said == [("a", 1, 3), ("b", 3, 1)]


@given(AMOUNTS, st.integers(2, 6))
def test_quantiles_are_those_of_type_7_and_a_value_on_one_lies_below_it(tmp_path_factory, engine, days, parts):
    rows = [{"recency_days": day} for day in days]
    labels, _ = tiered(f"tiers: recency_days, quantiles: {parts}", rows, tmp_path_factory.getbasetemp(), engine)
    exact = [np.quantile(np.array(days, dtype=object) * parts, index / parts) for index in range(1, parts)]
    bounds = [_type_7(sorted(days), index, parts) for index in range(1, parts)]
    assert np.allclose([float(bound) for bound in bounds], [float(each) for each in exact])
    assert labels == [str(1 + sum(parts * day > bound for bound in bounds)) for day in days]


def _type_7(ordered: list[int], index: int, parts: int) -> int:
    """The quantile times the number of parts, in whole numbers."""
    at, beyond = divmod(index * (len(ordered) - 1), parts)
    above = ordered[min(at + 1, len(ordered) - 1)]
    return parts * ordered[at] + beyond * (above - ordered[at])


def test_descending_quantiles_give_the_last_label_to_the_lowest(tmp_path, engine):
    rows = [{"recency_days": day} for day in (1, 2, 3, 4, 5, 6)]
    labels, _ = tiered("tiers: recency_days, quantiles: 3, order: descending", rows, tmp_path, engine)
    assert labels == ["3", "3", "2", "2", "1", "1"]


def test_ascending_shares_give_the_first_label_to_the_lowest(tmp_path, engine):
    rows = [{"recency_days": day} for day in (9, 1, 1, 4)]
    labels, cuts = tiered(
        "tiers: recency_days, shares: {now: 25%, later: 75%}, order: ascending", rows, tmp_path, engine
    )
    assert labels == ["later", "now", "now", "later"]
    assert [(count.wanted, count.given) for count in cuts.tiers["p"].counts] == [(1, 2), (3, 2)]


def test_thresholds_are_in_major_units_and_hold_at_the_bound(tmp_path, engine):
    spec = "tiers: monetary_value, thresholds: {high: 100.10, low: 0.07, none: rest}"
    labels, _ = tiered(spec, spent([10_010, 10_009, 7, 6, -5, None]), tmp_path, engine)
    assert labels == ["high", "low", "low", "none", "none", "unknown"]


def test_ascending_thresholds_hold_at_the_bound(tmp_path, engine):
    spec = "tiers: recency_days, thresholds: {active: 30, quiet: 90, gone: rest}, order: ascending"
    rows = [{"recency_days": day} for day in (0, 30, 31, 90, 91)]
    assert tiered(spec, rows, tmp_path, engine)[0] == ["active", "active", "quiet", "quiet", "gone"]


def test_the_unknown_and_those_who_are_not_ranked_have_labels_of_their_own(tmp_path, engine):
    spec = "tiers: score, over: consent, quantiles: [low, high]"
    rows: list[dict[str, Any]] = [
        {"score": 1.0, "consent": True},
        {"score": 2.0, "consent": True},
        {"score": 3.0, "consent": False},
        {"score": 4.0, "consent": None},
        {"score": None, "consent": True},
        {"score": float("nan"), "consent": True},
        {"score": float("inf"), "consent": True},
    ]
    labels, cuts = tiered(spec, rows, tmp_path, engine)
    assert labels == ["low", "high", "unranked", "unranked", "unknown", "unknown", "unknown"]
    assert cuts.tiers["p"].ranked == 2


def test_a_later_partition_may_read_the_labels_of_an_earlier_one(tmp_path, engine):
    scheme = read_scheme(
        "scheme: s\npartitions:\n"
        "  first: {tiers: monetary_value, quantiles: [low, high]}\n"
        "  second: {tiers: recency_days, over: first = 'high', quantiles: [recent, long-ago]}\n"
        "  third:\n    rules:\n    - {key: best, when: first = 'high' and second = 'recent'}\n"
        "    - {key: others, otherwise: true}\n"
        "segments:\n- {key: best, when: third = 'best'}\n- {key: others, otherwise: true}",
        "s.yaml",
    )
    rows = [{"monetary_value": 100 * number, "recency_days": number} for number in range(8)]
    held = profiles(rows, tmp_path)
    cuts = fit_cuts(scheme, held, engine)
    table = engine.read(assign(scheme, held, cuts), held.bindings).sort_by("customer_no")
    assert table["second"].to_pylist() == ["unranked"] * 4 + ["recent"] * 2 + ["long-ago"] * 2
    assert table["segment"].to_pylist() == ["others"] * 4 + ["best"] * 2 + ["others"] * 2


def test_only_the_base_is_ranked(tmp_path, engine):
    scheme = read_scheme(
        "scheme: s\nbase: consent\npartitions:\n  p: {tiers: monetary_value, quantiles: [low, high]}\n"
        "segments: [{key: all, otherwise: true}]",
        "s.yaml",
    )
    rows = [{"monetary_value": amount, "consent": amount < 3} for amount in (1, 2, 1_000, 2_000)]
    held = profiles(rows, tmp_path)
    table = engine.read(assign(scheme, held, fit_cuts(scheme, held, engine)), held.bindings).sort_by("customer_no")
    assert table["p"].to_pylist() == ["low", "high", None, None]
    assert table["segment"].to_pylist() == ["all", "all", None, None]


def test_money_without_minor_units_is_counted_whole(tmp_path, engine):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: rich, when: monetary_value >= 500}\n- {key: others, otherwise: true}", "s.yaml"
    )
    held = profiles([{"monetary_value": 500}, {"monetary_value": 499}], tmp_path, digits=0)
    table = engine.read(assign(scheme, held, fit_cuts(scheme, held, engine)), held.bindings).sort_by("customer_no")
    assert table["segment"].to_pylist() == ["rich", "others"]
