"""Truths that hold for any file, however dirty."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carpel.kernel.texts import text
from carpel.sources import Staged
from tests.sources.staging.shop import FLAT, facts, lines, quarantine, staged

CENT = Decimal("0.01")
_folders = count()

words = st.sampled_from(["", "A", "B", "ü 北京", "O'Brien"])
quantities = st.one_of(st.integers(-20, 20).map(str), st.sampled_from(["", "many", "1.5"]))
prices = st.one_of(
    st.decimals(-1000, 1000, places=3).map(lambda each: f"{each:f}"), st.sampled_from(["", "free", "1e99", "0"])
)
dates = st.sampled_from(["2025-01-01 10:00", "2025-01-02 10:00", "2025-06-30 23:59", "", "soon", "2031-01-01 00:00"])
rows = st.tuples(
    st.sampled_from(["", "1", "2", "3", "4"]),
    st.sampled_from(["", "C1", "C2", "C3"]),
    dates,
    words,
    words,
    quantities,
    prices,
    words,
)
files = st.lists(rows, min_size=1, max_size=25)
few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

# Rows that make the decision of each column certain, whatever else the file holds.
FIRM = tuple(("0", "C0", "2025-01-01 09:00", "A", "A", "1", "1.125", "A") for _ in range(200))


def _staged(folder: Path, dirty: Sequence[tuple[str, ...]]) -> Staged:
    content = lines(*[",".join(f'"{cell}"' for cell in row) for row in (*FIRM, *dirty)])
    return staged(folder / str(next(_folders)), FLAT, {"shop.csv": content})


def _number(written: str) -> Decimal | None:
    try:
        value = Decimal(written)
    except ArithmeticError:
        return None
    return value if abs(value) < 10**13 else None


def _amount(row: tuple[str, ...]) -> Decimal | None:
    quantity, price = _number(row[5]), _number(row[6])
    return None if quantity is None or price is None else quantity * price


@few
@given(dirty=files)
def test_no_money_and_no_row_is_lost(tmp_path: Path, dirty: list[tuple[str, ...]]) -> None:
    result = _staged(tmp_path, dirty)
    _all_the_source_money_is_somewhere(result, dirty)
    _every_row_is_staged_or_set_aside(result, dirty)
    _orders_are_the_sum_of_their_lines(result)


def _all_the_source_money_is_somewhere(result: Staged, dirty: list[tuple[str, ...]]) -> None:
    ledger = result.facts.ledger
    assert ledger is not None
    exact = sum((each for each in map(_amount, (*FIRM, *dirty)) if each is not None), Decimal(0))
    assert ledger.source == int(exact.quantize(CENT, rounding=ROUND_HALF_UP) * 100)
    rests = ledger.without_customer + ledger.quarantine + ledger.rounding
    assert ledger.customers + rests == ledger.source
    assert ledger.quarantine == sum(amount or 0 for _, amount in quarantine(result, "order_lines"))
    assert abs(ledger.rounding) <= (len(dirty) + len(FIRM)) / 2 + 1


def _every_row_is_staged_or_set_aside(result: Staged, dirty: list[tuple[str, ...]]) -> None:
    table = result.facts.tables["order_lines"]
    aside = len(quarantine(result, "order_lines"))
    assert table.rows + table.rows_without_customer + aside == len(FIRM) + len(dirty)


def _orders_are_the_sum_of_their_lines(result: Staged) -> None:
    by_order: dict[str, int] = {}
    for order, amount in facts(result, "order_lines", "order_id, amount"):
        by_order[order] = by_order.get(order, 0) + amount
    assert {order: amount for order, amount in facts(result, "orders", "order_id, amount") if amount} == {
        order: amount for order, amount in by_order.items() if amount
    }


@few
@given(data=st.data())
def test_the_order_of_rows_changes_nothing(tmp_path: Path, data: st.DataObject) -> None:
    dirty = data.draw(files)
    one, other = _staged(tmp_path, dirty), _staged(tmp_path, data.draw(st.permutations(dirty)))
    for name, table in one.facts.tables.items():
        assert facts(one, name) == facts(other, name)
        assert dict(table.columns) == dict(other.facts.tables[name].columns)
    assert one.facts.ledger == other.facts.ledger
    assert quarantine(one, "order_lines") == quarantine(other, "order_lines")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "fil"])
def test_every_issue_can_be_said(tmp_path: Path, language: str) -> None:
    dirty = [("", "C1", "", "A", "B", "many", "free", "B"), ("9", "C9", "soon", "A", "A", "1", "1", "A")]
    result = _staged(tmp_path, dirty)
    for issue in result.issues:
        assert issue.text.render(language) != issue.code
    assert text("sources.none").render(language) != "sources.none"
