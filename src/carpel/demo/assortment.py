"""Products in lines and categories, with prices, costs, stock; some stopped and replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.demo.blocks import DAYS, Calendar, Flags, Floats, Ints, happens
from carpel.demo.columns import dates, money, only, words
from carpel.demo.planted import PARTIES, CrossSell
from carpel.kernel.yaml import read_yaml

STOPPED_FROM = 480
STOPPED_EVERY = 60


@cache
def content(name: str) -> Mapping[str, Any]:
    """One of the company's lists: `assortment`, `names` or `phrases`."""
    text = (files("carpel.demo") / "content" / f"{name}.yaml").read_text(encoding="utf-8")
    plain: Mapping[str, Any] = read_yaml(text, f"{name}.yaml").plain()
    return plain


@dataclass(frozen=True, kw_only=True)
class Assortment:
    """Everything the company sells; arrays have one entry for each product or category.

    Attributes:
        names: Of products.
        ids: Of products; five digits, many with leading zeros.
        category: Of each product, by position in `categories`.
        price: Today's list price in centavos.
        cost: Today's unit cost in centavos.
        launched: The first day on sale, may be before the data.
        stopped: The first day no longer on sale; `DAYS` while still sold.
        replaced_by: The product sold instead; itself where there is none.
        categories: Names of categories.
        called: Each category's name in the customers' languages.
        cycles: Usual days between purchases of a category; 0 where there is none.
        needs: Share of each party that buys a category regularly: categories x parties.
        yearly: Purchases a year, for categories without a cycle: categories x parties.
        months: How the months of the year compare: categories x 12.
        first_product: Position of each category's first product.
        choices: How many products of each category customers choose from.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...]
    category: Ints
    price: Ints
    cost: Ints
    launched: Ints
    stopped: Ints
    replaced_by: Ints
    categories: tuple[str, ...]
    called: tuple[Mapping[str, str], ...]
    cycles: Ints
    needs: Floats
    yearly: Floats
    months: Floats
    first_product: Ints
    choices: Ints

    def on_sale(self, products: Ints, days: Ints) -> Ints:
        """The products really sold: a stopped one's successor, and the one before while that is not launched yet."""
        sold: Ints = np.where(days >= self.stopped[products], self.replaced_by[products], products)
        return sold

    @property
    def cross_sells(self) -> tuple[CrossSell, ...]:
        """The planted pairs, by product id."""
        by_name = dict(zip(self.names, self.ids, strict=True))
        pairs = content("assortment")["cross_sells"]
        return tuple(CrossSell(first=by_name[pair["first"]], then=by_name[pair["then"]]) for pair in pairs)

    @property
    def planted_cycles(self) -> dict[str, int]:
        """Each category's usual days between purchases, by its name."""
        return {name: int(cycle) for name, cycle in zip(self.categories, self.cycles, strict=True) if cycle}


def assortment(seed: int) -> Assortment:
    """The company's products; prices and costs vary a little with the seed."""
    categories = content("assortment")["categories"]
    names = [name for each in categories for name in each["products"]]
    owner = np.repeat(np.arange(len(categories)), [len(each["products"]) for each in categories])
    random = np.random.default_rng([seed, 0, 1])
    price = _prices(random, np.array([each["price"] for each in categories])[owner])
    margin = np.array([each["cost"] for each in categories])[owner] * random.uniform(0.94, 1.06, len(names))
    launched, stopped, replaced_by = _lives(categories, names)
    return Assortment(
        names=tuple(names),
        ids=_ids(categories),
        category=owner,
        price=price,
        cost=np.rint(price * margin).astype(np.int64),
        launched=launched,
        stopped=stopped,
        replaced_by=replaced_by,
        categories=tuple(each["name"] for each in categories),
        called=tuple(each["called"] for each in categories),
        cycles=np.array([each.get("cycle", 0) for each in categories]),
        needs=_by_party(categories, "needs"),
        yearly=_by_party(categories, "yearly"),
        months=np.array([each.get("months", [1.0] * 12) for each in categories]),
        first_product=np.searchsorted(owner, np.arange(len(categories))),
        choices=np.array([len(each["products"]) - len(each.get("successors", {})) for each in categories]),
    )


def _prices(random: np.random.Generator, usual: Ints) -> Ints:
    spread = usual * np.exp(random.normal(0.0, 0.35, len(usual)))
    prices: Ints = np.maximum(500, np.rint(spread * 20) * 5).astype(np.int64)
    return prices


def _ids(categories: list[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(
        f"{(number + 1) * 100 + place:05d}"
        for number, each in enumerate(categories)
        for place in range(1, len(each["products"]) + 1)
    )


def _by_party(categories: list[Mapping[str, Any]], key: str) -> Floats:
    shares: Floats = np.array([[each.get(key, {}).get(party, 0.0) for party in PARTIES] for each in categories])
    return shares


def _lives(categories: list[Mapping[str, Any]], names: list[str]) -> tuple[Ints, Ints, Ints]:
    launched = np.full(len(names), -700)
    stopped = np.full(len(names), DAYS)
    replaced_by = np.arange(len(names))
    for turn, each in enumerate(categories):
        day = STOPPED_FROM + STOPPED_EVERY * turn % 420
        first = names.index(each["products"][0])
        for old, new in each.get("successors", {}).items():
            launched[names.index(new)] = day - 30
            stopped[names.index(old)] = day
            replaced_by[names.index(old)] = names.index(new)
        for name in each.get("ended", []):
            stopped[names.index(name)] = day
            replaced_by[names.index(name)] = first
    return launched, stopped, replaced_by


def products_table(goods: Assortment, calendar: Calendar, seed: int) -> Any:
    """The product list as the shop exports it."""
    random = np.random.default_rng([seed, 0, 2])
    size = len(goods.names)
    sold = goods.stopped == DAYS
    return pa.table(
        {
            "SKU": pa.array(goods.ids),
            "ProductName": pa.array(goods.names),
            "CategoryCode": pa.array([f"C{number:02d}" for number in goods.category + 1]),
            "ListPrice": money(goods.price),
            "UnitCost": money(goods.cost),
            "OnHand": pa.array(np.where(sold & happens(random, size, 0.95), random.integers(20, 4000, size), 0)),
            "Active": words(("No", "Yes"), sold.astype(np.int64)),
            "Launched": dates(calendar.dates(goods.launched)),
            "Replaces": _replaces(goods),
        }
    )


def _replaces(goods: Assortment) -> Any:
    size = len(goods.names)
    before = np.arange(size)
    olds = np.flatnonzero(_has_successor(goods))
    before[goods.replaced_by[olds]] = olds
    return only(words(goods.ids, before), before != np.arange(size))


def _has_successor(goods: Assortment) -> Flags:
    launched_later: Flags = goods.launched[goods.replaced_by] > goods.launched
    return launched_later


def categories_table() -> Any:
    """The category list, which products refer to by code."""
    categories = content("assortment")["categories"]
    return pa.table(
        {
            "Code": [f"C{number:02d}" for number in range(1, len(categories) + 1)],
            "Category": [each["name"] for each in categories],
            "Line": [each["line"] for each in categories],
        }
    )
