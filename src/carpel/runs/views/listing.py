"""A page of customers: those asked for, the most money first."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from carpel.kernel.texts import Rendered
from carpel.runs.moves.origins import Origins, gone_since
from carpel.runs.opening import Run
from carpel.runs.tally import MONEY
from carpel.runs.views.customers import CustomerRow, CustomersPage
from carpel.runs.views.distributions import Shape
from carpel.runs.views.errors import NotThere, known_attribute, known_segment
from carpel.runs.views.figures import Bins, Figures
from carpel.runs.views.figures.counting import Columns
from carpel.runs.views.searching import Asked, Matched, Search

LONGEST: Final = 200
"""Letters of a search; whatever people are called by is shorter."""
MOST: Final = 1_000
"""Customers of one page."""
UNKNOWN: Final = "unknown"
"""The bar of those of whom an attribute is not known."""
OUTSIDE: Final = "outside"
"""Those outside the base, where a segment may be asked for."""

_REMEMBERED: Final = 24
_AMOUNT: Final = re.compile(r"(-?[0-9]{1,19})?")
"""Minor units, or nothing where they are not known."""
_BAR: Final = re.compile(r"[0-9]{1,4}")
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which customers a page is asked for.

    Attributes:
        segment: Those of a segment, of any level; `outside` is outside the base; None is all.
        came_from: Those whom the run before had in this segment; `outside` is outside its base.
        since: The day of a run before that, where they are to be those who were there on that day.
        search: Those whose id, e-mail address, phone or words of whose name begin so; of Chinese names any part, of
            phones also the end.
        where: Those in these bars, by attribute: bars' keys with commas between them, or `unknown`.
        after: `CustomersPage.after` of the page before.
        limit: The most customers to give.
    """

    segment: str | None = None
    came_from: str | None = None
    since: date | None = None
    search: str | None = None
    where: Mapping[str, str] | None = None
    after: str | None = None
    limit: int = 50


class Conditions:
    """Of whom attributes fall into some bars; the last ones asked for are remembered."""

    def __init__(self, run: Run, figures: Figures) -> None:
        self._run, self._figures = run, figures
        self._known: OrderedDict[tuple[str, str], Mask] = OrderedDict()
        self._lock = Lock()

    def holds(self, attribute: str, bars: str) -> Mask:
        """By the customer's number, whether their value is in one of the bars.

        Raises:
            NotThere: There is no such attribute, or no such bar.
        """
        with self._lock:
            if (attribute, bars) in self._known:
                self._known.move_to_end((attribute, bars))
                return self._known[attribute, bars]
        found = self._read(attribute, bars)
        with self._lock:
            self._known[attribute, bars] = found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found

    @cached_property
    def gone(self) -> Mapping[str, int]:
        """Customers of each segment of the run before who are in the records no more."""
        return gone_since(self._run, self._figures.flows or ())

    def _read(self, attribute: str, bars: str) -> Mask:
        label = known_attribute(self._run, attribute).label
        counted = self._figures.counted.get(attribute)
        if counted is None:
            raise NotThere("views.no-bars", place=attribute, attribute=attribute)
        wanted = _chosen(counted.bins, attribute, label, bars)
        column = Columns.of(self._run.profiles.files).read([attribute])[attribute]
        if counted.bins.shape is not Shape.SETS:
            return wanted[counted.bins.codes(column)]
        rows, codes = counted.bins.elements(column)
        held = np.zeros(len(column), dtype=bool)
        held[rows[wanted[codes]]] = True
        if wanted[-1]:
            held |= column.combine_chunks().value_lengths().fill_null(0).to_numpy(zero_copy_only=False) == 0
        return held


def customers_page(
    run: Run, search: Search, conditions: Conditions, wish: Wish, origins: Origins | None = None
) -> CustomersPage:
    """The customers that are wished for.

    Args:
        run: The run.
        search: Finds them.
        conditions: Of whom attributes hold.
        wish: Which.
        origins: Where customers were on the wish's day; None is the run before.

    Raises:
        NotThere: There is no such segment, attribute, bar or page.
    """
    found = search.find(_asked(run, conditions, wish, origins))
    limit = max(1, min(wish.limit, MOST))
    start = _after(run, search, wish.after) if wish.after else 0
    ranks = [int(rank) for rank in found.after(start, limit + 1)]
    entries = [run.index.at(int(search.numbers[rank])) for rank in ranks[:limit]]
    matched = found.matched(ranks[:limit])
    return CustomersPage(
        run=run.id,
        as_of=run.as_of.day,
        currency=run.currency,
        rows=tuple(_row(run, entry, by) for entry, by in zip(entries, matched, strict=True)),
        after=_key(entries[-1]) if len(ranks) > limit else None,
        total=found.total,
        segment=wish.segment,
        search=wish.search,
        where=wish.where or {},
        gone=_gone(run, conditions, wish, origins),
    )


def _gone(run: Run, conditions: Conditions, wish: Wish, origins: Origins | None) -> int:
    """Of those who left a segment, how many no list can show, as no source tells of them any more."""
    before = _before(run, wish.came_from)
    if before is None or wish.segment not in {None, OUTSIDE} or wish.search or wish.where:
        return 0
    gone = origins.gone if origins else conditions.gone
    return sum(customers for segment, customers in gone.items() if segment in before)


def _asked(run: Run, conditions: Conditions, wish: Wish, origins: Origins | None) -> Asked:
    leaves = None if wish.segment in {None, OUTSIDE} else _leaves(run, str(wish.segment))
    before = _before(run, wish.came_from)
    there = [origins.holds(before)] if origins and before else []
    return Asked(
        leaves=leaves,
        in_base=False if wish.segment == OUTSIDE else None,
        moved_from=None if origins else before,
        search=wish.search,
        holds=[*there, *(conditions.holds(attribute, bars) for attribute, bars in (wish.where or {}).items())],
    )


def _leaves(run: Run, segment: str) -> frozenset[str]:
    """A segment with its parts; those of them that are leaves now, or were."""
    known_segment(run, segment)
    return frozenset(key for key, path in run.scheme.paths.items() if segment in path)


def _before(run: Run, segment: str | None) -> frozenset[str | None] | None:
    """As an earlier run had them; a segment that the scheme has no more is meant all the same."""
    if segment is None:
        return None
    if segment == OUTSIDE:
        return frozenset({None})
    return frozenset({segment, *(_leaves(run, segment) if segment in run.scheme.paths else ())})


def _row(run: Run, entry: Mapping[str, Any], matched: tuple[Matched, ...]) -> CustomerRow:
    segment = entry.get("segment")
    return CustomerRow(
        id=entry["customer_id"],
        name=entry.get("name"),
        segment=segment,
        label=run.scheme.title(segment) if segment else None,
        money=entry.get(MONEY),
        last_purchase=last_purchase(run, entry),
        matched=matched,
    )


def last_purchase(run: Run, entry: Mapping[str, Any]) -> date | None:
    """The day of a customer's last purchase, as far as the index knows."""
    recency = entry.get("recency_days")
    return None if recency is None else run.as_of.day - timedelta(days=int(recency))


def _key(entry: Mapping[str, Any]) -> str:
    """Where a page ends: the last customer's money and id."""
    money = entry.get(MONEY)
    return f"{'' if money is None else money}:{entry['customer_id']}"


def _after(run: Run, search: Search, key: str) -> int:
    """The rank that follows a key, whether or not that customer is still there."""
    money, sign, customer = key.partition(":")
    if not sign or not _AMOUNT.fullmatch(money):
        raise NotThere("views.no-such-page", place=key)
    wanted = _order(int(money) if money else None, customer)
    low, high = 0, len(search.numbers)
    while low < high:
        middle = (low + high) // 2
        entry = run.index.at(int(search.numbers[middle]))
        if _order(entry.get(MONEY), entry["customer_id"]) <= wanted:
            low = middle + 1
        else:
            high = middle
    return low


def _order(money: int | None, customer: str) -> tuple[bool, int, str]:
    return money is None, -(money or 0), customer


def _chosen(bins: Bins, attribute: str, label: Rendered, bars: str) -> Mask:
    """Which bars are meant; the last place is that of the unknown."""
    wanted = np.zeros(bins.count + 1, dtype=bool)
    for bar in bars.split(","):
        place = bins.count if bar == UNKNOWN else int(bar) if _BAR.fullmatch(bar) else -1
        if not 0 <= place <= bins.count:
            raise NotThere("views.no-such-bar", place=attribute, attribute=label, bar=bar)
        wanted[place] = True
    return wanted
