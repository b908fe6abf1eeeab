"""Runs one after the other: where customers were before, and who is held there."""

import shutil
from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.runs import Run, RunStore, Settings, replay
from carpel.runs import run as make_run
from tests.runs.workspaces import NOW, make, publish_file

HOLD = "hold: 30 days\n"


def rows(run: Run) -> dict[str, dict[str, Any]]:
    return {row["customer_id"]: row for file in run.assignments.files for row in pq.read_table(file).to_pylist()}


def rewrite(settings: Settings, before: str, after: str) -> None:
    path = settings.folder / "schemes" / "customers.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


@pytest.fixture
def held(settings: Settings) -> Settings:
    """A workspace whose scheme holds customers for 30 days."""
    rewrite(settings, "base:", HOLD + "base:")
    return settings


def test_a_later_run_says_where_customers_were(made: Run, settings: Settings, store: RunStore) -> None:
    later = make(settings, store, now=NOW + timedelta(days=1))
    assert later.manifest.previous == made.id
    before = rows(made)
    assert all(row["previous_segment"] == before[key]["segment"] for key, row in rows(later).items())


def test_a_second_run_of_a_day_corrects_the_first(settings: Settings, store: RunStore) -> None:
    first = make(settings, store)
    make(settings, store, now=NOW + timedelta(days=1))
    again = make(settings, store, now=NOW + timedelta(days=1, hours=1))
    assert again.manifest.previous == first.id


def test_a_replay_of_a_day_long_past_does_not_come_between(held: Settings, store: RunStore, engine: Engine) -> None:
    """It became current, but what customers were promised since is not forgotten."""
    first = make(held, store)
    long_past = AsOf.at(NOW - timedelta(days=60), held.time_zone)
    assert make_run(held, engine, store, as_of=long_past, now=NOW).manifest.previous is None
    rewrite(held, "recency_days > 60", "recency_days > 20")
    publish_file(held, store)
    later = make(held, store, now=NOW + timedelta(days=10))
    assert later.manifest.previous == first.id
    until = first.as_of.day + timedelta(days=30)
    waiting = [row for row in rows(later).values() if row["segment"] != row["segment_by_rule"]]
    assert waiting
    assert {row["held_until"] for row in waiting} == {until}


def test_customers_enter_with_a_hold_and_stay_until_its_day(held: Settings, store: RunStore, engine: Engine) -> None:
    first = make(held, store)
    until = first.as_of.day + timedelta(days=30)
    inside = {key: row for key, row in rows(first).items() if row["in_base"]}
    assert {row["held_until"] for row in inside.values()} == {until}
    rewrite(held, "recency_days > 60", "recency_days > 20")
    publish_file(held, store)
    second = make(held, store, now=NOW + timedelta(days=10))
    moved = {key: row for key, row in rows(second).items() if row["segment_by_rule"] != row["previous_segment"]}
    assert moved
    assert all(row["segment"] == row["previous_segment"] and row["held_until"] == until for row in moved.values())
    assert replay(second, engine).same
    month_on = NOW + timedelta(days=30)
    third = make_run(held, engine, store, as_of=AsOf.at(month_on, held.time_zone), now=month_on)
    assert third.manifest.previous == second.id
    free = rows(third)
    assert all(row["segment"] == row["segment_by_rule"] for row in free.values())
    assert any(row["previous_segment"] != row["segment"] for row in free.values())
    assert all(free[key]["held_until"] == third.as_of.day + timedelta(days=30) for key in moved if _moved(free[key]))
    assert replay(third, engine).same


def _moved(row: dict[str, Any]) -> bool:
    return row["segment"] is not None and row["segment"] != row["previous_segment"]


def test_who_is_held_in_a_segment_that_was_joined_with_another_is_free(
    held: Settings, store: RunStore, engine: Engine
) -> None:
    """The parts of `best` become one: they are where the rules say, and their time begins anew."""
    first = rows(make(held, store))
    path = held.folder / "schemes" / "customers.yaml"
    written = path.read_text(encoding="utf-8")
    start, end = written.index("    segments:\n"), written.index("  - key: buyers")
    path.write_text(written[:start] + written[end:], encoding="utf-8")
    publish_file(held, store)
    joined = make(held, store, now=NOW + timedelta(days=10))
    until = joined.as_of.day + timedelta(days=30)
    were = {key: row for key, row in rows(joined).items() if (first[key]["segment"] or "").startswith("best-")}
    assert were
    for row in were.values():
        assert (row["segment"], row["held_until"]) == (row["segment_by_rule"], until)
    assert replay(joined, engine).same


def test_an_urgent_segment_takes_its_customers_at_once(held: Settings, store: RunStore) -> None:
    make(held, store)
    rewrite(held, "        when: recency_days > 60", "        urgent: true\n        when: recency_days > 20")
    publish_file(held, store)
    second = rows(make(held, store, now=NOW + timedelta(days=10)))
    assert any(row["segment"] == "best-slipping" != row["previous_segment"] for row in second.values())
    assert all(
        row["segment"] == "best-slipping" for row in second.values() if row["segment_by_rule"] == "best-slipping"
    )


def test_a_run_can_be_made_again_when_the_run_before_is_gone(held: Settings, store: RunStore, engine: Engine) -> None:
    first = make(held, store)
    rewrite(held, "recency_days > 60", "recency_days > 20")
    publish_file(held, store)
    second = make(held, store, now=NOW + timedelta(days=10))
    shutil.rmtree(first.folder)
    assert replay(second, engine).same


def test_one_customer_is_told_what_holds_them(held: Settings, store: RunStore) -> None:
    make(held, store)
    rewrite(held, "recency_days > 60", "recency_days > 20")
    publish_file(held, store)
    second = make(held, store, now=NOW + timedelta(days=10))
    waiting = next(key for key, row in rows(second).items() if row["segment"] != row["segment_by_rule"])
    found = second.index.find(waiting)
    assert found is not None
    assert (found["segment"], found["held_until"]) == (
        rows(second)[waiting]["segment"],
        NOW.date() + timedelta(days=30),
    )
