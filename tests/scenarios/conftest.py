"""Workspaces made from real exports as a person makes them: `carpel init --yes`, then `carpel run`."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import carpel
from carpel.cli import run_command
from carpel.workspace import Workspace

Command = Callable[..., Any]


def command(*arguments: str | Path) -> Any:
    """Run a command as a script does; gives its JSON. It must succeed."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command([str(each) for each in arguments])
    assert code == 0, f"{arguments}\n{out.getvalue()}{err.getvalue()}"
    return json.loads(out.getvalue())


@pytest.fixture(scope="session")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workspace]:
    """A workspace of one of the real data sets, initialised and run once."""
    opened: dict[str, Workspace] = {}

    def make(source: str) -> Workspace:
        if source not in opened:
            folder = tmp_path_factory.mktemp("real") / Path(source).stem.lower()
            command("init", folder, "--from", data / source, "--yes", "--currency", "USD", "--json")
            command("run", "--workspace", folder, "--json")
            opened[source] = carpel.open(folder)
        return opened[source]

    return make
