"""Complaints, whether anybody answered, and what that did to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.blocks import Block, Flags, Floats, Ints, Topic
from carpel.demo.people import People
from carpel.demo.planted import Planted

NEVER: Final = 1_000_000
"""A day that does not come."""

_YEARLY: Final = np.array([0.16, 0.40, 0.45, 0.35])
_DAYS_TO_LEAVE: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Service:
    """What went wrong for each customer of a block, at most one thing that mattered.

    Attributes:
        complained: The day of the complaint; `NEVER` where there was none.
        answered: Whether somebody answered.
        reply_days: How long that took.
        left: Whether the customer left because of it.
        until: The last day of the data on which the customer might buy.
    """

    complained: Ints
    answered: Flags
    reply_days: Floats
    left: Flags
    until: Ints


def service(block: Block, people: People, planted: Planted) -> Service:
    """How the customers of a block were served."""
    random = block.random(Topic.SERVICE)
    until = np.minimum(people.leaves, block.calendar.last)
    complained = _complaints(random, people, until)
    answered = random.random(len(people)) < planted.answered
    chance = np.where(answered, planted.leaves_after_answered, planted.leaves_after_unanswered)
    left = (complained < NEVER) & (random.random(len(people)) < chance)
    gone = complained + random.exponential(_DAYS_TO_LEAVE, len(people)).astype(np.int64)
    return Service(
        complained=complained,
        answered=answered,
        reply_days=np.exp(random.normal(np.log(1.5), 0.8, len(people))),
        left=left,
        until=np.where(left, np.minimum(gone, until), until),
    )


def _complaints(random: np.random.Generator, people: People, until: Ints) -> Ints:
    begin = np.maximum(people.start, 0)
    day = begin + 1 + random.exponential(365.0 / _YEARLY[people.party]).astype(np.int64)
    return np.where(people.buys & (day < until), day, NEVER)
