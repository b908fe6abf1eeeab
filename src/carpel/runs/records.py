"""What the store remembers of runs, and what runs ask of a store."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from carpel.governance import SchemeStore
from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Text


class RunState(StrEnum):
    """Where a run is in its life."""

    RUNNING = "running"
    """It has begun and, for all that the store knows, goes on."""
    CURRENT = "current"
    """It is what every reader sees."""
    FINISHED = "finished"
    """It was current once."""
    FAILED = "failed"
    """A check failed; it is kept for inspection and never was current."""
    REFUSED = "refused"
    """Its sources, its scheme or the disk did not allow it; nothing of it is left but this record, which says why."""
    ABANDONED = "abandoned"
    """It was killed or stopped; nothing of it is left but this record."""
    PRUNED = "pruned"
    """It was removed as the workspace's policy says."""

    @property
    def is_published(self) -> bool:
        """Whether it is or was what every reader sees."""
        return self in {RunState.CURRENT, RunState.FINISHED}


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The process that makes a run.

    Attributes:
        process: Its process id.
        host: Its machine.
        since: When it began.
    """

    process: int
    host: str
    since: datetime

    @classmethod
    def myself(cls) -> Holder:
        """This process, from now on."""
        return cls(process=os.getpid(), host=socket.gethostname(), since=datetime.now(UTC))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run that came to its end has to show.

    Attributes:
        ended: When.
        as_of: The moment that it knows up to.
        customers: How many customers it has a row for.
        fingerprint: Of its assignments.
        manifest: SHA-256 of its manifest.json.
    """

    ended: datetime
    as_of: AsOf
    customers: int
    fingerprint: str
    manifest: str


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One run as the store remembers it.

    Attributes:
        id: Sorts by the time at which it began.
        state: Where it is in its life.
        started: When it began.
        holder: The process that made it.
        ended: When it came to its end, however it ended.
        outcome: What it has to show; None unless it came to its proper end.
        problem: Why it did not become current, where that is known: the first check that failed, or what refused it.
    """

    id: str
    state: RunState
    started: datetime
    holder: Holder
    ended: datetime | None = None
    outcome: Outcome | None = None
    problem: Text | None = None

    @property
    def as_of(self) -> AsOf | None:
        """The moment that it knows up to."""
        return self.outcome.as_of if self.outcome else None

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.ended - self.started).total_seconds() if self.ended else None


class RunInProgress(CarpelError):  # noqa: N818  it names a state of things
    """Another run of this workspace is going on."""

    def __init__(self, holder: Holder | None, *, place: str | None = None) -> None:
        if holder is None:
            super().__init__("runs.in-progress", place=place)
        else:
            # As text: a process number has no thousands separator.
            process = str(holder.process)
            super().__init__("runs.in-progress-by", place=place, process=process, host=holder.host, since=holder.since)
        self.holder = holder


class RunOvertaken(CarpelError):  # noqa: N818  it names a state of things
    """Another run took this one for dead and went ahead; this one must not become current."""


class RunStore(Protocol):
    """Remembers runs, and which of them is current. Every method is one transaction.

    Attributes:
        schemes: The versions of schemes, in the same store.
    """

    schemes: SchemeStore

    def lock(self, *, wait: float) -> AbstractContextManager[None]:
        """Hold the right to make a run; it ends with the block, or with the process however that dies.

        Raises:
            RunInProgress: Somebody else holds it, and still did after `wait` seconds.
        """
        ...

    def start(self, run: str, holder: Holder) -> None:
        """A run begins."""
        ...

    def make_current(self, run: str, outcome: Outcome) -> None:
        """The run is sound and, from this moment on, is what every reader sees.

        Raises:
            RunOvertaken: The run is no longer thought to be running.
        """
        ...

    def fail(self, run: str, outcome: Outcome, problem: Text) -> None:
        """The run came to its end, but a check failed."""
        ...

    def refuse(self, run: str, problem: Text) -> None:
        """The run cannot be made; one that has ended stays as it is."""
        ...

    def abandon(self, run: str, problem: Text | None = None) -> None:
        """The run was stopped, or its process is gone; one that has ended stays as it is."""
        ...

    def forget(self, runs: Collection[str]) -> None:
        """These runs are about to be removed. Never the current one."""
        ...

    def current(self) -> RunRecord | None:
        """The current run."""
        ...

    def find(self, run: str) -> RunRecord | None:
        """The run of that id."""
        ...

    def states(self) -> Mapping[str, RunState]:
        """Every run that the store has heard of, oldest first."""
        ...

    def list(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """Runs, newest first, without those that were removed."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...
