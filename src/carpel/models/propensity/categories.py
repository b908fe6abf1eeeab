"""From which category each customer buys next: one calibrated learner for all of them, the likeliest named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Parameter, Text, text
from carpel.models.cards import Band, Card, Supply
from carpel.models.frames import Frame, Windows, bought_from, features_of, windows
from carpel.models.frames.moments import NUMBER, sampled
from carpel.models.learning import Customers, Ground, Model
from carpel.models.propensity.blocks import Blocks
from carpel.models.propensity.ladder import FOR_A_MODEL, scarcer_of
from carpel.models.propensity.propensity import LEARNERS, Propensity
from carpel.models.propensity.reasons import plainly, reasons
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

MOST: Final = 40
"""Categories that are told apart: those with the most buyers."""
_OF: Final = "likely_category"
_TENTHS: Final = 10
_Z: Final = 1.96
_EPOCH: Final = 719_163
"""1970-01-01 as dates count days."""
_LABELS: Final[Mapping[str, Text]] = {
    key: text(f"models.category-feature-{key.replace('_', '-')}")
    for key in ("days", "since_last", "since_first", "part", "all_days", "since_any", "buyers")
}
"""What a pair of customer and category is told by."""

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pairs:
    """Customers who have bought, each beside each category.

    Attributes:
        numbers: The customers, in order.
        table: One row for each customer and category, customer by customer.
        buyers: How many there are of each category.
    """

    numbers: Whole
    table: pa.Table
    buyers: Mapping[str, int]

    @classmethod
    def of(cls, bought: pa.Table, at: AsOf, names: Sequence[str], buyers: Mapping[str, float]) -> Self:
        """From what `bought_from` gives until a moment; `buyers` is each category's part of all customers."""
        today = at.day.toordinal()
        numbers, where = np.unique(np.asarray(bought[NUMBER], dtype=np.int64), return_inverse=True)
        places = {name: place for place, name in enumerate(names)}
        place = np.array([places.get(name, -1) for name in bought["category"].to_pylist()], dtype=np.int64)
        days = np.asarray(bought["days"], dtype=np.float64)
        first, last = (_ordinals(bought[name]) for name in ("first", "last"))
        shape = (len(numbers), len(names))
        told = place >= 0
        cell = (where[told], place[told])
        own, since_last, since_first = np.zeros(shape), np.full(shape, np.nan), np.full(shape, np.nan)
        own[cell], since_last[cell], since_first[cell] = days[told], today - last[told], today - first[told]
        total = np.bincount(where, days, len(numbers))
        latest = np.full(len(numbers), np.inf)
        np.minimum.at(latest, where, today - last)
        columns = {
            "days": own,
            "since_last": since_last,
            "since_first": since_first,
            "part": own / np.maximum(total, 1)[:, None],
            "all_days": np.broadcast_to(total[:, None], shape),
            "since_any": np.broadcast_to(latest[:, None], shape),
            "buyers": np.broadcast_to(np.array([buyers[name] for name in names])[None, :], shape),
        }
        table = pa.table({key: pa.array(each.ravel(), from_pandas=True) for key, each in columns.items()})
        found = np.bincount(place[told], minlength=len(names))
        return cls(numbers=numbers, table=table, buyers=dict(zip(names, map(int, found), strict=True)))


def learn(model: Model, ground: Ground) -> LearnedCategories:
    """Learn which of their categories customers come back to; of too few, the commonest is named."""
    now = _bought(ground, ground.as_of)
    names = _names(now)
    buyers = _part_of_buyers(now, names)
    during = windows(ground.facts, ground.as_of, model.horizon or 0)
    if isinstance(during, Text) or not names:
        why = during if isinstance(during, Text) else text("models.nobody-to-ask")
        return LearnedCategories(card=_rule(model, ground, why, 0), names=names, buyers=buyers, model=None)
    parts = [_outcomes(ground, start, during, names) for start in during.starts]
    scarcest = min(scarcer_of(each) if len(each) else 0 for _, each in parts)
    if scarcest < FOR_A_MODEL:
        wanted = text("models.wanted-more", had=scarcest, count=FOR_A_MODEL, of=text("models.supply-category"))
        return LearnedCategories(card=_rule(model, ground, wanted, scarcest), names=names, buyers=buyers, model=None)
    learned = _fitted(parts)
    card = _judged(_card(model, ground, learned, parts, during, scarcest), learned, parts, len(names), during)
    return LearnedCategories(card=card, names=names, buyers=buyers, model=learned)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedCategories:  # noqa: ARG001 (as all have it)
    """What learned before."""
    return LearnedCategories(
        card=card,
        names=tuple(kept["names"]),
        buyers=kept["buyers"],
        model=Propensity.from_json(kept["model"]) if kept["model"] else None,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedCategories:
    """What was learned of categories.

    Attributes:
        card: What is told of it.
        names: The categories, those with the most buyers first.
        buyers: Each one's part of all who have bought.
        model: Of a pair of customer and category; None where there is too little to learn from.
    """

    card: Card
    names: tuple[str, ...]
    buyers: Mapping[str, float]
    model: Propensity | None

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
        best, chance = self._likeliest(pairs)
        at = np.searchsorted(numbers, pairs.numbers)
        names, chances = np.full(len(numbers), None, dtype=object), np.full(len(numbers), np.nan)
        names[at], chances[at] = np.array(self.names, dtype=object)[best], chance
        return {
            _OF: pa.array(names, pa.string()),
            _OF + "_probability": pa.array(chances, mask=np.isnan(chances)),
        }

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """Three for and three against the category that is named."""
        found: dict[int, tuple[Reason, ...]] = {}
        if self.model is not None and self.names:
            pairs = self._pairs(customers)
            best, _ = self._likeliest(pairs)
            rows = pa.array(np.arange(len(best)) * len(self.names) + best)
            told = reasons(self.model, Frame.of(pairs.table.take(rows), self.model.features), _OF, said=_said)
            found = dict(zip(pairs.numbers.tolist(), told, strict=True))
        return tuple(found.get(number, ()) for number in customers.profiles[NUMBER].to_pylist())

    def _pairs(self, customers: Customers) -> _Pairs:
        at = customers.ground.as_of
        return _Pairs.of(customers.read(bought_from(customers.ground.facts, None, at)), at, self.names, self.buyers)

    def _likeliest(self, pairs: _Pairs) -> tuple[npt.NDArray[np.intp], Numbers]:
        shape = (len(pairs.numbers), len(self.names))
        if self.model is None:
            usual = np.array([self.buyers[name] for name in self.names])
            return np.zeros(shape[0], dtype=np.intp), np.full(shape[0], usual[0])
        return _best(self.model.probability(Frame.of(pairs.table, self.model.features)), shape)

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        model = self.model.to_json() if self.model else None
        return {"names": list(self.names), "buyers": dict(self.buyers), "model": model}


def _best(chances: Numbers, shape: tuple[int, int]) -> tuple[npt.NDArray[np.intp], Numbers]:
    table = chances.reshape(shape)
    best = table.argmax(axis=1) if shape[0] else np.empty(0, dtype=np.intp)
    return best, table[np.arange(shape[0]), best]


def _bought(ground: Ground, at: AsOf, since: AsOf | None = None) -> pa.Table:
    return ground.engine.read(bought_from(ground.facts, since, at), ground.facts.bindings(sampled(ground.facts)))


def _names(bought: pa.Table) -> tuple[str, ...]:
    counts = bought["category"].value_counts().to_pylist()
    ranked = sorted(counts, key=lambda row: (-row["counts"], row["values"]))
    return tuple(row["values"] for row in ranked[:MOST])


def _part_of_buyers(bought: pa.Table, names: Sequence[str]) -> dict[str, float]:
    counts = {row["values"]: row["counts"] for row in bought["category"].value_counts().to_pylist()}
    everybody = max(len(bought[NUMBER].unique()), 1)
    return {name: counts.get(name, 0) / everybody for name in names}


def _outcomes(ground: Ground, start: AsOf, during: Windows, names: Sequence[str]) -> tuple[_Pairs, Numbers]:
    """Pairs as of a moment, and whether the customer bought from the category in the days after."""
    before = _bought(ground, start)
    pairs = _Pairs.of(before, start, names, _part_of_buyers(before, names))
    later = _bought(ground, during.end(start), start)
    found = np.zeros((len(pairs.numbers), len(names)))
    places = {name: place for place, name in enumerate(names)}
    rows = {number: row for row, number in enumerate(pairs.numbers.tolist())}
    for number, name in zip(later[NUMBER].to_pylist(), later["category"].to_pylist(), strict=True):
        if number in rows and name in places:
            found[rows[number], places[name]] = 1
    return pairs, found.ravel()


def _fitted(parts: Sequence[tuple[_Pairs, Numbers]]) -> Propensity:
    table = pa.concat_tables(pairs.table for pairs, _ in parts)
    outcome = np.concatenate([each for _, each in parts])
    ends = np.cumsum([0, *(len(each) for _, each in parts)])
    train, calibrate, test = (np.arange(ends[place], ends[place + 1]) for place in range(3))
    features = features_of(table.slice(0, int(ends[1])), labels=_LABELS)
    blocks = Blocks(train=train, calibrate=calibrate, test=test, dated=True)
    return Propensity.fit(Frame.of(table, features), outcome, blocks)


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


def _card(
    model: Model,
    ground: Ground,
    learned: Propensity,
    parts: Sequence[tuple[_Pairs, Numbers]],
    during: Windows,
    scarcest: int,
) -> Card:
    asked, short = sum(len(pairs.numbers) for pairs, _ in parts), []
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
            Supply(of=text("models.supply-asked"), had=asked, needed=FOR_A_MODEL),
            Supply(of=text("models.supply-category"), had=scarcest, needed=FOR_A_MODEL),
        ),
        customers=asked,
        remarks=(*learned.remarks, *short),
    )


def _judged(
    card: Card,
    learned: Propensity,
    parts: Sequence[tuple[_Pairs, Numbers]],
    categories: int,
    during: Windows,
) -> Card:
    """How often the named category was bought from in the last days, beside always naming the commonest."""
    pairs, outcome = parts[-1]
    shape = (len(pairs.numbers), categories)
    best, chance = _best(learned.judged_probability(Frame.of(pairs.table, learned.features)), shape)
    happened = outcome.reshape(shape)
    hits, usual = happened[np.arange(shape[0]), best], happened[:, 0]
    apart = (hits - usual)[happened.any(axis=1)]
    gain, reach = float(apart.mean()), _Z * float(apart.std()) / np.sqrt(len(apart))
    order = np.lexsort((pairs.numbers, -chance))
    start = during.starts[-1]
    return replace(
        card,
        measure=text("models.measure-category"),
        baseline=text("models.baseline-commonest-category"),
        gain=gain,
        gain_low=gain - reach,
        gain_high=gain + reach,
        judged_from=start.day,
        judged_until=during.end(start).day,
        bands=tuple(
            Band(
                of=text("models.band-tenth", number=number),
                customers=len(part),
                expected=float(chance[part].mean()),
                actual=float(hits[part].mean()),
            )
            for number, part in enumerate(np.array_split(order, _TENTHS), start=1)
            if len(part)
        ),
        counted=text("models.counted-category"),
    )


def _said(key: str, value: str | float) -> Parameter:
    """Parts in percent, days as they are."""
    return f"{100 * float(value):.0f}%" if key in {"part", "buyers"} else plainly(key, value)


def _ordinals(column: pa.ChunkedArray) -> Numbers:
    days = column.cast(pa.date32()).cast(pa.int32()).to_numpy()
    return np.asarray(days, dtype=np.float64) + _EPOCH
