"""A key that comes twice: copies are set aside, the latest and fullest row stands, sources complete each other."""

from pathlib import Path

from tests.sources.staging.shop import codes, facts, quarantine, staged

SOURCES = """
shop:
  files: customers.csv
  tables:
    customers: {customer_id: id, name: name, city: city}
orders:
  files: orders.csv
  tables:
    orders: {order_id: id, customer_id: customer, ordered_at: at, amount: amount}
"""

CUSTOMERS = """id,name,city
C1,Ana,Manila
C1,Ana,Manila
C2,Ben,
C2,Ben,Cebu
"""

ORDERS = """id,customer,at,amount
1,C1,2025-01-01,10
1,C1,2025-01-01,10
2,C1,2025-01-01,20
2,C1,2025-01-02,25
3,C7,2025-01-03,5
"""


def test_copies_and_older_rows_are_set_aside_with_their_money(tmp_path: Path) -> None:
    result = staged(tmp_path, SOURCES, {"customers.csv": CUSTOMERS, "orders.csv": ORDERS})
    assert facts(result, "orders", "order_id, amount") == [("1", 1000), ("2", 2500), ("3", 500)]
    assert quarantine(result, "orders") == [("duplicate", 1000), ("superseded", 2000)]
    ledger = result.facts.ledger
    assert ledger is not None
    assert (ledger.source, ledger.customers, ledger.quarantine) == (7000, 4000, 3000)


def test_the_fullest_row_of_a_customer_stands(tmp_path: Path) -> None:
    result = staged(tmp_path, SOURCES, {"customers.csv": CUSTOMERS, "orders.csv": ORDERS})
    found = facts(result, "customers", "customer_id, name, city, from_source")
    assert found == [("C1", "Ana", "Manila", True), ("C2", "Ben", "Cebu", True), ("C7", None, None, False)]
    assert quarantine(result, "customers") == [("duplicate", None), ("superseded", None)]
    assert codes(result)["sources.unknown-customers"] == 1


def test_two_sources_describe_one_customer_together(tmp_path: Path) -> None:
    sources = """
crm:
  files: crm.csv
  tables:
    customers: {customer_id: id, name: name, city: city}
web:
  files: web.csv
  tables:
    customers: {customer_id: id, email: mail, city: town}
"""
    files = {
        "crm.csv": "id,name,city\nC1,Ana,\nC2,Ben,Cebu\n",
        "web.csv": "id,mail,town\nC1,a@x.ph,Pasig\nC3,c@x.ph,\n",
    }
    result = staged(tmp_path, sources, files)
    assert facts(result, "customers", "customer_id, name, email, city") == [
        ("C1", "Ana", "a@x.ph", "Pasig"),
        ("C2", "Ben", None, "Cebu"),
        ("C3", None, "c@x.ph", None),
    ]
    assert codes(result)["sources.merged"] == 1
    assert quarantine(result, "customers") == []
