"""Real exports end to end, without a hand on any file, against known facts and hand-written SQL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from carpel.profiles import catalogue
from carpel.schemes import KINDS, SchemeError, check, read_scheme, template
from carpel.workspace import Workspace
from tests.scenarios.conftest import command

Made = Callable[[str], Workspace]

ONLINE_RETAIL = "online_retail/Online_Retail.parquet"
CDNOW = "cdnow/CDNOW_master.parquet"
NORTHWIND = "northwind"
MARKETING = "marketing_campaign"
SALES = "crm_sales_opportunities"
RFM = "rfm_r_package/rfm_data_orders.parquet"
EVERY = (ONLINE_RETAIL, CDNOW, NORTHWIND, MARKETING, SALES, RFM)

CUSTOMERS = {ONLINE_RETAIL: 4_372, CDNOW: 23_570, NORTHWIND: 91, MARKETING: 2_240, SALES: 85, RFM: 995}
SOURCE_MONEY = {
    ONLINE_RETAIL: Decimal("9747747.93"),
    CDNOW: Decimal("2500315.63"),
    SALES: Decimal(10_005_534),
    RFM: Decimal(464_158),
}


def rows(query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = duckdb.sql(query).to_arrow_table().to_pylist()
    return found


def profiles_of(workspace: Workspace, *attributes: str) -> dict[str, tuple[Any, ...]]:
    table = workspace.profiles.to_arrow().to_pylist()
    return {row["customer_id"]: tuple(row[name] for name in attributes) for row in table}


@pytest.mark.parametrize("source", EVERY)
def test_every_customer_is_in_exactly_one_segment(made: Made, source: str) -> None:
    workspace = made(source)
    segments = command("segments", "--workspace", workspace.settings.folder, "--json")
    parents = {each["parent"] for each in segments["segments"]}
    leaves = [each for each in segments["segments"] if each["key"] not in parents]
    assert segments["base"] + segments["outside_base"] == CUSTOMERS[source]
    assert sum(each["customers"] for each in leaves) == segments["base"]
    assignments = workspace.assignments.to_arrow()
    assert len(set(assignments["customer_id"].to_pylist())) == assignments.num_rows == CUSTOMERS[source]


@pytest.mark.parametrize("source", SOURCE_MONEY)
def test_segments_and_rests_are_the_source_to_the_cent(made: Made, source: str) -> None:
    segments = made(source).segments()
    everything = segments.revenue + sum(segments.rests.values())
    assert segments.currency.major(everything) == SOURCE_MONEY[source]


@pytest.mark.parametrize("source", EVERY)
def test_a_replay_is_equal_row_for_row(made: Made, source: str) -> None:
    replay = command("replay", "--workspace", made(source).settings.folder, "--json")
    assert replay["same"]
    assert replay["rows"] == CUSTOMERS[source]


@pytest.mark.parametrize("source", EVERY)
def test_any_customer_is_explained(made: Made, source: str) -> None:
    workspace = made(source)
    for customer, segment in [
        (row["customer_id"], row["segment"]) for row in workspace.assignments.to_arrow().slice(0, 5).to_pylist()
    ]:
        why = command("explain", "--workspace", workspace.settings.folder, customer, "--json")
        assert (why["customer_id"], why["segment"]) == (customer, segment)
        assert segment is None or (why["path"][-1] == segment and why["because"])


@pytest.mark.parametrize("source", EVERY)
def test_every_template_that_fits_checks_clean(made: Made, source: str) -> None:
    run = made(source).current
    found = catalogue(run.facts)
    fitting = []
    for kind in KINDS:
        try:
            written = template(kind, found)
        except SchemeError:
            continue
        fitting.append(kind)
        issues = check(read_scheme(written, kind), found)
        assert not [each for each in issues if each.severity == "error"], kind
    assert fitting


def test_online_retail_keeps_its_known_facts(made: Made) -> None:
    run = made(ONLINE_RETAIL).current
    orders, lines = run.facts.tables["orders"], run.facts.tables["order_lines"]
    assert (lines.rows + lines.rows_without_customer, lines.rows_without_customer) == (541_909, 135_080)
    assert orders.rows + orders.rows_without_customer == 25_900
    assert run.manifest.rests["without_customer"] == 144_768_212


def test_online_retail_profiles_equal_hand_written_sql(made: Made, data: Path) -> None:
    query = f"""
        WITH line AS (
            SELECT CustomerID::bigint::varchar AS customer, InvoiceNo AS invoice, InvoiceDate::date AS day, StockCode,
                   round(Quantity::decimal(18,0) * UnitPrice::decimal(18,4), 2)::decimal(18,2) AS amount
            FROM '{data}/{ONLINE_RETAIL}' WHERE CustomerID IS NOT NULL
        ), invoice AS (
            SELECT customer, invoice, min(day) AS day, sum(amount) AS amount FROM line GROUP BY ALL
        ), gap AS (
            SELECT customer, median(days) AS gap FROM (
                SELECT customer, day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS days
                FROM (SELECT DISTINCT customer, day FROM invoice WHERE amount >= 0 AND NOT starts_with(invoice, 'C')))
            GROUP BY customer
        )
        SELECT i.customer, DATE '2011-12-10' - max(i.day) FILTER (kept) AS recency, count(*) FILTER (kept) AS frequency,
               sum(i.amount) AS money, any_value(g.gap) AS gap
        FROM (SELECT *, amount >= 0 AND NOT starts_with(invoice, 'C') AS kept FROM invoice) i
        LEFT JOIN gap g USING (customer) GROUP BY i.customer"""
    expected = {row["customer"]: (row["recency"], row["frequency"], row["money"], row["gap"]) for row in rows(query)}
    found = profiles_of(made(ONLINE_RETAIL), "recency_days", "frequency", "monetary_value", "gap_median_days")
    assert found == expected


def test_cdnow_profiles_equal_hand_written_sql(made: Made, data: Path) -> None:
    query = f"""
        SELECT customer_id AS customer, DATE '1998-07-01' - max(date) AS recency, count(*) AS frequency,
               sum(dollar_value::decimal(18,2)) AS money, DATE '1998-07-01' - min(date) AS tenure
        FROM '{data}/{CDNOW}' GROUP BY ALL"""
    expected = {row["customer"]: (row["recency"], row["frequency"], row["money"], row["tenure"]) for row in rows(query)}
    found = profiles_of(made(CDNOW), "recency_days", "frequency", "monetary_value", "tenure_days")
    assert found == expected


def test_northwind_links_its_files(made: Made, data: Path) -> None:
    workspace = made(NORTHWIND)
    tables = workspace.current.facts.tables
    assert (tables["customers"].rows, tables["orders"].rows, tables["order_lines"].rows) == (91, 830, 2_155)
    query = f"""
        SELECT o.customer_id AS customer, count(DISTINCT o.order_id) AS orders,
               sum(round(d.quantity * d.unit_price::decimal(9,2) * (1 - d.discount::decimal(4,2)), 2)) AS money,
               count(DISTINCT c.category_name) AS categories
        FROM '{data}/northwind/orders.parquet' o
        JOIN '{data}/northwind/order_details.parquet' d USING (order_id)
        JOIN '{data}/northwind/products.parquet' p USING (product_id)
        JOIN '{data}/northwind/categories.parquet' c USING (category_id) GROUP BY ALL"""
    found = profiles_of(workspace, "frequency", "monetary_value", "categories_count")
    for row in rows(query):
        frequency, money, categories = found[row["customer"]]
        assert (frequency, categories) == (row["orders"], row["categories"])
        assert abs(money - Decimal(str(row["money"]))) <= Decimal("0.01") * 100


def test_the_campaign_keeps_its_nulls_and_dates(made: Made, data: Path) -> None:
    workspace = made(MARKETING)
    table = workspace.profiles.to_arrow()
    assert table["income"].null_count == 24
    query = f"""SELECT ID::varchar AS customer, MntWines + MntFruits + MntMeatProducts + MntFishProducts
        + MntSweetProducts + MntGoldProds AS spend
        FROM read_csv('{data}/marketing_campaign/marketing_campaign.csv', delim = '\t', all_varchar = false)"""
    expected = {row["customer"]: row["spend"] for row in rows(query)}
    found = {customer: spend for customer, (spend,) in profiles_of(workspace, "total_spend").items()}
    assert {customer: int(spend) for customer, spend in found.items()} == expected


def test_sales_opportunities_keep_their_known_facts(made: Made) -> None:
    workspace = made(SALES)
    opportunities = workspace.current.facts.tables["opportunities"]
    assert opportunities.rows + opportunities.rows_without_customer == 8_800
    assert opportunities.rows_without_customer == 1_425
    assert workspace.segments().revenue == 1_000_553_400


def test_rfm_gives_the_published_segments(made: Made) -> None:
    """METHODS row 17: the counts that the R package rfm documents."""
    counts = {row.key: row.customers for row in made(RFM).segments().leaves}
    assert counts["champions"] == 35
    assert counts["potential-loyalists"] == 342
    assert counts["loyal-customers"] == 170
    assert counts["lost"] == 148
    assert counts["new-customers"] == 104
    assert counts["about-to-sleep"] == 102
    assert counts["cant-lose-them"] == 47
    assert counts["at-risk"] == 28
    assert counts["need-attention"] == 10
    assert counts["promising"] == 9


def test_an_earlier_date_equals_a_file_that_ends_there(data: Path, tmp_path: Path) -> None:
    source = data / CDNOW
    early = tmp_path / "early.parquet"
    duckdb.sql(f"COPY (FROM '{source}' WHERE date < '1997-07-01') TO '{early}'")
    found = []
    for name, file in (("whole", source), ("early", early)):
        folder = tmp_path / name
        command("init", folder, "--from", file, "--yes", "--currency", "USD", "--json")
        command("run", "--workspace", folder, "--as-of", "1997-07-01", "--json")
        command("export", "profiles", "--workspace", folder, "--to", tmp_path / f"{name}.parquet", "--json")
        columns = "customer_id, recency_days, frequency, monetary_value, gap_median_days, order_median, tenure_days"
        found.append(rows(f"SELECT {columns} FROM '{tmp_path}/{name}.parquet' WHERE frequency > 0 ORDER BY 1"))
    assert found[0] == found[1]
