"""Why a model says what it says of a customer, in words."""

from __future__ import annotations

from dataclasses import dataclass

from carpel.kernel.texts import Text


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What speaks for an answer, or against it.

    Attributes:
        of: The attribute that the answer is.
        said: The reason, in words.
        supports: Whether it makes the answer greater, or more likely.
        weight: How much it counts beside the other reasons of the same answer.
    """

    of: str
    said: Text
    supports: bool
    weight: float
