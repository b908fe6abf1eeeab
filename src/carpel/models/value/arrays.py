"""Columns of numbers, and SciPy's special functions with types."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special  # type: ignore[import-untyped]

Array: TypeAlias = npt.NDArray[np.float64]
Positions: TypeAlias = npt.NDArray[np.intp]
Numbers: TypeAlias = npt.ArrayLike
"""Whatever NumPy reads as a column of numbers: an array, a list, a pandas or Polars series."""


def column(values: Numbers) -> Array:
    """A one-dimensional column of floats."""
    return np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel()


def log_gamma(value: Array | float) -> Array:
    """The logarithm of the gamma function."""
    return _floats(special.gammaln(value))


def digamma(value: Array | float) -> Array:
    """The derivative of `log_gamma`."""
    return _floats(special.digamma(value))


def log_beta(first: Array | float, second: Array | float) -> Array:
    """The logarithm of the beta function."""
    return _floats(special.betaln(first, second))


def beta_below(share: Array | float, first: Array | float, second: Array | float) -> Array:
    """The probability that a beta variable is below a share."""
    return _floats(special.betainc(first, second, share))


def relative_growth(value: Array | float) -> Array:
    """(exp(v) - 1) / v, which is 1 at v = 0."""
    return _floats(special.exprel(value))


def log_sum(terms: Array) -> Array:
    """The logarithm of the sum of exponentials along the last axis."""
    return _floats(special.logsumexp(terms, axis=-1))


def normal_bound(level: float) -> float:
    """How many standard errors lie on each side of an interval of that level."""
    return float(special.ndtri(0.5 + level / 2))


def _floats(value: Any) -> Array:
    return np.asarray(value, dtype=np.float64)
