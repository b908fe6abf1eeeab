"""Two runs of a workspace at once: the second waits, then says in words who is at it, and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from carpel.runs import run as make_run
from tests.cli.conftest import Run

_AT_WORK = """
import sys, time
from carpel.runs import examining
from carpel.cli import main

def linger(*given):
    print("at work", flush=True)
    sys.stdin.read()
    return made(*given)

made, examining.tally = examining.tally, linger
main(["run", "--workspace", sys.argv[1]])
"""


@contextmanager
def a_run_at_work(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of a run, until its input ends."""
    command = [sys.executable, "-c", _AT_WORK, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "at work\n"
        try:
            yield first
        finally:
            first.communicate("")


def test_the_second_of_two_runs_says_who_is_at_it_and_since_when(
    carpel: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_run.__kwdefaults__ is not None
    monkeypatch.setitem(make_run.__kwdefaults__, "wait", 0.2)
    before = carpel("status", "--workspace", shop, "--json").out
    with a_run_at_work(shop) as first:
        refused = carpel("run", "--workspace", shop)
        assert refused.code == 1
        said = " ".join(refused.err.split())
        assert f"process {first.pid} on {os.uname().nodename}, since " in said
        assert "Try again when it has ended" in said
    assert first.returncode == 0
    after = carpel("status", "--workspace", shop, "--json").out
    assert before.count('"run":') + 1 == after.count('"run":')
