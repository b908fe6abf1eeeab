"""The demo company is whole, repeatable, made block by block, and dirty in a small and known way."""

import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.crm import TABLES
from carpel.demo import Company, generate
from carpel.demo.dirt import _ten_years_on, _year_first
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES, Text
from carpel.kernel.yaml import read_yaml_file
from tests.demo.conftest import END, shop_accounts


def mapped(company: Company) -> dict[str, dict[str, object]]:
    """The columns that carpel.yaml maps, by table of facts."""
    tables: dict[str, dict[str, object]] = {}
    for source in read_yaml_file(company.folder / "carpel.yaml").plain()["sources"].values():
        for name, columns in source.get("tables", {}).items():
            tables.setdefault(name, {}).update(columns)
    return tables


def contents(folder: Path) -> dict[str, bytes]:
    """All files by their place in the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_table_of_facts_has_data(company: Company) -> None:
    assert set(mapped(company)) == set(TABLES)


def test_every_column_of_facts_is_mapped_but_what_carpel_derives(company: Company) -> None:
    missing = {
        f"{name}.{column}"
        for name, table in TABLES.items()
        for column in table.names
        if column not in mapped(company)[name]
    }
    assert missing == {"customers.relationship", "payments.order_id", "payments.contract_id",
                       "order_lines.returns_order_id", "budgets.campaign"}  # fmt: skip


def test_every_source_has_files_with_the_columns_it_names(company: Company) -> None:
    for name, source in read_yaml_file(company.folder / "carpel.yaml").plain()["sources"].items():
        assert list(company.folder.glob(source["files"])), name


def test_the_same_wish_gives_the_same_company(tmp_path: Path) -> None:
    one, other = (
        generate(tmp_path / name, customers=600, seed=3, end=END, block_size=300).folder for name in ("one", "other")
    )
    assert contents(one) == contents(other)


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    one, other = (generate(tmp_path / str(seed), customers=300, seed=seed, end=END).folder for seed in (3, 4))
    assert (
        contents(one / "data")["shop/orders/part-0000.parquet"]
        != contents(other / "data")["shop/orders/part-0000.parquet"]
    )


def test_more_customers_change_nothing_about_the_first(tmp_path: Path) -> None:
    few = contents(generate(tmp_path / "few", customers=300, seed=3, end=END, block_size=300).folder / "data")
    many = contents(generate(tmp_path / "many", customers=900, seed=3, end=END, block_size=300).folder / "data")
    parts = {name for name in few if "part-" in name}
    assert len(parts) == 13
    assert all(few[name] == many[name] for name in parts)


def test_ids_are_unique_over_blocks(tmp_path: Path) -> None:
    folder = generate(tmp_path / "demo", customers=900, seed=3, end=END, block_size=300).folder
    lines = pq.read_table(folder / "data" / "shop" / "order_lines").column("line_no")
    assert len(lines.unique()) == len(lines)


def test_nothing_is_dated_after_the_last_day_but_the_planted_faults(facts: duckdb.DuckDBPyConnection) -> None:
    late = facts.execute(
        "select count(*) from orders_as_written where ordered_at::date > ? and ordered_at < timestamp '2031-01-01'",
        [END],
    ).fetchone()
    assert late == (0,)


def test_an_order_is_the_sum_of_its_lines_to_the_centavo(facts: duckdb.DuckDBPyConnection) -> None:
    wrong = facts.execute("""
        with sums as (select order_no, sum(amount) as amount, sum(discount) as discount from order_lines group by 1)
        select count(*) from orders_as_written o full join sums s using (order_no)
        where o.amount is distinct from s.amount or o.discount is distinct from s.discount
    """).fetchone()
    assert wrong == (0,)


def test_a_line_is_quantity_times_price_less_discount(facts: duckdb.DuckDBPyConnection) -> None:
    wrong = facts.execute(
        "select count(*) from order_lines where amount <> quantity * unit_price - discount"
    ).fetchone()
    assert wrong == (0,)


def test_invoices_and_payments_ask_for_what_was_ordered(facts: duckdb.DuckDBPyConnection) -> None:
    wrong = facts.execute("""
        select count(*) from invoices i join orders_as_written o using (order_no)
        left join payments p on p.InvoiceNo = i.invoice_no
        where i.amount <> o.amount or p.Amount::decimal(18, 2) <> i.amount
    """).fetchone()
    assert wrong == (0,)


def test_a_return_takes_back_part_of_an_earlier_order(facts: duckdb.DuckDBPyConnection) -> None:
    returns, later, part = facts.execute("""
        select count(*), avg((r.ordered_at > o.ordered_at)::int), avg((-r.amount <= o.amount and r.amount < 0)::int)
        from orders r join orders o on o.order_no = r.returns_order
    """).fetchone() or (0, 0, 0)
    assert returns > 1000
    assert (later, part) == (1, 1)


def test_stopped_products_are_not_sold_any_more(facts: duckdb.DuckDBPyConnection) -> None:
    stopped, replaced = facts.execute("""
        select count(*) filter (where Active = 'No'), count(Replaces) from products
    """).fetchone() or (0, 0)
    last = facts.execute("""
        select max(day) from sold join products p on p.SKU = sold.sku where Active = 'No' and quantity > 0
    """).fetchone()
    assert stopped > replaced > 2
    assert last is not None
    assert last[0] < date(2025, 6, 1)


def test_dirty_data_is_little_but_there(company: Company) -> None:
    assert all(count > 0 for count in company.faults.values())
    for fault, count in company.faults.items():
        assert count < 0.02 * sum(company.rows.values()), fault
    assert sum(company.faults.values()) < 0.01 * sum(company.rows.values())


def test_faults_can_be_counted_in_the_exports(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    found = {
        "orders without a customer": "from orders_as_written where customer is null",
        "orders in the future": "from orders_as_written where ordered_at > timestamp '2031-01-01'",
        "lines of unknown products": "from order_lines where sku not in (select SKU from products)",
        "payments without an invoice": "from payments where InvoiceNo is null",
        "impossible payment dates": "from payments where try_strptime(Paid, '%d/%m/%Y') is null",
        "scores that are no numbers": "from feedback where try_cast(Score as int) is null",
    }
    for fault, rows in found.items():
        count = facts.execute(f"select count(*) {rows}").fetchone()
        # A row written twice may be one of those.
        assert count is not None
        assert company.faults[fault] <= count[0] <= company.faults[fault] + 5, fault


def test_some_customers_are_known_to_two_systems_by_the_same_address(
    company: Company, facts: duckdb.DuckDBPyConnection
) -> None:
    emails = {row[2].lower() for row in shop_accounts(company.folder)[1:]}
    crm = {row[0].lower() for row in facts.execute("select Email from crm").fetchall()}
    twins = facts.execute("select count(*) from truth where twin_id is not null").fetchone()
    assert twins == (len(emails & crm),)
    assert 50 < len(emails & crm) < 0.05 * company.customers


def test_texts_are_in_four_languages_and_vary(facts: duckdb.DuckDBPyConnection) -> None:
    rows = facts.execute("""
        select Lang, count(Words), count(distinct Words) from feedback where Words is not null group by 1
    """).fetchall()
    assert {row[0] for row in rows} == set(LANGUAGES)
    assert all(different > min(100, 0.3 * count) for _, count, different in rows)


def test_businesses_have_branches_and_contacts(facts: duckdb.DuckDBPyConnection) -> None:
    branches, orphans = facts.execute("""
        select count(HeadOffice), count(HeadOffice) filter (where HeadOffice not in (select CustomerNo from crm
          where CustomerNo is not null)) from crm
    """).fetchone() or (0, 0)
    assert branches > 200
    assert orphans <= 40
    assert facts.execute("select count(distinct CustomerNo) > 3000 from contacts").fetchone() == (True,)


def test_the_card_tells_what_is_planted(company: Company) -> None:
    card = json.loads((company.folder / "demo.json").read_text(encoding="utf-8"))
    assert card["planted"]["cycles"]["Toner"] == 90
    assert card["end"] == END.isoformat()
    assert card["rows"] == dict(company.rows)


def test_a_workspace_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "carpel.yaml").write_text("workspace: mine")
    with pytest.raises(CarpelError) as refused:
        generate(tmp_path, customers=10, end=END)
    assert refused.value.text.key == "demo.folder-not-empty"
    assert [path.name for path in tmp_path.iterdir()] == ["carpel.yaml"]


@pytest.mark.parametrize("customers", [0, -3, 10**9])
def test_a_senseless_number_of_customers_is_refused(tmp_path: Path, customers: int) -> None:
    with pytest.raises(CarpelError) as refused:
        generate(tmp_path / "demo", customers=customers, end=END)
    assert refused.value.text.key == "demo.customers"


@pytest.mark.parametrize("customers", [1, 2, 7, 41])
def test_even_a_tiny_company_is_whole(tmp_path: Path, customers: int) -> None:
    made = generate(tmp_path / "demo", customers=customers, end=END)
    assert made.rows["truth"] == customers


def test_new_data_leave_changed_settings_alone(tmp_path: Path) -> None:
    generate(tmp_path / "demo", customers=5, end=END)
    settings = tmp_path / "demo" / "carpel.yaml"
    settings.write_text("workspace: changed")
    generate(tmp_path / "demo", customers=6, end=END)
    assert settings.read_text() == "workspace: changed"
    assert len(pa.concat_tables([pq.read_table(path) for path in (tmp_path / "demo" / "truth").iterdir()])) == 6


def test_progress_is_told_block_by_block(tmp_path: Path) -> None:
    class Told:
        def __init__(self) -> None:
            self.steps: list[tuple[int, int]] = []
            self.names: list[str] = []

        def stage(self, name: Text) -> None:
            self.names.append(name.render("en"))

        def advance(self, done: int, total: int) -> None:
            self.steps.append((done, total))

    told = Told()
    generate(tmp_path / "demo", customers=30, end=END, block_size=10, progress=told)
    assert told.names == ["Generating Sibol & Co."]
    assert told.steps == [(1, 3), (2, 3), (3, 3)]


def test_a_cell_that_one_fault_emptied_stays_empty_for_the_next() -> None:
    cells = pa.array(["2026-03-04T05:06:07", None])
    assert _ten_years_on(cells, np.random.default_rng(1)).to_pylist() == ["2036-03-04T05:06:07", None]
    assert _year_first(pa.array(["04/03/2026", None]), np.random.default_rng(1)).to_pylist() == ["2026-03-04", None]
