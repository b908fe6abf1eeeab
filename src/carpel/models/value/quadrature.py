"""Integrals over a whole column of customers at once; every term is positive, so nothing cancels.

Sums in place of hypergeometric functions: those overflow for frequent buyers and lose all digits where two of
them are subtracted, while these are accurate for any size of parameter.
"""

from typing import Final

import numpy as np

from carpel.models.value.arrays import Array

_REACH: Final = 6.0
_NODES: Final = 97
_STEPS: Final[Array] = np.linspace(-_REACH, _REACH, _NODES)

_INTERVAL_POINTS, _INTERVAL_WEIGHTS = np.polynomial.legendre.leggauss(28)

_TIMES: Final = 16
_GRADING: Final = 300.0


def beta_nodes(first: float, second: Array) -> tuple[Array, Array, Array]:
    """Values of a beta variable with their weights, for one column of second parameters.

    The log odds of the variable have exponential tails; a hyperbolic sine about their mode makes the sum of
    equally spaced terms converge as fast as one can.

    Returns:
        log p, log(1 - p) and weights that add up to 1, each of shape (customers, nodes).
    """
    mode = np.log(first / second)[:, None]
    width = np.sqrt((first + second) / (first * second))[:, None]
    odds = mode + width * np.sinh(_STEPS)
    yes, no = -np.logaddexp(0, -odds), -np.logaddexp(0, odds)
    log_weight = first * yes + second[:, None] * no + np.log(np.cosh(_STEPS))
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return yes, no, weight / weight.sum(axis=1, keepdims=True)


def interval_nodes(start: Array, end: Array, scale: Array) -> tuple[Array, Array]:
    """Times from start to end with the logarithms of their weights, shape (customers, nodes).

    Gauss-Legendre in log(scale + time since the start). Where the scale is the time in which a density falls to
    a third at its start, what is steep for frequent buyers is as smooth as the rest.
    """
    reach = np.log1p((end - start) / scale)[:, None]
    position = reach * ((_INTERVAL_POINTS + 1) / 2)
    with np.errstate(divide="ignore"):
        log_weight = np.log(scale[:, None] * reach / 2 * _INTERVAL_WEIGHTS) + position
    return start[:, None] + scale[:, None] * np.expm1(position), log_weight


def graded_times(horizon: float, times: int = _TIMES) -> tuple[Array, Array]:
    """Times from 0 to a horizon with weights, closer together the sooner (Gauss-Legendre in a logarithm)."""
    points, weights = np.polynomial.legendre.leggauss(times)
    scale = horizon / _GRADING
    reach = np.log1p(_GRADING)
    position = reach * (points + 1) / 2
    return scale * np.expm1(position), scale * np.exp(position) * reach / 2 * weights
