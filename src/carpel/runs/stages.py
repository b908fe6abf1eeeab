"""A run goes stage by stage: each is shown while it lasts and timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from carpel.kernel.failpoints import failpoint
from carpel.kernel.progress import Progress
from carpel.kernel.texts import text

STAGES: Final = (
    "sources",
    "models",
    "parameters",
    "profiles",
    "cuts",
    "assignments",
    "checks",
    "index",
    "figures",
    "publish",
)
"""In the order of a run."""


class Stages:
    """Shows and times the stages of one run."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """One stage."""
        self.progress.stage(text(f"runs.stage-{name}"))
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)

    def advance(self, done: int, total: int) -> None:
        """Some of the stage is done."""
        self.progress.advance(done, total)


def passed(name: str) -> None:
    """A boundary of a run, at which a test may end the process."""
    failpoint(f"runs.{name}")
