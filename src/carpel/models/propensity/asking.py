"""Questions of yes or no, learned and answered as every model is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.texts import Text, text
from carpel.models.attributes import HIGH, LOW
from carpel.models.cards import Card
from carpel.models.frames import Asked, Frame
from carpel.models.learning import Customers, Ground, Model
from carpel.models.propensity.carding import card_of
from carpel.models.propensity.propensity import Propensity
from carpel.models.propensity.question import CONVERSION, PURCHASE, RESPONSE, Answer, Question, learn_question
from carpel.models.propensity.reasons import reasons
from carpel.models.propensity.saying import saying
from carpel.models.reasons import Reason

QUESTIONS: Final[Mapping[str, Question]] = {"purchase": PURCHASE, "conversion": CONVERSION, "response": RESPONSE}
"""By the key of the model."""
_REMARKS: Final[Mapping[str, tuple[Text, ...]]] = {"response": (text("models.response-how"),)}


def learn(model: Model, ground: Ground) -> LearnedPropensity:
    """Learn from the company's past, or say what is missing."""
    question = QUESTIONS[model.key]
    found = learn_question(question, ground)
    learned = found.model if isinstance(found, Answer) else None
    card = card_of(model, ground, found)
    card = replace(card, remarks=(*card.remarks, *_REMARKS.get(model.key, ())))
    return LearnedPropensity(card=card, of=model.attributes[0].key, asked=question.asked, model=learned)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedPropensity:
    """What learned before."""
    return LearnedPropensity(
        card=card,
        of=model.attributes[0].key,
        asked=QUESTIONS[model.key].asked,
        model=Propensity.from_json(kept["model"]) if kept["model"] else None,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedPropensity:
    """What was learned of a question.

    Attributes:
        card: What is told of it.
        of: The attribute that the answer is.
        asked: Of whom it is asked.
        model: What was learned; None where the past does not reach back far enough.
    """

    card: Card
    of: str
    asked: tuple[Asked, ...]
    model: Propensity | None

    @property
    def needs(self) -> frozenset[str]:
        """What it goes by, and what tells of whom it is asked."""
        features = (each.key for each in self.model.features) if self.model else ()
        return frozenset([*features, *(each.key for each in self.asked)])

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The probability of each customer of whom it is asked, with its interval."""
        if self.model is None:
            return {}
        frame = Frame.of(customers.profiles, self.model.features)
        value, low, high = self.model.estimate(frame)
        unknown = ~self._asked(customers.profiles)
        ends = {self.of: value, self.of + LOW: np.minimum(low, value), self.of + HIGH: np.maximum(high, value)}
        return {key: pa.array(each, mask=unknown) for key, each in ends.items()}

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """Three for and three against, of those of whom it is asked."""
        if self.model is None:
            return tuple(() for _ in range(customers.profiles.num_rows))
        frame = Frame.of(customers.profiles, self.model.features)
        found = reasons(self.model, frame, self.of, said=saying(customers.ground))
        return tuple(each if asked else () for each, asked in zip(found, self._asked(customers.profiles), strict=True))

    def _asked(self, profiles: pa.Table) -> npt.NDArray[np.bool_]:
        found = np.ones(profiles.num_rows, dtype=bool)
        for each in self.asked:
            found &= each.holds(profiles)
        return found

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        return {"model": self.model.to_json() if self.model else None}
