"""What a race of two schemes comes to; no winner is named where chance could have made the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from carpel.kernel.texts import Labels, Text, text
from carpel.schemes.racing.measuring import Round
from carpel.schemes.suggesting.sums import CONFIDENCE

LESS_STABLE: Final = 0.02
"""By how much fewer customers a winner must keep in their segments for it to be said."""

_SURE: Final = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One of the two schemes.

    Attributes:
        name: What it was called in the question.
        label: What people call it.
        explained: R² of the next period's money, out of sample; 0.1 is 10 %.
        best_share: The part of that money that the best fifth of customers brought, by its segments.
        stays: The part of customers who are in the same segment one period later; None where that cannot be seen.
        segments: How many leaves it has.
        smallest: The part of the base in its smallest leaf, at the latest date.
        largest: The same of its largest.
        empty: Leaves without anybody then.
        known_today: The attributes that it reads of which the replays had only today's values, as nobody kept those
            of then. They may say what came later.
    """

    name: str
    label: Labels
    explained: float
    best_share: float
    stays: float | None
    segments: int
    smallest: float
    largest: float
    empty: int
    known_today: tuple[Labels | Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Race:
    """Two schemes side by side.

    Attributes:
        lanes: The two.
        difference: How much more of the money's variation the second explains.
        low: The lower end of its 95 % interval.
        high: The upper end.
    """

    lanes: tuple[Lane, Lane]
    difference: float
    low: float
    high: float

    @property
    def winner(self) -> Lane | None:
        """Who explains more, beyond chance; None where nobody does."""
        if self.low > 0:
            return self.lanes[1]
        return self.lanes[0] if self.high < 0 else None

    @property
    def verdict(self) -> Text:
        """What came out, in a sentence."""
        first, second = self.lanes
        low, high = _points(self.low), _points(self.high)
        if self.winner is None:
            return text("schemes.race-even", first=first.name, second=second.name, low=low, high=high)
        loser = first if self.winner is second else second
        if self.winner is first:
            low, high = -high, -low
        return text(
            "schemes.race-won",
            winner=self.winner.name,
            loser=loser.name,
            more=_points(self.winner.explained),
            less=_points(loser.explained),
            low=low,
            high=high,
        )

    @property
    def cautions(self) -> tuple[Text, ...]:
        """What speaks against the winner; nothing where nobody wins."""
        winner = self.winner
        if winner is None:
            return ()
        loser = self.lanes[0] if winner is self.lanes[1] else self.lanes[1]
        return tuple(each for each in (_may_have_peeked(winner), _less_stable(winner, loser)) if each)


def _may_have_peeked(winner: Lane) -> Text | None:
    """It reads what was only known later."""
    if not winner.known_today:
        return None
    first, *others = winner.known_today
    listed = first
    for other in others:
        listed = text("language.says-list", first=listed, last=other)
    return text("schemes.race-known-today", winner=winner.name, attributes=listed)


def _less_stable(winner: Lane, loser: Lane) -> Text | None:
    """It keeps fewer customers in their segments."""
    if winner.stays is None or loser.stays is None or loser.stays - winner.stays < LESS_STABLE:
        return None
    less, more = _points(winner.stays), _points(loser.stays)
    return text("schemes.race-less-stable", winner=winner.name, loser=loser.name, less=less, more=more)


def judged(rounds: Sequence[Round]) -> tuple[tuple[float, float], float, float, float]:
    """R² of both schemes over all periods, and their difference with its interval.

    The same customers take part in every period, so errors of periods are added up as if they went together, which is
    the most that they can do.
    """
    variation = sum(each.variation() for each in rounds)
    if not variation:
        return (0.0, 0.0), 0.0, 0.0, 0.0
    explained = tuple(1 - sum(each.left(lane) for each in rounds) / variation for lane in (0, 1))
    found = [each.difference() for each in rounds]
    difference = sum(value for value, _ in found) / variation
    reach = _SURE * sum(error for _, error in found) / variation
    return (explained[0], explained[1]), difference, difference - reach, difference + reach


def _points(share: float) -> float:
    """Per cent to one decimal."""
    return round(100 * share, 1) + 0.0
