"""The smallest change that would move a customer: few things first, then a little of each.

Only what the company's own action can change is tried, and only for the better: nobody works for fewer purchases, for
an urgent segment (one whose customers complain or are about to leave), or for the remainder of the whole scheme.
Numbers are tried at both sides of every bound that a rule or a tier sets for them, as nothing in between can matter;
categories at every value that a rule asks for. Each candidate is placed by the very same scheme, so that what is said
is what would happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, permutations, product
from math import ceil, floor, inf, nextafter
from typing import Any, Final, TypeAlias

from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Unit, is_wanted
from carpel.schemes.bounds import WHOLE, edges, meets, turning_point, wishes
from carpel.schemes.holding import Held, urgent
from carpel.schemes.placing import Interpreter
from carpel.schemes.values import Scheme

_MOST: Final = 3_000
"""Pairs tried before giving up: an answer within milliseconds is worth more than one that nobody waits for."""
_STEPS: Final = 40
"""How far a count is tried one by one, where a rule reads it together with the other thing that changes."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What would move a customer.

    Attributes:
        attributes: Each with its value now and the value that it would need, as profiles store them.
        segment: Where the customer would be.
        from_day: The day from which, where a hold keeps them until then; None where it would be at once.
    """

    attributes: tuple[tuple[str, Any, Any], ...]
    segment: str
    from_day: date | None = None


@dataclass(frozen=True)
class _Candidate:
    """Another value of one attribute, with how far away it is."""

    name: str
    value: Any
    distance: float


_Tried: TypeAlias = "tuple[_Candidate, ...]"


def smallest_change(
    reader: Interpreter, values: Mapping[str, object], catalogue: Catalogue, hold: Held | None = None
) -> Change | Text:
    """The smallest change that moves a customer to another segment, or the reason why there is none.

    One attribute before two; among as many, the least total change, a number's change being counted in interquartile
    ranges of the base and a category's as one. Of two attributes that one rule calculates with together it is the least
    where they count in whole numbers, and else near it.

    Args:
        reader: Places customers by the scheme.
        values: The customer's attributes.
        catalogue: Says which of them the company's action can change.
        hold: Where the customer is, and until when; neither that segment nor the one that the rules give is a change.
    """
    attributes = [catalogue.available[name] for name in reader.bound.names if name in catalogue.available]
    changeable = [each for each in attributes if each.changeable]
    if not changeable:
        return text("schemes.no-change-attributes")
    if all(values[each.key] is None for each in changeable):
        return text("schemes.no-change-unknown")
    search = _Search(reader, values, changeable, hold)
    found = search.one() or search.two()
    if found:
        return search.change(found)
    return text("schemes.no-change-in-time", pairs=_MOST) if search.cut_off else text("schemes.no-change-found")


class _Search:
    """Looks for the smallest change of one customer."""

    def __init__(
        self, reader: Interpreter, values: Mapping[str, object], changeable: Sequence[Attribute], hold: Held | None
    ) -> None:
        self._reader = reader
        self._values = values
        self._row = reader.row(values)
        self._attributes = changeable
        self._hold = hold
        here = reader.leaf_of(self._row)
        self._never = {None, here, hold.segment if hold else None} | _no_better(reader.bound.scheme, here)
        self._candidates = {each.key: self._sorted(_wanted(each, self._row, reader)) for each in changeable}
        self._left = _MOST

    @property
    def cut_off(self) -> bool:
        """Whether there were more pairs than are tried."""
        return self._left <= 0

    def one(self) -> _Tried | None:
        """The least change of one attribute."""
        singles = self._sorted(one for some in self._candidates.values() for one in some)
        return next(((each,) for each in singles if self._moves((each,))), None)

    def two(self) -> _Tried | None:
        """The least change of two attributes."""
        pairs = [pair for one, other in combinations(self._candidates.values(), 2) for pair in product(one, other)]
        apart = (pair for pair in sorted(pairs, key=_total) if self._moves(pair, counted=True))
        found: _Tried | None = next(apart, None)
        for first, second in permutations(self._attributes, 2):
            if meets(self._reader.bound, self._reader.cuts, first.key, second.key):
                found = self._together(first, second, found)
        return found

    def change(self, tried: _Tried) -> Change:
        """What was found, in the customer's terms."""
        segment = str(self._leaf(tried))
        return Change(
            attributes=tuple((each.name, self._values[each.name], each.value) for each in tried),
            segment=segment,
            from_day=self._hold.until if self._hold else None,
        )

    def _together(self, first: Attribute, second: Attribute, best: _Tried | None) -> _Tried | None:
        """A lesser change than the best where the second's bounds depend on what the first has become."""
        ways = self._sorted((*self._candidates[first.key], *_one_by_one(first, self._row, self._reader)))
        for one in ways:
            if self.cut_off or (best and one.distance >= _total(best)):
                break
            changed = {**self._row, first.key: one.value}
            for other in _wanted(second, changed, self._reader):
                pair = (one, other)
                if (best is None or _total(pair) < _total(best)) and self._moves(pair, counted=True):
                    best = pair
        return best

    def _moves(self, tried: _Tried, *, counted: bool = False) -> bool:
        if counted:
            self._left -= 1
        return self._left >= 0 and self._leaf(tried) not in self._never

    def _leaf(self, tried: _Tried) -> str | None:
        return self._reader.leaf_of(self._reader.changed(self._row, {each.name: each.value for each in tried}))

    def _sorted(self, candidates: Iterable[_Candidate]) -> list[_Candidate]:
        return sorted(candidates, key=_distance)


def _no_better(scheme: Scheme, here: str | None) -> frozenset[str]:
    """The leaves that nobody works to bring a customer to; from an urgent one every other leaf is better."""
    hasty = urgent(scheme)
    if here in hasty:
        return hasty
    rest = (leaf.key for segment in scheme.segments if segment.when is None for leaf in segment.leaves)
    return hasty.union(rest)


def _total(tried: _Tried) -> float:
    return sum(each.distance for each in tried)


def _one_by_one(attribute: Attribute, row: Mapping[str, Any], reader: Interpreter) -> Iterator[_Candidate]:
    """The counts nearest to now."""
    now = row[attribute.key]
    if attribute.type is not ValueType.INTEGER or now is None:
        return
    scale = reader.cuts.scales.get(attribute.key, 1.0)
    for steps in range(1, _STEPS + 1):
        for value in (now + steps, now - steps):
            if value >= 0 and is_wanted(attribute, now, value):
                yield _Candidate(attribute.key, value, steps / scale)


def _distance(candidate: _Candidate) -> float:
    return candidate.distance


def _wanted(attribute: Attribute, row: Mapping[str, Any], reader: Interpreter) -> Iterator[_Candidate]:
    now = row[attribute.key]
    return (each for each in _candidates(attribute, row, reader) if is_wanted(attribute, now, each.value))


def _candidates(attribute: Attribute, row: Mapping[str, Any], reader: Interpreter) -> Iterator[_Candidate]:
    now = row[attribute.key]
    if now is None:
        return
    if attribute.type.is_numeric:
        scale = reader.cuts.scales.get(attribute.key, 1.0)
        for value in dict.fromkeys(_numbers(attribute, row, reader)):
            yield _Candidate(attribute.key, value, abs(value - now) / scale)
    elif attribute.type is ValueType.BOOLEAN:
        yield _Candidate(attribute.key, not now, 1.0)
    elif attribute.type is ValueType.SET:
        for element in wishes(reader.bound).elements.get(attribute.key, ()):
            yield _Candidate(attribute.key, tuple(sorted({*now} ^ {element})), 1.0)
    elif attribute.type.is_text:
        for element in dict.fromkeys((*wishes(reader.bound).values.get(attribute.key, ()), *attribute.values)):
            if element != now:
                yield _Candidate(attribute.key, element, 1.0)


def _numbers(attribute: Attribute, row: Mapping[str, Any], reader: Interpreter) -> Iterator[float]:
    """The values just at and just beyond each turning point that are possible and different from now."""
    now, digits = row[attribute.key], reader.cuts.digits
    scale = 10**digits if attribute.type is ValueType.MONEY else 1
    for edge in edges(reader.bound, reader.cuts).get(attribute.key, ()):
        point = turning_point(edge, row, digits)
        if point is None:
            continue
        for value in _around(attribute, now, Fraction(point) * scale):
            possible = (value >= 0 or now < 0) and (attribute.type is not ValueType.SHARE or value <= 1)
            if possible and value != now:
                yield value


def _around(attribute: Attribute, now: float, point: Fraction) -> Iterator[float]:
    """The turning point, and the value just beyond it as seen from now; both neighbours where it is now's own."""
    # Nobody speaks of parts of a day.
    if attribute.type in WHOLE or attribute.unit is Unit.DAYS:
        yield from {floor(point), ceil(point)}
        if point >= now - 1:
            yield ceil(point) + 1
        if point <= now + 1:
            yield floor(point) - 1
    else:
        at = float(point)
        yield at
        if at >= now:
            yield nextafter(at, inf)
        if at <= now:
            yield nextafter(at, -inf)
