"""What the company sells, and what comes back: purchases, contract charges, returns."""

from __future__ import annotations

from typing import Final

import numpy as np

from carpel.demo.agreements import Agreements
from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Flags, Floats, Ints, Topic, happens, ranks, working_hours
from carpel.demo.people import People
from carpel.demo.planted import Planted
from carpel.demo.purchases import purchases
from carpel.demo.sales import CONTRACT_CHANNEL, Lines, Sales, in_time_order, joined
from carpel.demo.service import Service

RETURNED: Final = 0.03

LINKED: Final = 0.90
"""Share of returns whose first order is known."""


def sales(
    block: Block, people: People, care: Service, agreed: Agreements, goods: Assortment, rates: Floats, planted: Planted
) -> Sales:
    """What a block's customers bought and brought back."""
    bought = purchases(block, people, care, goods, rates, planted)
    charged = _charges(block, people, agreed, goods, rates)
    first = joined(bought, charged)
    return in_time_order(joined(first, _returned(block, first)))


def _charges(block: Block, people: People, agreed: Agreements, goods: Assortment, rates: Floats) -> Sales:
    """One order a month for each contract in force."""
    months = np.maximum(np.minimum(agreed.ends, block.calendar.last + 1) - agreed.starts, 0) // 30
    contract = np.repeat(np.arange(len(agreed.owner)), months)
    day = agreed.starts[contract] + ranks(months) * 30
    product = agreed.product[contract]
    unit_cost = goods.cost[product] / np.where(people.dollars[agreed.owner[contract]], rates[day], 1.0)
    size = len(contract)
    none = np.zeros(size, dtype=np.int64)
    return Sales(
        owner=agreed.owner[contract],
        day=day,
        second=none + 6 * 3600,
        channel=none + CONTRACT_CHANNEL,
        rate=np.zeros(size),
        contract=contract,
        returns=none - 1,
        linked=none > 0,
        lines=Lines(
            order=np.arange(size),
            product=product,
            quantity=none + 1,
            unit_price=agreed.recurring[contract],
            discount=none,
            amount=agreed.recurring[contract],
            cost=np.rint(unit_cost).astype(np.int64),
        ),
    )


def _returned(block: Block, sold: Sales) -> Sales:
    """Some purchases come back within three weeks, at least one line of each."""
    random = block.random(Topic.RETURNS)
    size = len(sold.owner)
    day = sold.day + random.integers(3, 21, size)
    back = (sold.contract < 0) & (random.random(size) < RETURNED) & (day <= block.calendar.last)
    first = np.searchsorted(sold.lines.order, np.arange(size))
    every = happens(random, len(sold.lines.order), 0.5)
    every[first] = True
    kept = back[sold.lines.order] & every
    position = np.cumsum(back) - 1
    orders = np.flatnonzero(back)
    return Sales(
        owner=sold.owner[orders],
        day=day[orders],
        second=working_hours(random, len(orders)),
        channel=sold.channel[orders],
        rate=sold.rate[orders],
        contract=sold.contract[orders],
        returns=orders,
        linked=random.random(len(orders)) < LINKED,
        lines=_negative(sold.lines, kept, position),
    )


def _negative(lines: Lines, kept: Flags, position: Ints) -> Lines:
    return Lines(
        order=position[lines.order[kept]],
        product=lines.product[kept],
        quantity=-lines.quantity[kept],
        unit_price=lines.unit_price[kept],
        discount=-lines.discount[kept],
        amount=-lines.amount[kept],
        cost=-lines.cost[kept],
    )
