"""An engine binds names to files, compiles once, and fails in words."""

from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.engine import open_engine
from carpel.kernel.engine import Engine, Step
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import text

ORDERS = ibis.table({"customer_no": "int64", "amount": "int64", "tags": "array<string>"}, name="orders")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    first, second = tmp_path / "it's first.parquet", tmp_path / "second.parquet"
    pq.write_table(pa.table({"customer_no": [1, 1], "amount": [5, 6], "tags": [["a"], None]}), first)
    pq.write_table(pa.table({"customer_no": [2], "amount": [7], "tags": [["b", "c"]]}), second)
    return [first, second]


def spent() -> tuple[Step, ...]:
    per_customer = Step(
        "per_customer",
        text("kernel.value-true"),
        ORDERS.group_by("customer_no").agg(amount=ORDERS.amount.sum().cast("decimal(38,0)").cast("int64")),
    )
    large = per_customer.unbound()
    return per_customer, Step(
        "large", text("kernel.value-false"), large.filter(large.amount > 6).order_by("customer_no")
    )


def test_several_files_are_one_table(engine: Engine, files: list[Path]) -> None:
    assert engine.read(ORDERS.count().as_table(), {"orders": files}).to_pylist() == [{"CountStar(orders)": 3}]


def test_a_table_without_files_has_no_rows(engine: Engine) -> None:
    assert engine.read(ORDERS, {}).num_rows == 0
    assert engine.read(ORDERS, {}).schema.names == ["customer_no", "amount", "tags"]


def test_a_step_reads_the_steps_before_it(engine: Engine, files: list[Path]) -> None:
    rows = engine.read(spent(), {"orders": files}).to_pylist()
    assert rows == [{"customer_no": 1, "amount": 11}, {"customer_no": 2, "amount": 7}]


def test_a_sum_of_integers_is_an_integer_in_parquet(engine: Engine, files: list[Path], tmp_path: Path) -> None:
    assert engine.write(spent(), {"orders": files}, tmp_path / "out.parquet") == 2
    assert pq.read_schema(tmp_path / "out.parquet").field("amount").type == pa.int64()


def test_the_shown_statement_names_each_step_under_its_sentence(engine: Engine) -> None:
    shown = engine.sql(spent())
    assert shown.index("-- yes") < shown.index('"per_customer" AS') < shown.index("-- no") < shown.index('"large" AS')


def test_batches_hold_all_rows(engine: Engine, files: list[Path]) -> None:
    assert sum(batch.num_rows for batch in engine.batches(ORDERS, {"orders": files}, rows=1)) == 3


def test_an_unreadable_file_is_told_by_name(engine: Engine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"not parquet")
    with pytest.raises(CarpelError, match=r"broken\.parquet"):
        engine.read(ORDERS, {"orders": [broken]})


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(CarpelError, match="There is no engine called"):
        open_engine("abacus")


def test_work_beyond_its_memory_ends_in_words() -> None:
    small = open_engine("duckdb", memory="20MB", threads=1)
    numbers = ibis.range(4_000_000).unnest().name("n").as_table()
    with pytest.raises(CarpelError, match="memory"):
        small.read(numbers.agg(all=numbers.n.collect()), {})
    small.close()


def test_files_become_a_live_table(engine: Engine, files: list[Path]) -> None:
    assert engine.table(files).amount.sum().execute() == 18
