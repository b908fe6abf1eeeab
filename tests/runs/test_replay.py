"""A run can be made again, and says how it was made."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import Run, RunStore, Settings, compiled, replay, run
from carpel.runs.making import Assignments
from tests.runs.workspaces import NOW, make, publish_file


def test_a_replay_gives_the_same_rows_and_leaves_nothing(made: Run, settings: Settings, engine: Engine) -> None:
    again = replay(made, engine)
    assert again.same
    assert (again.run, again.rows) == (made.id, 60)
    assert [each.name for each in settings.runs_folder.iterdir()] == [made.id]


def test_a_replay_uses_the_scheme_facts_and_parameters_of_the_run(
    made: Run, settings: Settings, store: RunStore, engine: Engine
) -> None:
    orders = settings.folder / "data" / "orders.csv"
    orders.write_text(orders.read_text(encoding="utf-8") + "O1,客001,2025-06-30 10:00:00,5000.00\n", encoding="utf-8")
    scheme = settings.folder / "schemes" / "customers.yaml"
    scheme.write_text(scheme.read_text(encoding="utf-8").replace("> 60", "> 20"), encoding="utf-8")
    publish_file(settings, store)
    other = make(settings, store)
    assert other.manifest.fingerprint != made.manifest.fingerprint
    assert replay(made, engine).same
    assert replay(other, engine).same


def test_a_replay_knows_nothing_of_later_imports(
    made: Run, settings: Settings, store: RunStore, engine: Engine
) -> None:
    """What the CRM overwrote since is in the later run's facts alone, and there it is dated."""
    customers = settings.folder / "data" / "customers.csv"
    customers.write_text(customers.read_text(encoding="utf-8").replace("consumer", "internal"), encoding="utf-8")
    other = make(settings, store, now=NOW + timedelta(days=1))
    assert other.manifest.fingerprint != made.manifest.fingerprint
    assert replay(made, engine).same
    assert replay(other, engine).same
    past = run(settings, engine, store, as_of=AsOf.at(made.as_of.instant, settings.time_zone), now=NOW)
    assert past.facts.fingerprint == other.facts.fingerprint
    assert past.manifest.fingerprint == made.manifest.fingerprint
    assert replay(past, engine).same


def test_a_replay_notices_other_rows(shared: Run, engine: Engine) -> None:
    forged = replace(shared, manifest=replace(shared.manifest, fingerprint="0" * 32))
    assert not replay(forged, engine).same


@pytest.mark.parametrize("which", ["parameters", "cuts"])
def test_a_replay_refuses_parameters_that_know_later(shared: Run, engine: Engine, which: str) -> None:
    raw = json.loads(getattr(shared.manifest, which))
    later = AsOf.at(shared.as_of.instant + timedelta(seconds=1), "UTC")
    instant = later.instant.isoformat()
    raw["known_through"] = instant if which == "cuts" else {"instant": instant, "day": later.day.isoformat()}
    forged = replace(shared, manifest=replace(shared.manifest, **{which: json.dumps(raw)}))  # type: ignore[arg-type]
    with pytest.raises(CarpelError) as refused:
        replay(forged, engine)
    assert "later" in refused.value.text.key


def test_a_replay_without_facts_is_refused_in_words(made: Run, engine: Engine) -> None:
    shutil.rmtree(made.facts.folder)
    fresh = replace(made)
    with pytest.raises(CarpelError) as refused:
        replay(fresh, engine)
    assert refused.value.text.key == "runs.facts-gone"


def test_the_statements_of_a_run_give_its_rows(shared: Run, engine: Engine) -> None:
    """Run by DuckDB alone over the facts' files, in order, they end in the same tally."""
    connection = duckdb.connect()
    for name, files in shared.facts.bindings(range(shared.facts.bucket_count)).items():
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({[str(file) for file in files]})")
    statements = compiled(shared, engine)
    for sentence, statement in statements:
        assert sentence.render() != sentence.key
        connection.execute(statement)
    count = connection.execute("SELECT segment, count(*) FROM assignments WHERE in_base GROUP BY segment").fetchall()
    sizes = {each.key: each.customers for each in shared.manifest.segments if each.customers}
    assert dict(count) == sizes
    assert connection.execute("SELECT count(DISTINCT digest) FROM digests").fetchone() == (60,)


def test_a_run_says_where_its_rows_lie(shared: Run) -> None:
    assert isinstance(shared.assignments, Assignments)
    assert len(shared.profiles.files) == len(shared.assignments.files) == shared.facts.bucket_count
    assert all(file.is_file() for file in (*shared.profiles.files, *shared.assignments.files))
