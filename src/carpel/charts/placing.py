"""Where things lie: values along an axis, and names that must not cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isclose, log10
from typing import Final

_STEPS: Final = (1, 2, 2.5, 5, 10)
_LAST_DIGIT: Final = 1e-15


@dataclass(frozen=True)
class Scale:
    """From values to pixels.

    Attributes:
        low: The value at the beginning.
        high: The value at the end.
        start: The pixel of the beginning.
        end: The pixel of the end.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies; half way where all values are the same."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, about: int = 4) -> tuple[float, ...]:
    """Round values that hold all between two values, about so many."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** floor(log10(span / about))
    step = next(power * each for each in _STEPS if power * each * about >= span * (1 - 1e-9))
    first = floor(low / step)
    found = [first * step]
    # What a computer adds up is off by its last digit; a mark more would be drawn for that.
    while found[-1] < high and not isclose(found[-1], high, rel_tol=_LAST_DIGIT, abs_tol=span * _LAST_DIGIT):
        found.append((first + len(found)) * step)
    return tuple(found)


def apart(wished: Sequence[float], distance: float, height: float) -> list[float]:
    """Lines as near to those wished as leaves each so far below the one before, from the top down.

    Where there is not room for all within the height, the first are pushed above it.
    """
    placed, least = [], distance / 2
    for wish in wished:
        placed.append(max(wish, least))
        least = placed[-1] + distance
    most = height - distance / 2
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], most)
        most = placed[number] - distance
    return placed
