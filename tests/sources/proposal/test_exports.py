"""Exports of shops and CRMs, in English, Chinese and Filipino, are understood."""

from pathlib import Path

import pytest

from tests.sources.proposal.exports import flat_lines, odoo, shopify, woocommerce, write, wukong
from tests.sources.proposal.reading_back import mapped, only_source, proposed, sources_of

SIMPLIFIED = [
    "客户编号",
    "客户名称",
    "订单号",
    "下单时间",
    "商品编码",
    "商品名称",
    "商品类别",
    "数量",
    "单价",
    "金额",
    "城市",
]
TRADITIONAL = [
    "客戶編號",
    "客戶姓名",
    "訂單編號",
    "訂購日期",
    "品號",
    "品名",
    "商品分類",
    "數量",
    "單價",
    "小計",
    "城市",
]
FILIPINO = [
    "Numero ng customer", "Pangalan ng customer", "Numero ng resibo", "Petsa ng order", "Kodigo ng item", "Produkto",
    "Kategorya", "Dami", "Presyo", "Halaga", "Lungsod",
]  # fmt: skip
ENGLISH = [
    "Customer No.", "Customer Name", "Order #", "Order Date", "SKU", "Product", "Category", "Qty", "Unit Price",
    "Line Total", "City",
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "encoding", "currency"),
    [
        (SIMPLIFIED, "gb18030", "CNY"),
        (TRADITIONAL, "utf-16", "TWD"),
        (FILIPINO, "utf-8-sig", "PHP"),
        (ENGLISH, "utf-8", "USD"),
    ],
    ids=["zh-Hans", "zh-Hant", "fil", "en"],
)
def test_a_flat_file_is_understood_in_every_language(
    tmp_path: Path, header: list[str], encoding: str, currency: str
) -> None:
    proposal = proposed(write(tmp_path / "export.csv", header, flat_lines(), encoding=encoding))
    (source,) = sources_of(proposal).values()
    customer, name, order, moment, product, called, category, quantity, price, amount, city = header
    assert mapped(source) == {
        "customers": {"customer_id": customer, "name": name, "city": city},
        "products": {"product_id": product, "name": called, "category": category},
        "orders": {"order_id": order, "customer_id": customer, "ordered_at": moment},
        "order_lines": {
            "order_id": order,
            "product_id": product,
            "quantity": quantity,
            "unit_price": price,
            "amount": amount,
        },
    }
    assert [each.default for each in proposal.questions if each.key == "currency"] == [currency]


def test_shopify_orders_know_their_lines_and_buyers_by_email(tmp_path: Path) -> None:
    tables = only_source(shopify(tmp_path))
    assert tables["orders"] == {
        "order_id": "Name",
        "customer_id": "Email",
        "ordered_at": "Created at",
        "channel": "Source",
        "status": "Financial Status",
        "currency": "Currency",
        "amount": "Total",
    }
    assert tables["order_lines"] == {
        "order_id": "Name",
        "product_id": "Lineitem sku",
        "quantity": "Lineitem quantity",
        "unit_price": "Lineitem price",
    }
    assert tables["products"] == {"product_id": "Lineitem sku", "name": "Lineitem name"}
    assert {"customer_id": "Email", "email": "Email"}.items() <= tables["customers"].items()


def test_a_currency_column_that_always_says_the_same_needs_no_question(tmp_path: Path) -> None:
    proposal = proposed(shopify(tmp_path))
    assert proposal.plan.currency.value == "PHP"
    assert "currency" not in {each.key for each in proposal.questions}


def test_cancelled_orders_are_left_out_unless_somebody_keeps_them(tmp_path: Path) -> None:
    proposal = proposed(woocommerce(tmp_path))
    (source,) = sources_of(proposal).values()
    left_out = "not (`Order Status` = 'Cancelled')"
    assert {table: mapping.where for table, mapping in source.tables.items()} == {
        "customers": None,
        "products": None,
        "orders": left_out,
        "order_lines": left_out,
    }
    assert source.tables["customers"].columns["name"].columns == ("First Name (Billing)", "Last Name (Billing)")
    (kept,) = sources_of(proposal.answer({"no_sale.woo": "keep"})).values()
    assert {mapping.where for mapping in kept.tables.values()} == {None}


def test_tables_of_odoo_are_joined_by_bare_ids(tmp_path: Path) -> None:
    proposal = proposed(odoo(tmp_path))
    sources = sources_of(proposal)
    assert mapped(sources["sale_order"])["orders"] == {
        "order_id": "id",
        "customer_id": "partner_id",
        "ordered_at": "date_order",
        "amount": "amount_total",
        "status": "state",
        "employee_id": "user_id",
    }
    assert mapped(sources["sale_order_line"])["order_lines"] == {
        "line_id": "id",
        "order_id": "order_id",
        "product_id": "product_id",
        "quantity": "product_uom_qty",
        "unit_price": "price_unit",
        "discount": "discount as percent",
        "amount": "price_subtotal",
    }
    assert mapped(sources["product_template"])["products"]["unit_cost"] == "standard_price"
    assert sources["res_partner"].tables["customers"].columns["kind"].values == {
        "true": "business",
        "false": "consumer",
    }


def test_a_discount_that_may_be_percent_is_asked_about(tmp_path: Path) -> None:
    proposal = proposed(odoo(tmp_path))
    asked = {each.key: each.default for each in proposal.questions}
    assert asked["discount.sale_order_line"] == "percent"
    sources = sources_of(proposal.answer({"discount.sale_order_line": "amount"}))
    assert sources["sale_order_line"].tables["order_lines"].columns["discount"].form is None


def test_customers_are_known_by_what_the_other_files_call_them(tmp_path: Path) -> None:
    proposal = proposed(wukong(tmp_path))
    sources = sources_of(proposal)
    assert mapped(sources["客户"])["customers"]["customer_id"] == "客户名称"
    assert sources["客户"].tables["customers"].columns["relationship"].values == {
        "已成交": "customer",
        "未成交": "prospect",
    }
    for name in ("合同", "回款", "跟进记录"):
        (table,) = mapped(sources[name]).values()
        assert table["customer_id"] == "客户名称"
    kinds = sources["跟进记录"].tables["interactions"].columns["kind"].values
    assert kinds == {"电话": "call", "拜访": "visit", "投诉": "complaint"}
    assert {each.key: each.default for each in proposal.questions}["revenue"] == "contracts"


def test_a_reference_by_name_is_looked_up_where_customers_have_numbers(tmp_path: Path) -> None:
    write(
        tmp_path / "customers.csv",
        ["customer_no", "customer_name"],
        [[100 + i, f"Shop {chr(65 + i)}"] for i in range(20)],
    )
    write(
        tmp_path / "orders.csv",
        ["order_no", "customer", "order_date", "total"],
        [[i, f"Shop {chr(65 + i % 20)}", f"2024-01-{13 + i % 15}", 9.5 + i] for i in range(60)],
    )
    sources = sources_of(proposed(tmp_path))
    assert mapped(sources["orders"])["orders"]["customer_id"] == "customer in customers.customer_name gives customer_no"


def test_lines_without_any_order_are_not_used_and_it_says_so(tmp_path: Path) -> None:
    write(tmp_path / "customers.csv", ["customer_id", "name"], [[i, f"Shop {chr(65 + i)}"] for i in range(20)])
    write(
        tmp_path / "order_lines.csv", ["order_id", "sku", "qty"], [[i // 2, f"S{i % 5}", 1 + i % 3] for i in range(40)]
    )
    proposal = proposed(tmp_path)
    assert set(sources_of(proposal)) == {"customers"}
    assert any("order_lines" in str(each) for each in proposal.unmapped)
