"""An outcome that stands in a column without a day: learned all the same, with a warning."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.texts import text
from carpel.models.cards import Card, Supply, Weight
from carpel.models.frames import Frame, features_of
from carpel.models.frames.moments import NUMBER, known_as_of, learnable, sampled
from carpel.models.learning import Ground
from carpel.models.propensity.blocks import at_random
from carpel.models.propensity.carding import WEIGHTS, bands, contenders
from carpel.models.propensity.guarding import suspicions
from carpel.models.propensity.ladder import FOR_A_MODEL, scarcer_of
from carpel.models.propensity.propensity import LEARNERS, Propensity

_TWO: Final = 2


def learn_undated(ground: Ground, outcome: str) -> Card:
    """How well an outcome can be told by what is known of customers today.

    Args:
        ground: What may be known.
        outcome: The attribute that holds it: true or false, or one of two values.

    Raises:
        CarpelError: There is no such attribute, or it does not hold two values.
    """
    available = ground.catalogue.available
    if outcome not in available:
        raise CarpelError("models.no-such-outcome", outcome=outcome, hint=nearest(outcome, available))
    keys = [each.key for each in learnable(ground.catalogue, ground.as_of) if each.key != outcome]
    keys += [each.key for each in available.values() if each.as_known_today and each.key not in {*keys, outcome}]
    keys = [key for key in keys if not available[key].personal]
    buckets = sampled(ground.facts)
    table = known_as_of(
        ground.facts, ground.catalogue, ground.as_of, ground.engine, keys=[*keys, outcome], buckets=buckets
    ).sort_by(NUMBER)
    table = table.filter(table[outcome].is_valid())
    yes, happened = _outcome(table[outcome], outcome)
    labels = {key: available[key].label for key in keys}
    frame = Frame.of(table, features_of(table.select(keys), labels=labels))
    learned = Propensity.fit(frame, happened, at_random(frame.fingerprints()))
    return _card(ground, outcome, yes, frame, happened, learned)


def _outcome(column: pa.ChunkedArray, outcome: str) -> tuple[str, np.ndarray]:
    values = sorted(str(each) for each in pc.unique(column.drop_null()).to_pylist())
    if len(values) != _TWO:
        raise CarpelError("models.outcome-not-two", outcome=outcome, count=len(values))
    yes = "True" if "True" in values else values[-1]
    return yes, np.array([float(str(each) == yes) for each in column.to_pylist()])


def _card(ground: Ground, outcome: str, yes: str, frame: Frame, happened: np.ndarray, learned: Propensity) -> Card:
    attribute = ground.catalogue.available[outcome]
    labels = {each.key: each.label for each in learned.features}
    warned = [each.why for each in suspicions(frame, happened)]
    card = Card(
        key=outcome,
        asks=text("models.question-undated", attribute=attribute.label, value=attribute.word(yes)),
        as_of=ground.as_of,
        rung=learned.rung,
        wanted=learned.wanted,
        method=LEARNERS[learned.learner].title if learned.learner else None,
        supplies=(
            Supply(of=text("models.supply-asked"), had=len(happened), needed=3 * FOR_A_MODEL),
            Supply(of=text("models.supply-outcomes"), had=scarcer_of(happened), needed=FOR_A_MODEL),
        ),
        weights=tuple(Weight(key=key, label=labels[key], weight=part) for key, part in learned.weights[:WEIGHTS]),
        customers=len(happened),
        remarks=(text("models.undated"), *warned, *(each for each in learned.remarks if each.key != "models.undated")),
    )
    if not learned.candidates:
        return card
    best = next(each for each in learned.candidates if each.learner == learned.learner)
    return replace(
        card,
        baseline=text("models.baseline-rate"),
        gain=best.gain,
        gain_low=best.gain_low,
        gain_high=best.gain_high,
        contenders=contenders(learned),
        bands=bands(best),
        counted=text("models.counted-probability"),
    )
