"""What is told of a question of yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from carpel.kernel.texts import Text, text
from carpel.models.cards import Band, Card, Contender, Supply, Weight
from carpel.models.frames import Frame
from carpel.models.frames.drifting import drift
from carpel.models.learning import Ground, Model
from carpel.models.propensity.ladder import FOR_A_MODEL, scarcer_of
from carpel.models.propensity.propensity import LEARNERS, Candidate, Propensity
from carpel.models.propensity.question import Answer
from carpel.models.rungs import Rung

WEIGHTS: Final = 20
"""The most features that a card names."""
ASKED: Final = 3 * 2 * FOR_A_MODEL
"""Customers at three moments, to half of whom it happens."""
_MUCH: Final = 0.25
"""The stability index from which on much has changed."""
_HEAVY: Final = 0.05
"""The part of all that a feature counts, from which on its change is said."""


def card_of(model: Model, ground: Ground, found: Answer | Text) -> Card:
    """How a question did on the last days of the past; else, what is missing to ask it."""
    if isinstance(found, Text):
        return Card(
            key=model.key,
            asks=model.asks,
            as_of=ground.as_of,
            rung=Rung.RULE,
            wanted=found,
            method=None,
            supplies=(Supply(of=text("models.supply-outcomes"), had=0, needed=FOR_A_MODEL),),
        )
    learned, past = found.model, found.past
    scarcest = min(scarcer_of(past.outcome[part]) for part in past.parts)
    weights = tuple(_weights(found))
    card = Card(
        key=model.key,
        asks=model.asks,
        as_of=ground.as_of,
        rung=learned.rung,
        wanted=learned.wanted,
        method=LEARNERS[learned.learner].title if learned.learner else None,
        supplies=(
            Supply(of=text("models.supply-asked"), had=len(past.outcome), needed=ASKED),
            Supply(of=text("models.supply-outcomes"), had=scarcest, needed=FOR_A_MODEL),
        ),
        weights=weights,
        customers=len(past.outcome),
        remarks=(*learned.remarks, *_shortened(found), *_changed(weights)),
    )
    return _judged(card, found) if learned.candidates else card


def _judged(card: Card, found: Answer) -> Card:
    learned, start = found.model, found.during.starts[-1]
    best = next(each for each in learned.candidates if each.learner == learned.learner)
    return replace(
        card,
        baseline=text("models.baseline-rate"),
        gain=best.gain,
        gain_low=best.gain_low,
        gain_high=best.gain_high,
        judged_from=start.day,
        judged_until=found.during.end(start).day,
        contenders=contenders(learned),
        bands=bands(best),
        counted=text("models.counted-probability"),
    )


def contenders(learned: Propensity) -> tuple[Contender, ...]:
    """All learners that were tried, the one that tells most first."""
    ranked = sorted(learned.candidates, key=lambda each: each.judged.log_loss)
    return tuple(
        Contender(
            name=LEARNERS[each.learner].title,
            score=-each.judged.log_loss,
            behind=each.behind,
            low=each.behind_low,
            high=each.behind_high,
            error=each.judged.calibration_error,
            auc=each.judged.auc,
        )
        for each in ranked
    )


def bands(best: Candidate) -> tuple[Band, ...]:
    """Tenths by probability, the highest first."""
    return tuple(
        Band(
            of=text("models.band-tenth", number=each.number),
            customers=each.customers,
            expected=each.mean,
            actual=each.rate,
        )
        for each in best.deciles
    )


def _weights(found: Answer) -> Iterator[Weight]:
    """What counts most, with how much those asked today differ from those learned from."""
    learned = found.model
    features = {each.key: each for each in learned.features}
    named = [features[key] for key, _ in learned.weights[:WEIGHTS]]
    before = found.past.table.take(found.past.parts[0])
    moved = drift(Frame.of(before, named), Frame.of(found.now, named)) if found.now.num_rows else {}
    for key, weight in learned.weights[:WEIGHTS]:
        yield Weight(key=key, label=features[key].label, weight=weight, drift=moved.get(key))


def _shortened(found: Answer) -> Iterator[Text]:
    wished = found.during.shortened
    if wished:
        yield text("models.horizon-shortened", count=found.during.horizon, wished=wished)


def _changed(weights: tuple[Weight, ...]) -> Iterator[Text]:
    for each in weights:
        if each.weight >= _HEAVY and each.drift is not None and each.drift > _MUCH:
            yield text("models.much-changed", feature=each.label)
