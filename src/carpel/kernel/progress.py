"""Long work says where it is, stage by stage; a face decides how to show it."""

from typing import Protocol

from carpel.kernel.texts import Text


class Progress(Protocol):
    """Receives what a run is doing."""

    def stage(self, name: Text) -> None:
        """A stage begins; the one before has ended."""
        ...

    def advance(self, done: int, total: int) -> None:
        """Some of the current stage's steps are done."""
        ...


class Silent:
    """Shows nothing."""

    def stage(self, name: Text) -> None:
        """Nothing."""

    def advance(self, done: int, total: int) -> None:
        """Nothing."""
