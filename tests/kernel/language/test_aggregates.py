"""Attribute definitions: figures over many rows."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.kernel.language import LanguageError, Symbol, parse_aggregate, to_ibis
from carpel.kernel.types import ValueType
from tests.kernel.language.rows import SYMBOLS, Row, store

TABLE = ibis.table({name: symbol.type.ibis for name, symbol in SYMBOLS.items()}, name="orders")
AS_OF = date(2024, 3, 1)
ORDERS: list[Row] = [
    {"kind": "consumer", "monetary_value": 1999, "frequency": 2, "score": 0.1, "birth_date": date(2024, 2, 1)},
    {"kind": "consumer", "monetary_value": 1, "frequency": 2, "score": 0.2, "birth_date": date(2024, 2, 28)},
    {"kind": "business", "monetary_value": None, "frequency": 5, "score": None, "birth_date": None},
    {"kind": None, "monetary_value": -500, "frequency": None, "score": 0.3, "birth_date": date(2023, 2, 28)},
]


def figure(engine: Engine, source: str, orders: Sequence[Row], file: Path) -> Any:
    expression = parse_aggregate(source, SYMBOLS, place="value", parameters=("as_of",))
    query = TABLE.agg(figure=to_ibis(expression, TABLE, digits=2, parameters={"as_of": AS_OF}))
    return engine.read(query, {"orders": [store(orders, file)]})["figure"][0].as_py()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("count()", 4),
        ("count(*)", 4),
        ("count(monetary_value)", 3),
        ("count(distinct kind)", 2),
        ("count(distinct frequency) filter (where kind = 'consumer')", 1),
        ("COUNT(*) FILTER (WHERE kind is null or kind = 'business')", 2),
        ("sum(monetary_value)", 15.0),
        ("sum(monetary_value) filter (where kind = 'consumer')", 20.0),
        ("sum(monetary_value) filter (where kind = 'reseller')", None),
        ("sum(frequency)", 9),
        ("sum(score)", 0.6),
        ("avg(monetary_value)", 5.0),
        ("avg(frequency)", 3.0),
        ("median(monetary_value)", 0.01),
        ("median(score)", 0.2),
        ("min(monetary_value)", -5.0),
        ("max(kind)", "consumer"),
        ("days_between(max(birth_date), as_of)", 2),
        ("max(days_between(birth_date, as_of))", 367),
        ("sum(monetary_value * frequency)", 40.0),
        ("sum(monetary_value) / count(distinct kind)", 7.5),
        ("sum(monetary_value) / count() filter (where kind = 'reseller')", None),
        ("coalesce(sum(monetary_value) filter (where kind = 'reseller'), 0)", 0.0),
        ("sum(monetary_value) filter (where monetary_value > 0) > 20", False),
        ("round(avg(score), 1) = 0.2", True),
    ],
)
def test_a_figure_is_what_it_says(engine: Engine, tmp_path: Path, source: str, expected: Any) -> None:
    """Nulls are left out, no rows give null, and money is exact."""
    found = figure(engine, source, ORDERS, tmp_path / "orders.parquet")
    assert (found, type(found)) == (expected, type(expected))


@given(
    scores=st.lists(st.floats(-1e6, 1e6).map(lambda number: round(number, 4)), min_size=1, max_size=20), data=st.data()
)
def test_the_order_of_rows_changes_nothing(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, scores: list[float], data: st.DataObject
) -> None:
    """Sums and means are equal to the last bit, however the rows lie; the median is the middle."""
    folder = tmp_path_factory.mktemp("orders")
    shuffled = data.draw(st.permutations(scores))
    for source in ("sum(score)", "avg(score)", "median(score)"):
        one, other = (
            figure(engine, source, [{"score": score} for score in some], folder / f"{source[:3]}{number}.parquet")
            for number, some in enumerate((scores, shuffled))
        )
        assert one == other
        if source.startswith("median"):
            assert math.isclose(one, median(scores), abs_tol=1e-9)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("amount", "unknown-name"),
        ("monetary_value", "not-aggregated"),
        ("sum(monetary_value) + cost", "not-aggregated"),
        ("sum(sum(monetary_value))", "nested-aggregate"),
        ("sum(cost) filter (where count() > 1)", "nested-aggregate"),
        ("sum(distinct cost)", "distinct"),
        ("sum()", "arguments"),
        ("sum(*)", "arguments"),
        ("count(cost, frequency)", "arguments"),
        ("sum(name)", "argument"),
        ("count(products_owned)", "argument"),
        ("sum(cost) filter (where cost)", "not-a-condition"),
        ("abs(cost) filter (where active)", "only-aggregates"),
        ("mean(cost)", "unknown-function"),
    ],
)
def test_a_mistake_in_a_definition_is_named(source: str, key: str) -> None:
    """What is not a figure over many rows is refused."""
    with pytest.raises(LanguageError) as caught:
        parse_aggregate(source, SYMBOLS, place="value", parameters=("as_of",))
    assert caught.value.text.key == f"language.{key}"


def test_a_definition_has_a_type() -> None:
    """The type of a custom attribute follows from its definition."""
    types = {
        "sum(monetary_value)": ValueType.MONEY,
        "sum(monetary_value) / count()": ValueType.MONEY,
        "count(distinct kind)": ValueType.INTEGER,
        "sum(frequency)": ValueType.INTEGER,
        "avg(frequency)": ValueType.NUMBER,
        "avg(returns_share)": ValueType.SHARE,
        "max(kind)": ValueType.CATEGORY,
        "max(birth_date)": ValueType.DATE,
        "count() > 3": ValueType.BOOLEAN,
    }
    symbols = {**SYMBOLS, "amount": Symbol("amount", ValueType.MONEY)}
    assert {source: parse_aggregate(source, symbols, place="value").type for source in types} == types
