"""Local times become UTC as the zone's clocks were set, whatever the engine knows of zones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.engine import open_engine
from carpel.kernel.engine import Engine
from carpel.sources.staging.zones import bounded, local_day, to_utc
from tests.sources.staging.shop import FLAT, facts, lines, staged

ZONES = ("Asia/Manila", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata")

FIRST, LAST = datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2040-01-01")
moments = st.datetimes(FIRST, LAST)


def _asked(engine: Engine, folder: Path, moments: list[datetime], zone: str) -> list[dict[str, object]]:
    path = folder / f"{uuid4()}.parquet"
    pq.write_table(pa.table({"at": pa.array(moments, pa.timestamp("us"))}), path)
    table = ibis.table({"at": "timestamp(6)"}, name="moments")
    span = bounded(min(moments), max(moments))
    query = table.select(utc=to_utc(table["at"], zone, span), day=local_day(table["at"], zone, span))
    found: list[dict[str, object]] = engine.read(query, {"moments": [path]}).to_pylist()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("zones")


@given(moments=st.lists(moments, min_size=1, max_size=20), zone=st.sampled_from(ZONES))
def test_times_agree_with_the_time_zone_data(engine: Engine, folder: Path, moments: list[datetime], zone: str) -> None:
    local = ZoneInfo(zone)
    for moment, row in zip(moments, _asked(engine, folder, moments, zone), strict=True):
        expected = moment.replace(tzinfo=local).astimezone(UTC).replace(tzinfo=None)
        assert row["utc"] == expected
        assert row["day"] == moment.replace(tzinfo=UTC).astimezone(local).date()


@pytest.mark.parametrize("zone", ZONES)
def test_the_hours_around_each_change_agree_too(engine: Engine, tmp_path: Path, zone: str) -> None:
    local = ZoneInfo(zone)
    start = datetime(2011, 1, 1, tzinfo=UTC)
    hours = [(start + timedelta(minutes=30 * step)).replace(tzinfo=None) for step in range(2 * 24 * 366)]
    for moment, row in zip(hours, _asked(engine, tmp_path, hours, zone), strict=True):
        assert row["utc"] == moment.replace(tzinfo=local).astimezone(UTC).replace(tzinfo=None)
        assert row["day"] == moment.replace(tzinfo=UTC).astimezone(local).date()


def test_a_late_evening_belongs_to_its_local_day(tmp_path: Path) -> None:
    rows = ("1,C1,2025-01-03 23:30,A,Apple,1,1,PH", "2,C1,2025-07-03 00:30,A,Apple,1,1,PH")
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*rows)}, time_zone="America/New_York")
    assert facts(result, "orders", "ordered_at::varchar, day::varchar") == [
        ("2025-01-04 04:30:00", "2025-01-03"),
        ("2025-07-03 04:30:00", "2025-07-03"),
    ]


def test_times_written_with_a_zone_are_cut_into_local_days(tmp_path: Path) -> None:
    rows = ("1,C1,2025-01-03T20:30:00Z,A,Apple,1,1,PH", "2,C1,2025-01-03T12:30:00+08:00,A,Apple,1,1,PH")
    result = staged(tmp_path, FLAT, {"shop.csv": lines(*rows)}, time_zone="Asia/Manila")
    assert facts(result, "orders", "ordered_at::varchar, day::varchar") == [
        ("2025-01-03 04:30:00", "2025-01-03"),
        ("2025-01-03 20:30:00", "2025-01-04"),
    ]


def test_the_engine_is_asked_for_no_zone(tmp_path: Path) -> None:
    engine = open_engine("duckdb")
    table = ibis.table({"at": "timestamp(6)"}, name="moments")
    query = table.select(utc=to_utc(table["at"], "Asia/Manila", bounded(FIRST, LAST)))
    assert "Manila" not in engine.sql(query)
    engine.close()
