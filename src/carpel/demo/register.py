"""Customers as two systems know them: the CRM and, with ids of its own, the web shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.demo.blocks import Block, Flags, Ints, Topic
from carpel.demo.columns import either, numbered, picked, words
from carpel.demo.naming import names, phones
from carpel.demo.people import APP, CONSUMER, STAFF, WEB, People

TWINS: Final = 0.06
"""Share of the CRM's consumers that also opened an account in the web shop."""


@dataclass(frozen=True, kw_only=True)
class Register:
    """Who is known where.

    Attributes:
        ids: Each customer's main id: six digits from the CRM, or W and seven digits from the shop.
        shop: Whether the shop knows the customer.
        twin: Whether both systems know the customer, each under its own id.
        shop_ids: The shop's ids.
        name: Names.
        email: E-mail addresses.
        phone: Phone numbers, as people write them.
    """

    ids: Any
    shop: Flags
    twin: Flags
    shop_ids: Any
    name: Any
    email: Any
    phone: Any

    def ids_of(self, owner: Ints, online: Flags) -> Any:
        """Ids on events: twins are known by their shop's id online."""
        main, other = picked(self.ids, owner), picked(self.shop_ids, owner)
        return either(self.twin[owner] & online, other, main)


def online(channel: Ints) -> Flags:
    """Whether a channel is the web shop's."""
    return np.isin(channel, (WEB, APP))


def register(block: Block, people: People) -> Register:
    """The customers of a block as the systems know them."""
    random = block.random(Topic.DETAILS)
    person = people.party == CONSUMER
    born_online = person & online(people.channel) & ~people.inquired
    twin = person & ~born_online & people.buys & (random.random(len(people)) < TWINS)
    shop_ids = numbered("W", people.number, 7)
    name, handle = names(random, people)
    return Register(
        ids=either(born_online, shop_ids, numbered("", people.number, 6)),
        shop=born_online | twin,
        twin=twin,
        shop_ids=shop_ids,
        name=name,
        email=pc.binary_join_element_wise(handle, pa.array(people.number).cast(pa.string()), "@example.com", ""),
        phone=phones(random, people),
    )


def staff_ids(block: int, place: Ints) -> Any:
    """Employee ids of a block's team."""
    return numbered("E", block * STAFF + place + 1, 5)


def _sets(random: np.random.Generator, values: list[str], size: int) -> Any:
    """One to three distinct values, separated by semicolons."""
    order = np.argsort(random.random((size, len(values))), axis=1)[:, :3]
    counts = random.integers(1, 4, size)
    first, second, third = (words(values, order[:, place]) for place in range(3))
    both = pc.binary_join_element_wise(first, second, ";")
    all_three = pc.binary_join_element_wise(both, third, ";")
    return either(counts == 1, first, either(counts == len((first, second)), both, all_three))
