"""The command line as a script sees it: an exit code, what was printed, what was told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from carpel.cli import run_command
from tests.conftest import ROOT

INVOICES = ROOT / "examples" / "shop" / "invoices.csv"


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def carpel(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CARPEL_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        code = run_command([str(each) for each in arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Outcome(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a current run; copy it before changing it."""
    folder = tmp_path_factory.mktemp("finished") / "acme"
    arguments = ["init", str(folder), "--from", str(INVOICES), "--yes", "--currency", "PHP"]
    assert run_command(arguments) == 0
    assert run_command(["run", "--workspace", str(folder)]) == 0
    return folder


@pytest.fixture
def shop(finished: Path, tmp_path: Path) -> Path:
    """A workspace of the example shop with a current run, to be spoilt."""
    return Path(shutil.copytree(finished, tmp_path / "acme"))
