"""What was said between customers and staff: questions, answers, complaints, visits, clicks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from carpel.demo.assortment import Assortment
from carpel.demo.blocks import DAY_SECONDS, Block, Flags, Floats, Ints, Topic, drawn, working_hours
from carpel.demo.people import STAFF, People
from carpel.demo.phrases import COMPLAINT, FOLLOW_UP, HESITATING, RESOLVED
from carpel.demo.service import NEVER, Service

KINDS: Final = ("consultation", "follow_up", "visit", "complaint", "click")
CONSULTATION, FOLLOWED, VISIT, COMPLAINED, CLICK = range(5)
OUTCOMES: Final = ("interested", "thinking", "declined", "resolved", "open", "done", "")
RESOLVED_OUTCOME, OPEN_OUTCOME, DONE_OUTCOME, NO_OUTCOME = 3, 4, 5, 6
MEANS: Final = ("phone", "email", "message", "visit", "web")
NO_TEXT: Final = -1

LEAVING_DAYS: Final = 60
"""How long before they leave customers sound less interested."""

_QUESTIONS_YEARLY: Final = np.array([0.25, 1.0, 1.2, 0.8])
_VISITS_YEARLY: Final = np.array([0.0, 1.5, 2.5, 2.0])
_CLICKS_YEARLY: Final = np.array([0.5, 0.5, 0.4, 0.1])
_FOLLOWED_UP: Final = 0.8

# Interested, hesitating, declined: leads who will not buy and who will; customers who stay and who soon leave.
_MOOD_OF_LEADS: Final = np.array([[0.20, 0.45, 0.35], [0.85, 0.15, 0.0]])
_MOOD_OF_CUSTOMERS: Final = np.array([[0.55, 0.30, 0.15], [0.15, 0.35, 0.50]])


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Interactions, one entry each.

    Attributes:
        owner: The customer, by position.
        day: The day.
        second: The second of that day.
        kind: Position in `KINDS`.
        means: Position in `MEANS`.
        inward: Whether the customer began it.
        staff: Who took part, by place in the block's team; -1 where nobody did.
        category: The category spoken of; -1 where none was.
        outcome: Position in `OUTCOMES`.
        minutes: How long.
        next_day: The day agreed for the next one; -1 where none was.
        topic: What the text is about; `NO_TEXT` where there is none.
    """

    owner: Ints
    day: Ints
    second: Ints
    kind: Ints
    means: Ints
    inward: Flags
    staff: Ints
    category: Ints
    outcome: Ints
    minutes: Ints
    next_day: Ints
    topic: Ints


def contacts(block: Block, people: People, care: Service, goods: Assortment) -> Contacts:
    """All interactions of a block in time order."""
    random = block.random(Topic.CONTACT)
    parts = (
        *_leads(random, block, people, goods),
        *_complaints(random, people, care, goods),
        *_questions(random, block, people, care, goods),
        _visits(random, people, care),
        _clicks(random, people, care),
    )
    names = [each.name for each in fields(Contacts)]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    known = np.flatnonzero(joined["day"] <= block.calendar.last)
    order = known[np.lexsort((joined["owner"][known], joined["second"][known], joined["day"][known]))]
    return Contacts(**{name: column[order] for name, column in joined.items()})


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is known of some interactions of one kind before chance adds the rest; fields as in `Contacts`."""

    owner: Ints
    day: Ints
    kind: int
    inward: bool
    outcome: Ints | int
    topic: Ints | int
    category: Ints
    second: Ints | None = None
    next_day: Ints | None = None

    @property
    def size(self) -> int:
        return len(self.owner)

    @property
    def staffed(self) -> bool:
        return self.kind not in {CLICK, COMPLAINED}


def _filled(random: np.random.Generator, people: People, known: _Known) -> Contacts:
    size = known.size
    # In this order: each draw moves the random numbers of the next.
    minutes = _minutes(random, known)
    return Contacts(
        owner=known.owner,
        day=known.day,
        second=working_hours(random, size) if known.second is None else known.second,
        kind=np.full(size, known.kind),
        means=_means(random, known),
        inward=np.full(size, known.inward),
        staff=_staff(random, people, known),
        category=known.category,
        outcome=np.broadcast_to(np.asarray(known.outcome), size),
        minutes=minutes,
        next_day=np.full(size, -1) if known.next_day is None else known.next_day,
        topic=np.broadcast_to(np.asarray(known.topic), size),
    )


def _minutes(random: np.random.Generator, known: _Known) -> Ints:
    usual = 20.0 if known.kind == VISIT else 5.0
    minutes = np.maximum(1, random.gamma(2.0, usual, known.size).astype(np.int64))
    return minutes if known.staffed else np.zeros(known.size, dtype=np.int64)


def _means(random: np.random.Generator, known: _Known) -> Ints:
    only = {VISIT: "visit", CLICK: "web"}.get(known.kind)
    spoken = MEANS.index("visit")
    return random.integers(0, spoken, known.size) if only is None else np.full(known.size, MEANS.index(only))


def _staff(random: np.random.Generator, people: People, known: _Known) -> Ints:
    """The account manager, else somebody of the team; nobody where nobody need be there."""
    if not known.staffed:
        return np.full(known.size, -1)
    manager = people.manager[known.owner]
    return np.where(manager >= 0, manager, random.integers(4, STAFF, known.size))


def _leads(random: np.random.Generator, block: Block, people: People, goods: Assortment) -> tuple[Contacts, Contacts]:
    """A lead's question, and the answer after the hours that it waited."""
    owner = np.flatnonzero(people.inquired)
    category = random.integers(0, len(goods.categories), len(owner))
    second = working_hours(random, len(owner))
    answered = people.created[owner] * DAY_SECONDS + second + (people.response_hours[owner] * 3600).astype(np.int64)
    bought = people.buys[owner]
    mood = drawn(random, _MOOD_OF_LEADS, bought.astype(np.int64))
    asked = _filled(random, people, _Known(
        owner=owner, day=people.created[owner], kind=CONSULTATION,
        second=second, inward=True, topic=mood, category=category,
        outcome=np.where(answered // DAY_SECONDS <= block.calendar.last, mood, NO_OUTCOME),
        next_day=np.where(mood == HESITATING, people.created[owner] + 14, -1),
    ))  # fmt: skip
    reply = _filled(random, people, _Known(
        owner=owner, day=answered // DAY_SECONDS, kind=FOLLOWED,
        second=answered % DAY_SECONDS, inward=False, outcome=DONE_OUTCOME, topic=FOLLOW_UP, category=category,
    ))  # fmt: skip
    return asked, reply


def _complaints(
    random: np.random.Generator, people: People, care: Service, goods: Assortment
) -> tuple[Contacts, Contacts]:
    """A complaint, and the answer where there was one."""
    owner = np.flatnonzero(care.complained < NEVER)
    category = random.integers(0, len(goods.categories) - 1, len(owner))
    answered = care.answered[owner]
    complaint = _filled(random, people, _Known(
        owner=owner, day=care.complained[owner], kind=COMPLAINED,
        inward=True, outcome=np.where(answered, RESOLVED_OUTCOME, OPEN_OUTCOME), topic=COMPLAINT, category=category,
    ))  # fmt: skip
    helped = owner[answered]
    day = care.complained[helped] + 1 + care.reply_days[helped].astype(np.int64)
    reply = _filled(random, people, _Known(
        owner=helped, day=day, kind=FOLLOWED,
        inward=False, outcome=RESOLVED_OUTCOME, topic=RESOLVED, category=category[answered],
    ))  # fmt: skip
    return complaint, reply


def _questions(
    random: np.random.Generator, block: Block, people: People, care: Service, goods: Assortment
) -> tuple[Contacts, Contacts]:
    """Customers ask; whoever is soon to leave sounds less interested. What nobody followed up has no outcome."""
    owner, day = _while_customer(random, people, care, _QUESTIONS_YEARLY)
    leaving = (care.until[owner] - day < LEAVING_DAYS) & (care.until[owner] < block.calendar.last)
    mood = drawn(random, _MOOD_OF_CUSTOMERS, leaving.astype(np.int64))
    category = random.integers(0, len(goods.categories), len(owner))
    kept = random.random(len(owner)) < _FOLLOWED_UP
    asked = _filled(random, people, _Known(
        owner=owner, day=day, kind=CONSULTATION,
        inward=True, outcome=np.where(kept, mood, NO_OUTCOME), topic=mood, category=category,
        next_day=np.where(mood == HESITATING, day + random.integers(7, 45, len(owner)), -1),
    ))  # fmt: skip
    reply = _filled(random, people, _Known(
        owner=owner[kept], day=day[kept] + random.integers(1, 6, int(kept.sum())), kind=FOLLOWED,
        inward=False, outcome=DONE_OUTCOME, topic=FOLLOW_UP, category=category[kept],
    ))  # fmt: skip
    return asked, reply


def _visits(random: np.random.Generator, people: People, care: Service) -> Contacts:
    """Account managers see organisations."""
    owner, day = _while_customer(random, people, care, _VISITS_YEARLY)
    nothing = np.full(len(owner), -1)
    return _filled(
        random,
        people,
        _Known(owner=owner, day=day, kind=VISIT, inward=False, outcome=DONE_OUTCOME, topic=NO_TEXT, category=nothing),
    )


def _clicks(random: np.random.Generator, people: People, care: Service) -> Contacts:
    """Links in messages that somebody followed."""
    owner, day = _while_customer(random, people, care, _CLICKS_YEARLY)
    nothing = np.full(len(owner), -1)
    return _filled(
        random,
        people,
        _Known(owner=owner, day=day, kind=CLICK, inward=True, outcome=NO_OUTCOME, topic=NO_TEXT, category=nothing),
    )


def _while_customer(random: np.random.Generator, people: People, care: Service, yearly: Floats) -> tuple[Ints, Ints]:
    begin = np.maximum(people.start, 0)
    span = np.where(people.buys, np.maximum(care.until - begin, 0), 0)
    counts = random.poisson(yearly[people.party] * span / 365.0)
    owner = np.repeat(np.arange(len(people)), counts)
    return owner, begin[owner] + (random.random(len(owner)) * span[owner]).astype(np.int64)
