"""Survey answers and reviews, with words that match what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.assortment import Assortment
from carpel.demo.blocks import Block, Flags, Floats, Ints, Topic, happens, working_hours
from carpel.demo.phrases import BLAME, MIXED, PRAISE
from carpel.demo.sales import Sales
from carpel.demo.service import NEVER, Service

SOURCES: Final = ("survey", "survey", "review")
QUESTIONS: Final = ("csat", "nps", "stars")
CSAT, NPS, STARS = range(3)
SCALES: Final = (5, 10, 5)

PLEASED, CONTENT = 0.62, 0.40
"""Moods from which on words are praise, or mixed; below them they blame."""

SORE_DAYS, LEAVING_DAYS = 120, 45
"""How long a complaint weighs on the mood; how long before leaving it falls."""

_ASKED: Final = (0.020, 0.012, 0.014)
"""Share of orders after which each question is answered."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Feedback, one entry each.

    Attributes:
        owner: The customer, by position.
        day: The day.
        second: The second of that day.
        question: Position in `QUESTIONS`.
        score: On the question's scale.
        product: What a review is about; -1 for surveys.
        topic: What the words are about; all have a text but a part of the surveys.
        category: The category they speak of.
        worded: Whether there is a text.
    """

    owner: Ints
    day: Ints
    second: Ints
    question: Ints
    score: Ints
    product: Ints
    topic: Ints
    category: Ints
    worded: Flags


def voice(block: Block, care: Service, sold: Sales, goods: Assortment) -> Voice:
    """What customers said after some of their orders, and after complaints."""
    random = block.random(Topic.VOICE)
    owner, day, question, product = _moments(random, block, care, sold)
    mood = _mood(random, block, care, owner, day)
    score = _scores(mood, question)
    size = len(owner)
    return Voice(
        owner=owner,
        day=day,
        second=working_hours(random, size),
        question=question,
        score=score,
        product=np.where(question == STARS, product, -1),
        topic=np.select([mood > PLEASED, mood > CONTENT], [PRAISE, MIXED], BLAME),
        category=goods.category[product],
        worded=(question == STARS) | happens(random, size, 0.5),
    )


def _moments(random: np.random.Generator, block: Block, care: Service, sold: Sales) -> tuple[Ints, Ints, Ints, Ints]:
    bought = np.flatnonzero((sold.returns < 0) & (sold.contract < 0))
    turn = random.random(len(bought))
    question = np.searchsorted(np.cumsum(_ASKED), turn, side="right")
    asked = question < len(QUESTIONS)
    orders, question = bought[asked], question[asked]
    first_line = np.searchsorted(sold.lines.order, orders)
    complained = np.flatnonzero((care.complained < NEVER) & happens(random, len(care.complained), 0.45))
    owner = np.r_[sold.owner[orders], complained]
    day = np.r_[sold.day[orders], care.complained[complained]] + random.integers(2, 9, len(owner))
    question = np.r_[question, np.where(happens(random, len(complained), 0.7), CSAT, STARS)]
    goods_of = np.r_[sold.lines.product[first_line], random.integers(0, 40, len(complained))]
    order = np.lexsort((owner, day))
    order = order[day[order] <= block.calendar.last]
    return owner[order], day[order], question[order], goods_of[order]


def _mood(random: np.random.Generator, block: Block, care: Service, owner: Ints, day: Ints) -> Floats:
    """0 is furious, 1 delighted: service weighs most, and who soon leaves is less pleased."""
    since = day - care.complained[owner]
    hurt = (since >= 0) & (since < SORE_DAYS)
    leaving = (care.until[owner] - day < LEAVING_DAYS) & (care.until[owner] < block.calendar.last)
    answered = care.answered[owner]
    usual = 0.76 - 0.10 * leaving - np.where(hurt, np.where(answered, 0.12, 0.52), 0.0)
    mood: Floats = np.clip(usual + random.normal(0.0, 0.15, len(owner)), 0.0, 1.0)
    return mood


def _scores(mood: Floats, question: Ints) -> Ints:
    """CSAT and stars run from 1 to 5, NPS from 0 to 10."""
    of_five = 1 + np.clip((mood * 5).astype(np.int64), 0, 4)
    of_ten = np.clip(np.rint(mood * 11 - 0.2), 0, 10).astype(np.int64)
    return np.where(question == NPS, of_ten, of_five)
