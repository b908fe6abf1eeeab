"""Leads most like chosen customers, on attributes that both have; and whether such leads bought, once before.

Members and leads are told apart by a calibrated learner; how likely somebody is a member is how like them they are.
What only those can have who have bought has no part in it. As of an earlier moment the same is done with whoever was a
member then, and the leads of that time are followed: how many bought, by how alike they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.models.cards import Band, Card, Supply, Weight
from carpel.models.frames import Asked, Frame, features_of, purchased
from carpel.models.frames.moments import NUMBER, happened_to, known_as_of, learnable, sampled
from carpel.models.learning import Ground
from carpel.models.propensity import LEARNERS, Propensity, at_random, reasons
from carpel.models.propensity.saying import saying
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung
from carpel.profiles import Attribute

FEWEST: Final = 30
"""Members, and as many leads, from which on likeness is told."""
HORIZON: Final = 90
"""Days in which leads of an earlier moment are followed."""
KNOWN: Final = 0.3
"""Of how many members, and of how many leads, an attribute must be known."""
BOUGHT: Final = Asked(key="frequency", least=1)
_BUYING: Final = frozenset({"orders", "order_lines", "invoices", "payments", "contracts", "usage", "costs"})
"""Tables that speak of customers alone."""
_TELLING: Final = frozenset({"relationship", "lifecycle_stage", "loyalty", "value_band"})
"""Attributes that say who is a customer."""
_TENTHS: Final = 10
_Z: Final = 1.96

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Alike:
    """One lead.

    Attributes:
        number: Their number.
        likeness: From 0 to 1.
        reasons: What speaks for it and against it.
    """

    number: int
    likeness: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many leads are at least so alike.

    Attributes:
        likeness: From 0 to 1.
        leads: How many are at least that.
        share: Their part of all leads.
    """

    likeness: float
    leads: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How like chosen customers leads are.

    Attributes:
        card: What is told of it; expected against actual is the share of leads of an earlier moment who bought.
        leads: All of them, the most alike first; empty where too little is known.
        reach: How many leads each tenth of them reaches, the most alike first.
    """

    card: Card
    leads: tuple[Alike, ...]
    reach: tuple[Reach, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sides:
    """Members and leads as of a moment.

    Attributes:
        frame: Both, by what both have.
        member: 1 for members.
        numbers: Of each.
    """

    frame: Frame
    member: npt.NDArray[np.float64]
    numbers: Numbers

    @property
    def fewer(self) -> int:
        """Members or leads, whichever are fewer."""
        members = int(self.member.sum())
        return min(members, len(self.member) - members)


def alike(ground: Ground, members: Numbers, asks: Text, *, most: int | None = None) -> Likeness:
    """How like some customers each lead is.

    Args:
        ground: What may be known.
        members: The numbers of those customers.
        asks: The question, in words.
        most: Reasons are told of so many leads; None tells them of all.
    """
    now = _sides(ground, members, ground.as_of)
    card = _card(ground, asks, now)
    if now is None or now.fewer < FEWEST or not now.frame.features:
        return Likeness(card=card, leads=(), reach=())
    learned = _learned(now)
    leads = np.flatnonzero(now.member == 0)
    likeness = learned.probability(now.frame)[leads]
    order = np.lexsort((now.numbers[leads], -likeness))
    told = leads[order[: len(order) if most is None else most]]
    why = reasons(learned, now.frame.take(told), "likeness", said=saying(ground))
    found = tuple(
        Alike(
            number=int(now.numbers[leads[place]]),
            likeness=float(likeness[place]),
            reasons=why[rank] if rank < len(why) else (),
        )
        for rank, place in enumerate(order)
    )
    card = replace(card, rung=learned.rung, wanted=learned.wanted, weights=tuple(_weights(learned)))
    card = replace(card, method=LEARNERS[learned.learner].title if learned.learner else None)
    return Likeness(card=_judged(card, ground, members), leads=found, reach=tuple(_reach(likeness[order])))


def _sides(ground: Ground, members: Numbers, at: AsOf) -> _Sides | None:
    """Those of the members who had bought by then, and everybody who had not; by attributes that both have."""
    available = ground.catalogue.available
    if BOUGHT.key not in available:
        return None
    shared = [each for each in _attributes(ground, at) if _both_may_have(each)]
    keys = list(dict.fromkeys([*(each.key for each in shared), BOUGHT.key, *({"relationship"} & available.keys())]))
    buckets = sampled(ground.facts)
    table = known_as_of(ground.facts, ground.catalogue, at, ground.engine, keys=keys, buckets=buckets).sort_by(NUMBER)
    if "relationship" in table.column_names:
        table = table.filter(table["relationship"].is_valid())
    bought = BOUGHT.holds(table)
    chosen = np.isin(np.asarray(table[NUMBER], dtype=np.int64), members) & bought
    table = table.filter(pa.array(chosen | ~bought))
    member = chosen[chosen | ~bought].astype(np.float64)
    labels = {each.key: each.label for each in shared}
    told = [each.key for each in shared if _is_known(table[each.key], member)]
    features = features_of(table.select(told), labels=labels) if table.num_rows else ()
    numbers = np.asarray(table[NUMBER], dtype=np.int64)
    return _Sides(frame=Frame.of(table, features), member=member, numbers=numbers)


def _attributes(ground: Ground, at: AsOf) -> Sequence[Attribute]:
    """Of today also what a source overwrites; of an earlier moment only what was known then."""
    if at != ground.as_of:
        return learnable(ground.catalogue, at)
    seen = {each.key for each in learnable(ground.catalogue, at)}
    today = [each for each in ground.catalogue.available.values() if each.as_known_today and not each.personal]
    return [each for each in ground.catalogue.available.values() if each.key in seen or each in today]


def _both_may_have(attribute: Attribute) -> bool:
    return not (attribute.needs & _BUYING) and attribute.key not in _TELLING and attribute.type is not ValueType.ID


def _is_known(column: pa.ChunkedArray, member: npt.NDArray[np.float64]) -> bool:
    """Of enough members and of enough leads."""
    known = np.asarray(column.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
    sides = (known[member > 0], known[member == 0])
    return all(len(side) and side.mean() >= KNOWN for side in sides)


def _learned(sides: _Sides) -> Propensity:
    # By the customer, as many leads look the same: all of them would be in one block.
    prints = np.asarray(pd.util.hash_array(sides.numbers), dtype=np.uint64)
    return Propensity.fit(sides.frame, sides.member, at_random(prints))


def _reach(likeness: npt.NDArray[np.float64]) -> Iterator[Reach]:
    for tenth in range(1, _TENTHS + 1):
        leads = max(1, round(len(likeness) * tenth / _TENTHS))
        yield Reach(likeness=float(likeness[leads - 1]), leads=leads, share=leads / len(likeness))


def _weights(learned: Propensity) -> Iterator[Weight]:
    labels = {each.key: each.label for each in learned.features}
    for key, weight in learned.weights:
        yield Weight(key=key, label=labels[key], weight=weight)


def _card(ground: Ground, asks: Text, sides: _Sides | None) -> Card:
    members = int(sides.member.sum()) if sides else 0
    leads = len(sides.member) - members if sides else 0
    supplies = (
        Supply(of=text("models.supply-members"), had=members, needed=FEWEST),
        Supply(of=text("models.supply-leads"), had=leads, needed=FEWEST),
        Supply(of=text("models.supply-shared"), had=len(sides.frame.features) if sides else 0, needed=1),
    )
    short = next((each for each in supplies if not each.suffices), None)
    return Card(
        key="likeness",
        asks=asks,
        as_of=ground.as_of,
        rung=Rung.RULE,
        wanted=text("models.wanted-more", had=short.had, count=short.needed, of=short.of) if short else None,
        method=None,
        supplies=supplies,
        measure=text("models.measure-conversion"),
        customers=members + leads,
        remarks=(text("models.likeness-how"),),
    )


def _judged(card: Card, ground: Ground, members: Numbers) -> Card:
    """How many leads of an earlier moment bought after it, by how alike they were then."""
    start = AsOf.start_of(ground.as_of.day - timedelta(days=HORIZON), ground.as_of.time_zone)
    first = ground.facts.first_event
    sides = _sides(ground, members, start) if first and first < start.day else None
    if sides is None or sides.fewer < FEWEST or not sides.frame.features:
        return replace(card, remarks=(*card.remarks, text("models.likeness-not-judged")))
    leads = np.flatnonzero(sides.member == 0)
    likeness = _learned(sides).probability(sides.frame)[leads]
    buckets = sampled(ground.facts)
    those = happened_to(ground.facts, purchased, start, ground.as_of, ground.engine, buckets=buckets)
    bought = np.isin(sides.numbers[leads], those).astype(np.float64)
    order = np.lexsort((sides.numbers[leads], -likeness))
    parts = [rows for rows in np.array_split(order, _TENTHS) if len(rows)]
    top, rate = bought[parts[0]], float(bought.mean())
    gain = float(top.mean()) - rate
    reach = _Z * float(np.sqrt(max(top.mean() * (1 - top.mean()), rate * (1 - rate)) / len(top)))
    bands = tuple(
        Band(
            of=text("models.likeness-tenth", number=number),
            customers=len(rows),
            expected=rate,
            actual=float(bought[rows].mean()),
        )
        for number, rows in enumerate(parts, start=1)
    )
    return replace(
        card,
        baseline=text("models.likeness-baseline"),
        gain=gain,
        gain_low=gain - reach,
        gain_high=gain + reach,
        judged_from=start.day,
        judged_until=ground.as_of.day,
        bands=bands,
        counted=text("models.likeness-counted"),
    )
