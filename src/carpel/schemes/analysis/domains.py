"""Sets of values on one ordered line, with or without "unknown": intervals, lists of words and everything between.

An interval lies between two cuts, and a cut lies between two values: just before or just after one. So open and closed
bounds, points and gaps are all the same thing, for numbers, dates, words and truth alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Cut: TypeAlias = tuple[Any, ...]
"""`(0, value, 0)` lies just before a value, `(0, value, 1)` just after it."""
LOWEST: Final[Cut] = (-1,)
"""Before every value."""
HIGHEST: Final[Cut] = (1,)
"""After every value."""
Span: TypeAlias = tuple[Cut, Cut]


def before(value: Any) -> Cut:
    """The cut just before a value."""
    return (0, value, 0)


def after(value: Any) -> Cut:
    """The cut just after a value."""
    return (0, value, 1)


@dataclass(frozen=True)
class Domain:
    """Which values something may have.

    Attributes:
        spans: Disjoint intervals in ascending order, each between two cuts.
        unknown: Whether it may be unknown.
    """

    spans: tuple[Span, ...]
    unknown: bool = False

    def __bool__(self) -> bool:
        return bool(self.spans) or self.unknown

    def __and__(self, other: Domain) -> Domain:
        """What both allow."""
        return Domain(_common(self.spans, other.spans), self.unknown and other.unknown)

    def __sub__(self, other: Domain) -> Domain:
        """What this allows and the other does not."""
        return Domain(_common(self.spans, _gaps(other.spans)), self.unknown and not other.unknown)

    def __or__(self, other: Domain) -> Domain:
        """What either allows."""
        return ANYTHING - ((ANYTHING - self) & (ANYTHING - other))


ANY_KNOWN: Final = Domain(((LOWEST, HIGHEST),))
"""Every known value."""
ANYTHING: Final = Domain(((LOWEST, HIGHEST),), unknown=True)
"""Every value, and unknown."""
ONLY_UNKNOWN: Final = Domain((), unknown=True)
NOTHING: Final = Domain(())


def points(values: Iterable[Any], *, unknown: bool = False) -> Domain:
    """Just these values."""
    return Domain(tuple((before(value), after(value)) for value in sorted(set(values))), unknown)


def between(low: Cut, high: Cut) -> Domain:
    """The known values between two cuts."""
    return Domain(((low, high),)) if low < high else NOTHING


def _common(first: tuple[Span, ...], second: tuple[Span, ...]) -> tuple[Span, ...]:
    found: list[Span] = []
    one = other = 0
    while one < len(first) and other < len(second):
        low = max(first[one][0], second[other][0])
        high = min(first[one][1], second[other][1])
        if low < high:
            found.append((low, high))
        if first[one][1] < second[other][1]:
            one += 1
        else:
            other += 1
    return tuple(found)


def _gaps(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    found: list[Span] = []
    start = LOWEST
    for low, high in spans:
        if start < low:
            found.append((start, low))
        start = high
    if start < HIGHEST:
        found.append((start, HIGHEST))
    return tuple(found)
