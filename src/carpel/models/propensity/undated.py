"""An outcome that stands in a column without a day: learned all the same, with a warning."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.texts import text
from carpel.models.cards import Card, Supply, Weight
from carpel.models.frames import Frame, features_of
from carpel.models.frames.frame import Column
from carpel.models.frames.moments import NUMBER, known_as_of, learnable_today, sampled
from carpel.models.learning import Ground
from carpel.models.propensity.blocks import at_random
from carpel.models.propensity.carding import ASKED, WEIGHTS, bands, contenders
from carpel.models.propensity.guarding import suspicions
from carpel.models.propensity.ladder import FOR_A_MODEL, scarcer_of
from carpel.models.propensity.propensity import LEARNERS, Propensity

_TWO: Final = 2
_YES: Final = frozenset({"true", "yes", "y", "1", "1.0", "是", "有", "oo", "si", "ja", "oui"})
"""Values that say that it happened; of two others, the one that fewer customers have is asked for."""


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
    keys = [each.key for each in learnable_today(ground.catalogue) if each.key != outcome]
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


def _outcome(column: pa.ChunkedArray, outcome: str) -> tuple[str, Column]:
    """Which of two values is asked for, and 1 of those who have it."""
    counts = {str(row["values"]): row["counts"] for row in column.value_counts().to_pylist()}
    if len(counts) != _TWO:
        raise CarpelError("models.outcome-not-two", outcome=outcome, count=len(counts))
    said = [each for each in counts if each.casefold() in _YES]
    yes = said[0] if len(said) == 1 else min(counts, key=lambda each: (counts[each], each))
    return yes, np.array([float(str(each) == yes) for each in column.to_pylist()])


def _card(ground: Ground, outcome: str, yes: str, frame: Frame, happened: Column, learned: Propensity) -> Card:
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
            Supply(of=text("models.supply-asked"), had=len(happened), needed=ASKED),
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
