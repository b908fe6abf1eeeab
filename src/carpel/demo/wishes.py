"""What customers come to buy and when: regular needs that return in cycles, and occasional wishes by season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Calendar, Flags, Ints, happens, ranks
from carpel.demo.people import CONSUMER, People
from carpel.demo.planted import Planted
from carpel.demo.service import Service

REGULARITY: Final = 16.0
"""Shape of the gamma distribution of gaps; 1 would be wholly irregular."""

_SKIPPED: Final = 0.08
_CONSUMER_WEEKDAYS: Final = np.array([0.09, 0.08, 0.09, 0.10, 0.17, 0.27, 0.20])
_OFFICE_WEEKDAYS: Final = np.array([0.22, 0.22, 0.20, 0.18, 0.15, 0.03, 0.00])


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Days on which customers buy, and the categories they buy then.

    Attributes:
        owner: The customer of each visit, by position; visits of one customer are together, in time order.
        day: The day of each visit.
        visit: For each wish, its visit.
        category: For each wish, what is bought.
    """

    owner: Ints
    day: Ints
    visit: Ints
    category: Ints


def visits(
    random: np.random.Generator, block: Block, people: People, care: Service, goods: Assortment, planted: Planted
) -> Visits:
    """All visits of a block's customers, but for returns and contracts."""
    regular = _regular(random, people, care, goods)
    occasional = _occasional(random, block.calendar, people, care, goods)
    owner, category, day = (np.concatenate(pair) for pair in zip(regular, occasional, strict=True))
    kept = _still_wanted(random, people, care, owner, day, planted.fewer_after_unanswered)
    return _gathered(random, block.calendar, people, care, owner[kept], category[kept], day[kept])


def _regular(random: np.random.Generator, people: People, care: Service, goods: Assortment) -> tuple[Ints, Ints, Ints]:
    """Purchases that return: each customer has a few needs, each with its own cycle near the category's."""
    owner, category = np.nonzero(_needs(random, people, care, goods))
    cycle = goods.cycles[category] * np.exp(random.normal(0.0, 0.08, len(owner)))
    begin = np.maximum(people.start, 0)[owner]
    first = np.r_[True, owner[1:] != owner[:-1]] & (people.start[owner] >= 0)
    offset = np.where(first, 0.0, random.random(len(owner)) * cycle)
    span = np.maximum(care.until[owner] - begin, 0)
    counts = (span / cycle * 1.25).astype(np.int64) + 3
    pair = np.repeat(np.arange(len(owner)), counts)
    elapsed = np.cumsum(random.gamma(REGULARITY, cycle[pair] / REGULARITY))
    turn = ranks(counts)
    elapsed -= np.repeat(elapsed[turn == 0], counts)
    day = begin[pair] + (offset[pair] + elapsed).astype(np.int64)
    opening = first[pair] & (turn == 0)
    kept = (day <= care.until[owner[pair]]) & (opening | (random.random(len(pair)) >= _SKIPPED))
    return owner[pair[kept]], category[pair[kept]], day[kept]


def _needs(random: np.random.Generator, people: People, care: Service, goods: Assortment) -> Flags:
    """Customers x categories; who buys at all has at least one need."""
    share = goods.needs[:, people.party].T
    turn = random.random(share.shape)
    needs = turn < share
    without = ~needs.any(axis=1)
    likeliest = np.where(share > 0, share / np.maximum(turn, 1e-9), -1.0).argmax(axis=1)
    needs[without, likeliest[without]] = True
    needs[~people.buys | (care.until < 0)] = False
    return needs


def _occasional(
    random: np.random.Generator, calendar: Calendar, people: People, care: Service, goods: Assortment
) -> tuple[Ints, Ints, Ints]:
    """Wishes that come at random, more of them in a category's season; some customers have many, most few."""
    begin = np.maximum(people.start, 0)
    end = np.maximum(np.where(people.buys & (care.until >= 0), care.until, -1) + 1, 0)
    begin = np.minimum(begin, end)
    taste = random.gamma(0.6, 1 / 0.6, len(people))
    months = calendar.months(np.arange(calendar.last + 1))
    found = []
    for category in np.flatnonzero(goods.yearly.any(axis=1)):
        season = np.r_[0.0, np.cumsum(goods.months[category][months])]
        rate = goods.yearly[category][people.party] * taste / 365.0
        counts = random.poisson(rate * (season[end] - season[begin]))
        owner = np.repeat(np.arange(len(people)), counts)
        reached = season[begin[owner]] + random.random(len(owner)) * (season[end[owner]] - season[begin[owner]])
        found.append((owner, np.full(len(owner), category), np.searchsorted(season, reached, side="right") - 1))
    owners, categories, days = (np.concatenate(each) for each in zip(*found, strict=True))
    return owners, categories, days


def _still_wanted(
    random: np.random.Generator, people: People, care: Service, owner: Ints, day: Ints, fewer: float
) -> Flags:
    """Who stays after a complaint that nobody answered still buys less."""
    hurt = ~care.answered[owner] & (day > care.complained[owner])
    kept: Flags = ~hurt | (random.random(len(owner)) >= fewer) | (day == people.start[owner])
    return kept


def _gathered(
    random: np.random.Generator,
    calendar: Calendar,
    people: People,
    care: Service,
    owner: Ints,
    category: Ints,
    day: Ints,
) -> Visits:
    """Wishes of one week are met on the customer's own shopping day."""
    phase = (_weekdays(random, people) - calendar.start.weekday()) % 7
    begin = np.maximum(people.start, 0)
    week = (day - phase[owner]) // 7 + 1
    codes, at = np.unique((owner * 256 + week) * 32 + category, return_index=True)
    visited, visit = np.unique(codes // 32, return_inverse=True)
    buyer = visited // 256
    moved = np.where(happens(random, len(visited), 0.12), random.integers(-1, 2, len(visited)), 0)
    planned = (visited % 256 - 1) * 7 + phase[buyer] + moved
    latest = np.minimum(care.until[buyer], calendar.last)
    return Visits(
        owner=buyer,
        day=np.clip(planned, begin[buyer], np.maximum(latest, begin[buyer])),
        visit=visit.astype(np.int64),
        category=category[at],
    )


def _weekdays(random: np.random.Generator, people: People) -> Ints:
    consumer = random.choice(7, len(people), p=_CONSUMER_WEEKDAYS)
    office = random.choice(7, len(people), p=_OFFICE_WEEKDAYS)
    weekday: Ints = np.where(people.party == CONSUMER, consumer, office)
    return weekday
