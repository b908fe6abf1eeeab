"""What customers take on their visits: products, quantities, prices, discounts, costs."""

from __future__ import annotations

from typing import Final

import numpy as np

from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Calendar, Floats, Ints, Topic, drawn, happens, working_hours
from carpel.demo.people import People
from carpel.demo.planted import PARTIES, Planted
from carpel.demo.sales import Lines, Sales
from carpel.demo.service import Service
from carpel.demo.wishes import Visits, visits

PAYDAYS: Final = (1, 14, 15, 16, 29, 30, 31)
"""Days of the month on which the company gives more discounts."""

DECEMBER: Final = 11
"""Months count from 0."""

_TIERS: Final = np.array([1.0, 0.93, 0.86, 0.95])
INFLATION: Final = 1.04
_DISCOUNTS: Final = np.array([0.05, 0.10, 0.20])
_LOYAL_TO_PRODUCT: Final = 0.75


def purchases(block: Block, people: People, care: Service, goods: Assortment, rates: Floats, planted: Planted) -> Sales:
    """What a block's customers bought, but for contracts."""
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


def _list_price(goods: Assortment, people: People, product: Ints, owner: Ints, day: Ints, last: int) -> Floats:
    """What a product costs this customer on a day, in centavos: prices rise, larger customers pay less."""
    years = (last - day) / 365.0
    price: Floats = goods.price[product] / INFLATION**years * _TIERS[people.party[owner]]
    return price


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
    price = _list_price(goods, people, product, owner, day, calendar.last)
    unit_price = np.maximum(1, np.rint(price / in_peso)).astype(np.int64)
    discount = np.rint(quantity * unit_price * rate[visit]).astype(np.int64)
    unit_cost = goods.cost[product] / INFLATION ** ((calendar.last - day) / 365.0) / in_peso
    return Lines(
        order=visit,
        product=product,
        quantity=quantity,
        unit_price=unit_price,
        discount=discount,
        amount=quantity * unit_price - discount,
        cost=np.rint(quantity * unit_cost).astype(np.int64),
    )
