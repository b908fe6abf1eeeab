"""What each customer means to do, learned and answered as every model is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.texts import Text, text
from carpel.models.cards import Card, Supply
from carpel.models.frames.moments import NUMBER
from carpel.models.intent.gathering import gather, learn_telling
from carpel.models.intent.minds import Minds
from carpel.models.intent.telling import FOR_A_CLASS, Hits, Telling
from carpel.models.intent.words import Intent
from carpel.models.learning import Customers, Ground, Model
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

_Z: Final = 1.96


def learn(model: Model, ground: Ground) -> LearnedIntent:
    """Learn what words mean from texts whose outcome staff wrote down; without enough of them, go by our own lists."""
    found = learn_telling(ground.facts, ground.as_of, ground.engine)
    telling = found if isinstance(found, Telling) else None
    return LearnedIntent(card=_card(model, ground, found), telling=telling)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedIntent:  # noqa: ARG001 (as all models have it)
    """What learned before."""
    telling = Telling.from_json(json.dumps(kept["telling"])) if kept["telling"] else None
    return LearnedIntent(card=card, telling=telling)


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedIntent:
    """What was learned of words.

    Attributes:
        card: What is told of it.
        telling: What words say of an intent; None where only phrases of our own lists are understood.
    """

    card: Card
    telling: Telling | None

    @property
    def needs(self) -> frozenset[str]:
        """Nothing: it is read from what was said and done."""
        return frozenset()

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The intent of each customer, how much the evidence still says, the first reason, and its age."""
        found = self._minds(customers).answers(customers.profiles[NUMBER].combine_chunks())
        intent = found["intent"]
        known = pc.not_equal(intent, Intent.UNKNOWN.value)
        reasons = pc.list_element(_never_empty(found["reasons"]), 0)
        said = {
            "intent": intent,
            "intent_strength": found["strength"],
            "intent_reason": reasons,
            "intent_age_days": found["age_days"].cast(pa.float64()),
        }
        return {key: pc.if_else(known, values, None) for key, values in said.items()}

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """What the intent was read from, and how long ago."""
        minds, numbers = self._minds(customers), np.asarray(customers.profiles[NUMBER])
        return tuple(tuple(_reasons(minds, int(number))) for number in numbers)

    def _minds(self, customers: Customers) -> Minds:
        ground = customers.ground
        return gather(ground.facts, ground.as_of, ground.engine, self.telling, customers.buckets)

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        return {"telling": json.loads(self.telling.to_json()) if self.telling else None}


def _reasons(minds: Minds, number: int) -> Iterator[Reason]:
    mind = minds.of(number)
    if mind.statement is not None:
        wants = mind.intent is Intent.INTERESTED
        yield Reason(of="intent", said=mind.why, supports=wants, weight=mind.strength)


def _never_empty(lists: pa.Array) -> pa.Array:
    """Lists of which none is empty, so that each has a first."""
    empty = pc.equal(pc.list_value_length(lists), 0)
    return pc.if_else(pc.fill_null(empty, True), pa.scalar([None], lists.type), lists)  # noqa: FBT003 (Arrow's way)


def _card(model: Model, ground: Ground, found: Telling | Text) -> Card:
    common: dict[str, Any] = {"key": model.key, "asks": model.asks, "as_of": ground.as_of}
    how = text("models.intent-how")
    if isinstance(found, Text):
        had = found.params.get("most", 0)
        supply = Supply(of=text("models.supply-told-texts"), had=int(str(had)), needed=FOR_A_CLASS)
        return Card(**common, rung=Rung.RULE, wanted=found, method=None, supplies=(supply,), remarks=(how,))
    hits, texts = found.hits, found.texts
    low, high = _interval(hits)
    return Card(
        **common,
        rung=Rung.MODEL,
        wanted=None,
        method="logistic regression on character n-grams",
        supplies=tuple(
            Supply(of=text("models.supply-texts-of", label=Intent(each).label), had=many, needed=FOR_A_CLASS)
            for each, many in texts.items()
        ),
        measure=text("models.measure-accuracy"),
        baseline=text("models.baseline-majority"),
        gain=hits.accuracy - hits.majority,
        gain_low=low,
        gain_high=high,
        customers=sum(texts.values()),
        remarks=(found.fared, how),
    )


def _interval(hits: Hits) -> tuple[float, float]:
    """Of the share of right answers above that of the commonest, both on the same held texts."""
    told = max(hits.texts * hits.coverage, 1.0)
    spread = hits.accuracy * (1 - hits.accuracy) + hits.majority * (1 - hits.majority)
    reach = _Z * float(np.sqrt(spread / told))
    gain = hits.accuracy - hits.majority
    return gain - reach, gain + reach
