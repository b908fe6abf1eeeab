"""Expected movement: what earlier moves lead one to expect, and which arrows exceed it.

Customers of a segment are taken to move as those of earlier periods did (a Markov chain). The chance of each arrow is a
pseudo-Bayes estimate: the counts of its segment, drawn toward what all segments together do (their common rate of
staying, their common share of where leavers go) as a Dirichlet prior would, of the strength that the data themselves
suggest (Fienberg and Holland, Simultaneous estimation of multinomial cell probabilities, JASA 68, 1973). One period is
the mean time between earlier runs; whole periods multiply the matrix, a part of one counts in proportion.

How many customers an arrow then has is beta-binomial: chance, and how little earlier runs say of it, together. An arrow
exceeds what was expected where so many are too unlikely, all arrows considered together so that at most one in twenty
of those that are unlikely is so in vain (Benjamini and Hochberg, JRSS B 57, 1995); of a handful of customers nothing is
said, however unlikely, for nobody would act on it. Who comes into the base from outside is not judged: nobody knows how
many might have come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, exp, floor, lgamma, sqrt
from typing import Final, TypeAlias

import ibis
import numpy as np
import numpy.typing as npt

from carpel.kernel.engine import Engine
from carpel.runs.moves.comparing import Moves
from carpel.runs.moves.log import LOG, LoggedRun
from carpel.runs.planning.plans import Flow

LEVEL: Final = 0.05
"""Of the arrows that are named, at most this part in vain."""

LEAST: Final = 5
"""Fewer customers than these are not worth naming an arrow for."""

_TWO_SIDED: Final = 1.96
_UNSEEN: Final = 0.5
_CHUNK: Final = 4096
_NEGLIGIBLE: Final = 1e-12
Matrix: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = Mapping[tuple[str | None, str | None], int]


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What happened between one run and the next.

    Attributes:
        days: How long that was.
        counts: Customers by where they were and where they went, staying included; None is outside the base.
    """

    days: int
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """One arrow beside what was expected of it.

    Attributes:
        before: Where they were.
        after: Where they went; None is outside the base.
        customers: How many went.
        expected: How many were expected.
        low: Of the interval in which 19 of 20 such arrows lie.
        high: Of the same.
        chance: How likely so many or more are.
        exceeds: Whether that is more than expected, all arrows considered together.
    """

    before: str
    after: str | None
    customers: int
    expected: float
    low: int
    high: int
    chance: float
    exceeds: bool


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """Every arrow between two dates beside what was expected.

    Attributes:
        periods: How many earlier periods it rests on.
        period_days: How long one of them is, in the mean.
        arrows: From each segment to each other and out of the base; those that exceed it first.
    """

    periods: int
    period_days: float
    arrows: tuple[Arrow, ...]

    @property
    def exceeding(self) -> tuple[Arrow, ...]:
        """The arrows that nobody would have expected to be so large."""
        return tuple(each for each in self.arrows if each.exceeds)


def earlier_movements(logged: Sequence[LoggedRun], before: date, logic: str, engine: Engine) -> tuple[Movement, ...]:
    """What the log says of the periods that ended by a date, while customers were divided by the same logic."""
    log = ibis.table(LOG, name="log")
    query = log.group_by("day", "previous_segment", "segment").agg(customers=log.count())
    files = [each.file for each in logged]
    rows = engine.read(query, {"log": files}).to_pylist() if files else []
    sizes: dict[str | None, int] = {}
    found: list[Movement] = []
    for last, each in zip((None, *logged), logged, strict=False):
        moved = {(r["previous_segment"], r["segment"]): int(r["customers"]) for r in rows if r["day"] == each.day}
        if last and last.logic == each.logic == logic and each.day <= before:
            counts: dict[tuple[str | None, str | None], int] = dict(moved)
            counts |= {(key, key): size - _leaving(key, moved) for key, size in sizes.items() if key is not None}
            found.append(Movement(days=(each.day - last.day).days, counts=counts))
        for (old, new), customers in moved.items():
            sizes[old] = sizes.get(old, 0) - customers
            sizes[new] = sizes.get(new, 0) + customers
    return tuple(found)


def _leaving(key: str, moved: Counts) -> int:
    return sum(customers for (old, _), customers in moved.items() if old == key)


def expectation(moves: Moves, earlier: Sequence[Movement]) -> Expectation | None:
    """What was expected of every arrow; None where nothing earlier is known, or the two dates are divided otherwise."""
    if not earlier or moves.start.logic != moves.end.logic:
        return None
    return expected_of(moves.flows, (moves.end.day - moves.start.day).days, earlier)


def expected_of(flows: Sequence[Flow], days: int, earlier: Sequence[Movement]) -> Expectation:
    """Every arrow beside what earlier movements lead one to expect after so many days."""
    states = _states(flows, earlier)
    counts = _counted(earlier, states)
    period = sum(each.days for each in earlier) / len(earlier)
    chances = _after(_smoothed(counts), days / period)
    seen = {(each.before, each.after): each.customers for each in flows}
    arrows = []
    for row, old in enumerate(states[:-1]):
        if old is None:
            continue
        size = sum(customers for (before, _), customers in seen.items() if before == old)
        weight = float(counts[row].sum()) + 1.0
        for column, new in enumerate(states):
            if new != old and size:
                arrows.append(_arrow(old, new, seen.get((old, new), 0), size, float(chances[row, column]), weight))
    judged = _judged(arrows)
    ranked = sorted(judged, key=lambda each: (not each.exceeds, each.chance, each.before, each.after or ""))
    return Expectation(periods=len(earlier), period_days=period, arrows=tuple(ranked))


def _states(flows: Sequence[Flow], earlier: Sequence[Movement]) -> list[str | None]:
    """Every segment, then outside."""
    keys = {key for each in flows for key in (each.before, each.after)}
    keys |= {key for each in earlier for pair in each.counts for key in pair}
    return [*sorted(key for key in keys if key is not None), None]


def _counted(earlier: Sequence[Movement], states: Sequence[str | None]) -> Matrix:
    places = {key: place for place, key in enumerate(states)}
    counts: Matrix = np.zeros((len(states), len(states)))
    for each in earlier:
        for (old, new), customers in each.counts.items():
            if old is not None:
                counts[places[old], places[new]] += customers
    return counts


def _smoothed(counts: Matrix) -> Matrix:
    """The chance of each arrow in one period; outside is where nobody is followed any more."""
    total = counts.sum()
    stay = float(np.trace(counts[:-1, :-1]) + 1) / (float(total) + 2)
    reached = counts.sum(axis=0) - np.diag(counts) + _UNSEEN
    chances = np.zeros_like(counts)
    chances[-1, -1] = 1.0
    for row in range(len(counts) - 1):
        prior = (1 - stay) * reached / (reached.sum() - reached[row])
        prior[row] = stay
        chances[row] = _drawn(counts[row], prior)
    return chances


def _drawn(own: Matrix, prior: Matrix) -> Matrix:
    """One segment's shares, drawn toward the common ones by the strength that its own counts suggest."""
    size = float(own.sum())
    apart = float(((own - size * prior) ** 2).sum())
    strength = (size**2 - float((own**2).sum())) / apart if apart else size
    strength = max(1.0, min(strength, size))
    drawn: Matrix = (own + strength * prior) / (size + strength)
    return drawn


def _after(chances: Matrix, periods: float) -> Matrix:
    whole = floor(periods)
    one: Matrix = np.eye(len(chances))
    part = one + (periods - whole) * (chances - one)
    result: Matrix = np.linalg.matrix_power(chances, whole) @ part
    return result


def _arrow(old: str, new: str | None, customers: int, size: int, chance: float, weight: float) -> Arrow:
    expected = size * chance
    spread = sqrt(max(expected * (1 - chance) * (weight + size) / (weight + 1), 0.0))
    return Arrow(
        before=old,
        after=new,
        customers=customers,
        expected=expected,
        low=max(0, floor(expected - _TWO_SIDED * spread)),
        high=min(size, ceil(expected + _TWO_SIDED * spread)),
        chance=at_least(customers, size, chance * weight, (1 - chance) * weight),
        exceeds=False,
    )


def at_least(customers: int, size: int, a: float, b: float) -> float:
    """How likely a beta-binomial count is so large or larger; 1 up to its mean."""
    if customers <= size * a / (a + b) or a <= 0:
        return 1.0
    choose = lgamma(size + 1) - lgamma(customers + 1) - lgamma(size - customers + 1)
    beta = lgamma(customers + a) + lgamma(size - customers + b) - lgamma(size + a + b)
    term = exp(min(0.0, choose + beta + lgamma(a + b) - lgamma(a) - lgamma(b)))
    total, at = term, customers
    while at < size and term > _NEGLIGIBLE * total:
        k = np.arange(at, min(size, at + _CHUNK), dtype=np.float64)
        terms = term * np.cumprod((size - k) * (a + k) / ((k + 1) * (b + size - k - 1)))
        total, term, at = total + float(terms.sum()), float(terms[-1]), at + len(k)
    return min(1.0, total)


def _judged(arrows: Sequence[Arrow]) -> list[Arrow]:
    """The arrows worth naming whose chance is too small, all of them considered together (step-up)."""
    ranked = sorted(arrows, key=lambda each: each.chance)
    within = [rank for rank, each in enumerate(ranked, start=1) if each.chance <= LEVEL * rank / len(ranked)]
    least = max(within, default=0)
    return [
        replace(each, exceeds=rank <= least and each.customers >= LEAST) for rank, each in enumerate(ranked, start=1)
    ]
