"""Workspaces made as a person makes them: `carpel init --yes`, then `carpel run`; nothing edited by hand."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import carpel
from carpel.cli import run_command
from carpel.workspace import Workspace
from tests.scenarios.scenario import Scenario, source_path

Made = Callable[[Scenario], Workspace]
Files = Callable[[Scenario], dict[str, Path]]


def command(name: str, *arguments: str | Path) -> Any:
    """Run a command as a script does; gives its JSON. It must succeed."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command([name, "--json", *(str(each) for each in arguments)])
    assert code == 0, f"{name} {arguments}\n{out.getvalue()}{err.getvalue()}"
    return json.loads(out.getvalue())


@pytest.fixture(scope="session")
def files(request: pytest.FixtureRequest) -> Files:
    """Where a scenario's files are; the test is skipped where the real data is absent."""

    def find(scenario: Scenario) -> dict[str, Path]:
        data = request.getfixturevalue("data") if scenario.needs_data else Path()
        return {"source": source_path(scenario, data), "data": data}

    return find


@pytest.fixture(scope="session")
def made(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The workspace of a scenario, initialised and run once, also when several processes test together."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    opened: dict[str, Workspace] = {}

    def make(scenario: Scenario) -> Workspace:
        if scenario.key not in opened:
            source = files(scenario)["source"]
            folder = shared / "scenarios" / scenario.key
            with _alone(shared / f"{scenario.key}.lock"):
                if not folder.exists():
                    command("init", folder, "--from", source, "--yes", "--currency", scenario.currency)
                    command("run", "--workspace", folder)
            opened[scenario.key] = carpel.open(folder)
        return opened[scenario.key]

    yield make
    for workspace in opened.values():
        workspace.close()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
