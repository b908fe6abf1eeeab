"""Invoices to organisations with due dates, and payments: early, late, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.demo.blocks import Block, Ints, Topic, working_hours
from carpel.demo.people import People
from carpel.demo.planted import Planted
from carpel.demo.sales import Sales

RATINGS: Final = ("A", "B", "C")
TERMS_DAYS: Final = 30

_NEVER_PAID: Final = np.array([0.001, 0.006, 0.05])
_SPREAD: Final = np.array([5.0, 9.0, 16.0])


@dataclass(frozen=True, kw_only=True)
class Bills:
    """Invoices, one entry each, with their payment.

    Attributes:
        order: The order billed, by position.
        due: The day by which to pay; may lie after the data.
        paid: The day of the payment; -1 where there is none yet.
        second: The second of that day.
    """

    order: Ints
    due: Ints
    paid: Ints
    second: Ints


def bills(block: Block, people: People, sold: Sales, planted: Planted) -> Bills:
    """Organisations get an invoice for every order; how late they pay follows their credit rating."""
    random = block.random(Topic.BILLING)
    order = np.flatnonzero(people.organisation[sold.owner] & (sold.returns < 0))
    rating = people.rating[sold.owner[order]]
    due = sold.day[order] + TERMS_DAYS
    usual = np.array([planted.days_late[each] for each in RATINGS])[rating]
    paid = due + np.rint(usual + random.normal(0.0, 1.0, len(order)) * _SPREAD[rating]).astype(np.int64)
    paid = np.maximum(paid, sold.day[order] + 1)
    unpaid = (random.random(len(order)) < _NEVER_PAID[rating]) | (paid > block.calendar.last)
    return Bills(
        order=order,
        due=due,
        paid=np.where(unpaid, -1, paid),
        second=working_hours(random, len(order)),
    )
