"""Why a customer's probability is what it is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carpel.kernel.texts import Rendered, Text, text
from carpel.models.frames import Frame
from carpel.models.propensity.propensity import Propensity

REASONS: Final = 3
_AUDIBLE: Final = 0.02
"""The least that a feature adds to the log odds to be called a reason."""


@dataclass(frozen=True)
class Reasons:
    """What speaks for it and what against; the strongest first."""

    supporting: tuple[Text, ...]
    opposing: tuple[Text, ...]


def reasons(model: Propensity, frame: Frame, most: int = REASONS) -> tuple[Reasons, ...]:
    """For each customer, up to so many reasons either way."""
    parts = model.contributions(frame)
    order = np.argsort(-np.abs(parts), axis=1, kind="stable")
    return tuple(
        Reasons(
            supporting=_some(frame, row, [place for place in order[row] if parts[row, place] > _AUDIBLE][:most]),
            opposing=_some(frame, row, [place for place in order[row] if parts[row, place] < -_AUDIBLE][:most]),
        )
        for row in range(frame.rows)
    )


def _some(frame: Frame, row: int, places: list[int]) -> tuple[Text, ...]:
    return tuple(_said(frame.features[place].label, frame.shown(row, place)) for place in places)


def _said(label: Rendered, value: str | float | None) -> Text:
    if value is None:
        return text("models.reason-unknown", feature=label)
    return text("models.reason", feature=label, value=_plain(value) if isinstance(value, float) else value)


def _plain(value: float) -> float | int:
    """As few digits as say it."""
    return int(value) if value == int(value) else round(value, 2)
