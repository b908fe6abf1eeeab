"""Sales being worked: opportunities with stages, won and lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Flags, Floats, Ints, Topic
from carpel.demo.people import CONSUMER, People
from carpel.demo.service import Service

STAGES: Final = ("qualified", "proposal", "negotiation", "won", "lost")
WON, LOST = 3, 4

_OF_LEADS: Final = 0.6
_OF_CUSTOMERS: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """Opportunities, one entry each.

    Attributes:
        owner: The customer, by position.
        product: What is offered.
        stage: Position in `STAGES`, as of the last day.
        opened: The day it began.
        closed: The day it was won or lost; -1 while open.
        amount: Expected, in hundredths of the customer's currency.
    """

    owner: Ints
    product: Ints
    stage: Ints
    opened: Ints
    closed: Ints
    amount: Ints


def pipeline(block: Block, people: People, care: Service, goods: Assortment, rates: Floats) -> Pipeline:
    """Organisations that do not buy yet, and customers who may buy something larger."""
    random = block.random(Topic.PIPELINE)
    owner, opened = _opened(random, block, people, care)
    size = len(owner)
    days = 10 + random.gamma(2.0, 25.0, size).astype(np.int64)
    won = _won(random, people, owner)
    closed = np.where(opened + days <= block.calendar.last, opened + days, -1)
    product = _offered(random, goods, size)
    in_peso = np.where(people.dollars[owner], rates[opened], 1.0)
    units = np.maximum(1.0, people.size[owner]) * random.uniform(2.0, 12.0, size)
    open_stage = np.minimum((block.calendar.last - opened) * 3 // np.maximum(days, 1), 2)
    return Pipeline(
        owner=owner,
        product=product,
        stage=np.where(closed < 0, open_stage, np.where(won, WON, LOST)),
        opened=opened,
        closed=closed,
        amount=np.rint(goods.price[product] * units / in_peso / 1000).astype(np.int64) * 1000,
    )


def _opened(random: np.random.Generator, block: Block, people: People, care: Service) -> tuple[Ints, Ints]:
    possible = people.party != CONSUMER
    leads = np.flatnonzero(possible & ~people.buys & people.inquired & (random.random(len(people)) < _OF_LEADS))
    alive = possible & people.buys & (care.until > np.maximum(people.start, 0))
    customers = np.flatnonzero(alive & (random.random(len(people)) < _OF_CUSTOMERS))
    begin = np.maximum(people.start[customers], 0)
    later = begin + (random.random(len(customers)) * (care.until[customers] - begin)).astype(np.int64)
    asked = people.created[leads] + 1 + random.integers(0, 10, len(leads))
    owner, day = np.r_[leads, customers], np.r_[asked, later]
    known = day <= block.calendar.last
    return owner[known], day[known]


def _won(random: np.random.Generator, people: People, owner: Ints) -> Flags:
    """A lead who never bought was lost; customers say yes more often where they grow."""
    chance = np.where(people.trend[owner] > 1.0, 0.65, np.where(people.trend[owner] < 1.0, 0.25, 0.45))
    won: Flags = people.buys[owner] & (random.random(len(owner)) < chance)
    return won


def _offered(random: np.random.Generator, goods: Assortment, size: int) -> Ints:
    offered = np.flatnonzero(np.isin(np.array(goods.categories)[goods.category], ("Appliances", "Subscriptions")))
    return random.choice(offered, size)
