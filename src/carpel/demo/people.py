"""Who the customers are, when they came, and what they tend to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.assortment import content
from carpel.demo.blocks import Block, Flags, Floats, Ints, Topic, drawn, happens
from carpel.demo.planted import Planted

CONSUMER, BUSINESS, RESELLER, GOVERNMENT = range(4)
STORE, WEB, PHONE, REP, APP = range(5)
CHANNELS: Final = ("store", "web", "phone", "rep", "app")
PARTY_SHARES: Final = (0.82, 0.115, 0.04, 0.025)
STAFF: Final = 40
"""People on the team that serves one block."""

_CHANNEL_WEIGHTS: Final = np.array(
    [
        [0.46, 0.26, 0.06, 0.00, 0.22],
        [0.18, 0.24, 0.22, 0.34, 0.02],
        [0.12, 0.18, 0.20, 0.48, 0.02],
        [0.10, 0.10, 0.20, 0.60, 0.00],
    ]
)
_INQUIRES: Final = np.array([0.20, 0.55, 0.45, 0.60])
_ONCE_ONLY: Final = np.array([0.22, 0.08, 0.04, 0.05])
_MEAN_LIFE: Final = np.array([950.0, 1400.0, 1400.0, 2000.0])
_USUAL_SIZE: Final = np.array([2.0, 5.0, 9.0, 7.0])
_SIZE_SPREAD: Final = np.array([0.30, 1.00, 1.05, 0.80])


@dataclass(frozen=True, kw_only=True)
class People:
    """The customers of a block, one entry each; days count from the first day of data.

    Attributes:
        number: Counted over the company, from 1.
        party: Consumer, business, reseller or government.
        language: Position in `LANGUAGES`.
        city: Position in the list of cities.
        channel: Where they usually buy.
        parent: Position of the head office; -1 where there is none.
        manager: Their account manager's place in the block's team; -1 where there is none.
        created: The day the company first met them; before the data for older customers.
        inquired: Whether they came as a lead with a question.
        response_hours: How long that question waited.
        buys: Whether they ever bought.
        start: The day of the first purchase, may be before the data.
        leaves: The day after which they would not buy any more, if all went well.
        size: How many units they usually take.
        trend: Factor by which that changes in a year.
        rating: Credit rating, 0 is the best.
        dollars: Whether they pay in US dollars.
    """

    number: Ints
    party: Ints
    language: Ints
    city: Ints
    channel: Ints
    parent: Ints
    manager: Ints
    created: Ints
    inquired: Flags
    response_hours: Floats
    buys: Flags
    start: Ints
    leaves: Ints
    size: Floats
    trend: Floats
    rating: Ints
    dollars: Flags

    def __len__(self) -> int:
        return len(self.number)

    @property
    def organisation(self) -> Flags:
        """Whether the customer is not a person."""
        organisation: Flags = self.party != CONSUMER
        return organisation


def people(block: Block, planted: Planted) -> People:
    """The customers of a block."""
    random = block.random(Topic.PEOPLE)
    party = random.choice(4, block.size, p=PARTY_SHARES)
    city, language = _places(random, block.size)
    created, inquired, hours, buys, start = _arrivals(random, block, party, planted)
    foreign = np.array([each["country"] != "PH" for each in content("names")["cities"]])[city]
    return People(
        number=block.first + np.arange(block.size, dtype=np.int64),
        party=party,
        language=language,
        city=city,
        channel=drawn(random, _CHANNEL_WEIGHTS, party),
        parent=_parents(random, party),
        manager=np.where(party == CONSUMER, -1, random.integers(4, STAFF, block.size)),
        created=created,
        inquired=inquired,
        response_hours=hours,
        buys=buys,
        start=start,
        leaves=_leaves(random, party, start),
        size=_USUAL_SIZE[party] * np.exp(random.normal(0.0, 1.0, block.size) * _SIZE_SPREAD[party]),
        trend=_trends(random, block.size, planted),
        rating=drawn(random, np.array([[0.5, 0.35, 0.15]]), np.zeros(block.size, dtype=np.int64)),
        dollars=foreign & (party != CONSUMER) & happens(random, block.size, 0.8),
    )


def _places(random: np.random.Generator, size: int) -> tuple[Ints, Ints]:
    cities = content("names")["cities"]
    weights = np.array([[each["weight"] for each in cities]])
    city = drawn(random, weights, np.zeros(size, dtype=np.int64))
    return city, drawn(random, np.array([each["languages"] for each in cities]), city)


def _arrivals(
    random: np.random.Generator, block: Block, party: Ints, planted: Planted
) -> tuple[Ints, Flags, Floats, Flags, Ints]:
    """When they came, whether as leads, how long those waited, who bought and from when on."""
    size, last = block.size, block.calendar.last
    inquired = random.random(size) < _INQUIRES[party]
    # The company grows: later days bring more new customers. A quarter of those without a question came before.
    arrived = (random.random(size) ** 0.8 * (last + 1)).astype(np.int64)
    older = ~inquired & happens(random, size, 0.25)
    created = np.where(older, -random.integers(1, 1500, size), arrived)
    hours = np.where(inquired, np.exp(random.normal(np.log(8.0), 1.5, size)), np.nan)
    chances = [chance for _, chance in planted.conversion]
    limits = [up_to for up_to, _ in planted.conversion]
    chance = np.where(inquired, np.array(chances)[np.searchsorted(limits[:-1], np.nan_to_num(hours))], 0.94)
    delay = np.where(inquired, 1 + np.nan_to_num(hours) // 24 + random.integers(0, 21, size), 0).astype(np.int64)
    start = created + delay
    buys = (random.random(size) < chance) & (start <= last)
    return created, inquired, hours, buys, start


def _leaves(random: np.random.Generator, party: Ints, start: Ints) -> Ints:
    """Older customers are those who were still there when the data begin."""
    size = len(party)
    life = random.exponential(_MEAN_LIFE[party]).astype(np.int64)
    once = (random.random(size) < _ONCE_ONLY[party]) & (start >= 0)
    return np.maximum(start, 0) + np.where(once, 0, life)


def _trends(random: np.random.Generator, size: int, planted: Planted) -> Floats:
    turn = random.random(size)
    growing, shrinking = planted.growing, planted.shrinking
    return np.select([turn < growing[0], turn > 1.0 - shrinking[0]], [growing[1], shrinking[1]], 1.0)


def _parents(random: np.random.Generator, party: Ints) -> Ints:
    """A quarter of businesses are branches; the first few are head offices."""
    parent = np.full(len(party), -1)
    businesses = np.flatnonzero(party == BUSINESS)
    heads = businesses[: max(1, len(businesses) // 20)]
    others = businesses[len(heads) :]
    branches = others[happens(random, len(others), 0.25)]
    if len(branches):
        parent[branches] = random.choice(heads, len(branches))
    return parent
