"""A question of the form "will they, within so many days?", asked of a company's own past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Labels, Text, text
from carpel.models.frames import (
    Asked,
    Frame,
    Past,
    Windows,
    asked_of,
    features_of,
    past_of,
    purchased,
    whether,
    windows,
)
from carpel.models.frames.features import Feature
from carpel.models.frames.moments import NUMBER, Outcome, last_purchases, sampled
from carpel.models.learning import Ground
from carpel.models.propensity.blocks import Blocks
from carpel.models.propensity.propensity import Propensity
from carpel.profiles.available import table_behind
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and of whom.

    Attributes:
        horizon: Within how many days.
        outcome: What counts as yes.
        asked: Of whom.
    """

    horizon: int
    outcome: Outcome
    asked: tuple[Asked, ...] = ()


PURCHASE: Final = Question(horizon=90, outcome=whether(purchased), asked=(Asked(key="frequency", least=1),))
"""Whether a customer who has bought before buys again."""
CONVERSION: Final = Question(horizon=90, outcome=whether(purchased), asked=(Asked(key="frequency", most=0),))
"""Whether somebody who has not bought yet does."""


def _responded(ground: Ground, table: pa.Table, start: AsOf, end: AsOf) -> npt.NDArray[np.float64]:
    """Of those who were approached in these days, whether they answered or bought after that; NaN of the others."""
    known = Moment(as_of=end, parameters=Parameters(known_through=end))
    rows = known_rows(ground.facts, "interactions", known)
    rows = rows.filter((rows.day >= start.day) & rows.direction.notnull())
    spoke = rows.group_by(NUMBER).agg(
        approached=rows.day.min(where=rows.direction == "out"), answered=rows.day.max(where=rows.direction == "in")
    )
    bindings = ground.facts.bindings(sampled(ground.facts))
    found = {row[NUMBER]: row for row in ground.engine.read(spoke, bindings).to_pylist()}
    bought = {}
    if table_behind("purchases", ground.facts) in ground.facts.tables:
        last = last_purchases(ground.facts, start, end)
        bought = {row[NUMBER]: row["last"] for row in ground.engine.read(last, bindings).to_pylist()}
    said = np.full(table.num_rows, np.nan)
    for place, number in enumerate(table[NUMBER].to_pylist()):
        row = found.get(number)
        if row and row["approached"]:
            after = [each for each in (row["answered"], bought.get(number)) if each]
            said[place] = float(any(each >= row["approached"] for each in after))
    return said


RESPONSE: Final = Question(horizon=30, outcome=_responded)
"""Whether somebody who is approached answers or buys."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What was learned of a question.

    Attributes:
        question: Which.
        during: The moments that it learned as of.
        past: What it learned from.
        now: Those of the sample of whom it is asked today.
        model: What was learned.
    """

    question: Question
    during: Windows
    past: Past
    now: pa.Table
    model: Propensity


def learn_question(question: Question, ground: Ground) -> Answer | Text:
    """Learn from the company's past; else, in words, what is missing.

    The model learns as of the earliest of three moments, is calibrated as of the second and judged as of the third.
    """
    missing = [each.key for each in question.asked if each.key not in ground.catalogue.available]
    if missing:
        return text("models.attributes-missing", names=", ".join(missing))
    during = windows(ground.facts, ground.as_of, question.horizon)
    if isinstance(during, Text):
        return during
    past = past_of(ground, during=during, asked=question.asked, outcome=question.outcome)
    train, calibrate, test = past.parts
    if not min(len(train), len(calibrate), len(test)):
        return text("models.nobody-to-ask")
    blocks = Blocks(train=train, calibrate=calibrate, test=test, dated=True)
    keys = [name for name in past.table.column_names if name != NUMBER]
    now = asked_of(ground, ground.as_of, keys, question.asked)
    labels = {key: each.label for key, each in ground.catalogue.available.items()}
    model = Propensity.fit(Frame.of(past.table, lasting_features(past, now, labels)), past.outcome, blocks)
    return Answer(question=question, during=during, past=past, now=now, model=model)


def lasting_features(past: Past, now: pa.Table, labels: Mapping[str, Text | Labels]) -> tuple[Feature, ...]:
    """Those that say something as of every moment that is learned as of, and are still known of somebody today.

    What has stopped being known would count as an unknown value, of which something else was learned.
    """
    found = [features_of(past.table.take(part), labels=labels) for part in past.parts]
    everywhere = set.intersection(*({each.key for each in features} for features in found))
    gone = {name for name in now.column_names if now.num_rows and now[name].null_count == now.num_rows}
    return tuple(each for each in found[0] if each.key in everywhere - gone)
