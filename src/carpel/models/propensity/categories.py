"""From which category each customer buys next: one calibrated learner for all of them, the likeliest named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa

from carpel.kernel.texts import Parameter, Text, text
from carpel.models.cards import Band, Card, Contender, Supply, Weight
from carpel.models.frames import Frame, Windows, bought_from, features_of, windows
from carpel.models.frames.drifting import drift
from carpel.models.frames.moments import NUMBER
from carpel.models.learning import Customers, Ground, Model
from carpel.models.propensity.blocks import Blocks
from carpel.models.propensity.carding import ASKED
from carpel.models.propensity.ladder import FOR_A_MODEL, scarcer_of
from carpel.models.propensity.pairs import (
    LABELS,
    Numbers,
    Pairs,
    Part,
    Whole,
    bought_until,
    names_of,
    part_of,
    part_of_buyers,
)
from carpel.models.propensity.propensity import LEARNERS, Propensity
from carpel.models.propensity.reasons import plainly, reasons
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

_OF: Final = "likely_category"
FAVOURITE: Final = "most frequent of the customer"
_TENTHS: Final = 10
_Z: Final = 1.96


def learn(model: Model, ground: Ground) -> LearnedCategories:
    """Learn which of their categories customers come back to; where there is too little, the commonest is named."""
    bought = bought_until(ground, ground.as_of)
    names = names_of(bought)
    buyers = part_of_buyers(bought, names)
    during = windows(ground.facts, ground.as_of, model.horizon or 0)
    if isinstance(during, Text) or not names:
        why = during if isinstance(during, Text) else text("models.nobody-to-ask")
        return LearnedCategories(card=_rule(model, ground, why, 0), names=names, buyers=buyers, model=None)
    parts = [part_of(ground, start, during, names) for start in during.starts]
    scarcest = min(scarcer_of(each.happened) for each in parts)
    if scarcest < FOR_A_MODEL:
        wanted = text("models.wanted-after-pooled", found=scarcest, count=FOR_A_MODEL)
        return LearnedCategories(card=_rule(model, ground, wanted, scarcest), names=names, buyers=buyers, model=None)
    learned = _fitted(parts)
    weights = _weights(learned, parts[0].pairs, Pairs.of(bought, ground.as_of, names, buyers))
    card = replace(_card(model, ground, learned, parts, during), weights=weights)
    trial = _Trial.of(learned, parts[-1])
    return LearnedCategories(
        card=_judged(card, trial, during), names=names, buyers=buyers, model=learned, ranks=trial.ranks
    )


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedCategories:  # noqa: ARG001 (as all have it)
    """What learned before."""
    return LearnedCategories(
        card=card,
        names=tuple(kept["names"]),
        buyers=kept["buyers"],
        model=Propensity.from_json(kept["model"]) if kept["model"] else None,
        ranks=kept["ranks"],
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedCategories:
    """What was learned of categories.

    Attributes:
        card: What is told of it.
        names: The categories, those with the most buyers first.
        buyers: Each one's part of all who have bought.
        model: Of a pair of customer and category; None where there is too little to learn from.
        ranks: Whether the category is named that the model finds likeliest, as that was more often right than each
            customer's own favourite; else the favourite is.
    """

    card: Card
    names: tuple[str, ...]
    buyers: Mapping[str, float]
    model: Propensity | None
    ranks: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """Nothing: purchases are read from the facts."""
        return frozenset()

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The likeliest category of each customer who has bought, and how likely it is."""
        if not self.names:
            return {}
        numbers = np.asarray(customers.profiles[NUMBER], dtype=np.int64)
        pairs = self._pairs(customers)
        named, chance = self._named(pairs)
        at = np.searchsorted(numbers, pairs.numbers)
        names, chances = np.full(len(numbers), None, dtype=object), np.full(len(numbers), np.nan)
        names[at], chances[at] = np.array(self.names, dtype=object)[pairs.category[named]], chance
        return {
            _OF: pa.array(names, pa.string()),
            _OF + "_probability": pa.array(chances, mask=np.isnan(chances)),
        }

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """Three for and three against the category that is named."""
        found: dict[int, tuple[Reason, ...]] = {}
        if self.model is not None and self.names:
            pairs = self._pairs(customers)
            named = pairs.table.take(pa.array(self._named(pairs)[0]))
            told = reasons(self.model, Frame.of(named, self.model.features), _OF, said=_said)
            found = dict(zip(pairs.numbers.tolist(), told, strict=True))
        return tuple(found.get(number, ()) for number in customers.profiles[NUMBER].to_pylist())

    def _pairs(self, customers: Customers) -> Pairs:
        at = customers.ground.as_of
        return Pairs.of(customers.read(bought_from(customers.ground.facts, None, at)), at, self.names, self.buyers)

    def _named(self, pairs: Pairs) -> tuple[Whole, Numbers]:
        """Of each customer, the pair with the category that is named, and how likely it is."""
        if self.model is None:
            return pairs.commonest, np.full(len(pairs.numbers), self.buyers[self.names[0]])
        if self.ranks:
            chances = self.model.probability(Frame.of(pairs.table, self.model.features))
            named = pairs.likeliest(chances)
            return named, chances[named]
        own = pairs.table.take(pa.array(pairs.favourites))
        return pairs.favourites, self.model.probability(Frame.of(own, self.model.features))

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        model = self.model.to_json() if self.model else None
        return {"names": list(self.names), "buyers": dict(self.buyers), "model": model, "ranks": self.ranks}


def _fitted(parts: Sequence[Part]) -> Propensity:
    table = pa.concat_tables(each.pairs.table for each in parts)
    outcome = np.concatenate([each.happened for each in parts])
    ends = np.cumsum([0, *(len(each.happened) for each in parts)])
    train, calibrate, test = (np.arange(ends[place], ends[place + 1]) for place in range(3))
    features = features_of(table.slice(0, int(ends[1])), labels=LABELS)
    blocks = Blocks(train=train, calibrate=calibrate, test=test, dated=True)
    return Propensity.fit(Frame.of(table, features), outcome, blocks)


def _weights(learned: Propensity, before: Pairs, now: Pairs) -> tuple[Weight, ...]:
    moved = drift(Frame.of(before.table, learned.features), Frame.of(now.table, learned.features))
    return tuple(Weight(key=key, label=LABELS[key], weight=weight, drift=moved[key]) for key, weight in learned.weights)


def _rule(model: Model, ground: Ground, wanted: Text, had: int) -> Card:
    return Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=Rung.RULE,
        wanted=wanted,
        method=None,
        supplies=(Supply(of=text("models.supply-category"), had=had, needed=FOR_A_MODEL),),
    )


def _card(model: Model, ground: Ground, learned: Propensity, parts: Sequence[Part], during: Windows) -> Card:
    asked, short = sum(len(each.pairs.numbers) for each in parts), []
    scarcest = min(scarcer_of(each.happened) for each in parts)
    if during.shortened:
        short.append(text("models.horizon-shortened", count=during.horizon, wished=during.shortened))
    return Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=learned.rung,
        wanted=learned.wanted,
        method=LEARNERS[learned.learner].title if learned.learner else None,
        supplies=(
            Supply(of=text("models.supply-asked"), had=asked, needed=ASKED),
            Supply(of=text("models.supply-category"), had=scarcest, needed=FOR_A_MODEL),
        ),
        customers=asked,
        remarks=(*learned.remarks, *short),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Trial:
    """How often those who bought in the last days did so from the category that was named.

    Attributes:
        learned: What was judged.
        part: Those who judge.
        chances: Of each pair, as it was told before.
        ranks: Whether the likeliest was right more often than each customer's own favourite, by more than chance.
    """

    learned: Propensity
    part: Part
    chances: Numbers
    ranks: bool

    @classmethod
    def of(cls, learned: Propensity, part: Part) -> Self:
        chances = learned.judged_probability(Frame.of(part.pairs.table, learned.features))
        trial = cls(learned=learned, part=part, chances=chances, ranks=True)
        _, low, _ = _apart(trial.hits(trial.named), trial.hits(part.pairs.favourites))
        return replace(trial, ranks=low > 0)

    @property
    def named(self) -> Whole:
        """Of each customer, the pair with the category that was named."""
        return self.part.pairs.likeliest(self.chances) if self.ranks else self.part.pairs.favourites

    def hits(self, pairs: Whole) -> Numbers:
        """Of those who bought, whether they did so from the category of these pairs."""
        return self.part.happened[pairs[self.part.bought]]

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """The learners, beside each customer's own favourite and the commonest category."""
        pairs, hits = self.part.pairs, {}
        frame = Frame.of(pairs.table, self.learned.features)
        for each in self.learned.candidates:
            chances = self.learned.judged_probability(frame, each.learner)
            hits[LEARNERS[each.learner].title] = self.hits(pairs.likeliest(chances))
        hits |= {FAVOURITE: self.hits(pairs.favourites), "most popular": self.hits(pairs.commonest)}
        ranked = sorted(hits, key=lambda name: -float(hits[name].mean()))
        return tuple(_contender(name, hits[name], hits[ranked[0]]) for name in ranked)

    @property
    def bands(self) -> Iterator[Band]:
        """Tenths of customers by how likely the category is that was named, the likeliest first."""
        named = self.named
        chance, bought = self.chances[named], self.part.happened[named]
        order = np.lexsort((self.part.pairs.numbers, -chance))
        for number, part in enumerate(np.array_split(order, _TENTHS), start=1):
            if len(part):
                yield Band(
                    of=text("models.band-tenth", number=number),
                    customers=len(part),
                    expected=float(chance[part].mean()),
                    actual=float(bought[part].mean()),
                )


def _judged(card: Card, trial: _Trial, during: Windows) -> Card:
    """Beside each customer's own favourite; where that is what is named, beside the commonest category."""
    start = during.starts[-1]
    pairs = trial.part.pairs
    usual = pairs.favourites if trial.ranks else pairs.commonest
    gain, low, high = _apart(trial.hits(trial.named), trial.hits(usual))
    return replace(
        card,
        method=card.method if trial.ranks else f"{FAVOURITE} + {card.method}",
        measure=text("models.measure-category"),
        baseline=text("models.baseline-favourite" if trial.ranks else "models.baseline-commonest-category"),
        gain=gain,
        gain_low=low,
        gain_high=high,
        judged_from=start.day,
        judged_until=during.end(start).day,
        contenders=trial.contenders,
        bands=tuple(trial.bands),
        counted=text("models.counted-category"),
    )


def _contender(name: str, hits: Numbers, best: Numbers) -> Contender:
    behind, low, high = _apart(best, hits)
    return Contender(name=name, score=float(hits.mean()), behind=behind, low=low, high=high)


def _apart(better: Numbers, worse: Numbers) -> tuple[float, float, float]:
    each = better - worse
    reach = _Z * float(each.std()) / np.sqrt(len(each))
    return float(each.mean()), float(each.mean() - reach), float(each.mean() + reach)


def _said(key: str, value: str | float) -> Parameter:
    """Parts in percent, days as they are."""
    return f"{100 * float(value):.0f}%" if key in {"part", "buyers"} else plainly(key, value)
