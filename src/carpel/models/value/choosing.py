"""Which model of orders foretold best what customers did later, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Text
from carpel.models.value.arrays import Array, normal_bound
from carpel.models.value.histories import Histories
from carpel.models.value.ordering import OrderModel


@dataclass(frozen=True, kw_only=True)
class Score:
    """How well one model foretold.

    Attributes:
        model: Its name.
        log_likelihood: Of what all customers did in the later period, given what they had done before.
        behind: How much less that is than the best model's.
        low: The lower end of a 95 % interval of that, from customer to customer.
        high: The upper end; where the interval holds 0, chance alone may have decided.
    """

    model: str
    log_likelihood: float
    behind: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The model that foretold best, with all scores.

    Attributes:
        model: The best, fitted on the earlier period; fit it again on everything before use.
        scores: Best first.
        clear: Whether it leads every other by more than chance.
        failed: Candidates that could not be fitted, with the reason.
    """

    model: OrderModel
    scores: tuple[Score, ...]
    clear: bool
    failed: tuple[tuple[str, Text], ...] = ()


def choose(candidates: Sequence[OrderModel], calibration: Histories, holdout: Histories) -> Choice:
    """Fit each candidate on an earlier period, and let a later one decide.

    What decides is the likelihood of the moments of all later orders and of the silence after them, given the
    earlier history: a proper score, which rewards being right about how many, when, and who has left.

    Args:
        candidates: Models of orders, which are fitted in place.
        calibration: Histories up to a day.
        holdout: Histories of the same customers, in the same order, up to a later day.

    Raises:
        CarpelError: No candidate could be fitted (the first one's reason), or the histories do not belong together.
    """
    fitted: list[OrderModel] = []
    failed: list[tuple[str, CarpelError]] = []
    for model in candidates:
        try:
            fitted.append(model.fit_histories(calibration))
        except CarpelError as error:
            failed.append((model.title, error))
    if not fitted:
        raise failed[0][1] if failed else CarpelError("models.no-candidates")
    each = [model.later_log_likelihood(calibration, holdout) for model in fitted]
    ranked = sorted(range(len(fitted)), key=lambda place: -float(calibration.weights @ each[place]))
    best = ranked[0]
    scores = tuple(_score(fitted[place].title, each[place], each[best], calibration.weights) for place in ranked)
    return Choice(
        model=fitted[best],
        scores=scores,
        clear=len(scores) > 1 and all(score.low > 0 for score in scores[1:]),
        failed=tuple((title, error.text) for title, error in failed),
    )


def _score(title: str, each: Array, best: Array, weights: Array) -> Score:
    difference = best - each
    total, customers = float(weights @ difference), float(weights.sum())
    spread = float(weights @ (difference - total / customers) ** 2)
    reach = normal_bound(0.95) * float(np.sqrt(spread))
    return Score(model=title, log_likelihood=float(weights @ each), behind=total, low=total - reach, high=total + reach)
