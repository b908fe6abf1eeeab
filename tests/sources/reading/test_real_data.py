"""Published data sets are read as their authors meant them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from carpel.kernel.types import ValueType
from carpel.sources.reading import land, survey
from tests.sources.reading.conftest import codes, landed, looked_at

V = ValueType


def test_crm_sales_opportunities(data: Path, tmp_path: Path) -> None:
    found = {each.name: each for each in survey([data / "crm_sales_opportunities"])}
    assert {name: each.rows for name, each in found.items()} == {
        "accounts": 85,
        "products": 7,
        "sales_pipeline": 8800,
        "sales_teams": 35,
    }
    pipeline = found["sales_pipeline"]
    assert (pipeline.column("opportunity_id").type, pipeline.column("opportunity_id").unique) == (V.ID, True)
    assert (pipeline.column("account").nulls, pipeline.column("engage_date").type) == (1425, V.DATE)
    landing = land(pipeline.files, options=pipeline.read, wanted={"close_value": V.MONEY}, to=tmp_path / "to.parquet")
    won = f"SELECT sum(close_value) FROM '{landing.path}' WHERE deal_stage = 'Won'"
    assert duckdb.sql(won).fetchall() == [(10_005_534,)]


def test_marketing_campaign(data: Path) -> None:
    found = looked_at(data / "marketing_campaign" / "marketing_campaign.csv")
    assert (found.rows, found.read.to_yaml()) == (2240, {"delimiter": "\t", "dates": "D/M/Y"})
    enrolled = found.column("Dt_Customer")
    assert (enrolled.format, enrolled.minimum, enrolled.alternatives) == ("D/M/Y", date(2012, 7, 30), ())
    assert (found.column("Income").nulls, found.column("Response").alternatives) == (24, ("boolean",))


def test_online_retail(data: Path, tmp_path: Path) -> None:
    path = data / "online_retail" / "Online_Retail.parquet"
    landing, _ = landed(path, tmp_path)
    (row,) = duckdb.sql(
        f"SELECT count(DISTINCT CustomerID), count(*) - count(CustomerID), count(DISTINCT InvoiceNo), "
        f"sum(Quantity * UnitPrice), bool_or(CustomerID = '17850'), max(__row) FROM '{landing.path}'"
    ).fetchall()
    assert row == (4372, 135_080, 25_900, Decimal("9747747.934000"), True, 541_909)


def test_northwind(data: Path, tmp_path: Path) -> None:
    _, rows = landed(data / "northwind" / "order_details.parquet", tmp_path)
    assert rows["unit_price"][1] == Decimal("9.8")
    assert rows["order_id"][0] == "10248"
    orders = looked_at(data / "northwind" / "orders.parquet")
    assert (orders.column("order_date").type, orders.column("order_id").unique) == (V.DATE, True)


def test_telco(data: Path) -> None:
    found = looked_at(data / "telco_churn")
    assert (found.column("TotalCharges").type, found.column("TotalCharges").nulls) == (V.NUMBER, 11)
    assert (found.column("Churn").type, found.column("MultipleLines").type) == (V.BOOLEAN, V.CATEGORY)


def test_people_with_broken_birth_dates(data: Path) -> None:
    found = looked_at(data / "febrl" / "dataset1.parquet")
    born = found.column("date_of_birth")
    assert (born.type, born.format) == (V.DATE, "YYYYMMDD")
    assert born.unread > 0
    assert "unread" in codes(found)


def test_reviews_in_chinese_stay_text(data: Path) -> None:
    found = looked_at(data / "reviews" / "waimai_10k.parquet")
    assert V.TEXT in {each.type for each in found.columns}
    assert found.rows == 11_987
