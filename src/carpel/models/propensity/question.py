"""A question of the form "will they, within so many days?", asked of a company's own past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.texts import Text, text
from carpel.models.frames import Frame, Windows, features_of, past_of, purchased, windows
from carpel.models.frames.moments import Happened
from carpel.models.propensity.blocks import Blocks
from carpel.models.propensity.propensity import Propensity
from carpel.profiles import Catalogue


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and of whom.

    Attributes:
        key: Of the attribute that the answer becomes.
        asks: The question, in words.
        horizon: Within how many days.
        happened: What counts as yes.
        asked: Of whom: those of whom each of these attributes is known to be at least so much.
        needs: Attributes without which it cannot be asked.
    """

    key: str
    asks: Text
    horizon: int
    happened: Happened
    asked: Mapping[str, float] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


PURCHASE: Final = Question(
    key="purchase_probability_90d",
    asks=text("models.question-purchase", count=90),
    horizon=90,
    happened=purchased,
    asked={"frequency": 1},
    needs=("frequency", "recency_days"),
)
"""Whether a customer who has bought before buys again."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What was learned of a question.

    Attributes:
        question: Which.
        as_of: Nothing at or after this moment had a part in it.
        during: The moments that it learned as of.
        model: What was learned.
    """

    question: Question
    as_of: AsOf
    during: Windows
    model: Propensity


def learn(question: Question, facts: Facts, catalogue: Catalogue, as_of: AsOf, engine: Engine) -> Answer | Text:
    """Learn from the company's past; else, in words, what is missing.

    The model learns as of the earliest of three moments, is calibrated as of the second and judged as of the third.
    """
    missing = [key for key in question.needs if key not in catalogue.available]
    if missing:
        return text("models.attributes-missing", names=", ".join(missing))
    during = windows(facts, as_of, question.horizon)
    if isinstance(during, Text):
        return during
    past = past_of(facts, catalogue, engine, during=during, happened=question.happened, asked=question.asked)
    train, calibrate, test = past.parts
    if not min(len(train), len(calibrate), len(test)):
        return text("models.nobody-to-ask")
    labels = {key: each.label for key, each in catalogue.available.items()}
    features = features_of(past.table.take(train), labels=labels)
    blocks = Blocks(train=train, calibrate=calibrate, test=test, dated=True)
    model = Propensity.fit(Frame.of(past.table, features), past.outcome, blocks)
    return Answer(question=question, as_of=as_of, during=during, model=model)
