"""Rows that `where` leaves out are counted, and their money stands in the account."""

from __future__ import annotations

from pathlib import Path

import pytest

from carpel.sources import Staged
from tests.sources.staging.shop import codes, facts, staged

SHOPIFY = """
shop:
  files: shop.csv
  tables:
    orders:
      where: "status is null or not (status in ('refunded', 'voided'))"
      order_id: order
      customer_id: email
      ordered_at: at
      amount: total
    order_lines: {order_id: order, product_id: sku, quantity: n, unit_price: price}
"""
FIRST_LINES_SAY_IT = """\
order,email,status,total,at,n,price,sku
1,ana@x.test,paid,30.00,2025-01-05,1,10.00,a
1,ana@x.test,,,,2,10.00,b
2,ben@x.test,refunded,70.00,2025-01-06,3,20.00,a
2,ben@x.test,,,,1,10.00,b
3,ana@x.test,voided,9.50,2025-01-07,1,9.50,a
4,cy@x.test,,8.00,2025-01-08,1,8.00,c
"""


def money(result: Staged) -> dict[str, int]:
    """The account, checked to add up."""
    ledger = result.facts.ledger
    assert ledger is not None
    parts = {
        "customers": ledger.customers,
        "without_customer": ledger.without_customer,
        "quarantine": ledger.quarantine,
        "left_out": ledger.left_out,
        "rounding": ledger.rounding,
    }
    assert sum(parts.values()) == ledger.source
    return {"source": ledger.source} | {name: amount for name, amount in parts.items() if amount}


def test_what_only_the_first_line_says_holds_for_the_whole_order(tmp_path: Path) -> None:
    result = staged(tmp_path, SHOPIFY, {"shop.csv": FIRST_LINES_SAY_IT})
    assert facts(result, "orders", "order_id, amount") == [("1", 3000), ("4", 800)]
    assert facts(result, "order_lines", "order_id, product_id") == [("1", "a"), ("1", "b"), ("4", "c")]
    assert money(result) == {"source": 11750, "customers": 3800, "left_out": 7950}
    assert codes(result)["sources.left-out"] == 2


def test_lines_follow_their_order_where_they_alone_have_money(tmp_path: Path) -> None:
    result = staged(tmp_path, SHOPIFY.replace("      amount: total\n", ""), {"shop.csv": FIRST_LINES_SAY_IT})
    assert money(result) == {"source": 3000 + 800 + 7000 + 950, "customers": 3800, "left_out": 7950}


def test_lines_of_another_file_follow_too_and_are_no_loss(tmp_path: Path) -> None:
    sources = """
orders:
  files: orders.csv
  tables:
    orders: {where: "state <> 'draft'", order_id: id, customer_id: who, ordered_at: at}
lines:
  files: lines.csv
  tables:
    order_lines: {order_id: id, product_id: sku, amount: amount}
"""
    files = {
        "orders.csv": "id,who,at,state\n1,a,2025-01-01,sale\n2,a,2025-01-02,draft\n",
        "lines.csv": "id,sku,amount\n1,x,5.005\n2,x,7.25\n2,y,1.25\n3,y,4.00\n",
    }
    result = staged(tmp_path, sources, files)
    assert money(result) == {"source": 1751, "customers": 501, "left_out": 850, "quarantine": 400}
    assert codes(result)["sources.no-order"] == 1


def test_lines_left_out_of_an_order_that_stays_count_where_the_order_is_its_lines(tmp_path: Path) -> None:
    sources = """
shop:
  files: shop.csv
  tables:
    orders: {where: "state = 'ok'", order_id: id, customer_id: who, ordered_at: at}
    order_lines: {where: "state = 'ok'", order_id: id, product_id: sku, amount: amount}
"""
    rows = "id,who,at,state,sku,amount\n1,a,2025-01-01,ok,x,5\n1,a,2025-01-01,cancelled,y,3\n"
    rows += "2,b,2025-01-02,cancelled,x,2\n"
    assert money(staged(tmp_path, sources, {"shop.csv": rows})) == {"source": 1000, "customers": 500, "left_out": 500}


def test_an_order_that_two_exports_leave_out_counts_once_and_not_if_one_keeps_it(tmp_path: Path) -> None:
    sources = """
shop:
  files: "*.csv"
  tables:
    orders: {where: "state <> 'cancelled'", order_id: id, customer_id: who, ordered_at: at, amount: amount}
"""
    head = "id,who,at,state,amount\n"
    files = {
        "a.csv": head + "1,a,2025-01-01,cancelled,10\n2,a,2025-01-02,cancelled,20\n3,b,2025-01-03,paid,30\n",
        "b.csv": head + "1,a,2025-01-01,cancelled,10\n2,a,2025-01-02,paid,20\n",
    }
    assert money(staged(tmp_path, sources, files)) == {"source": 6000, "customers": 5000, "left_out": 1000}


@pytest.mark.parametrize("revenue", ["orders", "payments"])
def test_what_another_table_takes_is_not_left_out(revenue: str, tmp_path: Path) -> None:
    sources = """
book:
  files: book.csv
  tables:
    orders: {where: "kind = 'sale'", order_id: id, customer_id: who, ordered_at: at, amount: amount}
    payments: {where: "kind = 'money'", payment_id: id, customer_id: who, paid_at: at, amount: amount}
"""
    rows = "id,who,at,kind,amount\n1,a,2025-01-01,sale,10\n2,a,2025-01-02,money,10\n"
    result = staged(tmp_path, sources, {"book.csv": rows}, revenue=revenue)
    assert money(result) == {"source": 1000, "customers": 1000}


def test_a_sale_that_was_lost_never_was_money(tmp_path: Path) -> None:
    sources = """
deals:
  files: deals.csv
  tables:
    orders: {where: "stage = 'Won'", order_id: id, customer_id: who, ordered_at: at, amount: worth}
    opportunities: {opportunity_id: id, customer_id: who, closed_at: at, amount: worth, stage: stage}
"""
    rows = "id,who,at,stage,worth\n1,a,2025-01-01,Won,10\n2,a,2025-01-02,Lost,99\n"
    assert money(staged(tmp_path, sources, {"deals.csv": rows})) == {"source": 1000, "customers": 1000}


@pytest.mark.parametrize(("form", "off"), [("share", 2), ("percent", 2), ("percent", "0.5")])
def test_a_percentage_is_one_whatever_its_values(form: str, off: object, tmp_path: Path) -> None:
    sources = f"""
shop:
  files: shop.csv
  tables:
    orders: {{order_id: id, customer_id: who, ordered_at: at}}
    order_lines: {{order_id: id, quantity: n, unit_price: price, discount: {{column: off, as: {form}}}}}
"""
    rows = f"id,who,at,n,price,off\n1,a,2025-01-01,2,100,{off}\n"
    discount = round(float(str(off)) * 200)
    assert facts(staged(tmp_path, sources, {"shop.csv": rows}), "order_lines", "discount, amount") == [
        (discount, 20000 - discount)
    ]
