"""Lanes of threads, so that quick questions never stand behind slow ones.

A look-up reads the narrow index. Work that asks the engine may take seconds; however much of it there is, it has a few
threads, and what waits for them holds none. All else, such as pages, has the threads that FastAPI gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")

LOOK_UPS: Final = 2
"""A look-up reckons rather than waits, so more threads would only take turns."""
WORKERS: Final = 2

_look_ups: Final = RunVar[CapacityLimiter]("look_ups")
_workers: Final = RunVar[CapacityLimiter]("workers")


async def look_up(question: Callable[[], T]) -> T:
    """Answer what takes a moment."""
    return await to_thread.run_sync(question, limiter=_lane(_look_ups, LOOK_UPS))


async def work_out(question: Callable[[], T]) -> T:
    """Answer what asks the engine."""
    return await to_thread.run_sync(question, limiter=_lane(_workers, WORKERS))


def _lane(kept: RunVar[CapacityLimiter], width: int) -> CapacityLimiter:
    """The lane of this event loop."""
    found = kept.get(None)
    if found is None:
        found = CapacityLimiter(width)
        kept.set(found)
    return found
