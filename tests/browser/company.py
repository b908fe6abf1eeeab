"""A small demo company with a past, made once for all workers."""

from __future__ import annotations

import fcntl
from datetime import date
from pathlib import Path

from carpel.demo import generate
from carpel.workspace import open as open_workspace

CUSTOMERS = 500
END = date(2025, 6, 30)
DAYS = ("2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30")
"""Runs as of these days, the last of them current."""


def company(shared: Path) -> Path:
    """The company's workspace, in a folder that all workers share; the first to ask makes it."""
    folder, done = shared / "sibol", shared / "sibol.done"
    with (shared / "sibol.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _make(folder)
            done.touch()
    return folder


def _make(folder: Path) -> None:
    generate(folder, customers=CUSTOMERS, seed=1, end=END)
    with (folder / "carpel.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nmodels: [value]\n")
    with open_workspace(folder) as workspace:
        for day in DAYS:
            assert workspace.run(as_of=day).is_sound
