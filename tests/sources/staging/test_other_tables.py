"""Tables beside orders: events of all kinds, things, and what is said about both."""

from pathlib import Path

import pytest

from carpel.kernel.errors import CarpelError
from tests.sources.staging.shop import codes, facts, quarantine, staged

SUBSCRIPTIONS = """
contracts:
  files: contracts.csv
  tables:
    contracts: {contract_id: id, customer_id: who, starts_on: from, ends_on: to, recurring_amount: fee, period: every}
invoices:
  files: invoices.csv
  tables:
    invoices: {invoice_id: id, contract_id: contract, issued_at: at, amount: amount}
payments:
  files: payments.csv
  tables:
    payments: {payment_id: id, invoice_id: invoice, paid_at: at, amount: amount}
"""

FILES = {
    "contracts.csv": """id,who,from,to,fee,every
K1,C1,2025-01-01,9999-12-31,9.90,Month
K2,C2,2025-02-01,2026-01-31,5,week
""",
    "invoices.csv": "id,contract,at,amount\nI1,K1,2025-01-31,9.90\nI2,K1,2025-02-28,9.90\nI3,K9,2025-02-28,5\n",
    "payments.csv": "id,invoice,at,amount\nP1,I1,2025-02-10,9.90\nP2,I3,2025-03-10,5\n",
}


def test_contracts_and_invoices_stand_for_orders(tmp_path: Path) -> None:
    result = staged(tmp_path, SUBSCRIPTIONS, FILES, revenue="invoices", time_zone="Asia/Manila")
    assert facts(
        result, "contracts", "contract_id, signed_at::varchar, ends_on::varchar, recurring_amount, period"
    ) == [
        ("K1", "2024-12-31 16:00:00", None, 990, "month"),
        ("K2", "2025-01-31 16:00:00", "2026-01-31", 500, None),
    ]
    assert facts(result, "invoices", "invoice_id, customer_id, gap_days, is_return") == [
        ("I1", "C1", None, False),
        ("I2", "C1", 28, False),
        ("I3", None, None, False),
    ]
    ledger = result.facts.ledger
    assert ledger is not None
    assert (ledger.table, ledger.source, ledger.customers, ledger.without_customer) == ("invoices", 2480, 1980, 500)
    assert codes(result)["sources.not-possible"] == 1
    assert codes(result)["sources.not-recognised"] == 1
    assert codes(result)["sources.orphans"] == 1


def test_payments_find_their_customer_through_what_they_pay(tmp_path: Path) -> None:
    sources = SUBSCRIPTIONS.replace("contract_id: contract, issued_at", "customer_id: who, issued_at")
    invoices = "id,who,at,amount\nI1,C1,2025-01-31,9.90\nI2,C1,2025-02-28,9.90\n"
    result = staged(tmp_path, sources, FILES | {"invoices.csv": invoices}, revenue="payments")
    assert facts(result, "payments", "payment_id, customer_id") == [("P1", "C1"), ("P2", None)]


def test_words_are_met_however_they_are_written(tmp_path: Path) -> None:
    sources = """
calls:
  files: calls.csv
  tables:
    interactions: {customer_id: who, happened_at: at, kind: {column: type, values: {Anruf: call}}, direction: way}
"""
    calls = (
        "who,at,type,way\nC1,2025-01-01,Anruf,IN\nC1,2025-01-02,Fax,sideways\nC1,,Anruf,out\n,2025-01-03,Anruf,out\n"
    )
    result = staged(tmp_path, sources, {"calls.csv": calls})
    found = facts(result, "interactions", "customer_id, kind, direction", "happened_at")
    assert found == [("C1", "call", "in"), ("C1", None, None), (None, "call", "out")]
    assert [reason for reason, _ in quarantine(result, "interactions")] == ["no-time"]


def test_a_score_beyond_its_scale_is_set_aside(tmp_path: Path) -> None:
    sources = """
survey:
  files: survey.csv
  tables:
    feedback: {customer_id: who, given_at: at, score: score, scale_max: {value: 10}}
"""
    result = staged(
        tmp_path, sources, {"survey.csv": "who,at,score\nC1,2025-01-01,9\nC1,2025-01-02,11\nC2,2025-01-03,\n"}
    )
    assert facts(result, "feedback", "customer_id, score") == [("C1", 9.0), ("C2", None)]
    assert quarantine(result, "feedback") == [("impossible-score", None)]


def test_a_set_is_split_into_its_parts(tmp_path: Path) -> None:
    sources = """
people:
  files: people.csv
  tables:
    customers: {customer_id: id, interests: likes}
"""
    result = staged(tmp_path, sources, {"people.csv": 'id,likes,Web Visits\nC1,"tea, Kape;tea",3\nC2,,4\n'})
    assert facts(result, "customers", "customer_id, interests, web_visits") == [
        ("C1", ["Kape", "tea"], 3),
        ("C2", None, 4),
    ]


def test_where_takes_its_part_of_the_rows(tmp_path: Path) -> None:
    sources = """
deals:
  files: deals.csv
  tables:
    opportunities: {opportunity_id: id, customer_id: who, opened_at: open, closed_at: close, amount: value}
    orders:
      order_id: id
      customer_id: who
      ordered_at: close
      amount: value
      where: "`deal stage` = 'Won' and value > 1.5"
"""
    deals = """id,who,open,close,value,deal stage
1,C1,2025-01-01,2025-02-01,2.50,Won
2,C1,2025-01-01,2025-02-01,1.50,Won
3,C2,2025-01-01,,,Open
"""
    result = staged(tmp_path, sources, {"deals.csv": deals})
    assert facts(result, "orders", "order_id, amount") == [("1", 250)]
    assert result.facts.tables["opportunities"].rows == 3


def test_a_condition_that_names_nothing_is_told_with_its_place(tmp_path: Path) -> None:
    sources = """
deals:
  files: deals.csv
  tables:
    orders: {customer_id: who, ordered_at: at, where: "valu > 1"}
"""
    with pytest.raises(CarpelError) as caught:
        staged(tmp_path, sources, {"deals.csv": "who,at,value\nC1,2025-01-01,1\n"})
    assert "carpel.yaml" in str(caught.value.place)


def test_without_a_customer_anywhere_there_is_nothing_to_segment(tmp_path: Path) -> None:
    sources = """
goods:
  files: goods.csv
  tables:
    products: {product_id: sku, name: name}
"""
    with pytest.raises(CarpelError) as caught:
        staged(tmp_path, sources, {"goods.csv": "sku,name\nA,Apple\n"})
    assert caught.value.text.key == "sources.no-customers"
