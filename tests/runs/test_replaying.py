"""Whenever runs are made and however long customers are held: with the assignments before, the rows are the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.runs import Run, Settings, read_settings, replay
from carpel.runs import run as make_run
from carpel.runs.making import Division, make_assignments, make_profiles
from carpel.runs.preceding import assignments_of
from carpel.schemes import Previous
from carpel.store import open_store
from tests.runs.workspaces import NOW, SCHEME, tiny

DAYS = st.lists(st.dates(date(2025, 1, 1), date(2025, 6, 30)), min_size=2, max_size=3, unique=True).map(sorted)
HOLDS = st.integers(0, 120)


def holding(folder: Path, hold: int, urgent: str) -> Settings:
    """A workspace whose scheme holds customers."""
    made = tiny(folder)
    scheme = SCHEME.replace("base:", f"hold: {hold} days\nbase:").replace(
        "- key: best-slipping", f"- key: best-slipping\n        urgent: {urgent}"
    )
    (folder / "schemes" / "customers.yaml").write_text(scheme, encoding="utf-8")
    return read_settings(made.folder)


def table(files: tuple[Path, ...]) -> pa.Table:
    return pa.concat_tables(pq.read_table(file) for file in files)


def again(run: Run, previous: Previous | None, folder: Path, engine: Engine) -> pa.Table:
    """The run's assignments once more, from its facts and parameters and the assignments before."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "assignments").mkdir()
    profiles = make_profiles(run.basis, folder, engine, lambda *_: None)
    division = Division(scheme=run.scheme, cuts=run.cuts, previous=previous)
    return table(make_assignments(division, profiles, folder, engine, lambda *_: None).files)


@settings(max_examples=6)
@given(DAYS, HOLDS, st.sampled_from(["true", "false"]))
def test_with_the_assignments_before_a_replay_is_equal_row_for_row(tmp_path_factory, engine, days, hold, urgent):
    folder = tmp_path_factory.mktemp("replayed")
    workspace = holding(folder / "tiny", hold, urgent)
    store = open_store("sqlite", workspace.folder)
    previous: Run | None = None
    for number, day in enumerate(days):
        at = AsOf.start_of(day + timedelta(days=1), workspace.time_zone)
        made = make_run(workspace, engine, store, as_of=at, now=NOW)
        assert made.manifest.previous == (previous.id if previous else None)
        rows = again(made, assignments_of(previous), folder / f"again-{number}", engine)
        assert rows.equals(table(made.assignments.files))
        assert replay(made, engine).same
        previous = made
    store.close()
