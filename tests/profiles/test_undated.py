"""What nobody has dated is kept: it is there as soon as an import has seen it, and marked at dates before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.profiles import catalogue, fit, profile
from tests.sources.staging.shop import codes, facts, staged

FIRST = datetime(2025, 6, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=30)

DEALS = """
deals:
  files: deals.csv
  tables:
    opportunities: {opportunity_id: deal, customer_id: id, stage: stage, amount: amount, opened_at: opened,
      closed_at: closed, won: won}
"""
HEADER = "deal,id,stage,amount,opened,closed,won\n"
OPEN = "1,A,offer,100,,,\n2,A,talk,50,2025-03-01,,\n"
CLOSED = "3,A,won,70,,2025-04-01,true\n"


def _profile(found: Facts, moment: datetime, engine: Engine) -> dict[str, Any]:
    as_of, known = AsOf.at(moment, "UTC"), catalogue(found)
    steps = profile(found, known, as_of, fit(found, known, as_of, engine))
    row: dict[str, Any] = engine.read(steps, found.bindings(range(found.bucket_count))).to_pylist()[0]
    return row


def test_a_sale_that_does_not_say_when_it_opened_had_opened_by_its_close(tmp_path: Path, engine: Engine) -> None:
    made = staged(tmp_path, DEALS, {"deals.csv": HEADER + OPEN + CLOSED}, now=FIRST, time_zone="Asia/Manila")
    opened = datetime.fromisoformat("2025-03-31T16:00")
    assert (opened, opened.date() + timedelta(days=1)) in facts(made, "opportunities", "opened_at, day")
    assert _profile(made.facts, FIRST, engine)["opportunities_won"] == 1
    assert _profile(made.facts, opened.replace(tzinfo=UTC), engine)["opportunities_won"] == 0


def test_a_row_that_nobody_dates_counts_and_is_told(tmp_path: Path, engine: Engine) -> None:
    made = staged(tmp_path, DEALS, {"deals.csv": HEADER + OPEN + CLOSED}, now=FIRST)
    assert made.facts.tables["opportunities"].undated == 1
    assert codes(made)["sources.undated"] == 1
    now = _profile(made.facts, FIRST, engine)
    assert (now["open_opportunities"], now["open_opportunity_amount"], now["opportunity_stage"]) == (2, 15000, "talk")


def test_before_the_first_import_it_counts_as_known_today_and_is_marked(tmp_path: Path, engine: Engine) -> None:
    made = staged(tmp_path, DEALS, {"deals.csv": HEADER + OPEN}, now=FIRST).facts
    before = datetime(2025, 2, 1, tzinfo=UTC)
    assert _profile(made, before, engine)["open_opportunities"] == 1
    assert "open_opportunities" in catalogue(made).as_known_today(AsOf.at(before, "UTC"))
    dated = staged(tmp_path / "dated", DEALS, {"deals.csv": HEADER + OPEN.splitlines()[1]}, now=FIRST).facts
    assert "open_opportunities" not in catalogue(dated).as_known_today(AsOf.at(before, "UTC"))


def test_before_the_import_that_first_saw_it_it_is_not_there(tmp_path: Path, engine: Engine) -> None:
    staged(tmp_path, DEALS, {"deals.csv": HEADER + OPEN}, now=FIRST)
    made = staged(tmp_path, DEALS, {"deals.csv": HEADER + OPEN + "4,A,late,10,,,\n"}, now=SECOND).facts
    assert _profile(made, SECOND - timedelta(days=1), engine)["open_opportunities"] == 2
    assert _profile(made, SECOND, engine)["open_opportunities"] == 3


def test_a_contract_without_any_date_is_running(tmp_path: Path, engine: Engine) -> None:
    sources = """
deals:
  files: contracts.csv
  tables:
    contracts: {contract_id: contract, customer_id: id, starts_on: start, ends_on: end, recurring_amount: fee}
"""
    rows = "contract,id,start,end,fee\n1,A,,,10\n2,A,2025-01-01,2025-03-01,5\n3,A,,2025-12-01,1\n"
    made = staged(tmp_path, sources, {"contracts.csv": rows}, now=FIRST).facts
    assert _profile(made, FIRST, engine)["mrr"] == 1100
