"""The Python API on the example shop: everything a face shows is one of these values."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import carpel
from carpel.kernel.errors import CarpelError
from carpel.workspace import Workspace, create, propose
from carpel.workspace.export import write_table
from tests.conftest import ROOT

INVOICES = ROOT / "examples" / "shop" / "invoices.csv"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("acme")
    create(folder, propose([INVOICES], folder=folder, currency="PHP", time_zone="Asia/Manila"))
    workspace = carpel.open(folder)
    workspace.run()
    return workspace


def test_segments_and_rests_are_all_the_money_of_the_file(shop: Workspace) -> None:
    segments = shop.segments()
    query = """SELECT sum(replace("Unit price", ',', '.')::decimal(18,2) * "Quantity"::int) FROM read_csv(?,
               delim = ';', header = true, all_varchar = true)"""
    total: Decimal = duckdb.execute(query, [str(INVOICES)]).fetchall()[0][0]
    assert segments.currency.major(segments.revenue + sum(segments.rests.values())) == total


def test_leaves_add_up_to_the_base_and_parents_to_their_parts(shop: Workspace) -> None:
    segments = shop.segments()
    assert sum(row.customers for row in segments.leaves) == segments.base == 96
    for row in segments.rows:
        parts = [part.customers for part in segments.rows if part.parent == row.key]
        assert not parts or sum(parts) == row.customers


def test_a_customer_is_where_the_assignments_say(shop: Workspace) -> None:
    for row in shop.assignments.to_arrow().slice(0, 20).to_pylist():
        customer = shop.customer(row["customer_id"])
        assert customer.segment == row["segment"]
        assert customer.why().segment == row["segment"]


def test_an_unknown_customer_is_told_with_ids_near_it(shop: Workspace) -> None:
    with pytest.raises(CarpelError, match="001008"):
        shop.customer("001002")


def test_customers_come_in_the_order_asked(shop: Workspace) -> None:
    rows = shop.assignments.to_arrow().slice(0, 20).to_pylist()[::-1]
    customers = shop.customers(row["customer_id"] for row in rows)
    assert [(each.id, each.why().segment) for each in customers] == [
        (row["customer_id"], row["segment"]) for row in rows
    ]


def test_all_unknown_customers_are_told_at_once(shop: Workspace) -> None:
    with pytest.raises(CarpelError, match=r"(?s)nobody.*somebody") as caught:
        shop.customers(["nobody", "001379", "somebody", "nobody"])
    assert caught.value.text.params["customers"] == "nobody, somebody"


def test_money_comes_out_in_major_units(shop: Workspace) -> None:
    profiles = shop.profiles.to_arrow()
    assert pa.types.is_decimal(profiles.schema.field("monetary_value").type)
    total = sum(profiles["monetary_value"].to_pylist())
    assert total == shop.segments().currency.major(shop.segments().revenue)


def test_a_table_is_live_for_ibis_and_ready_for_pandas_and_polars(shop: Workspace) -> None:
    assert shop.profiles.to_ibis().count().execute() == 96
    assert len(shop.profiles.to_pandas()) == len(shop.profiles.to_polars()) == 96


def test_a_run_is_seen_by_a_workspace_that_was_open_before(shop: Workspace) -> None:
    before = shop.current.id
    with carpel.open(shop.settings.folder) as other:
        made = other.run()
    assert shop.current.id == made.id != before


def test_a_workspace_is_refused_where_there_is_one(shop: Workspace) -> None:
    before = (shop.settings.folder / "carpel.yaml").read_text()
    with pytest.raises(CarpelError, match="already"):
        propose([INVOICES], folder=shop.settings.folder)
    assert (shop.settings.folder / "carpel.yaml").read_text() == before


def test_a_failed_start_leaves_no_trace(tmp_path: Path) -> None:
    proposal = propose([INVOICES], folder=tmp_path / "acme", currency="PHP")
    object.__setattr__(proposal.plan, "workspace", "\0")
    with pytest.raises(CarpelError):
        create(tmp_path / "acme", proposal)
    assert not (tmp_path / "acme").exists()


def test_nothing_current_is_told_with_what_to_do(tmp_path: Path) -> None:
    create(tmp_path, propose([INVOICES], folder=tmp_path, currency="PHP"))
    with carpel.open(tmp_path) as workspace, pytest.raises(CarpelError, match="carpel run"):
        workspace.segments()


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(CarpelError, match="carpel init"):
        carpel.open(tmp_path)


@pytest.mark.parametrize("ending", ["parquet", "csv", "xlsx"])
def test_an_export_has_one_row_for_each_customer(shop: Workspace, tmp_path: Path, ending: str) -> None:
    for what in ("assignments", "profiles"):
        file = tmp_path / f"{what}.{ending}"
        assert shop.export(what, file) == 96
        assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    if ending == "parquet":
        assert pq.read_schema(file).names[:2] == ["customer_id", "segment"]


def test_no_cell_of_a_csv_is_a_live_formula(tmp_path: Path) -> None:
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "plain"]
    batch = pa.record_batch({"customer_id": hostile, "=cmd": hostile, "amount": [-1, 0, 1, 2, 3, 4, 5]})
    write_table(batch.schema, iter([batch]), tmp_path / "out.csv")
    rows = duckdb.sql(f"FROM read_csv('{tmp_path}/out.csv', all_varchar = true, header = false)").fetchall()
    cells = [cell for row in rows for cell in row[:2]]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[1][2] == "-1"
