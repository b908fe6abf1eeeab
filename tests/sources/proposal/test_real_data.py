"""Each published data set is understood without help."""

from pathlib import Path

from tests.sources.proposal.reading_back import mapped, only_source, proposed, sources_of


def test_one_flat_invoice_file_feeds_customers_products_orders_and_lines(data: Path) -> None:
    proposal = proposed(data / "online_retail")
    (source,) = sources_of(proposal).values()
    assert mapped(source) == {
        "customers": {"customer_id": "CustomerID", "country": "Country"},
        "products": {"product_id": "StockCode", "name": "Description"},
        "orders": {"order_id": "InvoiceNo", "customer_id": "CustomerID", "ordered_at": "InvoiceDate"},
        "order_lines": {
            "order_id": "InvoiceNo",
            "product_id": "StockCode",
            "quantity": "Quantity",
            "unit_price": "UnitPrice",
        },
    }
    # Nine rows of ten are from one country.
    (question,) = proposal.questions
    assert (question.key, question.default) == ("currency", "GBP")


def test_an_order_log_without_order_numbers_is_orders(data: Path) -> None:
    assert only_source(data / "cdnow" / "CDNOW_master.parquet") == {
        "orders": {"customer_id": "customer_id", "ordered_at": "date", "amount": "dollar_value"}
    }


def test_an_order_log_with_names_gives_customers_too(data: Path) -> None:
    assert only_source(data / "rfm_r_package" / "rfm_data_orders.parquet") == {
        "customers": {"customer_id": "customer_id", "name": "first_name last_name", "email": "email"},
        "orders": {"customer_id": "customer_id", "ordered_at": "order_date", "amount": "revenue"},
    }


def test_an_order_log_without_money_is_orders(data: Path) -> None:
    assert only_source(data / "btydplus_grocery") == {"orders": {"customer_id": "cust", "ordered_at": "date"}}


def test_twelve_tables_hang_together_by_their_keys(data: Path) -> None:
    proposal = proposed(data / "northwind")
    sources = sources_of(proposal)
    assert set(sources) == {"categories", "customers", "employees", "order_details", "orders", "products"}
    assert mapped(sources["categories"]) == {}
    assert mapped(sources["customers"]) == {
        "customers": {
            "customer_id": "customer_id",
            "kind": "= business",
            "name": "company_name",
            "phone": "phone",
            "country": "country",
            "region": "region",
            "city": "city",
        }
    }
    assert mapped(sources["orders"]) == {
        "orders": {
            "order_id": "order_id",
            "customer_id": "customer_id",
            "ordered_at": "order_date",
            "employee_id": "employee_id",
        }
    }
    assert mapped(sources["order_details"]) == {
        "order_lines": {
            "order_id": "order_id",
            "product_id": "product_id",
            "quantity": "quantity",
            "unit_price": "unit_price",
            "discount": "discount as share",
        }
    }
    assert mapped(sources["products"])["products"] == {
        "product_id": "product_id",
        "name": "product_name",
        "category": "category_id in categories.category_id gives category_name",
        "price": "unit_price",
        "stock": "units_in_stock",
        "active": "discontinued",
    }
    assert mapped(sources["employees"])["employees"] == {
        "employee_id": "employee_id",
        "name": "first_name last_name",
        "role": "title",
        "manager_id": "reports_to",
    }
    told = " ".join(str(each) for each in proposal.unmapped)
    for name in ("suppliers", "shippers", "territories", "us_states"):
        assert f"{name}: not used" in told


def test_won_opportunities_are_orders_where_there_are_no_others(data: Path) -> None:
    proposal = proposed(data / "crm_sales_opportunities")
    sources = sources_of(proposal)
    pipeline = sources["sales_pipeline"]
    assert mapped(sources["accounts"])["customers"] == {
        "customer_id": "account",
        "kind": "= business",
        "parent_id": "subsidiary_of",
        "name": "account",
        "country": "office_location",
        "industry": "sector",
        "employees": "employees",
        "annual_revenue": "revenue",
    }
    assert mapped(pipeline)["orders"] == {
        "order_id": "opportunity_id",
        "customer_id": "account",
        "ordered_at": "close_date",
        "amount": "close_value",
        "employee_id": "sales_agent",
    }
    assert pipeline.tables["orders"].where == "deal_stage = 'Won'"
    assert pipeline.tables["opportunities"].where is None
    assert pipeline.tables["opportunities"].columns["won"].values == {
        "Won": True,
        "Lost": False,
        "Engaging": None,
        "Prospecting": None,
    }
    assert proposal.revenue == "orders"
    # The pipeline writes one product differently from the list of products.
    assert pipeline.tables["order_lines"].columns["product_id"].values == {"GTXPro": "GTX Pro"}
    refused = sources_of(proposal.answer({"won_orders": "no"}))
    assert set(mapped(refused["sales_pipeline"])) == {"opportunities"}


def test_a_wide_table_of_customers_is_customers_and_what_they_spent_is_added_up(data: Path) -> None:
    proposal = proposed(data / "marketing_campaign")
    (source,) = sources_of(proposal).values()
    assert mapped(source) == {
        "customers": {
            "customer_id": "ID",
            "kind": "= consumer",
            "birth_date": "Year_Birth as year",
            "marital_status": "Marital_Status",
            "education": "Education",
            "income": "Income",
            "acquired_at": "Dt_Customer",
        }
    }
    (attribute,) = proposal.plan.attributes
    parts = (
        "mnt_wines",
        "mnt_fruits",
        "mnt_meat_products",
        "mnt_fish_products",
        "mnt_sweet_products",
        "mnt_gold_prods",
    )
    assert (attribute.key, attribute.value) == ("total_spend", " + ".join(parts))
    assert any("no transactions" in str(each) for each in proposal.unmapped)


def test_the_total_of_charges_is_what_subscribers_spent_and_the_monthly_rate_is_not(data: Path) -> None:
    proposal = proposed(data / "telco_churn")
    (source,) = sources_of(proposal).values()
    assert mapped(source) == {"customers": {"customer_id": "customerID", "kind": "= consumer", "gender": "gender"}}
    (attribute,) = proposal.plan.attributes
    assert attribute.value == "coalesce(total_charges, 0)"


def test_what_a_person_brought_in_is_no_companys_turnover(data: Path) -> None:
    proposal = proposed(data / "rfm_r_package" / "rfm_data_customer.parquet")
    (source,) = sources_of(proposal).values()
    assert "annual_revenue" not in source.tables["customers"].columns
    assert [each.value for each in proposal.plan.attributes] == ["revenue"]


def test_customers_whom_no_order_names_are_asked_about(data: Path) -> None:
    files = [data / "cdnow" / name for name in ("CDNOW_master.parquet", "cdnow_customers_summary.csv")]
    proposal = proposed(*files)
    key = "rows.cdnow_customers_summary"
    assert key in {each.key for each in proposal.questions}
    assert set(sources_of(proposal)) == {"cdnow_master", "cdnow_customers_summary"}
    answered = proposal.answer({key: "leave-out"})
    assert set(sources_of(answered)) == {"cdnow_master"}
    assert any("left out, as chosen" in str(each) for each in answered.unmapped)
