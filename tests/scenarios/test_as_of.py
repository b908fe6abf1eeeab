"""A run as of an earlier date equals a run on files that end there."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.conftest import ROOT
from tests.scenarios.conftest import command
from tests.scenarios.scenario import SCENARIOS

SHOP = ROOT / "examples" / "shop" / "invoices.csv"
ATTRIBUTES = "customer_id, segment, recency_days, frequency, monetary_value, gap_median_days, order_median, tenure_days"


def as_of(folder: Path, source: Path, day: str, *, currency: str) -> list[tuple[Any, ...]]:
    """Profiles and segments of those who had bought by a day."""
    command("init", folder, "--from", source, "--yes", "--currency", currency)
    command("run", "--workspace", folder, "--as-of", day)
    out = folder / "out.parquet"
    command("export", "profiles", "--workspace", folder, "--to", out)
    found: list[tuple[Any, ...]] = duckdb.sql(
        f"SELECT {ATTRIBUTES} FROM '{out}' WHERE frequency > 0 ORDER BY 1"
    ).fetchall()
    return found


def test_cdnow_at_an_earlier_date_is_a_file_that_ends_there(data: Path, tmp_path: Path) -> None:
    source, early = data / "cdnow" / "CDNOW_master.parquet", tmp_path / "early.parquet"
    duckdb.sql(f"COPY (FROM '{source}' WHERE date < '1997-07-01') TO '{early}'")
    whole = as_of(tmp_path / "whole", source, "1997-07-01", currency="USD")
    assert whole == as_of(tmp_path / "early", early, "1997-07-01", currency="USD")
    assert len(whole) == 23_570


def test_the_shop_at_an_earlier_date_is_a_file_that_ends_there(tmp_path: Path) -> None:
    early = tmp_path / "early.csv"
    with SHOP.open(encoding="utf-8", newline="") as file, early.open("w", encoding="utf-8", newline="") as shortened:
        head, *rows = csv.reader(file, delimiter=";")
        writer = csv.writer(shortened, delimiter=";")
        writer.writerow(head)
        writer.writerows(row for row in rows if datetime.strptime(row[1], "%d/%m/%Y") < datetime(2025, 1, 1))  # noqa: DTZ001, DTZ007
    whole = as_of(tmp_path / "whole", SHOP, "2025-01-01", currency="PHP")
    assert whole == as_of(tmp_path / "early", early, "2025-01-01", currency="PHP")
    assert whole


def test_money_after_an_earlier_date_is_a_rest_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    command("init", folder, "--from", SHOP, "--yes", "--currency", "PHP")
    run = command("run", "--workspace", folder, "--as-of", "2025-01-01")
    (shop,) = [scenario for scenario in SCENARIOS if scenario.key == "shop"]
    rests = run["rests"]
    assert rests["after_as_of"] > 0
    assert round(sum(each["revenue"] for each in run["segments"]) + sum(rests.values()), 2) == float(shop.money or 0)
    # An earlier date says nothing of today: the next run, without one, is whole again.
    assert command("run", "--workspace", folder)["rests"]["after_as_of"] == 0
