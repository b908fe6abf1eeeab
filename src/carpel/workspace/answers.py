"""What is asked of a run again and again, worked out once: a run never changes, so neither does its answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar

KEPT: Final = 256

T = TypeVar("T")


@dataclass
class _Answer:
    """What is known, and the right to work it out."""

    known: tuple[Any, ...] = ()
    working: Lock = field(default_factory=Lock)


class Answers:
    """The answers that were asked for last. Whoever asks what another thread is working out waits for that.

    Args:
        limit: How many are kept; the least recently used leave first.
    """

    def __init__(self, limit: int = KEPT) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, question: Hashable, work: Callable[[], T]) -> T:
        """The answer to a question, which names the run that it is about; an error is not remembered."""
        kept = self._place(question)
        with kept.working:
            if not kept.known:
                kept.known = (work(),)
            answer: T = kept.known[0]
            return answer

    def _place(self, question: Hashable) -> _Answer:
        with self._lock:
            kept = self._kept.setdefault(question, _Answer())
            self._kept.move_to_end(question)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
            return kept
