"""What killed runs leave behind is cleaned away; what somebody is making stays."""

import multiprocessing
import time
from pathlib import Path

from carpel.runs import Holder, Run, RunState, RunStore, Settings
from carpel.runs.folders import clean_working_folders, is_run_id, new_run_id, working_folder
from carpel.runs.pruning import clean
from tests.runs.workspaces import NOW, make


def _make_something(runs: Path, begun: object) -> None:
    with working_folder(runs, "other"):
        begun.set()  # type: ignore[attr-defined]
        time.sleep(60)


def test_a_folder_that_somebody_makes_stays_until_they_die(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    begun = fork.Event()
    maker = fork.Process(target=_make_something, args=(tmp_path, begun))
    maker.start()
    assert begun.wait(20)
    clean_working_folders(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [".other.working"]
    maker.kill()
    maker.join()
    clean_working_folders(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_working_folder_is_gone_after_its_block(tmp_path: Path) -> None:
    with working_folder(tmp_path, "mine") as folder:
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_finished_run_that_never_became_current_is_removed(made: Run, settings: Settings, store: RunStore) -> None:
    """Killed between getting its name and becoming current."""
    dead = new_run_id(NOW)
    store.start(dead, Holder.myself())
    made.folder.joinpath("../", dead).mkdir()
    clean(settings, store)
    assert [each.name for each in settings.runs_folder.iterdir()] == [made.id]
    assert store.states() == {made.id: RunState.CURRENT, dead: RunState.ABANDONED}


def test_what_is_no_run_of_this_store_is_left_alone(made: Run, settings: Settings, store: RunStore) -> None:
    unknown = [settings.runs_folder / new_run_id(NOW), settings.runs_folder / "notes"]
    for each in unknown:
        each.mkdir()
    make(settings, store)
    assert all(each.is_dir() for each in unknown)


def test_run_ids_sort_by_time_and_differ() -> None:
    ids = {new_run_id(NOW) for _ in range(50)}
    assert len(ids) == 50
    assert all(is_run_id(each) and each.startswith("20250701T040000Z-") for each in ids)
