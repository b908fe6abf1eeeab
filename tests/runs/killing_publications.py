"""Kills publications, at named places or at random times, while a reader looks on. A program of its own: it forks.

    python -m tests.runs.killing_publications failpoints FOLDER STORE
    python -m tests.runs.killing_publications random FOLDER STORE KILLS SEED

prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.governance import SchemeStore, VersionState
from carpel.runs import PUBLISHING_FAILPOINTS, RunStore, publish, read_settings
from carpel.schemes import logic_fingerprint, read_scheme
from carpel.store import open_store
from tests.runs.killing import STOP, Report, ended, fork
from tests.runs.workspaces import SCHEME, with_engine


class Publishing:
    """One workspace in which publications are killed."""

    def __init__(self, folder: Path, address: str) -> None:
        self.settings = read_settings(folder)
        self.address = address
        self.report = Report()

    def open(self) -> RunStore:
        """The store, as a new process opens it."""
        return open_store(self.address, self.settings.folder)

    def write(self, number: int) -> None:
        """Another text in the file."""
        text = SCHEME.replace("frequency > 0", f"frequency > {number}")
        (self.settings.folder / "schemes" / "customers.yaml").write_text(text, encoding="utf-8")

    def work(self) -> None:
        """Publish what the file says."""
        store, engine = self.open(), with_engine()
        publish(self.settings, engine, store, by="ana")
        engine.close()
        store.close()

    def complete(self, number: int) -> None:
        """The same again, as whoever sees it die does; then the next text. Both must come to their end."""
        for text in (None, number):
            if text is not None:
                self.write(text)
            if ended(fork(self.work)) != 0:
                self.report.problems.append(f"publication {number} did not complete")
        self.report.finished += 1

    def read(self) -> Report:
        """Look at what is published until told to stop; it must be whole, and never go back."""
        schemes, report, last = self.open().schemes, Report(), 0
        while not (self.settings.folder / STOP).exists():
            problem, number = what_is_wrong(schemes)
            if problem or number < last:
                report.problems.append(problem or f"{number} after {last}")
            report.seen += number > last
            report.polls, last = report.polls + 1, number
            time.sleep(0.01)
        return report


def what_is_wrong(schemes: SchemeStore) -> tuple[str | None, int]:
    """What is not whole of the published version, and its number."""
    version = schemes.published("customers")
    if version is None:
        return "nothing is published", 0
    right = {
        "state": version.state is VersionState.PUBLISHED,
        "time": version.published_at is not None and version.published_by == "ana",
        "logic": version.logic == logic_fingerprint(read_scheme(version.text, "published")),
    }
    published = [each.number for each in schemes.versions("customers") if each.state is VersionState.PUBLISHED]
    right["number"] = len(published) == 1 and published[0] >= version.number
    return next((f"wrong {what}" for what, holds in right.items() if not holds), None), version.number


def at_failpoints(killing: Publishing) -> None:
    """Killed once at every named place; each time the next publication completes."""
    for number, name in enumerate(PUBLISHING_FAILPOINTS, start=1):
        killing.write(10 * number)
        if ended(fork(killing.work, name)) == -signal.SIGKILL:
            killing.report.killed += 1
        else:
            killing.report.missed.append(name)
        killing.complete(10 * number + 1)


def at_random(killing: Publishing, kills: int, seed: int) -> None:
    """Killed at random times of a publication."""
    chance = np.random.default_rng(seed)
    begun = time.monotonic()
    killing.complete(1)
    seconds = (time.monotonic() - begun) / 2
    while killing.report.killed < kills:
        number = 10 + killing.report.killed
        killing.write(number)
        child = fork(killing.work)
        time.sleep(float(chance.random()) * seconds)
        os.kill(child, signal.SIGKILL)
        killing.report.killed += ended(child) == -signal.SIGKILL
        if killing.report.killed % 5 == 0:
            killing.complete(1_000 + number)
        else:
            killing.work()


def watched(killing: Publishing, work: Callable[[], None]) -> Report:
    """Do something while another process reads what is published all the time."""
    killing.work()  # in this process: what it loads, its children have
    seen = killing.settings.folder / "reader.json"

    def read() -> None:
        seen.write_text(json.dumps(asdict(killing.read())), encoding="utf-8")

    reader = fork(read)
    try:
        work()
    finally:
        (killing.settings.folder / STOP).touch()
        how = ended(reader)
    found: dict[str, Any] = {"problems": [f"the reader ended with {how}"]}
    if how == 0:
        found = json.loads(seen.read_text(encoding="utf-8"))
    killing.report.problems += found["problems"]
    killing.report.polls = found.get("polls", 0)
    killing.report.seen = found.get("seen", 0)
    return killing.report


def main(how: str, folder: str, address: str, kills: str = "0", seed: str = "0") -> None:
    """Run and print the report."""
    pa.set_cpu_count(1)
    killing = Publishing(Path(folder), address)
    work = {"failpoints": lambda: at_failpoints(killing), "random": lambda: at_random(killing, int(kills), int(seed))}[
        how
    ]
    sys.stdout.write(json.dumps(asdict(watched(killing, work))))


if __name__ == "__main__":
    main(*sys.argv[1:])
