"""A scheme replayed as of an earlier day is what a run of that day would have been."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import Run, RunStore, SchemeRefused, Settings, run
from carpel.runs.fingerprints import fingerprint
from carpel.runs.past import AT_ONCE, FOLDER, KEPT, Past, past
from carpel.schemes import read_scheme
from tests.runs.workspaces import NOW, SCHEME

DAY = AsOf.start_of(date(2025, 4, 1), "Asia/Manila")


def folder(made: Run) -> Path:
    return made.workspace / FOLDER


def segments(replayed: Past) -> dict[str, str]:
    rows = pq.read_table(list(replayed.assignments.files)).to_pylist()
    return {row["customer_id"]: row["segment"] for row in rows if row["in_base"]}


def test_it_is_what_a_run_of_that_day_writes(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    replayed = past(made, engine, made.scheme, DAY, folder(made))
    then = run(settings, engine, store, as_of=DAY, now=NOW)
    assert fingerprint(replayed.assignments.unbound(), replayed.assignments.files, engine) == then.manifest.fingerprint
    assert replayed.cuts == then.cuts
    for mine, runs in zip(replayed.profiles.files, then.profiles.files, strict=True):
        assert pq.read_table(mine).equals(pq.read_table(runs))


def test_a_second_call_makes_nothing(made: Run, engine: Engine) -> None:
    first = past(made, engine, made.scheme, DAY, folder(made))
    times = {file: file.stat().st_mtime_ns for file in (*first.profiles.files, *first.assignments.files)}
    assert past(made, engine, made.scheme, DAY, folder(made)) == first
    assert {file: file.stat().st_mtime_ns for file in times} == times


def test_schemes_share_the_profiles_of_a_day(made: Run, engine: Engine) -> None:
    other = read_scheme(SCHEME.replace("> 60", "> 30"), "other")
    files = {past(made, engine, each, DAY, folder(made)).profiles.files for each in (made.scheme, other)}
    assert len(files) == 1


def test_what_a_power_cut_left_is_made_again(made: Run, engine: Engine) -> None:
    first = past(made, engine, made.scheme, DAY, folder(made))
    whole = first.assignments.files[0].read_bytes()
    first.assignments.files[0].write_bytes(whole[:-10])
    past(made, engine, made.scheme, DAY, folder(made))
    assert first.assignments.files[0].read_bytes()[-4:] == b"PAR1"


def test_only_so_many_are_kept_and_nothing_else_lies_about(made: Run, engine: Engine) -> None:
    for days in range(KEPT["profiles"] + 3):
        at = AsOf.start_of(date(2025, 4, 1) + timedelta(days=days), "Asia/Manila")
        newest = past(made, engine, made.scheme, at, folder(made))
    names = sorted(each.name for each in folder(made).iterdir())
    assert sum(name.startswith("profiles-") for name in names) == KEPT["profiles"]
    assert all(name.startswith(("profiles-", "assignments-")) for name in names)
    assert all(file.exists() for file in newest.profiles.files)


def test_beyond_what_one_question_reads_only_so_much_is_kept(
    made: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carpel.runs.past.BYTES", 1)
    days = [AsOf.start_of(date(2025, 4, 1) + timedelta(days=day), "Asia/Manila") for day in range(AT_ONCE + 3)]
    replayed = [past(made, engine, made.scheme, each, folder(made)) for each in days]
    for kind in KEPT:
        assert len(list(folder(made).glob(f"{kind}-*"))) == AT_ONCE
    assert all(
        file.exists() for each in replayed[-AT_ONCE:] for file in (*each.profiles.files, *each.assignments.files)
    )


def test_a_hold_looks_back_to_the_replay_before(made: Run, engine: Engine) -> None:
    held = read_scheme(SCHEME.replace("base:", "hold: 400 days\nbase:", 1), "held")
    first = past(made, engine, held, DAY, folder(made))
    second = past(made, engine, held, made.as_of, folder(made), before=first)
    free = past(made, engine, held, made.as_of, folder(made))
    assert segments(first) == segments(second) != segments(free)


@pytest.mark.parametrize(
    ("day", "key"),
    [(date(2020, 1, 1), "runs.as-of-before-first"), (date(2025, 7, 2), "runs.past-after-run")],
)
def test_a_day_of_which_nothing_is_known_is_refused_in_words(made: Run, engine: Engine, day: date, key: str) -> None:
    with pytest.raises(CarpelError) as refused:
        past(made, engine, made.scheme, AsOf.start_of(day, "Asia/Manila"), folder(made))
    assert refused.value.text.key == key
    assert refused.value.text.render("fil") != key


def test_facts_without_a_date_have_no_past(made: Run, engine: Engine) -> None:
    undated = replace(made)
    undated.__dict__["facts"] = replace(made.facts, first_event=None)
    with pytest.raises(CarpelError) as refused:
        past(undated, engine, made.scheme, DAY, folder(made))
    assert refused.value.text.key == "runs.past-undated"


def test_a_scheme_with_errors_is_refused(made: Run, engine: Engine) -> None:
    wrong = read_scheme(SCHEME.replace("frequency >", "frequncy >"), "wrong")
    with pytest.raises(SchemeRefused):
        past(made, engine, wrong, DAY, folder(made))


def test_its_parameters_know_nothing_later(made: Run, engine: Engine) -> None:
    replayed = past(made, engine, made.scheme, DAY, folder(made))
    assert json.loads(replayed.cuts.to_json())["known_through"] == DAY.instant.isoformat()
