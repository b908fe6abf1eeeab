"""Progress on the terminal: a living line where a person watches, plain lines in a log."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Self

from rich.status import Status

from carpel.cli.click_translated import reader_language, say
from carpel.cli.output import err
from carpel.kernel.texts import Text


class TerminalProgress:
    """Shows each stage while it lasts and keeps a line with its time when it has ended."""

    def __init__(self) -> None:
        self._console = err()
        self._status: Status | None = None
        self._stage: str | None = None
        self._since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._end_stage()
        elif self._status:
            self._status.stop()

    def stage(self, name: Text) -> None:
        """A stage begins; the one before has ended."""
        self._end_stage()
        self._stage, self._since = name.render(reader_language()), monotonic()
        if self._console.is_terminal:
            self._status = self._console.status(self._stage)
            self._status.start()

    def advance(self, done: int, total: int) -> None:
        """Some of the current stage's steps are done."""
        if self._status and total > 1:
            self._status.update(f"{self._stage}  {done}/{total}")

    def _end_stage(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None
        if self._stage:
            seconds = say("seconds", value=round(monotonic() - self._since, 1))
            self._console.print(f"  [green]✓[/green] {self._stage}  [dim]{seconds}[/dim]")
            self._stage = None
