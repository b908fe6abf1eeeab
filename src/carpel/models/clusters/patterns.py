"""Which customers are alike, learned and answered as every model is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from carpel.kernel.money import Currency
from carpel.kernel.texts import Text, text
from carpel.models.cards import Card, Contender, Supply
from carpel.models.clusters.choosing import STARTS, Choice, Trial, chosen
from carpel.models.clusters.comparing import ASKED, KNOWN, Compared, compared, evenly, with_shares
from carpel.models.clusters.dividing import Division, Sizes, divided, division_from_json, labels
from carpel.models.clusters.figures import reason
from carpel.models.clusters.points import Matrix, Points
from carpel.models.clusters.portraying import Portrait, order_by_size, portraits
from carpel.models.clusters.ruling import ruled
from carpel.models.clusters.scaling import Space, known_share
from carpel.models.clusters.shares import Shares
from carpel.models.clusters.stability import VALID, jaccard
from carpel.models.clusters.traits import measured
from carpel.models.learning import Customers, Ground, Model
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

CHOSEN_ON: Final = 1_000
"""Customers on whom method and number are chosen."""
FEWEST: Final = 100
"""Customers, from which on clusters are looked for."""
TRAITS: Final = 2
"""The fewest attributes to compare by."""
_SEED: Final = 24
_ENDS: Final = 1.96


def learn(model: Model, ground: Ground) -> LearnedPatterns:
    """Look for clusters that tell more than chance, come again and would be treated differently; or none."""
    key = model.attributes[0].key
    if ASKED.key not in ground.catalogue.available:
        return LearnedPatterns(card=_thin(model, ground, 0, 0), key=key, found=None)
    those = compared(model.key, ground)
    if len(those.values) < FEWEST or len(those.compared) < TRAITS:
        return LearnedPatterns(card=_thin(model, ground, len(those.values), len(those.compared)), key=key, found=None)
    space = Space.of(those.compared, those.of(those.compared))
    points = space.points(those.of(space.traits))
    choice = chosen(space, points.take(evenly(points.rows, CHOSEN_ON)), range(len(space.traits)))
    found = _found(those, space, points, choice, Currency(ground.facts.currency))
    return LearnedPatterns(card=_card(model, ground, those, choice, found), key=key, found=found)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedPatterns:
    """What learned before."""
    found = None
    if kept["found"]:
        found = Found(
            space=Space.from_json(kept["found"]["space"]),
            division=division_from_json(kept["found"]["division"]),
            portraits=tuple(Portrait.from_json(each) for each in kept["found"]["portraits"]),
            agreement=kept["found"]["agreement"],
            shares=Shares.from_json(kept["found"]["shares"]),
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
        shares: The categories that customers are compared by.
    """

    space: Space
    division: Division
    portraits: tuple[Portrait, ...]
    agreement: float
    shares: Shares


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
        return frozenset([ASKED.key, *(each.attribute for each in traits if each.attribute)])

    @property
    def portraits(self) -> tuple[Portrait, ...]:
        """Who the customers of each cluster are."""
        return self.found.portraits if self.found else ()

    @property
    def agreement(self) -> float:
        """How many customers the rules place where they are, of those that nothing was learned from."""
        return self.found.agreement if self.found else 0.0

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The cluster of each customer of whom enough is known, and how clearly they belong there."""
        if self.found is None:
            return {}
        values, points = self._points(self.found, customers)
        unknown = ~self._known(customers, values)
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
        values, points = self._points(self.found, customers)
        known, clusters = self._known(customers, values), labels(self.found.division, points)
        currency = Currency(customers.ground.facts.currency)
        rows = zip(clusters, known, values, strict=True)
        return tuple(
            tuple(self._reasons(cluster, row, currency)) if is_known else () for cluster, is_known, row in rows
        )

    def _reasons(self, cluster: int, row: Matrix, currency: Currency) -> Iterator[Reason]:
        traits = self.found.space.traits if self.found else ()
        for mark in self.portraits[cluster].marks:
            if mark.holds(row[mark.trait]):
                told = reason(traits[mark.trait], mark, float(row[mark.trait]), currency)
                yield Reason(of=self.key, said=told, supports=True, weight=abs(mark.size))

    def _known(self, customers: Customers, values: Matrix) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.asarray(ASKED.holds(customers.profiles) & (known_share(values) >= KNOWN))

    def _points(self, found: Found, customers: Customers) -> tuple[Matrix, Points]:
        values = measured(with_shares(customers.profiles, customers, found.shares), found.space.traits)
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
                "shares": self.found.shares.to_json(),
            }
        }


def _found(those: Compared, space: Space, points: Points, choice: Choice, currency: Currency) -> Found | None:
    """The chosen division, learned again from more customers; the largest cluster first."""
    if choice.trial is None or choice.trial.division is None:
        return None
    count, division = choice.trial.clusters, _learned_again(choice.trial, choice.trial.division, points)
    order = order_by_size(labels(division, points), count)
    division, stability = division.reordered(order), [choice.stability[place] for place in order]
    clusters = labels(division, points)
    rules = ruled(those.named, those.of(those.named), clusters, count, currency.digits)
    told = portraits(those, space, clusters, stability, rules, currency)
    return Found(space=space, division=division, portraits=told, agreement=rules.agreement, shares=those.shares)


def _learned_again(trial: Trial, division: Division, points: Points) -> Division:
    """The division of all customers, in the order of the chosen one; the chosen one itself where they are not alike."""
    any_size = Sizes(share=0.0, customers=0)
    made = divided(points, trial.method, trial.clusters, starts=STARTS, sizes=any_size, seed=_SEED)
    if made is None:
        return division
    alike = jaccard(labels(division, points), trial.clusters, labels(made, points), trial.clusters)
    before, now = linear_sum_assignment(-alike)
    return made.reordered(now) if alike[before, now].min() >= VALID else division


def _supplies(customers: int, traits: int) -> tuple[Supply, ...]:
    return (
        Supply(of=text("models.supply-buyers"), had=customers, needed=FEWEST),
        Supply(of=text("models.supply-traits"), had=traits, needed=TRAITS),
    )


def _thin(model: Model, ground: Ground, customers: int, traits: int) -> Card:
    """The card where there is too little to compare by."""
    supplies = _supplies(customers, traits)
    short = next(each for each in supplies if not each.suffices)
    return Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=Rung.RULE,
        wanted=text("models.wanted-more", had=short.had, count=short.needed, of=short.of),
        method=None,
        supplies=supplies,
        customers=customers,
        remarks=(text("models.clusters-undivided"),),
    )


def _card(model: Model, ground: Ground, those: Compared, choice: Choice, found: Found | None) -> Card:
    best = choice.trial
    return Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=Rung.MODEL,
        wanted=None,
        method=best.title if best else None,
        supplies=_supplies(len(those.values), len(those.compared)),
        measure=text("models.measure-beyond-chance"),
        baseline=text("models.clusters-baseline") if best else None,
        gain=best.told if best else None,
        gain_low=best.told - _ENDS * best.error if best else None,
        gain_high=best.told + _ENDS * best.error if best else None,
        contenders=tuple(_contenders(choice)),
        customers=len(those.values),
        remarks=tuple(_remarks(choice, found)),
    )


def _contenders(choice: Choice) -> Iterator[Contender]:
    best = choice.trial
    if best is None:
        return
    for each in (best, *choice.others):
        if each.division is not None and np.isfinite(each.told):
            reach = _ENDS * float(np.hypot(each.error, best.error)) if each is not best else 0.0
            behind = best.told - each.told
            yield Contender(name=each.title, score=each.told, behind=behind, low=behind - reach, high=behind + reach)


def _remarks(choice: Choice, found: Found | None) -> Iterator[Text]:
    if found is None:
        yield text("models.clusters-undivided")
    else:
        yield text("models.clusters-agreement", share=round(100 * found.agreement))
        for portrait in found.portraits:
            yield text("models.clusters-told", key=portrait.key, name=portrait.name, share=round(100 * portrait.share))
            yield text("models.clusters-stability", key=portrait.key, jaccard=round(portrait.stability, 2))
    yield from choice.refused
