"""Why a customer's probability is what it is, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from carpel.kernel.texts import Parameter, Text, text
from carpel.models.frames import Frame
from carpel.models.propensity.propensity import Propensity
from carpel.models.reasons import Reason

REASONS: Final = 3
"""The most either way."""
_AUDIBLE: Final = 0.02
"""The least that a feature adds to the log odds to be called a reason."""

_CONTRARY: Final = 0.1
"""From which log odds on a feature alone says something."""

Said = Callable[[str, str | float], Parameter]
"""A value of an attribute as people know it."""


def plainly(key: str, value: str | float) -> Parameter:  # noqa: ARG001 (others look at the attribute)
    """As few digits as say it."""
    if isinstance(value, str):
        return value
    return int(value) if value == int(value) else round(value, 2)


def reasons(
    model: Propensity, frame: Frame, of: str, *, against: bool = False, said: Said = plainly
) -> tuple[tuple[Reason, ...], ...]:
    """For each customer, up to three reasons either way, the strongest first.

    A reason is given only where customers of like value differ the same way when nothing else is looked at.

    Args:
        model: What was learned.
        frame: The customers.
        of: The attribute that the answer is.
        against: Whether the answer is the probability that it does not happen.
        said: How values are said.
    """
    parts = _plain(model.contributions(frame), model.alone(frame)) * (-1 if against else 1)
    order = np.argsort(-np.abs(parts), axis=1, kind="stable")
    return tuple(tuple(_of_one(frame, row, order[row], parts[row], of, said)) for row in range(frame.rows))


def _plain(parts: npt.NDArray[np.float64], alone: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Without what is against what the feature says alone.

    Where features go together, one of them may take back what another said too much; told as a reason, that would be
    read as its opposite.
    """
    return np.where((parts * alone < 0) & (np.abs(alone) > _CONTRARY), 0.0, parts)


def _of_one(
    frame: Frame,
    row: int,
    order: npt.NDArray[np.intp],
    parts: npt.NDArray[np.float64],
    of: str,
    said: Said,
) -> Iterator[Reason]:
    left = {True: REASONS, False: REASONS}
    for place in order:
        weight, supports = abs(float(parts[place])), bool(parts[place] > 0)
        if weight <= _AUDIBLE:
            return
        if left[supports]:
            left[supports] -= 1
            yield Reason(of=of, said=_said(frame, row, int(place), said), supports=supports, weight=weight)


def _said(frame: Frame, row: int, place: int, said: Said) -> Text:
    feature, value = frame.features[place], frame.shown(row, place)
    if value is None:
        key = "models.reason-rare" if frame.is_known(row, place) else "models.reason-unknown"
        return text(key, feature=feature.label)
    return text("models.reason", feature=feature.label, value=said(feature.key, value))
