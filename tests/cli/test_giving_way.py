"""A run takes what a machine has to spare; tried in a process of its own, as it stays so."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys
from carpel.cli.commands import run

def refused(*_):
    raise PermissionError

is_linux = sys.platform == "linux"
if is_linux:
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    if {is_refused}:
        os.sched_setscheduler = refused
before = os.nice(0)
run._give_way()
print(is_linux and os.sched_getscheduler(0) == os.SCHED_IDLE, before, os.nice(0))
"""
_LEAST = 19


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_run_gives_way_by_its_class_or_else_by_its_niceness(*, is_refused: bool) -> None:
    program = PROGRAM.format(is_refused=is_refused)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    is_idle, before, after = done.stdout.split()
    by_class = sys.platform == "linux" and not is_refused
    assert is_idle == str(by_class)
    assert int(after) == (int(before) if by_class else min(int(before) + 10, _LEAST))
