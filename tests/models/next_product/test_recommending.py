"""The one product to offer: found where it was planted, in words that are true, and never what cannot be sold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from carpel.kernel.engine import Engine
from carpel.models import MODELS, Customers, Ground, Learned, Rung
from carpel.models.frames.moments import NUMBER, known_as_of
from carpel.models.next_product.chances import Chances
from tests.models.company import BUYERS, PRODUCTS, company, ground, named, until

MODEL = MODELS["next_product"]


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Ground:
    return ground(tmp_path_factory.mktemp("products"), engine, company())


@pytest.fixture(scope="module")
def learned(on: Ground) -> Learned:
    return MODEL.learn(on)


def asked(of: Learned, on: Ground, bucket: int) -> Customers:
    keys = ["customer_id", *of.needs]
    profiles = known_as_of(on.facts, on.catalogue, on.as_of, on.engine, keys=keys, buckets=(bucket,))
    return Customers(profiles=profiles.sort_by(NUMBER), buckets=(bucket,), ground=on)


def test_it_is_better_than_popularity_and_item_neighbours_by_more_than_chance(learned: Learned) -> None:
    """Businesses buy paper again and again, consumers lamps; most popular alone cannot tell."""
    card = learned.card
    assert card.rung is Rung.MODEL
    assert card.measure.key == "models.measure-ndcg"
    assert card.gain_low is not None
    assert card.gain_low >= 0
    assert {each.name for each in card.contenders} >= {"popularity", "item-kNN", "EASE^R", "co-purchase", "repurchase"}
    expected = sum(each.expected * each.customers for each in card.bands)
    actual = sum(each.actual * each.customers for each in card.bands)
    assert expected == pytest.approx(actual, rel=0.25)


def test_everybody_is_offered_what_their_kind_buys_and_nothing_that_cannot_be_sold(
    learned: Learned, on: Ground
) -> None:
    sold = {key for key, _, _, active in PRODUCTS if active} - {"P6"}
    for bucket in range(on.facts.bucket_count):
        customers = asked(learned, on, bucket)
        found = learned.answers(customers)
        numbers = [int(str(each)[1:]) for each in customers.profiles["customer_id"].to_pylist()]
        products = found["next_product"].to_pylist()
        assert set(products) <= sold
        newcomers = [(number, product) for number, product in zip(numbers, products, strict=True) if number >= BUYERS]
        assert all(product == ("P1" if number % 3 == 0 else "P3") for number, product in newcomers)
    assert any("P6" in str(each.params.get("examples")) for each in learned.card.remarks)


def test_reasons_tell_the_rhythm_and_the_silence_that_purchases_show(learned: Learned, on: Ground) -> None:
    """Against the rows themselves: how often, and how long ago."""
    tables = until(company(), on.as_of.day)
    bought: dict[tuple[str, str], set[str]] = {}
    days = {row["order_id"]: (row["customer_id"], row["ordered_at"][:10]) for row in tables["orders"]}
    for row in tables["order_lines"]:
        customer, day = days[row["order_id"]]
        bought.setdefault((customer, row["product_id"]), set()).add(day)
    names = {name: key for key, name, _, _ in PRODUCTS}
    told = 0
    customers = asked(learned, on, 0)
    ids = customers.profiles["customer_id"].to_pylist()
    for customer, reasons in zip(ids, learned.reasons(customers), strict=True):
        for reason in reasons:
            if reason.said.key != "models.next-product-again":
                continue
            said = reason.said.params
            dates = sorted(np.datetime64(day) for day in bought[customer, names[str(said["product"])]])
            silence = (np.datetime64(on.as_of.day) - dates[-1]).astype(int)
            assert said["count"] == silence
            assert said["gap"] == pytest.approx((dates[-1] - dates[0]).astype(int) / (len(dates) - 1), abs=0.51)
            told += 1
    assert told > 50
    assert named(0) in ids


def test_chances_never_fall_as_scores_rise_and_hold_what_they_promise() -> None:
    random = np.random.default_rng(2)
    scores = random.random(4_000)
    truth = scores**2
    chances = Chances.learned(scores, random.random(4_000) < truth)
    assert chances is not None
    value, low, high = chances.of(np.linspace(0, 1, 500))
    assert (np.diff(value) >= 0).all()
    assert ((low <= value) & (value <= high)).all()
    later = random.random(20_000)
    error = np.abs(chances.of(later)[0] - later**2).mean()
    assert error < 0.06


def test_few_customers_are_told_what_most_buy_and_what_more_would_need(tmp_path: Path, engine: Engine) -> None:
    tables = company()
    few = {row["order_id"] for row in tables["orders"][:6]}
    tables["orders"] = [row for row in tables["orders"] if row["order_id"] in few]
    tables["order_lines"] = [row for row in tables["order_lines"] if row["order_id"] in few]
    learned = MODEL.learn(ground(tmp_path, engine, tables))
    assert learned.card.rung is Rung.RULE
    assert learned.card.wanted is not None
    assert any(each.key == "models.next-product-no-chance" for each in learned.card.remarks)
