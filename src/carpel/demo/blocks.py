"""The demo company is made block by block of customers; no block knows of another, nor of how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

DAYS: Final = 3 * 365
DAY_SECONDS: Final = 86_400

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Moments: TypeAlias = npt.NDArray[np.datetime64]


class Topic(IntEnum):
    """What random numbers are for; each topic has its own, so that changing one changes no other."""

    PEOPLE = 1
    SERVICE = 2
    BUYING = 3
    PRICING = 4
    RETURNS = 5
    AGREEMENTS = 6
    USAGE = 7
    PIPELINE = 8
    BILLING = 9
    CONTACT = 10
    VOICE = 11
    DETAILS = 12
    COSTS = 13
    DIRT = 14


@dataclass(frozen=True)
class Calendar:
    """The three years of data; a day is counted from the first.

    Attributes:
        end: The last day of data.
    """

    end: date

    @property
    def start(self) -> date:
        """The first day of data."""
        return self.end - timedelta(days=DAYS - 1)

    @property
    def last(self) -> int:
        """The number of the last day."""
        return DAYS - 1

    def dates(self, days: Ints) -> Moments:
        """Days as dates."""
        return np.datetime64(self.start, "D") + days.astype("timedelta64[D]")

    def moments(self, days: Ints, seconds: Ints) -> Moments:
        """Days with a time of day."""
        since = days * DAY_SECONDS + seconds
        return np.datetime64(self.start, "us") + since.astype("timedelta64[s]")

    def months(self, days: Ints) -> Ints:
        """The month of each day, 0 for January."""
        since: Ints = self.dates(days).astype("datetime64[M]").astype(np.int64)
        return since % 12

    def days_of_month(self, days: Ints) -> Ints:
        """The day of the month of each day, from 1."""
        dates = self.dates(days)
        since: Ints = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
        return since + 1


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some customers who are made together.

    Attributes:
        index: Which block, from 0.
        first: The number of its first customer, from 1.
        size: How many customers.
        seed: The company's.
        calendar: The days of data.
    """

    index: int
    first: int
    size: int
    seed: int
    calendar: Calendar

    def random(self, topic: Topic) -> np.random.Generator:
        """Random numbers for one topic of this block."""
        return np.random.default_rng([self.seed, self.index + 1, topic])


def drawn(random: np.random.Generator, weights: Floats, rows: Ints) -> Ints:
    """For each row, a column drawn by that row's weights."""
    reached = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[rows]
    found: Ints = np.minimum((random.random(len(rows))[:, None] > reached).sum(axis=1), weights.shape[1] - 1)
    return found


def happens(random: np.random.Generator, size: int, share: float) -> Flags:
    """For each of some things, whether it happens, which it does with this chance."""
    found: Flags = random.random(size) < share
    return found


def ranks(counts: Ints) -> Ints:
    """0, 1, 2 … within each of some groups of these sizes."""
    starts = np.cumsum(counts) - counts
    found: Ints = np.arange(counts.sum(), dtype=np.int64) - np.repeat(starts, counts)
    return found


def working_hours(random: np.random.Generator, size: int) -> Ints:
    """Seconds of the day between 8:00 and 19:59, most around the late morning."""
    seconds: Ints = (8 * 3600 + random.beta(2.0, 2.6, size) * 12 * 3600).astype(np.int64)
    return seconds
