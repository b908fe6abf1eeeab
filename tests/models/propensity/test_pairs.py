"""Customers beside categories, and approaches beside responses: counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.models import Ground
from carpel.models.propensity import RESPONSE
from carpel.models.propensity.pairs import POPULAR, Pairs, names_of, part_of_buyers
from carpel.profiles import catalogue
from tests.profiles.staged import staged

AT = AsOf.parse("2025-07-01", "Asia/Manila")
ROWS = (
    (3, "tea", 5, date(2025, 1, 1), date(2025, 6, 21)),
    (3, "rare", 2, date(2025, 2, 1), date(2025, 6, 30)),
    (7, "tea", 1, date(2025, 5, 1), date(2025, 5, 1)),
    (7, "rice", 1, date(2025, 6, 1), date(2025, 6, 1)),
    (8, "soap", 4, date(2025, 3, 1), date(2025, 4, 1)),
    (9, "rice", 1, date(2025, 3, 1), date(2025, 3, 1)),
    (9, "tea", 1, date(2025, 3, 1), date(2025, 3, 1)),
    (9, "soap", 1, date(2025, 3, 1), date(2025, 3, 1)),
    (9, "last", 1, date(2025, 3, 1), date(2025, 3, 1)),
)


def bought(rows: tuple[tuple[int, str, int, date, date], ...] = ROWS) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table(dict(zip(("customer_no", "category", "days", "first", "last"), map(list, columns), strict=True)))


def pairs() -> Pairs:
    names = names_of(bought())
    return Pairs.of(bought(), AT, names, part_of_buyers(bought(), names))


def test_everybody_is_beside_what_they_bought_and_what_most_buy() -> None:
    found = pairs()
    assert found.names[0] == "tea"
    popular = set(found.names[:POPULAR])
    for place, number in enumerate(found.numbers):
        own = {name for row, name, *_ in ROWS if row == number}
        beside = {found.names[each] for each in found.category[found.customer == place]}
        assert beside == own | popular


def test_favourites_are_bought_on_the_most_days_and_of_equals_the_last_wins() -> None:
    found = pairs()
    named = [found.names[each] for each in found.category[found.favourites]]
    assert dict(zip(found.numbers.tolist(), named, strict=True)) == {3: "tea", 7: "rice", 8: "soap", 9: "tea"}
    assert {found.names[each] for each in found.category[found.commonest]} == {"tea"}


def test_a_pair_is_told_by_what_was_bought_until_the_moment() -> None:
    found = pairs()
    row = found.table.slice(int(found.favourites[0]), 1).to_pylist()[0]
    assert row == {
        "category": "tea",
        "days": 5,
        "since_last": 10,
        "since_first": 181,
        "part": 5 / 7,
        "all_days": 7,
        "since_any": 1,
        "buyers": 3 / 4,
    }


def test_what_came_later_is_found_again_and_what_nobody_was_beside_still_counts_as_bought() -> None:
    found = pairs()
    later = bought(((7, "tea", 1, AT.day, AT.day), (8, "last", 1, AT.day, AT.day), (99, "tea", 1, AT.day, AT.day)))
    happened, anything = found.outcome(later)
    told = [
        (int(found.numbers[found.customer[each]]), found.names[found.category[each]]) for each in happened.nonzero()[0]
    ]
    assert told == [(7, "tea")]
    assert found.numbers[anything].tolist() == [7, 8]


def test_the_likeliest_of_equals_is_the_commoner() -> None:
    found = pairs()
    even = found.likeliest(np.full(len(found.category), 0.5))
    assert found.category[even].tolist() == [0, 0, 0, 0]
    assert found.customer[even].tolist() == [0, 1, 2, 3]


def test_a_response_is_what_comes_after_an_approach(tmp_path: Path, engine: Engine) -> None:
    """Answered, bought, silent, spoke first, never approached; approached before the days that count."""
    spoken = [("a", "06-06", "out"), ("a", "06-09", "in"), ("b", "06-06", "out"), ("c", "06-06", "out")]
    spoken += [
        ("d", "06-10", "in"),
        ("d", "06-20", "out"),
        ("e", "06-12", "in"),
        ("f", "05-05", "out"),
        ("f", "06-07", "in"),
    ]
    interactions = [
        {
            "interaction_id": str(place),
            "customer_id": name,
            "happened_at": f"2025-{at}T10:00",
            "direction": to,
            "kind": "call",
        }
        for place, (name, at, to) in enumerate(spoken)
    ]
    orders = [{"order_id": "1", "customer_id": "b", "ordered_at": "2025-06-20T10:00", "amount": 5.0}]
    customers = [{"customer_id": name} for name in "abcdef"]
    facts = staged(tmp_path, customers=customers, orders=orders, interactions=interactions)
    facts = replace(facts, first_event=date(2025, 1, 1))
    ground = Ground(facts=facts, catalogue=catalogue(facts), as_of=AT, engine=engine)
    start = AsOf.parse("2025-06-01", "Asia/Manila")
    found = RESPONSE.outcome(ground, pa.table({"customer_no": range(6)}), start, AT)
    np.testing.assert_array_equal(found, [1, 1, 0, 0, np.nan, np.nan])
