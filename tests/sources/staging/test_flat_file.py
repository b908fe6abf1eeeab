"""One flat invoice file becomes orders, lines, customers and products."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from carpel.kernel.errors import CarpelError
from carpel.sources import Staged
from carpel.sources.staging import staging
from tests.sources.staging.shop import FLAT, HEADER, codes, facts, lines, quarantine, staged

ROWS = (
    "1,C1,2025-01-03 10:00,A,Apple,2,1.50,PH",
    "1,C1,2025-01-03 10:00,B,Pear,1,3.00,PH",
    "1,C1,2025-01-03 10:00,B,Pear,1,3.00,PH",
    "2,C2,2025-02-01 09:30,A,Apple,10,1.255,SG",
    "3,,2025-02-02 12:00,A,Apples,1,1.50,PH",
    "4,C1,2025-03-05 08:00,C,Plum,4,0.25,PH",
    "5,C1,2025-03-05 18:00,A,Apple,-1,1.50,TW",
    "6,C1,2025-03-15 18:00,A,Apple,1,2.00,TW",
)

BY_HAND = """
WITH line AS (
    SELECT *, round(quantity * price::decimal(18, 6), 2) AS amount
    FROM read_csv('{path}', types={{'price': 'decimal(18,6)', 'customer': 'varchar', 'invoice': 'varchar'}})
)
SELECT invoice, min(customer), min(date), (sum(amount) * 100)::bigint, sum(quantity)::double, count(*), sum(amount) < 0
FROM line GROUP BY invoice ORDER BY ALL
"""


def test_orders_equal_the_sum_of_their_lines_by_hand(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    expected = duckdb.execute(BY_HAND.format(path=tmp_path / "shop.csv")).fetchall()
    assert facts(result, "orders", "order_id, customer_id, ordered_at, amount, quantity, lines, is_return") == expected


def test_identical_rows_of_a_flat_file_stay_lines(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    assert result.facts.tables["order_lines"].rows == 7
    assert result.facts.tables["order_lines"].rows_without_customer == 1
    assert codes(result)["sources.alike"] == 1


def test_copies_are_counted_alike_however_few_rows_are_compared_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carpel.sources.staging.preparing._AT_A_TIME", 2)
    copied = [row for row in ROWS for _ in range(3)]
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*copied)})
    assert codes(result)["sources.alike"] == len(copied) - len(set(copied))


def test_customers_are_those_that_rows_name(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    assert facts(result, "customers", "customer_no, customer_id, country, from_source") == [
        (0, "C1", "PH", True),
        (1, "C2", "SG", True),
    ]


def test_the_most_frequent_word_stands_and_the_others_are_noted(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    assert ("A", "Apple") in facts(result, "products", "product_id, name")
    noted = {issue.place: issue for issue in result.issues if issue.code == "sources.several-values"}
    assert noted["products.name"].examples == ("A",)
    assert noted["customers.country"].examples == ("C1",)


def test_gaps_count_from_the_previous_purchase_day_and_pass_over_returns(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    gaps = dict(facts(result, "orders", "order_id, gap_days"))
    assert gaps == {"1": None, "2": None, "3": None, "4": 61, "5": None, "6": 10}


def test_the_ledger_says_where_all_the_money_is(tmp_path: Path) -> None:
    ledger = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)}).facts.ledger
    assert ledger is not None
    assert (ledger.source, ledger.without_customer, ledger.quarantine) == (2455, 150, 0)
    assert ledger.customers + ledger.without_customer + ledger.quarantine + ledger.rounding == ledger.source


def test_bad_rows_are_set_aside_with_their_reason_and_money(tmp_path: Path) -> None:
    bad = (
        ",C1,2025-01-03 10:00,A,Apple,2,1.50,PH",
        "9,C9,someday,A,Apple,3,1.00,PH",
        "10,C1,2025-01-04 10:00,A,Apple,2,cheap,PH",
    )
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS * 3, *bad)})
    assert quarantine(result, "order_lines") == [("no-amount", None), ("no-key", 300), ("no-order", 300)]
    assert [row[0] for row in quarantine(result, "orders")] == ["no-time"]
    raw = quarantine(result, "order_lines", "raw, file, row")
    assert any("cheap" in each and row == 27 for each, _, row in raw)
    ledger = result.facts.ledger
    assert ledger is not None
    assert ledger.quarantine == 600


def test_a_first_event_and_a_last_one_that_is_not_in_the_future(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS, "7,C1,2031-01-01 00:00,A,Apple,1,1,PH")})
    assert result.facts.first_event == date(2025, 1, 3)
    assert result.facts.last_event == datetime.fromisoformat("2025-03-15T18:00")
    assert codes(result)["sources.future"] == 1


def test_more_buckets_hold_the_same_facts_in_customer_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = staged(tmp_path / "one", FLAT, {"shop.csv": lines(*ROWS)})
    monkeypatch.setattr(staging, "bucket_size", lambda customers, largest: 1)
    two = staged(tmp_path / "two", FLAT, {"shop.csv": lines(*ROWS)})
    assert two.facts.bucket_count == 2
    for table in ("customers", "orders", "order_lines"):
        assert facts(two, table) == facts(one, table)
        assert len(two.facts.tables[table].buckets) == 2
        assert list(two.facts.tables[table].columns) == list(one.facts.tables[table].columns)


def test_a_file_without_rows_is_a_base_of_no_customers(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": HEADER + "\n"})
    assert result.facts.customers == 0
    assert facts(result, "customers") == []
    assert result.facts.bucket_count == 1


@pytest.mark.parametrize(("discounts", "money"), [(("10", "0"), 84), (("12.5", "0"), 105), (("0.1", "0"), 84)])
def test_a_discount_as_a_share_or_in_percent_is_a_part_of_the_price(
    tmp_path: Path, discounts: tuple[str, str], money: int
) -> None:
    sources = FLAT.replace("unit_price: price}", "unit_price: price, discount: {column: off, as: share}}")
    rows = "".join(f"A{n},C1,2025-01-01,P1,Tea,2,420,PH,{each}\n" for n, each in enumerate(discounts))
    result = staged(tmp_path, sources, {"shop.csv": f"{HEADER},off\n{rows}"})
    assert facts(result, "order_lines", "order_id, discount, amount") == [
        ("A0", money * 100, 84000 - money * 100),
        ("A1", 0, 84000),
    ]


OWN_COLUMNS = f"{HEADER},Loyalty Level,Colour,Cashier,Shelf,Empty"


def _with_own(*own: str) -> str:
    return "\n".join((OWN_COLUMNS, *(f"{row},{each}" for row, each in zip(ROWS, own, strict=True)))) + "\n"


OWN_ROWS = _with_own(
    *("gold,red,Ana,1,", "gold,green,Ana,2,", "gold,,Ana,3,", "tin,red,Ben,4,", ",red,Cora,5,", "gold,blue,Dan,6,"),
    *("gold,red,Ana,7,", "gold,red,Ana,,"),
)


def _kept(result: Staged) -> dict[str, list[str]]:
    tables = result.facts.tables.items()
    return {name: [column for column, each in table.columns.items() if each.custom] for name, table in tables}


def test_a_column_that_nobody_maps_goes_to_the_table_that_claims_it_and_the_rest_to_the_lines(tmp_path: Path) -> None:
    claimed = FLAT.replace("country}", "country, extra: [Loyalty Level]}")
    claimed = claimed.replace("date}", "date, extra: [Cashier]}")
    result = staged(tmp_path, claimed, {"shop.csv": OWN_ROWS})
    assert _kept(result) == {
        "customers": ["loyalty_level"],
        "products": [],
        "orders": ["cashier"],
        "order_lines": ["colour", "shelf", "empty"],
    }
    assert facts(result, "customers", "customer_id, loyalty_level") == [("C1", "gold"), ("C2", "tin")]
    assert ("3", "Cora") in facts(result, "orders", "order_id, cashier")
    assert ("3", 5) in facts(result, "order_lines", "order_id, shelf")
    assert codes(result)["sources.own-columns"] == 5


def test_what_nobody_claims_stays_with_the_rows_of_the_file(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT, {"shop.csv": OWN_ROWS})
    assert _kept(result)["order_lines"] == ["loyalty_level", "colour", "cashier", "shelf", "empty"]
    assert [name for name, own in _kept(result).items() if own] == ["order_lines"]


def test_a_table_that_keeps_no_columns_of_its_own_gets_none(tmp_path: Path) -> None:
    result = staged(tmp_path, FLAT.replace("price}", "price, extra: false}"), {"shop.csv": OWN_ROWS})
    assert not any(_kept(result).values())
    assert codes(result)["sources.unused-columns"] == 5


def test_a_claimed_column_that_the_files_do_not_have_names_the_nearest(tmp_path: Path) -> None:
    claimed = FLAT.replace("country}", "country, extra: [Loyalty Levle]}")
    with pytest.raises(CarpelError) as caught:
        staged(tmp_path, claimed, {"shop.csv": OWN_ROWS})
    assert caught.value.text.key == "sources.no-such-column"
    assert "Loyalty Level" in caught.value.text.render("en")


def test_of_purchases_at_the_same_moment_the_first_by_id_has_the_gap(tmp_path: Path) -> None:
    again = [f"{order},C1,2025-01-13 10:00,A,Apple,1,1,PH" for order in ("9", "8", "7")]
    result = staged(tmp_path, FLAT, {"shop.csv": lines(ROWS[0], *again)})
    assert facts(result, "orders", "order_id, gap_days") == [("1", None), ("7", 10), ("8", None), ("9", None)]


def test_a_claimed_column_that_differs_takes_its_most_frequent_value_and_is_told(tmp_path: Path) -> None:
    claimed = FLAT.replace("country}", "country, extra: [Colour]}")
    result = staged(tmp_path, claimed, {"shop.csv": OWN_ROWS})
    assert facts(result, "customers", "customer_id, colour") == [("C1", "red"), ("C2", "red")]
    assert "customers.colour" in [each.place for each in result.issues if each.code == "sources.several-values"]
