"""Kills runs, at named places or at random times, while a reader looks on. A program of its own: it forks.

    python -m tests.runs.killing failpoints FOLDER STORE
    python -m tests.runs.killing random FOLDER STORE KILLS SEED

prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.runs import FAILPOINTS, Run, RunStore, Settings, current_run, read_settings, run
from carpel.runs.fingerprints import fingerprint
from carpel.sources.staging import staging
from carpel.store import open_store
from tests.runs.workspaces import NOW, identity, with_engine

STOP = "stop-reading"


@dataclass
class Report:
    """What happened.

    Attributes:
        killed: Runs that were killed while at work.
        finished: Runs that came to their end.
        missed: Failpoints that a run did not pass.
        polls: How often the reader looked.
        seen: How many different current runs it saw.
        problems: What was not whole.
    """

    killed: int = 0
    finished: int = 0
    missed: list[str] = field(default_factory=list)
    polls: int = 0
    seen: int = 0
    problems: list[str] = field(default_factory=list)


class Killing:
    """One workspace in which runs are killed."""

    def __init__(self, folder: Path, address: str) -> None:
        self.settings = read_settings(folder)
        self.address = address
        self.report = Report()

    def open(self) -> RunStore:
        """The store, as a new process opens it."""
        return open_store(self.address, self.settings.folder)

    def work(self, number: int) -> None:
        """A run whose rows differ from those of the run before."""
        as_of = AsOf.start_of(date(2025, 6, 30) - timedelta(days=number % 90), self.settings.time_zone)
        store, engine = self.open(), with_engine()
        run(self.settings, engine, store, as_of=as_of, now=NOW, wait=30)
        engine.close()
        store.close()

    def complete(self, number: int) -> float:
        """A run that nobody kills must come to its end; gives the seconds it took."""
        begun = time.monotonic()
        if ended(fork(lambda: self.work(number))) != 0:
            self.report.problems.append(f"run {number} did not complete")
        self.report.finished += 1
        return time.monotonic() - begun

    def read(self) -> Report:
        """Look at the current run until told to stop; all of it must be there and be right."""
        store, engine, seen = self.open(), with_engine(), set[str]()
        report = Report()
        while not (self.settings.folder / STOP).exists():
            current = current_run(self.settings, store)
            problem = what_is_wrong(current, store, engine, thorough=current.id not in seen)
            seen.add(current.id)
            report.polls += 1
            if problem:
                report.problems.append(f"{current.id}: {problem}")
            time.sleep(0.03)
        report.seen = len(seen)
        return report


def what_is_wrong(current: Run, store: RunStore, engine: Engine, *, thorough: bool) -> str | None:
    """What is missing or wrong of a current run; None where it is whole."""
    record = store.find(current.id)
    if record is None or record.outcome is None:
        return "no outcome"
    right = {
        "state": current.is_sound,
        "manifest": sha256((current.folder / "manifest.json").read_bytes()).hexdigest() == record.outcome.manifest,
        "files": current.manifest.files
        == {name: (current.folder / name).stat().st_size for name in current.manifest.files},
        "index": len(current.index) == 60 and current.index.find(identity(1)) is not None,
        "facts": current.facts.customers == 60,
        "catalogue": "frequency" in current.catalogue.available,
        "fingerprint": not thorough or fingerprint_of(current, engine) == record.outcome.fingerprint,
    }
    return next((f"wrong {what}" for what, holds in right.items() if not holds), None)


def fingerprint_of(current: Run, engine: Engine) -> str:
    """The fingerprint of the rows as they lie there."""
    return fingerprint(current.assignments.unbound(), current.assignments.files, engine)


def fork(work: Callable[[], None], failpoint: str | None = None) -> int:
    """A child that does something and ends."""
    child = os.fork()
    if child:
        return child
    try:
        if failpoint:
            os.environ["CARPEL_FAILPOINT"] = failpoint
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001  (a child says why and never returns into its parent's code)
        traceback.print_exc()
        os._exit(1)


def ended(child: int) -> int:
    """How a child ended: 0 well, negative by a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def at_failpoints(killing: Killing) -> None:
    """Killed once at every named place; each time the next run completes."""
    for number, name in enumerate(FAILPOINTS):
        if name.startswith("staging."):
            touch(killing.settings, number)
        if ended(fork(lambda n=number: killing.work(2 * n), name)) == -signal.SIGKILL:  # type: ignore[misc]
            killing.report.killed += 1
        else:
            killing.report.missed.append(name)
        killing.complete(2 * number + 1)


def at_random(killing: Killing, kills: int, seed: int) -> None:
    """Killed at random times of a run; now and then one completes."""
    chance = np.random.default_rng(seed)
    seconds = min(killing.complete(number) for number in range(3))
    number = 3
    while killing.report.killed < kills:
        number += 1
        if number % 8 == 0:
            touch(killing.settings, number)
        child = fork(lambda n=number: killing.work(n))  # type: ignore[misc]
        time.sleep(float(chance.random()) * seconds)
        os.kill(child, signal.SIGKILL)
        if ended(child) == -signal.SIGKILL:
            killing.report.killed += 1
        if number % 20 == 0:
            killing.complete(number)


def touch(settings: Settings, number: int) -> None:
    """Another order, so that the facts are staged anew."""
    orders = settings.folder / "data" / "orders.csv"
    more = f"N{number:05},{identity(number % 60)},2025-03-01 09:00:00,{number}.25\n"
    partial = orders.with_suffix(".partial")
    partial.write_text(orders.read_text(encoding="utf-8") + more, encoding="utf-8")
    partial.rename(orders)


def watched(killing: Killing, work: Callable[[], None]) -> Report:
    """Do something while another process reads the current run all the time."""
    warm = killing.settings.folder / "reader.json"
    killing.work(0)  # in this process: what it loads, its children have
    reader = fork(lambda: void(warm.write_text(json.dumps(asdict(killing.read())), encoding="utf-8")))
    try:
        work()
        killing.complete(1)
    finally:
        (killing.settings.folder / STOP).touch()
        how = ended(reader)
    read: dict[str, Any] = {"problems": [f"the reader ended with {how}"]}
    if how == 0:
        read = json.loads(warm.read_text(encoding="utf-8"))
    killing.report.problems += read.pop("problems")
    killing.report.polls, killing.report.seen = read.get("polls", 0), read.get("seen", 0)
    return killing.report


def void(value: object) -> None:
    """Nothing of it."""
    del value


def main(how: str, folder: str, address: str, kills: str = "0", seed: str = "0") -> None:
    """Run and print the report."""
    pa.set_cpu_count(1)
    staging.bucket_size = lambda *_: 25  # type: ignore[attr-defined]  # several files, though tiny
    killing = Killing(Path(folder), address)
    work = {
        "failpoints": lambda: at_failpoints(killing),
        "random": lambda: at_random(killing, int(kills), int(seed)),
    }[how]
    sys.stdout.write(json.dumps(asdict(watched(killing, work))))


if __name__ == "__main__":
    main(*sys.argv[1:])
