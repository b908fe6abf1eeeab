"""The smallest change that would move a customer: few things first, then a little of each.

Only what the company's own action can change is tried, and only for the better: nobody works for fewer purchases.
Numbers are tried at both sides of every bound that a rule or a tier sets for them, as nothing in between can matter;
categories at every value that a rule asks for. Each candidate is placed by the very same scheme, so that what is said
is what would happen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from math import ceil, floor, inf, nextafter
from typing import Any, Final

from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, is_wanted
from carpel.schemes.bounds import WHOLE, edges, turning_point, wishes
from carpel.schemes.placing import Interpreter

_MOST_PAIRS: Final = 3_000
"""Pairs tried before giving up: an answer within milliseconds is worth more than one that nobody waits for."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What would move a customer.

    Attributes:
        attributes: Each with its value now and the value that it would need, as profiles store them.
        segment: Where the customer would be.
    """

    attributes: tuple[tuple[str, Any, Any], ...]
    segment: str


@dataclass(frozen=True)
class _Candidate:
    """Another value of one attribute, with how far away it is."""

    name: str
    value: Any
    distance: float


def smallest_change(reader: Interpreter, values: Mapping[str, object], catalogue: Catalogue) -> Change | Text:
    """The smallest change that moves a customer to another segment, or the reason why there is none.

    One attribute before two; among as many, the least total change, a number's change being counted in interquartile
    ranges of the base and a category's as one.
    """
    here = reader.leaf(values)
    attributes = [catalogue.available[name] for name in reader.bound.names if name in catalogue.available]
    changeable = [each for each in attributes if each.changeable]
    if not changeable:
        return text("schemes.no-change-attributes")
    if all(values[each.key] is None for each in changeable):
        return text("schemes.no-change-unknown")
    row = reader.row(values)
    candidates = [sorted(_wanted(each, row, reader), key=_distance) for each in changeable]
    for tried in _in_order(candidates):
        segment = reader.leaf({**values, **{each.name: each.value for each in tried}})
        if segment not in {None, here}:
            changed = tuple((each.name, values[each.name], each.value) for each in tried)
            return Change(attributes=changed, segment=str(segment))
    return text("schemes.no-change-found")


def _in_order(candidates: Sequence[Sequence[_Candidate]]) -> Iterator[tuple[_Candidate, ...]]:
    """Single changes, the least first; then pairs, the least first."""
    yield from ((each,) for each in sorted((one for some in candidates for one in some), key=_distance))
    pairs = [pair for first, second in combinations(candidates, 2) for pair in product(first, second)]
    yield from islice(sorted(pairs, key=lambda pair: pair[0].distance + pair[1].distance), _MOST_PAIRS)


def _distance(candidate: _Candidate) -> float:
    return candidate.distance


def _wanted(attribute: Attribute, row: Mapping[str, Any], reader: Interpreter) -> Iterator[_Candidate]:
    now = row[attribute.key]
    return (each for each in _candidates(attribute, row, reader) if is_wanted(attribute.key, now, each.value))


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
    if attribute.type in WHOLE:
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
