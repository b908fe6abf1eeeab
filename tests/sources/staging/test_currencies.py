"""Money of other currencies is converted at the rate of its own date, or set aside."""

from pathlib import Path

from tests.sources.staging.shop import codes, facts, quarantine, staged

SOURCES = """
orders:
  files: orders.csv
  tables:
    orders: {order_id: id, customer_id: customer, ordered_at: at, currency: currency, amount: amount, tax: tax}
rates:
  files: rates.csv
  tables:
    exchange_rates: {day: day, currency: currency, rate: rate}
"""

RATES = """day,currency,rate
2025-01-03,USD,57.1234
2025-01-06,USD,58
2025-01-03,JPY,0.3654321
"""

ORDERS = """id,customer,at,currency,amount,tax
1,C1,2025-01-03,USD,10.00,1.00
2,C1,2025-01-05,USD,10.00,1.00
3,C1,2025-01-06,usd,10.00,1.00
4,C1,2025-01-06,PHP,10.00,1.00
5,C1,2025-01-06,,10.00,1.00
6,C2,2025-01-03,JPY,1001,0
7,C2,2025-03-01,USD,10.00,1.00
8,C2,2025-01-04,EUR,10.00,1.00
"""


def test_each_amount_takes_the_rate_of_its_own_date(tmp_path: Path) -> None:
    result = staged(tmp_path, SOURCES, {"orders.csv": ORDERS, "rates.csv": RATES})
    assert facts(result, "orders", "order_id, amount, tax, source_amount::varchar") == [
        ("1", 57123, 5712, "10.000000"),
        ("2", 57123, 5712, "10.000000"),
        ("3", 58000, 5800, "10.000000"),
        ("4", 1000, 100, "10.000000"),
        ("5", 1000, 100, "10.000000"),
        ("6", 36580, 0, "1001.000000"),
    ]


def test_money_without_a_rate_is_set_aside_and_never_guessed(tmp_path: Path) -> None:
    result = staged(tmp_path, SOURCES, {"orders.csv": ORDERS, "rates.csv": RATES})
    assert quarantine(result, "orders") == [("no-rate", None), ("no-rate", None)]
    places = {issue.examples for issue in result.issues if issue.code == "sources.rate-missing"}
    assert places == {("USD 2025-03-01",), ("EUR 2025-01-04",)}
    assert "C2" in {row[0] for row in facts(result, "customers", "customer_id")}


def test_the_ledger_is_in_the_reporting_currency(tmp_path: Path) -> None:
    ledger = staged(tmp_path, SOURCES, {"orders.csv": ORDERS, "rates.csv": RATES}).facts.ledger
    assert ledger is not None
    assert ledger.source == 2 * 57123 + 1 + 58000 + 2000 + 36580
    assert ledger.rounding == 1


def test_two_rates_of_one_day_are_pointed_out(tmp_path: Path) -> None:
    result = staged(tmp_path, SOURCES, {"orders.csv": ORDERS, "rates.csv": RATES + "2025-01-06,USD,59\n"})
    assert codes(result)["sources.rates-twice"] == 1


def test_lines_are_converted_with_their_order(tmp_path: Path) -> None:
    sources = """
orders:
  files: orders.csv
  tables:
    orders: {order_id: id, customer_id: customer, ordered_at: at, currency: currency}
rates:
  files: rates.csv
  tables:
    exchange_rates: {day: day, currency: currency, rate: rate}
lines:
  files: lines.csv
  tables:
    order_lines: {order_id: id, product_id: sku, quantity: n, unit_price: price, discount: {column: off, as: share}}
products:
  files: products.csv
  tables:
    products: {product_id: sku, category: kind, unit_cost: cost}
"""
    lines = "id,sku,n,price,off\n1,A,2,10.00,0.25\n1,B,1,1.00,0\n4,A,1,5.00,0\n7,A,1,5.00,0\n99,A,1,5.00,0\n"
    products = "sku,kind,cost\nA,tea,100.00\nB,,\n"
    files = {"orders.csv": ORDERS, "rates.csv": RATES, "lines.csv": lines, "products.csv": products}
    result = staged(tmp_path, sources, files)
    assert facts(result, "order_lines", "order_id, product_id, amount, discount, cost, category") == [
        ("1", "A", 85685, 28562, 20000, "tea"),
        ("1", "B", 5712, 0, None, None),
        ("4", "A", 500, 0, 10000, "tea"),
    ]
    totals = dict(facts(result, "orders", "order_id, amount"))
    assert (totals["1"], totals["4"], totals["2"]) == (91397, 500, 0)
    assert dict(facts(result, "orders", "order_id, cost"))["1"] is None
    assert quarantine(result, "order_lines") == [("no-order", None), ("no-order", None)]
