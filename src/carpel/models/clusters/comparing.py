"""What customers are compared by, what rules may name, and what else is told of those who are alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from carpel.models.clusters.points import Matrix
from carpel.models.clusters.scaling import known_share
from carpel.models.clusters.shares import WANTS, Shares
from carpel.models.clusters.traits import Trait, measured, traits_of
from carpel.models.frames import Asked, bought_from
from carpel.models.frames.frame import Rows
from carpel.models.frames.moments import NUMBER, known_as_of, sampled
from carpel.models.learning import Customers, Ground
from carpel.profiles.available import lacking

LEARNED_FROM: Final = 20_000
"""The most customers from whom clusters are learned."""
KNOWN: Final = 0.5
"""What part of the traits must be known of a customer who is placed."""
ASKED: Final = Asked(key="frequency", least=1)
"""Of whom it is asked: whoever has bought."""
BEHAVIOUR: Final = (
    *("recency_days", "frequency", "cycle_days", "gap_regularity", "order_mean", "discount_share", "returns_share"),
    *("bulk_share", "spend_growth_365d", "categories_count", "main_channel", "purchase_pattern"),
)
CARED_FOR: Final = (
    *("interests", "values", "lifestyle", "personality", "belief"),
    *("nps_group", "satisfaction_last", "complaints_365d"),
)
LOOKED_AT: Final[Mapping[str, tuple[str, ...]]] = {"clusters": BEHAVIOUR, "needs": CARED_FOR}
"""What customers are compared by, by the key of the model; needs by what they buy from each category too."""
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "clusters": BEHAVIOUR,
    "needs": ("largest_need", "largest_need_share", "categories", *CARED_FOR),
}
"""What rules may name: no attribute says what part of purchases is of one category."""
WHO: Final = (
    *("kind", "industry", "organisation_type", "employees", "region", "settlement", "gender", "age", "household_size"),
    *("social_class", "lifestyle", "acquisition_channel", "tenure_days"),
)
BUYS: Final = ("orders_365d", "order_median", "largest_need")
_SEED: Final = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Customers from whom clusters are learned, in an order that follows from what is known of them alone.

    Attributes:
        customers: How many were asked about.
        traits: All that was looked at.
        values: Customers by traits, as `measured` gives them.
        shares: What they buy from; no categories where it is not looked at.
        compared: The traits by which customers are compared.
        named: Those that rules may name.
        who: Those that say who customers are.
        buys: Those that say what they buy.
    """

    customers: int
    traits: tuple[Trait, ...]
    values: Matrix
    shares: Shares
    compared: tuple[Trait, ...]
    named: tuple[Trait, ...]
    who: tuple[Trait, ...]
    buys: tuple[Trait, ...]

    def of(self, traits: Sequence[Trait]) -> Matrix:
        """Customers by some of the traits."""
        places = {each.column: place for place, each in enumerate(self.traits)}
        return self.values[:, [places[each.column] for each in traits]]


def compared(key: str, ground: Ground) -> Compared:
    """What there is to learn from.

    Args:
        key: The model's.
        ground: What may be known; profiles say how often customers bought.
    """
    available = ground.catalogue.available
    keys = dict.fromkeys((ASKED.key, *LOOKED_AT[key], *NAMED[key], *WHO, *BUYS))
    table = _asked(ground, [each for each in keys if each in available])
    shares, table = _with_shares(key, ground, table)
    found = _traits(table, LOOKED_AT[key], ground, shares)
    known = known_share(measured(table, found)) >= KNOWN
    asked, table = table.num_rows, table.filter(pa.array(known))
    parts = {name: _traits(table, of, ground) for name, of in (("named", NAMED[key]), ("who", WHO), ("buys", BUYS))}
    parts["compared"] = _traits(table, LOOKED_AT[key], ground, shares)
    traits = tuple({each.column: each for part in parts.values() for each in part}.values())
    values = in_own_order(measured(table, traits))
    values = values[evenly(len(values), LEARNED_FROM)]
    return Compared(customers=asked, traits=traits, values=values, shares=shares, **parts)


def with_shares(table: pa.Table, customers: Customers, shares: Shares) -> pa.Table:
    """Profiles with what part of each customer's purchases is of each category that is looked at."""
    if not shares.categories:
        return table
    ground = customers.ground
    return shares.added(table, customers.read(bought_from(ground.facts, None, ground.as_of)))


def _asked(ground: Ground, keys: Sequence[str]) -> pa.Table:
    """Those in the sample who are asked about, in order of their numbers."""
    buckets = sampled(ground.facts)
    table = known_as_of(ground.facts, ground.catalogue, ground.as_of, ground.engine, keys=keys, buckets=buckets)
    table = table.sort_by(NUMBER)
    return table.filter(pa.array(ASKED.holds(table)))


def _with_shares(key: str, ground: Ground, table: pa.Table) -> tuple[Shares, pa.Table]:
    if LOOKED_AT[key] is not CARED_FOR or not table.num_rows or lacking(WANTS, ground.facts):
        return Shares(), table
    bindings = ground.facts.bindings(sampled(ground.facts))
    bought = ground.engine.read(bought_from(ground.facts, None, ground.as_of), bindings)
    shares = Shares.of(bought) if bought.num_rows else Shares()
    return shares, shares.added(table, bought)


def _traits(table: pa.Table, keys: Iterable[str], ground: Ground, shares: Shares | None = None) -> tuple[Trait, ...]:
    """Traits that tell these customers apart."""
    if not table.num_rows:
        return ()
    available = ground.catalogue.available
    found = traits_of(table, [available[each] for each in keys if each in available])
    of_shares = [each for each in shares.traits if _varies(table[each.column])] if shares else []
    return (*of_shares, *found)


def _varies(column: pa.ChunkedArray) -> bool:
    known = column.drop_null().to_numpy()
    return len(known) > 1 and bool(known.min() < known.max())


def evenly(rows: int, most: int) -> Rows:
    """Some of so many rows in order, evenly spread: customers who are the same stand side by side."""
    return np.unique(np.linspace(0, max(rows - 1, 0), min(rows, most)).astype(np.intp))


def in_own_order(values: Matrix) -> Matrix:
    """Rows in an order that follows from what they hold."""
    return values[np.lexsort((*np.nan_to_num(values, nan=-1.0).T, _mixed(values)))]


def _mixed(values: Matrix) -> Matrix:
    """A number for each row that says nothing of its size."""
    weights = np.random.default_rng(_SEED).normal(size=values.shape[1])
    return np.asarray(np.modf(np.abs((np.nan_to_num(values, nan=0.5) * weights).sum(axis=1)) * 1e3)[0])
