"""The engine and the interpreter of one customer agree on whatever can be written."""

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.kernel.language import evaluate, parse, to_ibis
from tests.kernel.language.rows import SYMBOLS, Row, store, whole
from tests.kernel.language.strategies import condition, number, rows, text

TABLE = ibis.table({name: symbol.type.ibis for name, symbol in SYMBOLS.items()} | {"row": "int64"}, name="profiles")

NUMBERS = itertools.count()
"""Engines may remember what a file held; no two examples share one."""


def answers(engine: Engine, source: str, file: Path, digits: int) -> list[Any]:
    expression = parse(source, SYMBOLS, place="rule")
    query = TABLE.select("row", answer=to_ibis(expression, TABLE, digits=digits)).order_by("row")
    return list(engine.read(query, {"profiles": [file]})["answer"].to_pylist())


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return type(left) is type(right) and left == right


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rows")


@given(
    source=st.one_of(condition(2), condition(1), number(3), text(2)),
    customers=st.lists(rows, min_size=1, max_size=8),
    digits=st.sampled_from([0, 2, 3]),
)
@example(source="upper(name) = 'ẞ' or lower(name) = 'i'", customers=[{"name": "ß"}, {"name": "İ"}], digits=2)
def test_both_interpreters_give_the_same(
    engine: Engine, folder: Path, source: str, customers: Sequence[Row], digits: int
) -> None:
    """For any expression, any customer, nulls, division by zero and odd letters included."""
    file = store(customers, folder / f"{next(NUMBERS)}.parquet")
    expression = parse(source, SYMBOLS, place="rule")
    expected = [evaluate(expression, whole(row), digits=digits) for row in customers]
    found = answers(engine, source, file, digits)
    assert all(map(same, found, expected)), (source, found, expected)
