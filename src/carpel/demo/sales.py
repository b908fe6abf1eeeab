"""Orders and their lines: products, quantities, prices, discounts, costs; contract charges and returns among them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from carpel.demo.blocks import Flags, Floats, Ints
from carpel.demo.people import CHANNELS

CONTRACT_CHANNEL: Final = len(CHANNELS)


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


def joined(one: Sales, other: Sales) -> Sales:
    """Both; the other's lines then refer to orders counted after the first's."""
    shifted = Lines(**_arrays(other.lines) | {"order": other.lines.order + len(one.owner)})
    mine, theirs, added = _arrays(one), _arrays(other), _arrays(shifted)
    lines = {name: np.concatenate((each, added[name])) for name, each in _arrays(one.lines).items()}
    orders = {name: np.concatenate((each, theirs[name])) for name, each in mine.items()}
    return Sales(**orders, lines=Lines(**lines))


def in_time_order(sold: Sales) -> Sales:
    """The same orders, the earliest first."""
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
