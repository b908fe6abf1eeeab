"""A rating says what its writer feels; no model is asked where there is one."""

from __future__ import annotations

from typing import Final

import numpy as np

from carpel.models.voice.sentiment import Mood

PRAISE_FROM: Final = 0.7
"""Of the scale: 4 and 5 of 5, 7 to 10 of 10."""
BLAME_TO: Final = 0.4
"""Of the scale: 1 and 2 of 5, 0 to 4 of 10."""


def mood_of(score: float | None, scale_max: float | None) -> Mood | None:
    """What a rating says; None where it or its scale is unknown or cannot be."""
    if score is None or scale_max is None or not np.isfinite(score) or not np.isfinite(scale_max) or scale_max <= 0:
        return None
    level = score / scale_max
    if not 0 <= level <= 1:
        return None
    if level >= PRAISE_FROM:
        return Mood.POSITIVE
    return Mood.NEGATIVE if level <= BLAME_TO else Mood.MIXED
