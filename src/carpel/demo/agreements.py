"""Contracts for the subscription, renewed or not, and how the product is used under them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Flags, Floats, Ints, Topic, ranks, working_hours
from carpel.demo.people import People
from carpel.demo.planted import Planted
from carpel.demo.service import Service

FEATURES: Final = ("stock count", "reorder list", "price check", "sales report")
TERM: Final = 360
"""Days of a contract: twelve charges."""

LAST_DAYS: Final = 90
"""The days before the end in which those who will not renew use less."""

_SIGNS: Final = np.array([0.0, 0.30, 0.35, 0.25])
_RENEWS: Final = 0.85


@dataclass(frozen=True, kw_only=True)
class Agreements:
    """Contracts, one entry each.

    Attributes:
        owner: The customer, by position.
        product: The plan.
        starts: The first day.
        ends: The day after the last.
        recurring: What is charged each month, in hundredths of the customer's currency.
        renewed_by: The contract that follows, by position; -1 where there is none.
        renews: Whether it was or, still running, will be renewed.
    """

    owner: Ints
    product: Ints
    starts: Ints
    ends: Ints
    recurring: Ints
    renewed_by: Ints
    renews: Flags


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Uses of the subscription, one entry for a contract, week and feature."""

    contract: Ints
    day: Ints
    second: Ints
    feature: Ints
    quantity: Ints


def agreements(block: Block, people: People, care: Service, goods: Assortment, rates: Floats) -> Agreements:
    """The contracts of a block: who signs keeps renewing while they stay a customer, most of the time."""
    random = block.random(Topic.AGREEMENTS)
    signers = np.flatnonzero(people.buys & (random.random(len(people)) < _SIGNS[people.party]))
    first = np.maximum(people.start[signers], 0) + random.exponential(150.0, len(signers)).astype(np.int64)
    signers, first = signers[first <= care.until[signers]], first[first <= care.until[signers]]
    chain = _chains(random, signers, first, care.until, block.calendar.last)
    owner, starts, renews = chain
    plan = np.clip(np.log2(np.maximum(people.size, 1.0) / 4.0), 0, 2).astype(np.int64)[owner]
    product = goods.first_product[goods.categories.index("Subscriptions")] + plan
    followed = np.r_[(owner[1:] == owner[:-1]), [False]] if len(owner) else np.zeros(0, dtype=bool)
    in_peso = np.where(people.dollars[owner], rates[starts], 1.0)
    return Agreements(
        owner=owner,
        product=product,
        starts=starts,
        ends=starts + TERM,
        recurring=np.rint(goods.price[product] * (1 + plan) / in_peso).astype(np.int64),
        renewed_by=np.where(followed, np.arange(len(owner)) + 1, -1),
        renews=renews,
    )


def _chains(random: np.random.Generator, owner: Ints, starts: Ints, until: Ints, last: int) -> tuple[Ints, Ints, Flags]:
    """Contract after contract, sorted by customer and time."""
    owners, begins, renewals = [], [], []
    while len(owner):
        ends = starts + TERM
        renews = (random.random(len(owner)) < _RENEWS) & (ends <= until[owner])
        owners.append(owner)
        begins.append(starts)
        # One that still runs at the last day is not known to end.
        renewals.append(renews | (ends > last))
        owner, starts = owner[renews], ends[renews]
    if not owners:
        return owner, starts, np.zeros(0, dtype=bool)
    every, begin, renewal = np.concatenate(owners), np.concatenate(begins), np.concatenate(renewals)
    order = np.lexsort((begin, every))
    return every[order], begin[order], renewal[order]


def usage(block: Block, people: People, agreed: Agreements, planted: Planted) -> Usage:
    """Weekly use of each feature; those who will not renew use less towards the end."""
    random = block.random(Topic.USAGE)
    weeks = np.maximum(np.minimum(agreed.ends, block.calendar.last + 1) - agreed.starts, 0) // 7
    counts = weeks * len(FEATURES)
    contract = np.repeat(np.arange(len(weeks)), counts)
    turn = ranks(counts)
    day = agreed.starts[contract] + turn // len(FEATURES) * 7 + random.integers(0, 7, len(contract))
    fading = ~agreed.renews[contract] & (day >= agreed.ends[contract] - LAST_DAYS)
    busy = np.sqrt(people.size[agreed.owner[contract]]) * np.array([1.6, 0.8, 1.1, 0.4])[turn % len(FEATURES)]
    quantity = random.poisson(busy * np.where(fading, planted.usage_before_leaving, 1.0))
    used = quantity > 0
    return Usage(
        contract=contract[used],
        day=day[used],
        second=working_hours(random, int(used.sum())),
        feature=(turn % len(FEATURES))[used],
        quantity=quantity[used],
    )
