"""What all estimators of customer value have in common: parameters, and intervals on whatever follows from them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Self

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.models.value import fitting
from carpel.models.value.arrays import Array, Numbers, column, normal_bound
from carpel.models.value.fitting import Fit

_STEP: Final = 1e-4
_SMALLEST: Final = 1e-300
_LARGEST_EXPONENT: Final = 690.0


@dataclass(frozen=True, eq=False)
class Estimates:
    """Values with intervals that say how uncertain the parameters leave them.

    Parameters are what is uncertain here: a customer's own future scatters about the value besides.
    """

    value: Array
    low: Array
    high: Array
    level: float

    def each(self, change: Callable[[Array], Array]) -> Estimates:
        """Value and ends changed alike."""
        return Estimates(change(self.value), change(self.low), change(self.high), self.level)

    def together(self, other: Estimates, combine: Callable[[Array, Array], Array]) -> Estimates:
        """Value and ends of two put together."""
        ends = ((self.value, other.value), (self.low, other.low), (self.high, other.high))
        value, low, high = (combine(mine, theirs) for mine, theirs in ends)
        return Estimates(value, low, high, self.level)


class Estimator:
    """A model of customer value, usable alone: `fit` learns, `result` says what, methods foretell."""

    title: ClassVar[str]
    """What the literature calls it."""
    names: ClassVar[tuple[str, ...]]
    """Its parameters, all positive."""

    def __init__(self) -> None:
        self._result: Fit | None = None

    @property
    def result(self) -> Fit:
        """What was learned.

        Raises:
            CarpelError: Nothing yet.
        """
        if self._result is None:
            raise CarpelError("models.not-fitted", model=self.title)
        return self._result

    @property
    def theta(self) -> Array:
        """The parameters in the order of `names`."""
        return np.array([self.result.parameters[name] for name in self.names])

    def given(self, **parameters: float) -> Self:
        """The same model with parameters that are known.

        Raises:
            CarpelError: Names other than the model's, or a value that is not positive and finite.
        """
        held = all(np.isfinite(value) and value > 0 for value in parameters.values())
        if set(parameters) != set(self.names) or not held:
            raise CarpelError("models.parameters-wanted", model=self.title, names=", ".join(self.names))
        model = copy(self)
        model._result = fitting.given(self.names, parameters)  # noqa: SLF001 (its own class)
        return model

    def restored(self, result: Fit) -> Self:
        """The same model with what was learned, and kept, before."""
        model = self.given(**result.parameters)
        model._result = result  # noqa: SLF001 (its own class)
        return model

    def estimate(
        self,
        quantity: Callable[[Self], Numbers],
        *,
        scale: Literal["positive", "probability"] = "positive",
        level: float = 0.95,
    ) -> Estimates:
        """A quantity with its interval, by the delta method.

        Args:
            quantity: What is wanted of a model, such as `lambda model: model.expected_orders(52)`.
            scale: Positive values vary by a factor, probabilities in their log odds; neither leaves its range.
            level: How often the interval should hold.
        """
        value = column(quantity(self))
        to, back = _SCALES[scale]
        error = self._error(lambda model: to(column(quantity(model))))
        middle, reach = to(value), normal_bound(level) * error
        # What rounds when it goes there and back must still lie within its own interval.
        low, high = np.minimum(back(middle - reach), value), np.maximum(back(middle + reach), value)
        return Estimates(value, low, high, level)

    def _error(self, quantity: Callable[[Self], Array]) -> Array:
        covariance = np.array(self.result.covariance)
        if not covariance.any():
            return np.zeros_like(quantity(self))
        slopes = np.array([self._slope(quantity, step) for step in np.eye(len(self.names)) * _STEP])
        variance = np.einsum("ic,ij,jc->c", slopes, covariance, slopes)
        return np.asarray(np.sqrt(np.maximum(variance, 0)), dtype=np.float64)

    def _slope(self, quantity: Callable[[Self], Array], step: Array) -> Array:
        above, below = (self._moved(sign * step) for sign in (1, -1))
        return (quantity(above) - quantity(below)) / (2 * _STEP)

    def _moved(self, logarithms: Array) -> Self:
        moved = self.theta * np.exp(logarithms)
        return self.given(**dict(zip(self.names, map(float, moved), strict=True)))


def _log(value: Array) -> Array:
    return np.log(np.maximum(value, _SMALLEST))


def _exp(value: Array) -> Array:
    return np.exp(np.clip(value, -_LARGEST_EXPONENT - 2, _LARGEST_EXPONENT))


def _log_odds(value: Array) -> Array:
    return _log(value) - _log(1 - value)


def _from_log_odds(value: Array) -> Array:
    return np.exp(-np.logaddexp(0, -value))


_SCALES: Final = {"positive": (_log, _exp), "probability": (_log_odds, _from_log_odds)}
