"""What the store remembers of runs."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Labels
from carpel.kernel.texts import text as message
from carpel.runs.records import Holder, Outcome, RunInProgress, RunOvertaken, RunState, RunStore
from carpel.store import StoreError, migrations, open_store
from carpel.store.connecting import engine_for
from carpel.store.migrations import HEAD
from carpel.store.models import Base

NOW = datetime(2026, 11, 23, 1, 45, tzinfo=UTC)
OUTCOME = Outcome(
    ended=NOW + timedelta(seconds=9),
    as_of=AsOf.start_of(NOW.date(), "Asia/Manila"),
    customers=3,
    fingerprint="f" * 32,
    manifest="a" * 64,
)
Another = Callable[..., RunStore]


def begin(store: RunStore, *runs: str) -> None:
    for number, run in enumerate(runs):
        store.start(run, Holder(process=7, host="here", since=NOW + timedelta(seconds=number)))


def test_a_new_store_knows_no_run(store: RunStore) -> None:
    assert store.current() is None
    assert store.list() == ()
    assert store.find("r1") is None


def test_a_run_becomes_current_with_all_it_has_to_show(store: RunStore, open_another: Another) -> None:
    begin(store, "r1")
    store.make_current("r1", OUTCOME)
    record = open_another().current()
    assert record is not None
    assert (record.id, record.state, record.outcome) == ("r1", RunState.CURRENT, OUTCOME)
    assert record.seconds == 9
    assert record.as_of == OUTCOME.as_of
    assert record.as_of.time_zone == "Asia/Manila"
    assert record.holder == Holder(process=7, host="here", since=NOW)


def test_only_one_run_is_current(store: RunStore) -> None:
    begin(store, "r1", "r2")
    store.make_current("r1", OUTCOME)
    store.make_current("r2", OUTCOME)
    assert store.states() == {"r1": RunState.FINISHED, "r2": RunState.CURRENT}
    assert [record.id for record in store.list()] == ["r2", "r1"]
    assert [record.id for record in store.list(limit=1)] == ["r2"]


def test_a_failed_run_is_kept_and_never_current(store: RunStore) -> None:
    begin(store, "r1", "r2")
    store.make_current("r1", OUTCOME)
    store.fail("r2", OUTCOME, message("runs.nobody"))
    assert store.states() == {"r1": RunState.CURRENT, "r2": RunState.FAILED}
    assert store.list()[0].problem == message("runs.nobody")


def test_why_a_run_was_abandoned_is_kept_as_key_and_parameters(store: RunStore) -> None:
    begin(store, "r1")
    why = message("runs.cannot-write", problem=Labels({"en": "full", "zh-Hans": "满"}), since=NOW, day=NOW.date())
    store.abandon("r1", why)
    record = store.find("r1")
    assert record is not None
    assert record.state is RunState.ABANDONED
    assert record.problem == why


def test_a_refused_run_says_why(store: RunStore, open_another: Another) -> None:
    begin(store, "r1", "r2")
    store.make_current("r1", OUTCOME)
    for run in ("r1", "r2"):
        store.refuse(run, message("runs.no-scheme"))
    assert store.states() == {"r1": RunState.CURRENT, "r2": RunState.REFUSED}
    record = open_another().find("r2")
    assert record is not None
    assert record.problem == message("runs.no-scheme")


def test_what_has_ended_is_not_abandoned(store: RunStore) -> None:
    begin(store, "r1")
    store.make_current("r1", OUTCOME)
    store.abandon("r1")
    assert store.states() == {"r1": RunState.CURRENT}


def test_a_run_that_was_taken_for_dead_cannot_become_current(store: RunStore, open_another: Another) -> None:
    begin(store, "r1", "r2")
    open_another().abandon("r1")
    open_another().make_current("r2", OUTCOME)
    with pytest.raises(RunOvertaken):
        store.make_current("r1", OUTCOME)
    with pytest.raises(RunOvertaken):
        store.make_current("never-began", OUTCOME)
    assert store.states() == {"r1": RunState.ABANDONED, "r2": RunState.CURRENT}


def test_the_current_run_is_never_forgotten(store: RunStore) -> None:
    begin(store, "r1", "r2")
    store.make_current("r1", OUTCOME)
    store.make_current("r2", OUTCOME)
    store.forget(["r1", "r2"])
    assert store.states() == {"r1": RunState.PRUNED, "r2": RunState.CURRENT}
    assert [record.id for record in store.list()] == ["r2"]


def test_workspaces_in_one_database_do_not_see_each_other(address: str, tmp_path: Path) -> None:
    shared = "sqlite:///shared.sqlite" if address == "sqlite" else address
    acme, other = (open_store(shared, tmp_path, workspace=name) for name in ("acme", "other"))
    begin(acme, "r1")
    acme.make_current("r1", OUTCOME)
    assert other.current() is None
    begin(other, "r1")
    assert other.states() == {"r1": RunState.RUNNING}
    with acme.lock(wait=0), other.lock(wait=0):
        pass
    acme.close()
    other.close()


def test_a_workspace_with_a_store_of_its_own_may_be_renamed(tmp_path: Path) -> None:
    before, after = (open_store("sqlite", tmp_path, workspace=name) for name in ("acme", "acme-2"))
    begin(before, "r1")
    before.make_current("r1", OUTCOME)
    assert after.current() == before.current()


def test_the_tables_are_those_of_the_models(store: RunStore, address: str, tmp_path: Path) -> None:
    engine = engine_for(address, tmp_path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    engine.dispose()


def test_the_head_is_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def _open_and_close(address: str, folder: Path, ready: object, errors: object) -> None:
    ready.wait()  # type: ignore[attr-defined]
    try:
        open_store(address, folder).close()
    except BaseException as error:
        errors.put(repr(error))  # type: ignore[attr-defined]
        raise


def test_many_may_open_a_new_store_at_once(address: str, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    ready, errors = spawn.Barrier(6), spawn.Queue()
    processes = [spawn.Process(target=_open_and_close, args=(address, tmp_path, ready, errors)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 6, errors.get(timeout=1)
    engine = engine_for(address, tmp_path)
    assert {"runs", "current_runs"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_a_newer_store_is_refused(store: RunStore, address: str, tmp_path: Path) -> None:
    engine = engine_for(address, tmp_path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError) as refused:
        open_store(address, tmp_path)
    assert refused.value.text.key == "store.newer"


def test_the_second_to_want_the_lock_is_told_who_holds_it(store: RunStore, open_another: Another) -> None:
    with store.lock(wait=0):
        with pytest.raises(RunInProgress) as refused, open_another().lock(wait=0.3):
            pass
        holder = refused.value.holder
        assert holder is not None
        assert holder.process == os.getpid()
        assert abs(datetime.now(UTC) - holder.since) < timedelta(minutes=5)
        assert str(os.getpid()) in refused.value.text.render("en")
    with open_another().lock(wait=0):
        pass


def test_the_second_waits_for_the_lock(store: RunStore, open_another: Another) -> None:
    other, got = open_another(), threading.Event()

    def wait() -> None:
        with other.lock(wait=20):
            got.set()

    waiting = threading.Thread(target=wait)
    with store.lock(wait=0):
        waiting.start()
        time.sleep(0.3)
        assert not got.is_set()
    waiting.join(20)
    assert got.is_set()


def _hold(address: str, folder: Path, held: object) -> None:
    with open_store(address, folder, workspace="acme").lock(wait=0):
        held.set()  # type: ignore[attr-defined]
        time.sleep(60)


def test_the_lock_dies_with_its_process(address: str, tmp_path: Path, open_another: Another) -> None:
    fork = multiprocessing.get_context("fork")
    held = fork.Event()
    holder = fork.Process(target=_hold, args=(address, tmp_path, held))
    holder.start()
    assert held.wait(20)
    store = open_another()
    with pytest.raises(RunInProgress), store.lock(wait=0):
        pass
    assert holder.pid
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with store.lock(wait=10):
        pass


def test_a_reader_does_not_wait_for_a_writer(address: str, tmp_path: Path, store: RunStore) -> None:
    begin(store, "r1", "r2")
    store.make_current("r1", OUTCOME)
    engine = engine_for(address, tmp_path)
    with engine.begin() as writing:
        writing.execute(text("UPDATE current_runs SET run = 'r2'"))
        begun = time.monotonic()
        current = store.current()
        assert time.monotonic() - begun < 5
        assert current is not None
        assert current.id == "r1"
        writing.rollback()
    engine.dispose()


def test_a_store_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / ".carpel").mkdir()
    (tmp_path / ".carpel" / "store.sqlite").write_bytes(b"not a database, but long enough to look at" * 50)
    with pytest.raises(StoreError) as refused:
        open_store("sqlite", tmp_path)
    assert "store.sqlite" in str(refused.value.place)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("mysql://me@there/db", "store.unknown-database"),
        ("no address at all", "store.not-a-url"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/db", "store.unavailable"),
    ],
)
def test_an_address_that_cannot_be_is_refused_without_its_password(address: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(address, tmp_path)
    assert refused.value.text.key == key
    assert "secret" not in str(refused.value)


def test_the_store_lives_where_an_sqlite_address_says(tmp_path: Path) -> None:
    open_store("sqlite:///elsewhere/store.sqlite", tmp_path).close()
    assert inspect(create_engine(f"sqlite:///{tmp_path}/elsewhere/store.sqlite")).has_table("runs")
