"""Orders and their lines: products, quantities, prices, discounts, costs; contract charges and returns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from carpel.demo.agreements import Agreements
from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Calendar, Flags, Floats, Ints, Topic, drawn, happens, ranks, working_hours
from carpel.demo.people import CHANNELS, People
from carpel.demo.planted import PARTIES, Planted
from carpel.demo.service import Service
from carpel.demo.wishes import Visits, visits

CONTRACT_CHANNEL: Final = len(CHANNELS)
RETURNED: Final = 0.03
PAYDAYS: Final = (1, 14, 15, 16, 29, 30, 31)
"""Days of the month on which the company gives more discounts."""

DECEMBER: Final = 11
"""Months count from 0."""

LINKED: Final = 0.90
"""Share of returns whose first order is known."""

_TIERS: Final = np.array([1.0, 0.93, 0.86, 0.95])
_INFLATION: Final = 1.04
_DISCOUNTS: Final = np.array([0.05, 0.10, 0.20])
_LOYAL_TO_PRODUCT: Final = 0.75


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Order lines; money in hundredths of the order's currency."""

    order: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    discount: Ints
    amount: Ints
    cost: Ints


@dataclass(frozen=True, kw_only=True)
class Sales:
    """All orders of a block in time order.

    Attributes:
        owner: The customer of each order, by position.
        day: The day of each order.
        second: The second of that day.
        channel: Where; `CONTRACT_CHANNEL` for charges under a contract.
        rate: The discount rate of the order.
        contract: The contract charged, by position; -1 where there is none.
        returns: For a return, the order returned, by position; -1 where it is none.
        linked: Whether the company knows which order a return belongs to.
        lines: Their lines, in the order of the orders.
    """

    owner: Ints
    day: Ints
    second: Ints
    channel: Ints
    rate: Floats
    contract: Ints
    returns: Ints
    linked: Flags
    lines: Lines

    def totals(self, of_lines: Ints) -> Ints:
        """Sums of the lines' values for each order, exact."""
        sums = np.zeros(len(self.owner), dtype=np.int64)
        np.add.at(sums, self.lines.order, of_lines)
        return sums


def sales(
    block: Block, people: People, care: Service, agreed: Agreements, goods: Assortment, rates: Floats, planted: Planted
) -> Sales:
    """What a block's customers bought and brought back."""
    bought = _purchases(block, people, care, goods, rates, planted)
    charged = _charges(block, people, agreed, goods, rates)
    first = _joined(bought, charged)
    return _in_time_order(_joined(first, _returned(block, first)))


def list_price(goods: Assortment, people: People, product: Ints, owner: Ints, day: Ints, last: int) -> Floats:
    """What a product costs this customer on a day, in centavos: prices rise, larger customers pay less."""
    years = (last - day) / 365.0
    price: Floats = goods.price[product] / _INFLATION**years * _TIERS[people.party[owner]]
    return price


def _purchases(
    block: Block, people: People, care: Service, goods: Assortment, rates: Floats, planted: Planted
) -> Sales:
    random = block.random(Topic.BUYING)
    found = visits(random, block, people, care, goods, planted)
    visit, product = _products(random, people, goods, found)
    visit, product = _cross_sold(random, goods, found, visit, product, planted)
    pricing = block.random(Topic.PRICING)
    rate = _discount_rates(pricing, block.calendar, found.day)
    day = found.day[visit]
    quantity = _quantities(
        pricing, block.calendar, people, found.owner[visit], day, rate[visit], product, goods, planted
    )
    lines = _priced(block.calendar, people, goods, rates, visit, product, quantity, found, rate)
    size = len(found.owner)
    usual = happens(pricing, size, 0.75)
    return Sales(
        owner=found.owner,
        day=found.day,
        second=working_hours(pricing, size),
        channel=np.where(usual, people.channel[found.owner], pricing.choice([0, 1, 2], size)),
        rate=rate,
        contract=np.full(size, -1),
        returns=np.full(size, -1),
        linked=np.zeros(size, dtype=bool),
        lines=lines,
    )


def _products(random: np.random.Generator, people: People, goods: Assortment, found: Visits) -> tuple[Ints, Ints]:
    """Most lines are the customer's usual product of the category."""
    shares = np.where(np.arange(8)[None, :] < goods.choices[:, None], 0.62 ** np.arange(8)[None, :], 0.0)
    usual = np.column_stack(
        [drawn(random, shares, np.full(len(people), each)) for each in range(len(goods.categories))]
    )
    other = drawn(random, shares, found.category)
    loyal = random.random(len(found.category)) < _LOYAL_TO_PRODUCT
    slot = np.where(loyal, usual[found.owner[found.visit], found.category], other)
    wished = goods.first_product[found.category] + slot
    return found.visit, goods.on_sale(wished, found.day[found.visit])


def _cross_sold(
    random: np.random.Generator, goods: Assortment, found: Visits, visit: Ints, product: Ints, planted: Planted
) -> tuple[Ints, Ints]:
    """Lines added to the same visit or the customer's next one."""
    visits_all, products_all = [visit], [product]
    last = len(found.owner) - 1
    for pair in planted.cross_sells:
        base = np.flatnonzero(product == goods.ids.index(pair.first))
        chosen = visit[base[random.random(len(base)) < planted.cross_sell_share]]
        following = np.minimum(chosen + 1, last)
        later = happens(random, len(chosen), 0.5) & (found.owner[following] == found.owner[chosen])
        visits_all.append(np.where(later, following, chosen))
        products_all.append(np.full(len(chosen), goods.ids.index(pair.then)))
    codes = np.unique(np.concatenate(visits_all) * 1000 + np.concatenate(products_all))
    return codes // 1000, codes % 1000


def _discount_rates(random: np.random.Generator, calendar: Calendar, day: Ints) -> Floats:
    """Discounts are given around paydays and in December, whoever comes."""
    of_month = calendar.days_of_month(day)
    payday = np.isin(of_month, PAYDAYS)
    chance = np.select([calendar.months(day) == DECEMBER, payday], [0.40, 0.45], 0.12)
    given = random.random(len(day)) < chance
    rate: Floats = np.where(given, random.choice(_DISCOUNTS, len(day), p=[0.3, 0.45, 0.25]), 0.0)
    return rate


def _quantities(
    random: np.random.Generator,
    calendar: Calendar,
    people: People,
    owner: Ints,
    day: Ints,
    rate: Floats,
    product: Ints,
    goods: Assortment,
    planted: Planted,
) -> Ints:
    elasticity = np.array([planted.elasticity[party] for party in PARTIES])[people.party[owner]]
    years = (day - np.maximum(people.start[owner], 0)) / 365.0
    season = np.where(calendar.months(day) == DECEMBER, planted.december, 1.0)
    durable = np.isin(np.array(goods.categories)[goods.category[product]], ("Appliances", "Cookware"))
    wanted = people.size[owner] * people.trend[owner] ** years * season * (1.0 - rate) ** -elasticity
    wanted = np.where(durable, wanted**0.5, wanted)
    # Rounded up or down at random, so that averages stay what they are.
    units: Ints = np.maximum(1, np.floor(wanted + random.random(len(wanted)))).astype(np.int64)
    return units


def _priced(
    calendar: Calendar,
    people: People,
    goods: Assortment,
    rates: Floats,
    visit: Ints,
    product: Ints,
    quantity: Ints,
    found: Visits,
    rate: Floats,
) -> Lines:
    owner, day = found.owner[visit], found.day[visit]
    in_peso = np.where(people.dollars[owner], rates[day], 1.0)
    price = list_price(goods, people, product, owner, day, calendar.last)
    unit_price = np.maximum(1, np.rint(price / in_peso)).astype(np.int64)
    discount = np.rint(quantity * unit_price * rate[visit]).astype(np.int64)
    unit_cost = goods.cost[product] / _INFLATION ** ((calendar.last - day) / 365.0) / in_peso
    return Lines(
        order=visit,
        product=product,
        quantity=quantity,
        unit_price=unit_price,
        discount=discount,
        amount=quantity * unit_price - discount,
        cost=np.rint(quantity * unit_cost).astype(np.int64),
    )


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


def _joined(one: Sales, other: Sales) -> Sales:
    """Both; the other's lines then refer to orders counted after the first's."""
    shifted = Lines(**_arrays(other.lines) | {"order": other.lines.order + len(one.owner)})
    mine, theirs, added = _arrays(one), _arrays(other), _arrays(shifted)
    lines = {name: np.concatenate((each, added[name])) for name, each in _arrays(one.lines).items()}
    orders = {name: np.concatenate((each, theirs[name])) for name, each in mine.items()}
    return Sales(**orders, lines=Lines(**lines))


def _in_time_order(sold: Sales) -> Sales:
    order = np.lexsort((sold.owner, sold.second, sold.day))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    columns = {name: each[order] for name, each in _arrays(sold).items()}
    columns["returns"] = np.where(columns["returns"] < 0, -1, place[columns["returns"]])
    moved = place[sold.lines.order]
    by_order = np.argsort(moved, kind="stable")
    lines = {name: each[by_order] for name, each in _arrays(sold.lines).items()} | {"order": moved[by_order]}
    return Sales(**columns, lines=Lines(**lines))


def _arrays(value: Sales | Lines) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value) if each.name != "lines"}
