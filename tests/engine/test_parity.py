"""The same expressions on both engines: equal given equal parameters, to the cent and for every customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.language import parse, to_ibis
from carpel.profiles import catalogue, fit, profile
from carpel.profiles.arithmetic import rank
from carpel.schemes import assign, fit_cuts, read_scheme, totals
from tests.engine.gaps import GAPS, met
from tests.kernel.language.rows import SYMBOLS, store
from tests.kernel.language.test_conformance import CASES
from tests.profiles.company import AS_OF, company
from tests.schemes.company import KINDS, profiles

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]

SCHEME: Final = """\
scheme: customers
base: kind <> 'internal'
partitions:
  value:
    tiers: monetary_value
    over: monetary_value > 0
    shares: {top: 3%, large: 17%, small: 80%}
  freshness:
    tiers: recency_days
    order: ascending
    quantiles: [fresh, aging, old]
  often:
    tiers: frequency
    thresholds: {daily: 30, weekly: 4, rarely: rest}
segments:
  - key: best
    when: value in ('top', 'large')
    segments:
      - key: best-slipping
        when: freshness = 'old' or recency_days > 3 * frequency
      - key: best-steady
        otherwise: true
  - key: business
    when: kind = 'business' and (not often = 'rarely' or monetary_value / frequency >= 19.99)
  - key: everyone-else
    otherwise: true
"""


def test_every_attribute_is_the_same(engine: Engine, spark: Engine, tmp_path: Path) -> None:
    """All attributes of the company that is worked out by hand, and the population's numbers behind them."""
    facts = company(tmp_path)
    known, bound = catalogue(facts), facts.bindings(range(facts.bucket_count))
    parameters = fit(facts, known, AS_OF, engine)
    assert fit(facts, known, AS_OF, spark) == parameters
    steps = profile(facts, known, AS_OF, parameters)
    assert spark.write(steps, bound, tmp_path / "spark.parquet") == engine.write(
        steps, bound, tmp_path / "duck.parquet"
    )
    ours, theirs = pq.read_table(tmp_path / "duck.parquet"), pq.read_table(tmp_path / "spark.parquet")
    assert _types(theirs) == _types(ours)
    for name in ours.column_names:
        assert theirs[name].to_pylist() == ours[name].to_pylist(), name


def _types(table: pa.Table) -> list[tuple[str, str]]:
    """Columns with their types, whatever an engine says about values that are never unknown."""
    return [(each.name, str(each.type).replace(" not null", "")) for each in table.schema]


def test_tiers_segments_and_their_money_are_the_same(engine: Engine, spark: Engine, tmp_path: Path) -> None:
    """Cut points to the last bit, the segment of every customer, customers and cents of every segment."""
    scheme, held = read_scheme(SCHEME, "customers.yaml"), profiles(_customers(3_000), tmp_path)
    cuts = fit_cuts(scheme, held, engine)
    assert fit_cuts(scheme, held, spark) == cuts
    steps = assign(scheme, held, cuts)
    assert spark.read(steps, held.bindings).to_pylist() == engine.read(steps, held.bindings).to_pylist()
    summed = [each.read(totals(scheme, held, cuts), held.bindings).to_pylist() for each in (engine, spark)]
    ours, theirs = ({row["segment"]: row for row in rows} for rows in summed)
    assert theirs == ours
    assert len(ours) == 5


def _customers(count: int) -> list[dict[str, Any]]:
    """Many equal values and some unknown ones, as tiers meet them."""
    chance = np.random.default_rng(5)
    return [
        {
            "kind": KINDS[number % 4] if number % 11 else None,
            "recency_days": int(chance.integers(0, 400)) if number % 7 else None,
            "frequency": int(chance.geometric(0.2)) - 1,
            "monetary_value": int(chance.lognormal(8, 2)) - 500,
        }
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def answers(spark: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Any]:
    """What Spark says of each case of the rule language; those without a gap are asked at once."""
    file = store([row for _, row, _ in CASES], tmp_path_factory.mktemp("cases") / "rows.parquet")
    schema = {name: symbol.type.ibis for name, symbol in SYMBOLS.items()}
    table = ibis.table(schema | {"row": "int64"}, name="cases")

    def asked(numbers: list[int]) -> dict[int, Any]:
        trees = {number: parse(CASES[number][0], SYMBOLS, place="rule") for number in numbers}
        columns = {f"case_{number}": to_ibis(tree, table, digits=2) for number, tree in trees.items()}
        rows = spark.read(table.select("row", **columns).order_by("row"), {"cases": [file]}).to_pylist()
        return {number: rows[number][f"case_{number}"] for number in numbers}

    found = asked([number for number, (source, _, _) in enumerate(CASES) if source not in GAPS])
    return lambda number: found[number] if number in found else asked([number])[number]


@pytest.mark.parametrize(("source", "number"), [met(case[0], number) for number, case in enumerate(CASES)])
def test_rules_mean_the_same(answers: Callable[[int], Any], source: str, number: int) -> None:
    expected = CASES[number][2]
    assert (answers(number), type(answers(number))) == (expected, type(expected)), source


MOMENT: Final = datetime(2024, 2, 28, 23, 50)  # noqa: DTZ001  as stored: UTC without a zone
ROWS: Final = pa.table(
    {
        "who": pa.array([1, 1, 1, 2, 2, 3], pa.int64()),
        "cents": pa.array([5, 10, 10, None, -7, 2**62], pa.int64()),
        "size": pa.array([0.5, 2.5, 1.5, 3.5, None, 0.0]),
        "word": pa.array(["b", "a", "é", None, "北京", "a"]),
        "bought": pa.array([True, False, True, True, None, True]),
        "day": pa.array([date(2024, 2, day) for day in (28, 29, 1, 2, 3, 4)]),
        "at": pa.array([MOMENT.replace(microsecond=number) for number in range(6)], pa.timestamp("us")),
    }
)
T: Final = ibis.table(
    {"who": "int64", "cents": "int64", "size": "float64", "word": "string", "bought": "boolean", "day": "date",
     "at": "timestamp(6)"}, name="rows",
)  # fmt: skip
LEAP: Final = ibis.literal(date(2024, 3, 1))
LATER: Final = ibis.literal(MOMENT + timedelta(minutes=20), type="timestamp(6)")


def _per_customer(**values: Any) -> Any:
    return T.group_by("who").agg(**values).order_by("who")


EXPRESSIONS: Final[dict[str, Callable[[], Any]]] = {
    "exact sum": lambda: _per_customer(x=T.cents.sum().cast("decimal(38,0)").cast("int64")),
    "sum where": lambda: _per_customer(x=T.cents.sum(where=T.bought).cast("decimal(38,0)").cast("int64")),
    "median": lambda: _per_customer(x=T.size.median()),
    "quantile where": lambda: _per_customer(x=T.size.quantile(0.8, where=T.bought).round(6)),
    "quantile between": lambda: _per_customer(x=T.size.quantile(0.8, where=T.bought)),
    "different ones": lambda: _per_customer(x=T.cents.nunique()),
    "most by several": lambda: _per_customer(
        x=T.word.argmax(rank({"cents": T.cents, "word": T.word}, unknown="cents"))
    ),
    "most with unknown": lambda: _per_customer(x=T.day.argmax(ibis.struct({"cents": T.cents, "day": T.day}))),
    "a set": lambda: _per_customer(x=T.word.collect(distinct=True).sort()),
    "the one before": lambda: T.mutate(x=T.day.lag().over(group_by=T.who, order_by=T.at)).order_by("at"),
    "days between": lambda: T.mutate(x=LEAP.delta(T.day, unit="day")).order_by("at"),
    "digest": lambda: T.mutate(x=T.word.hexdigest("md5")).order_by("at"),
    "median where": lambda: _per_customer(x=T.size.median(where=T.bought)),
    "mode": lambda: _per_customer(x=T.word.mode()),
    "kurtosis": lambda: _per_customer(x=T.size.kurtosis()),
    "first in order": lambda: _per_customer(x=T.word.first(order_by=T.day)),
    "collected in order": lambda: _per_customer(x=T.word.collect(order_by=T.day)),
    "latest before": lambda: T.asof_join(T.view(), "at", predicates="who").order_by("at"),
    "hash": lambda: T.mutate(x=T.who.hash()).order_by("at"),
    "half to whole": lambda: T.mutate(x=T.size.cast("int64")).order_by("at"),
    "divided by nothing": lambda: T.mutate(x=T.cents / T.size).order_by("at"),
    "hours between": lambda: T.mutate(x=LATER.delta(T.at, unit="hour")).order_by("at"),
    "months between": lambda: T.mutate(x=LEAP.delta(T.day, unit="month")).order_by("at"),
}


@pytest.mark.parametrize("name", [met(name) for name in EXPRESSIONS])
def test_the_portable_subset_is_what_it_is(engine: Engine, spark: Engine, tmp_path: Path, name: str) -> None:
    pq.write_table(ROWS, tmp_path / "rows.parquet")
    query, bound = EXPRESSIONS[name](), {"rows": [tmp_path / "rows.parquet"]}
    assert spark.read(query, bound).to_pylist() == engine.read(query, bound).to_pylist()


def test_no_gap_is_listed_that_nothing_shows() -> None:
    assert set(EXPRESSIONS) | {source for source, _, _ in CASES} >= set(GAPS)
