"""What holds of every model, whatever it asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import ibis
import numpy as np
import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.texts import LANGUAGES
from carpel.kernel.types import ValueType
from carpel.models import MODELS, Card, Customers, Ground, Learned, Model, with_models
from carpel.models.frames.moments import NUMBER, known_as_of
from carpel.profiles.available import lacking
from tests.models.company import AS_OF, BUYERS, Tables, company, ground, named, only, shuffled, until

Change = Callable[[Tables], Tables]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Ground:
    """What is known of the company at its moment, its future among the rows."""
    return ground(tmp_path_factory.mktemp("company"), engine, company())


@pytest.fixture(scope="module")
def learned(whole: Ground) -> dict[str, Learned]:
    """Every model, learned once."""
    return {key: model.learn(whole) for key, model in MODELS.items()}


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest) -> Model:
    """One model after the other."""
    return MODELS[request.param]


def customers(of: Learned, on: Ground, bucket: int = 0) -> Customers:
    keys = [key for key in on.catalogue.available if key in of.needs]
    profiles = known_as_of(on.facts, on.catalogue, on.as_of, on.engine, keys=keys, buckets=(bucket,))
    return Customers(profiles=profiles.sort_by(NUMBER), buckets=(bucket,), ground=on)


def answers(of: Learned, on: Ground, bucket: int = 0) -> dict[str, list[Any]]:
    return {key: column.to_pylist() for key, column in of.answers(customers(of, on, bucket)).items()}


def test_answers_are_what_was_declared_and_every_reason_is_of_one_of_them(
    model: Model, learned: dict[str, Learned], whole: Ground
) -> None:
    declared = {each.key: each for each in model.attributes}
    told: set[str] = set()
    reasoned = 0
    for bucket in range(whole.facts.bucket_count):
        asked = customers(learned[model.key], whole, bucket)
        found = learned[model.key].answers(asked)
        assert found.keys() <= declared.keys()
        for key, column in found.items():
            assert len(column) == asked.profiles.num_rows
            column.cast(ibis.dtype(declared[key].type.ibis).to_pyarrow())
            told |= {key} if column.null_count < len(column) else set()
        reasons = learned[model.key].reasons(asked)
        assert len(reasons) == asked.profiles.num_rows
        for each in (reason for of in reasons for reason in of):
            assert each.of in declared
            assert all(each.said.render(language) for language in LANGUAGES)
            reasoned += 1
    assert told == declared.keys(), "in a company that has everything each answer is known of somebody"
    assert reasoned


def test_every_answer_lies_within_its_interval_and_every_share_is_one(
    model: Model, learned: dict[str, Learned], whole: Ground
) -> None:
    found = answers(learned[model.key], whole)
    shares = {each.key for each in model.attributes if each.type is ValueType.SHARE}
    for key, values in found.items():
        known = np.array([value for value in values if value is not None], dtype=object)
        if key in shares:
            assert all(0 <= value <= 1 for value in known)
        if key + "_low" in found:
            rows = zip(found[key + "_low"], values, found[key + "_high"], strict=True)
            assert all((low is None) == (value is None) == (high is None) for low, value, high in rows)
            rows = zip(found[key + "_low"], values, found[key + "_high"], strict=True)
            assert all(value is None or low <= value <= high for low, value, high in rows)


def test_what_is_kept_comes_back_whole(model: Model, learned: dict[str, Learned], whole: Ground) -> None:
    first = learned[model.key]
    card = Card.from_json(json.loads(json.dumps(first.card.to_json())))
    again = model.restored(json.loads(json.dumps(first.to_json())), card)
    assert card == first.card
    assert again.needs == first.needs
    assert answers(again, whole, 1) == answers(first, whole, 1)
    assert again.reasons(customers(again, whole, 1)) == first.reasons(customers(first, whole, 1))


def test_a_model_goes_only_by_attributes_of_facts(model: Model, learned: dict[str, Learned], whole: Ground) -> None:
    assert learned[model.key].needs <= set(whole.catalogue.available)


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Callable[[Change], Ground]:
    """What is known of a changed company; each is made once, and earlier moments of it are read once."""
    made: dict[str, Ground] = {}

    def found(change: Change) -> Ground:
        name = change.__name__
        if name not in made:
            made[name] = ground(tmp_path_factory.mktemp(name), engine, change(company()))
        return made[name]

    return found


def without_its_future(tables: Tables) -> Tables:
    return until(tables, AS_OF.day)


def test_neither_the_order_of_rows_nor_the_future_matters(
    model: Model, learned: dict[str, Learned], grounds: Callable[[Change], Ground]
) -> None:
    for change in (shuffled, without_its_future):
        other = model.learn(grounds(change))
        assert json.dumps(other.to_json()) == json.dumps(learned[model.key].to_json())
        assert other.card == learned[model.key].card


def test_one_customer_is_answered_as_among_all(model: Model, learned: dict[str, Learned], whole: Ground) -> None:
    everybody, of = customers(learned[model.key], whole), learned[model.key]
    all_answers, all_reasons = answers(of, whole), of.reasons(everybody)
    for row in (0, 7, 101):
        alone = Customers(profiles=everybody.profiles.slice(row, 1), buckets=(0,), ground=whole, some=True)
        found = {key: column.to_pylist() for key, column in of.answers(alone).items()}
        for key, values in all_answers.items():
            (value,) = found.get(key, [None])
            assert value == (pytest.approx(values[row], rel=1e-9) if isinstance(value, float) else values[row]), key
        assert [each.said for each in of.reasons(alone)[0]] == [each.said for each in all_reasons[row]]


def one_customer(tables: Tables) -> Tables:
    return only(tables, [named(0)])


def a_few(tables: Tables) -> Tables:
    return only(tables, [named(number) for number in (0, 1, 2, 3, BUYERS, BUYERS + 1)])


def nobody_bought(tables: Tables) -> Tables:
    return tables | {"orders": tables["orders"][:1], "order_lines": tables["order_lines"][:1], "contracts": []}


def everybody_bought_the_same(tables: Tables) -> Tables:
    """All customers alike: the same purchases on the same days, and nothing that tells them apart."""
    days = [date(2023, 2, 1), date(2024, 5, 1), date(2025, 6, 1), date(2025, 11, 1), date(2025, 12, 20)]
    orders = [
        {"order_id": f"O{number}-{place}", "customer_id": named(number), "ordered_at": f"{day}T10:00", "amount": 10.0}
        for number in range(80)
        for place, day in enumerate(days)
    ]
    lines = [
        {"line_id": f"L{row['order_id']}", "order_id": row["order_id"], "product_id": "P1", "amount": 10.0}
        for row in orders
    ]
    people = [{"customer_id": named(number), "kind": "consumer"} for number in range(80)]
    words = {"text": "the same", "score": 5, "scale_max": 5}
    feedback = [
        {"feedback_id": f"F{number}", "customer_id": named(number), "given_at": "2025-06-01T10:00"} | words
        for number in range(80)
    ]
    return tables | {
        "orders": orders,
        "order_lines": lines,
        "customers": people,
        "feedback": feedback,
        "interactions": [],
        "contracts": [],
        "opportunities": [],
    }


def extremes(tables: Tables) -> Tables:
    """Amounts of billions, of nothing and below, and a customer who buys every day."""
    changed = [dict(row) for row in tables["orders"]]
    for place, row in enumerate(changed):
        row["amount"] = (9e12, 0.0, -5.0, row["amount"])[place % 4]
    daily = [
        {
            "order_id": f"D{place}",
            "customer_id": named(1),
            "ordered_at": f"{date.fromordinal(date(2023, 1, 2).toordinal() + place)}T10:00",
            "amount": 1.0,
        }
        for place in range(1000)
    ]
    return tables | {"orders": [*changed, *daily]}


def twice(tables: Tables) -> Tables:
    """Every purchase written down twice under another number."""
    orders = [row | {"order_id": f"X{row['order_id']}"} for row in tables["orders"]]
    lines = [
        row | {"order_id": f"X{row['order_id']}", "line_id": f"X{row['line_id']}"} for row in tables["order_lines"]
    ]
    return tables | {"orders": [*tables["orders"], *orders], "order_lines": [*tables["order_lines"], *lines]}


@pytest.mark.parametrize(
    "change",
    [one_customer, a_few, nobody_bought, everybody_bought_the_same, extremes, twice],
    ids=lambda each: each.__name__,
)
def test_whatever_the_data_answers_can_be_read_and_what_is_lacking_is_said(
    model: Model, change: Change, grounds: Callable[[Change], Ground]
) -> None:
    on = grounds(change)
    if lacking(model.wants, on.facts):
        unavailable = with_models(on.catalogue, [model], on.facts).unavailable
        assert {each.key for each in model.attributes} <= unavailable.keys()
        return
    of = model.learn(on)
    json.dumps(of.to_json(), allow_nan=False)
    json.dumps(of.card.to_json(), allow_nan=False)
    for key, values in answers(of, on).items():
        for value in values:
            assert not isinstance(value, float) or np.isfinite(value), key
    assert len(of.reasons(customers(of, on))) == customers(of, on).profiles.num_rows
    assert of.card.wanted or of.card.rung == "model"
    assert all(each.render(language) for each in texts_of(of.card) for language in LANGUAGES)


def texts_of(card: Card) -> Iterator[Any]:
    yield card.asks
    yield from card.remarks
    yield from (each for each in (card.wanted, card.baseline, card.counted) if each)
    yield from (each.of for each in card.supplies)


def test_answers_have_words_in_every_language(model: Model) -> None:
    for each in model.attributes:
        for language in LANGUAGES:
            assert each.label.render(language) != str(getattr(each.label, "key", ""))
            assert each.description.render(language)
