"""Which customers are alike, learned and answered as every model is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.kernel.money import Currency
from carpel.kernel.texts import Text, text
from carpel.models.cards import Card, Contender, Supply
from carpel.models.clusters.choosing import STARTS, Choice, chosen
from carpel.models.clusters.dividing import Division, Sizes, divided, division_from_json, labels
from carpel.models.clusters.points import Matrix, Points
from carpel.models.clusters.portraying import Portrait, order_by_size, portraits
from carpel.models.clusters.ruling import ruled
from carpel.models.clusters.scaling import Space, known_share
from carpel.models.clusters.traits import Trait, measured, traits_of
from carpel.models.frames import Asked
from carpel.models.frames.moments import NUMBER, known_as_of, sampled
from carpel.models.learning import Customers, Ground, Model
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

CHOSEN_ON: Final = 1_000
"""Customers on whom method and number are chosen."""
LEARNED_FROM: Final = 20_000
"""The most customers from whom the chosen division is learned."""
FEWEST: Final = 100
"""Customers, from which on clusters are looked for."""
TRAITS: Final = 2
"""The fewest attributes to compare by."""
ASKED: Final = Asked(key="frequency", least=1)
LOOKED_AT: Final[Mapping[str, tuple[str, ...]]] = {
    "clusters": (
        "recency_days",
        "frequency",
        "cycle_days",
        "gap_regularity",
        "order_mean",
        "discount_share",
        "returns_share",
        "bulk_share",
        "spend_growth_365d",
        "categories_count",
        "main_channel",
        "purchase_pattern",
    ),
    "needs": (
        "categories",
        "largest_need_share",
        "interests",
        "values",
        "lifestyle",
        "personality",
        "belief",
        "nps_group",
        "satisfaction_last",
        "complaints_365d",
    ),
}
"""What customers are compared by, by the key of the model: how they buy, or what they need and care for."""
_KNOWN: Final = 0.5
_SEED: Final = 24


def learn(model: Model, ground: Ground) -> LearnedPatterns:
    """Look for clusters that tell more than chance, come again and would be treated differently; or none."""
    of, key = LOOKED_AT[model.key], model.attributes[0].key
    available = ground.catalogue.available
    wanted = [each for each in of if each in available]
    if ASKED.key not in available:
        return LearnedPatterns(card=_card(model, ground, (), 0, None, None, None), key=key, found=None)
    keys = [*wanted, *({ASKED.key} - set(wanted))]
    buckets = sampled(ground.facts)
    table = known_as_of(ground.facts, ground.catalogue, ground.as_of, ground.engine, keys=keys, buckets=buckets)
    table = table.sort_by(NUMBER).filter(pa.array(ASKED.holds(table.sort_by(NUMBER))))
    traits = traits_of(table, [available[each] for each in wanted]) if table.num_rows else ()
    if table.num_rows < FEWEST or len(traits) < TRAITS:
        return LearnedPatterns(card=_card(model, ground, traits, table.num_rows, None, None, None), key=key, found=None)
    values = _in_own_order(measured(table, traits))[:LEARNED_FROM]
    values = values[known_share(values) >= _KNOWN]
    space = Space.of(traits, values)
    kept = [[each.column for each in traits].index(each.column) for each in space.traits]
    values = values[:, kept]
    points = space.points(values)
    choice = chosen(space, points.take(np.arange(min(CHOSEN_ON, points.rows))), range(len(space.traits)))
    found = _divided(space, points, values, choice, Currency(ground.facts.currency).digits)
    card = _card(model, ground, space.traits, table.num_rows, choice, found, space)
    return LearnedPatterns(card=card, key=key, found=found)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedPatterns:
    """What learned before."""
    found = None
    if kept["found"]:
        found = Found(
            space=Space.from_json(kept["found"]["space"]),
            division=division_from_json(kept["found"]["division"]),
            portraits=tuple(Portrait.from_json(each) for each in kept["found"]["portraits"]),
            agreement=kept["found"]["agreement"],
        )
    return LearnedPatterns(card=card, key=model.attributes[0].key, found=found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Clusters that were found.

    Attributes:
        space: By what customers are compared.
        division: Who is in which.
        portraits: Of each, in order.
        agreement: How many customers the rules place where they are.
    """

    space: Space
    division: Division
    portraits: tuple[Portrait, ...]
    agreement: float


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedPatterns:
    """What was learned of likeness among customers.

    Attributes:
        card: What is told of it.
        key: The attribute that holds a customer's cluster.
        found: The clusters; None where there are none to be trusted.
    """

    card: Card
    key: str
    found: Found | None

    @property
    def needs(self) -> frozenset[str]:
        """What customers are compared by."""
        traits = self.found.space.traits if self.found else ()
        return frozenset([ASKED.key, *(str(each.attribute) for each in traits)])

    @property
    def portraits(self) -> tuple[Portrait, ...]:
        """Who the customers of each cluster are."""
        return self.found.portraits if self.found else ()

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The cluster of each customer of whom enough is known, and how clearly they belong there."""
        if self.found is None:
            return {}
        values, points = self._points(self.found, customers)
        unknown = ~ASKED.holds(customers.profiles) | (known_share(values) < _KNOWN)
        keys = np.array([each.key for each in self.found.portraits], dtype=object)[labels(self.found.division, points)]
        fit = np.clip(self.found.division.fit(points), 0, 1)
        return {
            self.key: pa.array(keys, pa.string(), mask=unknown),
            self.key + "_fit": pa.array(fit, mask=unknown),
        }

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """By what each customer is like the others of their cluster: what sets it apart, where it holds of them."""
        if self.found is None:
            return tuple(() for _ in range(customers.profiles.num_rows))
        _, points = self._points(self.found, customers)
        clusters = labels(self.found.division, points)
        known = self.answers(customers)[self.key].is_valid().to_pylist()
        told = [Reason(of=self.key, said=each.sentences[1], supports=True, weight=1.0) for each in self.portraits]
        return tuple((told[cluster],) if is_known else () for cluster, is_known in zip(clusters, known, strict=True))

    def _points(self, found: Found, customers: Customers) -> tuple[Matrix, Points]:
        values = measured(customers.profiles, found.space.traits)
        return values, found.space.points(values)

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        if self.found is None:
            return {"found": None}
        return {
            "found": {
                "space": self.found.space.to_json(),
                "division": self.found.division.to_json(),
                "portraits": [each.to_json() for each in self.found.portraits],
                "agreement": self.found.agreement,
            }
        }


def _in_own_order(values: Matrix) -> Matrix:
    """Rows in an order that follows from what they hold."""
    return values[np.lexsort((*np.nan_to_num(values, nan=-1.0).T, _mixed(values)))]


def _mixed(values: Matrix) -> Matrix:
    """A number for each row that says nothing of its size."""
    weights = np.random.default_rng(_SEED).normal(size=values.shape[1])
    return np.asarray(np.modf(np.abs(np.nan_to_num(values, nan=0.5) @ weights) * 1e3)[0])


def _divided(space: Space, points: Points, values: Matrix, choice: Choice, digits: int) -> Found | None:
    """The chosen division, learned again from more customers; the largest cluster first."""
    trial = choice.trial
    if trial is None:
        return None
    any_size = Sizes(share=0.0, customers=0)
    made = divided(points, trial.method, trial.clusters, starts=STARTS, sizes=any_size, seed=_SEED)
    division = made or trial.division
    assert division is not None  # noqa: S101 (what was chosen is there)
    division = division.reordered(order_by_size(labels(division, points), trial.clusters))
    clusters = labels(division, points)
    rules = ruled(space.traits, values, clusters, trial.clusters, digits)
    told = portraits(space, points, clusters, trial.clusters, rules)
    return Found(space=space, division=division, portraits=told, agreement=rules.agreement)


def _card(
    model: Model,
    ground: Ground,
    traits: tuple[Trait, ...],
    customers: int,
    choice: Choice | None,
    found: Found | None,
    space: Space | None,
) -> Card:
    supplies = (
        Supply(of=text("models.supply-buyers"), had=customers, needed=FEWEST),
        Supply(of=text("models.supply-traits"), had=len(traits), needed=TRAITS),
    )
    short = next((each for each in supplies if not each.suffices), None)
    if choice is None or space is None:
        missing = text("models.wanted-more", had=short.had, count=short.needed, of=short.of) if short else None
        return Card(
            key=model.key,
            asks=model.asks,
            as_of=ground.as_of,
            rung=Rung.RULE,
            wanted=missing or text("models.wanted-more-history"),
            method=None,
            supplies=supplies,
            remarks=(text("models.clusters-undivided"),),
        )
    return Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=Rung.MODEL,
        wanted=None,
        method=choice.trial.title if choice.trial else None,
        supplies=supplies,
        measure=text("models.measure-beyond-chance"),
        baseline=text("models.clusters-baseline") if choice.trial else None,
        gain=choice.trial.told if choice.trial else None,
        gain_low=choice.trial.told - 1.96 * choice.trial.error if choice.trial else None,
        gain_high=choice.trial.told + 1.96 * choice.trial.error if choice.trial else None,
        contenders=tuple(_contenders(choice)),
        customers=customers,
        remarks=tuple(_remarks(choice, found)),
    )


def _contenders(choice: Choice) -> Iterator[Contender]:
    best = choice.trial
    if best is None:
        return
    for each in (best, *choice.others):
        if each.division is not None and np.isfinite(each.told):
            reach = 1.96 * float(np.hypot(each.error, best.error)) if each is not best else 0.0
            behind = best.told - each.told
            yield Contender(name=each.title, score=each.told, behind=behind, low=behind - reach, high=behind + reach)


def _remarks(choice: Choice, found: Found | None) -> Iterator[Text]:
    if found is None:
        yield text("models.clusters-undivided")
    else:
        yield text("models.clusters-agreement", share=round(100 * found.agreement))
        for portrait, jaccard in zip(found.portraits, choice.stability, strict=True):
            yield text("models.clusters-told", key=portrait.key, name=portrait.name, share=round(100 * portrait.share))
            yield text("models.clusters-stability", key=portrait.key, jaccard=round(jaccard, 2))
    yield from choice.refused
