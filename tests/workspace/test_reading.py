"""Many may read one workspace at once, and each reads one run from beginning to end."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Lock

import pytest

import carpel
from carpel.kernel.errors import CarpelError
from carpel.workspace import Workspace, one_reading
from carpel.workspace.answers import Answers
from tests.cli.conftest import finished

__all__ = ["finished"]

EARLIER = "2025-03-01"
CUSTOMER = "001379"
"""Somebody who stays where they are."""


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "acme"))


def test_a_reading_stays_with_the_run_that_it_began_with(folder: Path) -> None:
    with carpel.open(folder) as reading, carpel.open(folder) as running:
        with one_reading():
            begun = reading.segments()
            running.run(as_of=EARLIER)
            assert reading.segments() == begun
        assert reading.segments().run == running.current.id != begun.run


def test_a_reading_may_take_what_another_has_just_found(folder: Path) -> None:
    with carpel.open(folder) as reading, carpel.open(folder) as running:
        with one_reading(lag=60):
            begun = reading.segments().run
        running.run(as_of=EARLIER)
        with one_reading(lag=60):
            assert reading.segments().run == begun
        with one_reading(lag=0.001):
            assert reading.segments().run == running.current.id != begun
        assert reading.segments().run == running.current.id


def test_what_became_current_this_moment_and_is_not_logged_yet_hides_nothing(folder: Path) -> None:
    with carpel.open(folder) as workspace:
        workspace.run(as_of=EARLIER)
        made = workspace.run()
        logged = workspace.moves(), [(each.segment, each.start) for each in workspace.memberships(CUSTOMER)]
    for each in (folder / ".carpel").rglob(f"{made.id}.json"):
        each.unlink()
    with carpel.open(folder) as workspace:
        assert workspace.moves().moves == logged[0].moves
        assert [(each.segment, each.start) for each in workspace.memberships(CUSTOMER)] == logged[1]


def test_a_run_is_opened_once_however_many_ask(folder: Path) -> None:
    with carpel.open(folder) as workspace:
        together = Barrier(8)

        def ask(_: int) -> int:
            together.wait()
            return id(workspace.current)

        with ThreadPoolExecutor(8) as readers:
            assert len(set(readers.map(ask, range(8)))) == 1


def test_threads_share_an_engine_without_seeing_each_others_tables(folder: Path) -> None:
    with carpel.open(folder) as workspace:
        expected = [numbers(workspace, name) for name in ("profiles", "assignments")]
        with ThreadPoolExecutor(8) as readers:
            found = list(readers.map(lambda at: numbers(workspace, ("profiles", "assignments")[at % 2]), range(40)))
        assert found == expected * 20


def numbers(workspace: Workspace, name: str) -> object:
    table = getattr(workspace, name).to_arrow()
    return table.num_rows, table.column_names, table["customer_id"].to_pylist()


def test_before_the_first_run_nothing_is_current(folder: Path) -> None:
    shutil.rmtree(folder / ".carpel")
    with carpel.open(folder) as workspace, one_reading():
        assert workspace.runs.current() is None
        with pytest.raises(CarpelError) as error:
            assert workspace.current
    assert error.value.text.key == "runs.no-current"


def test_an_answer_is_worked_out_once_however_many_ask() -> None:
    answers, worked, lock, together = Answers(), list[int](), Lock(), Barrier(8)

    def work() -> int:
        with lock:
            worked.append(1)
        return 42

    def ask(_: int) -> int:
        together.wait()
        return answers.get("run", work)

    with ThreadPoolExecutor(8) as readers:
        assert list(readers.map(ask, range(8))) == [42] * 8
    assert worked == [1]


def test_an_error_is_told_and_not_remembered() -> None:
    answers = Answers()
    with pytest.raises(ZeroDivisionError):
        answers.get("run", lambda: 1 // 0)
    assert answers.get("run", lambda: 1) == 1


def test_answers_that_nobody_asks_for_leave_first() -> None:
    answers = Answers(limit=2)
    for question in ("a", "b", "a", "c"):
        answers.get(question, question.upper)
    assert answers.get("a", lambda: "anew") == "A"
    assert answers.get("b", lambda: "anew") == "anew"
