"""One table of what expressions mean, and both interpreters meet it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis
import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.language import evaluate, parse, to_ibis
from carpel.kernel.types import ValueType
from tests.kernel.language.rows import SYMBOLS, Row, store, whole

NAN = float("nan")
BIG = 2**63 - 1
DAY = date(2024, 2, 29)
MOMENT = datetime(2024, 2, 29, 23, 59, 59, 999_999)  # noqa: DTZ001  # as stored: UTC without a zone

CASES: list[tuple[str, Row, Any]] = [
    # Comparing numbers.
    ("recency_days > 90", {"recency_days": 91}, True),
    ("recency_days > 90", {"recency_days": 90}, False),
    ("recency_days > 90", {}, None),
    ("recency_days != 90", {"recency_days": 91}, True),
    ("recency_days <> frequency", {}, None),
    ("recency_days = frequency", {"recency_days": BIG, "frequency": BIG - 1}, False),
    ("recency_days > 9223372036854775806", {"recency_days": BIG}, True),
    ("recency_days > 2 * gap_median_days", {"recency_days": 21, "gap_median_days": 10.0}, True),
    ("score > 5", {"score": NAN}, None),
    ("score = 0", {"score": -0.0}, True),
    ("score is null", {"score": NAN}, True),
    ("score is null", {"score": float("inf")}, True),
    # Money counts in major units, and compares exactly with a decimal.
    ("monetary_value = 19.99", {"monetary_value": 1999}, True),
    ("monetary_value >= 0.01", {"monetary_value": 1}, True),
    ("monetary_value between 0.1 and 0.3", {"monetary_value": 30}, True),
    ("monetary_value", {"monetary_value": -5}, -0.05),
    # Arithmetic is that of float64; nothing overflows, and a division by zero is unknown.
    ("frequency / 2", {"frequency": 7}, 3.5),
    ("frequency / 0", {"frequency": 7}, None),
    ("frequency / recency_days", {"frequency": 7, "recency_days": 0}, None),
    ("0 / frequency = 0", {"frequency": 0}, None),
    ("frequency * frequency > 0", {"frequency": BIG}, True),
    ("1 + 2 * 3 - 4 / 2", {}, 5.0),
    ("(1 + 2) * 3", {}, 9.0),
    ("8 / 4 / 2", {}, 1.0),
    ("10 - 4 - 3", {}, 3.0),
    ("-frequency + 1", {"frequency": 3}, -2.0),
    ("- 3 - -2", {}, -1.0),
    ("frequency + 1", {}, None),
    ("0.1 + 0.2 = 0.3", {}, False),
    ("score = 0.12345678901234567", {"score": 0.12345678901234567}, True),
    (".5 + 1. + 1e2", {}, 101.5),
    # Three-valued logic.
    ("active and subscribed", {"active": False}, False),
    ("active and subscribed", {"active": True}, None),
    ("active or subscribed", {"active": True}, True),
    ("active or subscribed", {"active": False}, None),
    ("not active", {}, None),
    ("not not active", {"active": True}, True),
    ("not active or subscribed", {"active": False, "subscribed": False}, True),
    ("active or subscribed and active", {"active": False, "subscribed": True}, False),
    ("active = true", {"active": True}, True),
    ("TRUE AND NOT FALSE", {}, True),
    # A condition in brackets is a value like any other.
    ("(not active) is null", {}, True),
    ("(not active) is null", {"active": True}, False),
    ("(not active) is not null", {}, False),
    ("(active and subscribed) is null", {"active": True}, True),
    ("(frequency between 1 and 2) is null", {}, True),
    ("(not active) in (true, false)", {}, None),
    ("(not active) in (true)", {"active": False}, True),
    ("(active and subscribed) in (true)", {"active": False, "subscribed": True}, False),
    ("(active or subscribed) not in (true)", {"active": True, "subscribed": False}, False),
    ("(frequency in (1, 2)) in (false)", {"frequency": 3}, True),
    # Lists and ranges.
    ("kind in ('consumer', 'business')", {"kind": "business"}, True),
    ("kind in ('consumer', 'business')", {}, None),
    ("kind not in ('consumer', 'business')", {"kind": "reseller"}, True),
    ("kind not in ('consumer', 'business')", {}, None),
    ("frequency in (1, 2.5)", {"frequency": 1}, True),
    ("score in (-1, 0)", {"score": -0.0}, True),
    ("frequency between 1 and 3", {"frequency": 3}, True),
    ("frequency not between 1 and 3", {"frequency": 3}, False),
    ("frequency between 3 and 1", {"frequency": 2}, False),
    ("frequency between 1 and recency_days", {"frequency": 0}, False),
    ("frequency between 1 and recency_days", {"frequency": 2}, None),
    # Texts compare letter by letter in the order of Unicode's code points.
    ("name = 'it''s'", {"name": "it's"}, True),
    ("name < 'a'", {"name": "Z"}, True),
    ("name > 'z'", {"name": "é"}, True),
    ("name < nickname", {"name": "\uffff", "nickname": "😀"}, True),
    ("name = ''", {"name": ""}, True),
    ("name = 'a'", {"name": "a "}, False),
    ("`Invoice Number` = 'A1'", {"Invoice Number": "A1"}, True),
    ("customer_id = '007'", {"customer_id": "007"}, True),
    ("lower(name) = '北京 abc'", {"name": "北京 ABC"}, True),
    ("upper(name)", {"name": "ñß"}, "Ñẞ"),
    ("length(name)", {"name": "北京😀"}, 3),
    ("length(products_owned)", {"products_owned": ["P1", "P2"]}, 2),
    # Patterns.
    ("name like 'A%'", {"name": "ABC"}, True),
    ("name like 'a%'", {"name": "ABC"}, False),
    ("name like '%B%'", {"name": "ABC"}, True),
    ("name like 'A_C'", {"name": "A😀C"}, True),
    ("name like 'A_C'", {"name": "AC"}, False),
    ("name like '%'", {"name": "two\nlines"}, True),
    ("name like 'a.c'", {"name": "abc"}, False),
    ("name like '100\\%'", {"name": "100%"}, True),
    ("name like '100\\%'", {"name": "1000"}, False),
    ("name like '%\\_%'", {"name": "a_b"}, True),
    ("name like 'a\\\\b'", {"name": "a\\b"}, True),
    ("name not like 'A%'", {}, None),
    ("name like 'ab%ab'", {"name": "ab"}, False),
    ("name like '%a%a%'", {"name": "ba"}, False),
    # Sets.
    ("owns('P1')", {"products_owned": ["P1", "P2"]}, True),
    ("owns('P3')", {"products_owned": ["P1", "P2"]}, False),
    ("owns('P3')", {"products_owned": []}, False),
    ("owns('P3')", {}, None),
    ("'P1' not in products_owned", {"products_owned": ["P1"]}, False),
    ("name in products_owned", {"products_owned": ["P1"], "name": "P1"}, True),
    ("name in (products_owned)", {"products_owned": ["P1"]}, None),
    ("products_owned is not null", {"products_owned": []}, True),
    # Dates: a moment compares with the first moment of a day.
    ("birth_date = '2024-02-29'", {"birth_date": DAY}, True),
    ("birth_date < '2024-03-01'", {"birth_date": DAY}, True),
    ("birth_date between '2024-02-01' and '2024-02-29'", {"birth_date": DAY}, True),
    ("birth_date in ('2024-02-28', '2024-02-29')", {"birth_date": DAY}, True),
    ("acquired_at > '2024-02-29'", {"acquired_at": MOMENT}, True),
    ("acquired_at < '2024-03-01'", {"acquired_at": MOMENT}, True),
    ("acquired_at = '2024-02-29T23:59:59.999999'", {"acquired_at": MOMENT}, True),
    ("acquired_at < '2024-03-01 07:59:59+08:00'", {"acquired_at": MOMENT}, False),
    ("acquired_at >= birth_date", {"acquired_at": MOMENT, "birth_date": DAY}, True),
    ("days_between(birth_date, as_of)", {"birth_date": DAY, "as_of": date(2025, 3, 1)}, 366),
    ("days_between(as_of, birth_date)", {"birth_date": DAY, "as_of": date(2024, 3, 1)}, -1),
    ("days_between(acquired_at, '2024-03-01')", {"acquired_at": MOMENT}, 1),
    ("year(birth_date) * 100 + month(acquired_at)", {"birth_date": DAY, "acquired_at": MOMENT}, 202402.0),
    ("year(birth_date)", {}, None),
    # Functions.
    ("abs(frequency)", {"frequency": -(2**63)}, 2.0**63),
    ("round(score)", {"score": 2.5}, 3.0),
    ("round(score)", {"score": -2.5}, -3.0),
    ("round(score)", {"score": 0.49999999999999994}, 0.0),
    ("round(score)", {"score": 1e300}, 1e300),
    ("round(monetary_value, 1)", {"monetary_value": 1999}, 20.0),
    ("floor(score)", {"score": -0.5}, -1.0),
    ("floor(score)", {"score": 1e300}, 1e300),
    ("ceil(score)", {"score": 0.5}, 1.0),
    ("least(frequency, 2.5)", {"frequency": 3}, 2.5),
    ("least(frequency, recency_days)", {"frequency": BIG}, BIG),
    ("greatest(frequency, recency_days)", {}, None),
    ("greatest(name, 'b')", {"name": "a"}, "b"),
    ("coalesce(monetary_value, 0)", {}, 0.0),
    ("coalesce(frequency, 0)", {}, 0),
    ("coalesce(frequency, null, 7)", {"frequency": 0}, 0),
    ("coalesce(active, false)", {}, False),
    ("coalesce(kind, 'consumer') = 'consumer'", {}, True),
    ("coalesce(birth_date, '2000-01-01') < '2001-01-01'", {}, True),
]


@pytest.fixture(scope="module")
def answers(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the engine says of each case."""
    file = store([row for _, row, _ in CASES], tmp_path_factory.mktemp("cases") / "rows.parquet")
    return answered(engine, file)


def answered(engine: Engine, file: Path) -> list[Any]:
    schema = {name: symbol.type.ibis for name, symbol in SYMBOLS.items()}
    table = ibis.table(schema | {"row": "int64"}, name="cases")
    trees = [parse(source, SYMBOLS, place="rule") for source, _, _ in CASES]
    columns = {f"case_{number}": to_ibis(tree, table, digits=2) for number, tree in enumerate(trees)}
    rows = engine.read(table.select("row", **columns).order_by("row"), {"cases": [file]}).to_pylist()
    return [rows[number][f"case_{number}"] for number in range(len(CASES))]


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case[0] for case in CASES])
def test_both_interpreters_meet_the_table(answers: list[Any], number: int, case: tuple[str, Row, Any]) -> None:
    """An expression means the same for one customer and in the engine."""
    source, row, expected = case
    alone = evaluate(parse(source, SYMBOLS, place="rule"), whole(row), digits=2)
    assert (alone, type(alone)) == (expected, type(expected))
    assert (answers[number], type(answers[number])) == (expected, type(expected))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("frequency", ValueType.INTEGER),
        ("frequency + 1", ValueType.NUMBER),
        ("returns_share", ValueType.SHARE),
        ("monetary_value / frequency", ValueType.MONEY),
        ("monetary_value / cost", ValueType.NUMBER),
        ("monetary_value - cost", ValueType.MONEY),
        ("1.5 * monetary_value", ValueType.MONEY),
        ("round(monetary_value)", ValueType.MONEY),
        ("coalesce(monetary_value, 0)", ValueType.MONEY),
        ("coalesce(frequency, 0)", ValueType.INTEGER),
        ("coalesce(frequency, 0.5)", ValueType.NUMBER),
        ("least(birth_date, acquired_at)", ValueType.INSTANT),
        ("coalesce(name, kind)", ValueType.TEXT),
        ("upper(kind)", ValueType.TEXT),
        ("length(name)", ValueType.INTEGER),
        ("name = 'a'", ValueType.BOOLEAN),
    ],
)
def test_an_expression_has_a_type(source: str, expected: ValueType) -> None:
    """Money stays money, other calculations are numbers."""
    assert parse(source, SYMBOLS, place="rule").type is expected


def test_days_begin_in_the_time_zone() -> None:
    """A written day compared with a moment is that day in the workspace, not in Greenwich."""
    manila = parse("acquired_at >= '2024-03-01'", SYMBOLS, place="rule", time_zone="Asia/Manila")
    assert evaluate(manila, whole({"acquired_at": MOMENT}), digits=2) is True
    greenwich = parse("acquired_at >= '2024-03-01'", SYMBOLS, place="rule")
    assert evaluate(greenwich, whole({"acquired_at": MOMENT}), digits=2) is False
