"""Real files keep their published figures through staging."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from carpel.sources import Staged
from tests.sources.staging.shop import codes, facts, staged

RETAIL = """
shop:
  files: {data}/online_retail/Online_Retail.parquet
  tables:
    orders: {{order_id: InvoiceNo, customer_id: CustomerID, ordered_at: InvoiceDate}}
    order_lines: {{order_id: InvoiceNo, product_id: StockCode, quantity: Quantity, unit_price: UnitPrice}}
    products: {{product_id: StockCode, name: Description}}
    customers: {{customer_id: CustomerID, country: Country}}
"""

NORTHWIND = """
customers:
  files: {data}/northwind/customers.parquet
  tables:
    customers: {{customer_id: customer_id, name: company_name, country: country, kind: {{value: business}}}}
orders:
  files: {data}/northwind/orders.parquet
  tables:
    orders: {{order_id: order_id, customer_id: customer_id, employee_id: employee_id, ordered_at: order_date}}
lines:
  files: {data}/northwind/order_details.parquet
  tables:
    order_lines:
      order_id: order_id
      product_id: product_id
      unit_price: unit_price
      quantity: quantity
      discount: {{column: discount, as: share}}
products:
  files: {data}/northwind/products.parquet
  tables:
    products:
      product_id: product_id
      name: product_name
      price: unit_price
      category: {{column: category_id, lookup: {{source: categories, key: category_id, column: category_name}}}}
categories:
  files: {data}/northwind/categories.parquet
employees:
  files: {data}/northwind/employees.parquet
  tables:
    employees: {{employee_id: employee_id, name: {{columns: [first_name, last_name]}}, manager_id: reports_to}}
"""

PIPELINE = """
pipeline:
  files: {data}/crm_sales_opportunities/sales_pipeline.csv
  tables:
    opportunities:
      opportunity_id: opportunity_id
      customer_id: account
      product_id: product
      stage: deal_stage
      opened_at: engage_date
      closed_at: close_date
      amount: close_value
      won: {{column: deal_stage, values: {{Won: true, Lost: false}}}}
    orders:
      order_id: opportunity_id
      customer_id: account
      ordered_at: close_date
      amount: close_value
      where: "deal_stage = 'Won'"
products:
  files: {data}/crm_sales_opportunities/products.csv
  tables:
    products: {{product_id: product, line: series, price: sales_price}}
"""


@pytest.fixture(scope="module")
def retail(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    folder = tmp_path_factory.mktemp("retail")
    return staged(folder, RETAIL.format(data=data), {}, currency="GBP", time_zone="Europe/London")


def test_online_retail_keeps_every_line_and_every_penny(retail: Staged) -> None:
    lines, ledger = retail.facts.tables["order_lines"], retail.facts.ledger
    assert (lines.rows, lines.rows_without_customer) == (541_909 - 135_080, 135_080)
    assert ledger is not None
    assert ledger.source == 974_774_793
    assert (ledger.without_customer, ledger.quarantine) == (144_768_212, 0)
    assert ledger.customers + ledger.without_customer + ledger.rounding == ledger.source


def test_online_retail_has_its_customers_invoices_and_copies(retail: Staged) -> None:
    orders = retail.facts.tables["orders"]
    assert retail.facts.customers == 4_372
    assert orders.rows + orders.rows_without_customer == 25_900
    assert codes(retail)["sources.alike"] == 5_268
    assert facts(retail, "customers", "min(customer_id), max(length(customer_id))") == [("12346", 5)]
    assert retail.facts.first_event == date(2010, 12, 1)


def test_online_retail_orders_equal_a_query_by_hand(retail: Staged, data: Path) -> None:
    expected = duckdb.execute(
        f"""
        SELECT InvoiceNo, any_value(CustomerID)::int::varchar, min(InvoiceDate),
               sum(round(Quantity * UnitPrice::decimal(18, 3), 2) * 100)::bigint, sum(Quantity)::double, count(*)
        FROM '{data}/online_retail/Online_Retail.parquet' WHERE InvoiceDate < TIMESTAMP '2011-03-20' GROUP BY 1
        ORDER BY ALL
        """
    ).fetchall()
    found = facts(retail, "orders", "order_id, customer_id, ordered_at, amount, quantity, lines", "ALL")
    winter = {row[0] for row in expected}
    assert [row for row in found if row[0] in winter] == expected


def test_northwind_is_joined_from_its_files(data: Path, tmp_path: Path) -> None:
    result = staged(tmp_path, NORTHWIND.format(data=data), {}, currency="USD", time_zone="America/Los_Angeles")
    tables, ledger = result.facts.tables, result.facts.ledger
    assert (result.facts.customers, tables["orders"].rows, tables["order_lines"].rows) == (91, 830, 2_155)
    assert ledger is not None
    assert (ledger.source, ledger.quarantine, ledger.without_customer) == (126_579_304, 0, 0)
    exact = duckdb.execute(
        f"""
        SELECT sum(round(unit_price::decimal(18, 4) * quantity * (1 - discount::decimal(18, 4)), 2) * 100)::bigint
        FROM '{data}/northwind/order_details.parquet'
        """
    ).fetchone()
    assert exact == (ledger.customers,)
    assert ("Beverages",) in facts(result, "order_lines", "DISTINCT category")
    assert ("Nancy Davolio", "2") in facts(result, "employees", "name, manager_id")


def test_won_opportunities_are_the_company_s_orders(data: Path, tmp_path: Path) -> None:
    result = staged(tmp_path, PIPELINE.format(data=data), {}, currency="USD")
    opportunities = result.facts.tables["opportunities"]
    assert opportunities.rows + opportunities.rows_without_customer == 8_800
    assert opportunities.rows_without_customer == 1_425
    assert result.facts.ledger is not None
    assert result.facts.ledger.source == 1_000_553_400
    assert {"GTXPro"} == {each for issue in result.issues if issue.code == "sources.orphans" for each in issue.examples}
    assert facts(result, "opportunities", "count(*) FILTER (won), count(*) FILTER (NOT won)") == [(4_238, 2_473)]


def test_a_wide_table_of_customers_keeps_its_columns(data: Path, tmp_path: Path) -> None:
    sources = """
people:
  files: {data}/marketing_campaign/marketing_campaign.csv
  tables:
    customers:
      customer_id: ID
      birth_date: {{column: Year_Birth, as: year}}
      income: Income
      acquired_at: Dt_Customer
"""
    result = staged(tmp_path, sources.format(data=data), {}, currency="USD")
    columns = result.facts.tables["customers"].columns
    assert (result.facts.customers, result.facts.ledger) == (2_240, None)
    assert facts(result, "customers", "count(*) FILTER (income IS NULL), sum(response)") == [(24, 334)]
    assert columns["num_web_purchases"].label == "NumWebPurchases"
    assert columns["num_web_purchases"].custom
    assert facts(result, "customers", "birth_date::varchar, income", "customer_id = '5524' DESC LIMIT 1") == [
        ("1957-01-01", 5_813_800)
    ]


def test_purchases_without_ids_are_one_order_a_row(data: Path, tmp_path: Path) -> None:
    sources = """
shop:
  files: {data}/cdnow/CDNOW_master.parquet
  tables:
    orders: {{customer_id: customer_id, ordered_at: date, amount: dollar_value}}
"""
    result = staged(tmp_path, sources.format(data=data), {}, currency="USD", time_zone="America/New_York")
    assert (result.facts.customers, result.facts.tables["orders"].rows) == (23_570, 69_659)
    assert result.facts.ledger is not None
    assert result.facts.ledger.source == 250_031_563
    assert facts(result, "orders", "min(day)::varchar, max(day)::varchar") == [("1997-01-01", "1998-06-30")]
