"""Facts appear whole or not at all, are reused while nothing changes, and leave dated copies of what is overwritten."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from carpel.crm import Facts
from carpel.kernel.errors import CarpelError
from carpel.sources import Staged
from carpel.sources.staging.findings import issues_from_json, issues_to_json
from tests.sources.staging.shop import FLAT, NOW, facts, lines, staged

ROWS = ("1,C1,2025-01-03 10:00,A,Apple,2,1.50,PH", "2,C2,2025-02-01 09:30,A,Apple,10,1.255,SG")

CUSTOMERS = """
crm:
  files: customers.csv
  tables:
    customers: {customer_id: id, city: city, income: income}
"""


def test_nothing_changed_means_nothing_is_done(tmp_path: Path) -> None:
    first = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    second = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)}, now=NOW + timedelta(days=1))
    assert first.fresh
    assert not second.fresh
    assert second.facts == first.facts
    assert second.issues == first.issues


def test_another_file_mapping_or_zone_makes_other_facts(tmp_path: Path) -> None:
    first = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    more = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS, "3,C3,2025-02-01 09:30,A,Apple,1,1,SG")})
    zone = staged(tmp_path, FLAT, {}, time_zone="Asia/Manila")
    mapped = staged(tmp_path, FLAT.replace(", name: description", ""), {}, time_zone="Asia/Manila")
    assert len({each.facts.fingerprint for each in (first, more, zone, mapped)}) == 4


def test_the_two_newest_facts_are_kept(tmp_path: Path) -> None:
    made = [staged(tmp_path, FLAT, {"shop.csv": lines(ROWS[0], *ROWS[:n])}).facts for n in range(3)]
    assert {each.name for each in made[0].folder.parent.iterdir() if each.is_dir()} == {
        made[1].fingerprint,
        made[2].fingerprint,
    }


def test_facts_are_read_back_as_they_were(tmp_path: Path) -> None:
    made = staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    assert Facts.load(made.facts.folder) == made.facts
    assert issues_from_json(issues_to_json(made.issues)) == made.issues


def test_an_event_of_the_future_that_has_come_counts_from_then_on(tmp_path: Path) -> None:
    rows = lines(*ROWS, "3,C3,2025-07-02 09:30,A,Apple,1,1,SG")
    before = staged(tmp_path, FLAT, {"shop.csv": rows})
    after = staged(tmp_path, FLAT, {}, now=NOW + timedelta(days=2))
    assert before.facts.last_event == datetime.fromisoformat("2025-02-01T09:30")
    assert after.facts.last_event == datetime.fromisoformat("2025-07-02T09:30")
    assert after.facts.first_seen == before.facts.first_seen


def test_facts_that_an_event_has_overtaken_stay_as_they_were_for_whoever_refers_to_them(tmp_path: Path) -> None:
    rows = lines(*ROWS, "3,C3,2025-07-02 09:30,A,Apple,1,1,SG", "4,C3,2025-07-09 09:30,A,Apple,1,1,SG")
    before = staged(tmp_path, FLAT, {"shop.csv": rows}).facts
    content = {each: each.read_bytes() for each in before.folder.rglob("*") if each.is_file()}
    days = (2, 3, 10)
    after = [staged(tmp_path, FLAT, {}, now=NOW + timedelta(days=each), in_use=[before.fingerprint]) for each in days]
    assert [each.fresh for each in after] == [True, False, True]
    assert len({before.fingerprint, *(each.facts.fingerprint for each in after)}) == 3
    assert {each: each.read_bytes() for each in before.folder.rglob("*") if each.is_file()} == content


_SCRIPT = """
import sys
from pathlib import Path
from tests.sources.staging.shop import FLAT, staged
staged(Path(sys.argv[1]), FLAT, {})
"""


@pytest.mark.parametrize("place", ["landed", "prepared", "laid-out", "before-rename"])
def test_a_killed_staging_leaves_nothing_half_and_the_next_one_cleans_up(tmp_path: Path, place: str) -> None:
    (tmp_path / "shop.csv").write_text(lines(*ROWS), encoding="utf-8")
    environment = os.environ | {"CARPEL_FAILPOINT": f"staging.{place}"}
    root = Path(__file__).parents[3]
    ended = subprocess.run([sys.executable, "-c", _SCRIPT, str(tmp_path)], env=environment, cwd=root, check=False)
    assert ended.returncode == -signal.SIGKILL
    left = [each.name for each in (tmp_path / ".carpel" / "facts").iterdir() if each.is_dir()]
    assert all(name.startswith(".staging-") for name in left)
    made = staged(tmp_path, FLAT, {})
    assert made.fresh
    assert [each.name for each in made.facts.folder.parent.iterdir() if each.is_dir()] == [made.facts.fingerprint]
    assert not (made.facts.folder / "work").exists()


def test_a_missing_file_ends_clearly_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CarpelError) as caught:
        staged(tmp_path, FLAT, {"shops.csv": lines(*ROWS)})
    assert "shop.csv" in str(caught.value.place)
    assert not (tmp_path / ".carpel" / "facts").exists()


def test_a_folder_that_cannot_be_written_ends_clearly(tmp_path: Path) -> None:
    (tmp_path / ".carpel").mkdir()
    (tmp_path / ".carpel" / "facts").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(CarpelError) as caught:
        staged(tmp_path, FLAT, {"shop.csv": lines(*ROWS)})
    assert caught.value.text.key == "sources.cannot-write"


def test_a_column_that_the_files_do_not_have_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CarpelError) as caught:
        staged(tmp_path, FLAT.replace("order_id: invoice", "order_id: invoices"), {"shop.csv": lines(*ROWS)})
    assert caught.value.text.key == "sources.no-such-column"
    assert "Did you mean invoice?" in str(caught.value)
    assert caught.value.place is not None
    assert caught.value.place.startswith("carpel.yaml:")
    assert not any((tmp_path / ".carpel" / "facts").iterdir())


def test_only_changed_rows_are_copied(tmp_path: Path) -> None:
    first = "id,city,income\nC1,Manila,100\nC2,Cebu,200\n"
    staged(tmp_path, CUSTOMERS, {"customers.csv": first})
    later = NOW + timedelta(days=30)
    second = first.replace("Cebu", "Pasig") + "C3,Davao,50\n"
    made = staged(tmp_path, CUSTOMERS, {"customers.csv": second}, now=later)
    copies = sorted((tmp_path / ".carpel" / "snapshots" / "customers").glob("*Z.parquet"))
    assert [duckdb.execute(f"SELECT count(*) FROM '{each}'").fetchall() for each in copies] == [[(2,)], [(2,)]]
    assert made.facts.first_seen == NOW.replace(tzinfo=None)


BEFORE = "id,city,income\nC1,Manila,100\nC2,Cebu,200\n"


def _history(made: Staged) -> list[tuple[object, ...]]:
    history = made.facts.tables["customers"].history
    assert history is not None
    seen = ", ".join(f"date_diff('day', TIMESTAMP '{NOW:%Y-%m-%d %H:%M:%S}', {each})" for each in ("seen_at", "until"))
    paths = [str(path) for path in history.buckets]
    return duckdb.execute(f"SELECT customer_no, customer_id, {seen}, city FROM read_parquet({paths!r})").fetchall()


def test_what_a_row_said_before_lies_beside_it_until_when_it_was_seen_to_change(tmp_path: Path) -> None:
    first = staged(tmp_path, CUSTOMERS, {"customers.csv": BEFORE})
    assert first.facts.tables["customers"].history is None
    assert first.facts.tables["customers"].columns["city"].first_seen == NOW.replace(tzinfo=None)
    staged(tmp_path, CUSTOMERS, {"customers.csv": BEFORE.replace("Manila", "Pasig")}, now=NOW + timedelta(days=30))
    after = BEFORE.replace("Manila", "Davao") + "C0,Bohol,1\n"
    made = staged(tmp_path, CUSTOMERS, {"customers.csv": after}, now=NOW + timedelta(days=60))
    assert _history(made) == [(0, "C0", None, 60, None), (1, "C1", 0, 30, "Manila"), (1, "C1", 30, 60, "Pasig")]
    assert Facts.load(made.facts.folder) == made.facts
    assert set(made.facts.bindings(range(1))) == {"customers", "customers_history"}


def test_sources_that_go_back_to_what_they_were_have_another_history(tmp_path: Path) -> None:
    changed = BEFORE.replace("Manila", "Pasig")
    first, second, third = (
        staged(tmp_path, CUSTOMERS, {"customers.csv": content}, now=NOW + timedelta(days=days))
        for days, content in ((0, BEFORE), (30, changed), (60, BEFORE))
    )
    assert third.fresh
    assert len({each.facts.fingerprint for each in (first, second, third)}) == 3
    assert _history(third) == [(0, "C1", 0, 30, "Manila"), (0, "C1", 30, 60, "Pasig")]
    assert not staged(tmp_path, CUSTOMERS, {}, now=NOW + timedelta(days=90)).fresh


def test_a_column_that_came_later_is_known_from_then_on(tmp_path: Path) -> None:
    staged(tmp_path, CUSTOMERS, {"customers.csv": BEFORE})
    wider = "id,city,income,tier\nC1,Manila,100,gold\nC2,Cebu,200,none\n"
    later = NOW + timedelta(days=30)
    columns = staged(tmp_path, CUSTOMERS, {"customers.csv": wider}, now=later).facts.tables["customers"].columns
    assert columns["city"].first_seen == NOW.replace(tzinfo=None)
    assert columns["tier"].first_seen == later.replace(tzinfo=None)


def test_order_of_customers_is_that_of_bytes(tmp_path: Path) -> None:
    ids = ["b", "B", "a", "é", "10", "9", "北京"]
    made = staged(tmp_path, CUSTOMERS, {"customers.csv": "id,city,income\n" + "".join(f"{i},x,1\n" for i in ids)})
    found = [row[0] for row in facts(made, "customers", "customer_id", "customer_no")]
    assert found == sorted(ids, key=lambda each: each.encode())


def test_a_category_of_few_values_names_them(tmp_path: Path) -> None:
    rows = "".join(f"C{number:02},City {number % 21:02},1\n" for number in range(40))
    many = staged(tmp_path / "many", CUSTOMERS, {"customers.csv": "id,city,income\n" + rows})
    assert many.facts.tables["customers"].columns["city"].values == ()
    few = staged(tmp_path / "few", CUSTOMERS, {"customers.csv": BEFORE + "C3,,1\n"})
    assert few.facts.tables["customers"].columns["city"].values == ("Cebu", "Manila")
    assert Facts.load(few.facts.folder) == few.facts
