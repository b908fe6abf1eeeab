"""Maximum likelihood from several starts, with standard errors from the observed information."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]

from carpel.kernel.texts import Text, text
from carpel.models.value.arrays import Array

_EDGE: Final = float(np.log(1e5))
_SLOPE_STEP: Final = 1e-5
_CURVATURE_STEP: Final = 1e-3
_LEVEL: Final = 1e-5
"""The largest slope, per customer and unit of a logarithm, of what counts as a summit."""
_SAME: Final = 1e-3
_IMPOSSIBLE: Final = 1e12
_STEEPEST: Final = 1e-12
_NEWTON_STEPS: Final = 4
_POLISHED: Final = 2


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """The log-likelihood of some customers, as a function of the parameters.

    Attributes:
        total: Of all of them together.
        customers: How many they are.
        sloped: The same with its derivative by each parameter; None to take differences.
        fixed: What the parameters do not change.
    """

    total: Callable[[Array], float]
    customers: float
    sloped: Callable[[Array], tuple[float, Array]] | None = None
    fixed: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What a model has learned, and how far it can be trusted.

    Attributes:
        parameters: By their names in the literature.
        log_likelihood: Of the data at these parameters; NaN where parameters were given and not learned.
        standard_errors: Of each parameter, from the observed information; infinite where the data do not settle it.
        covariance: Of the logarithms of the parameters, in the order of `standard_errors`.
        converged: Whether this is a summit that the data settle.
        gradient: The largest slope left, per customer and unit of a parameter's logarithm.
        starts: How many starting points were tried.
        agreeing: How many of them led to this same summit, of a sample where there are thousands of groups.
        customers: How many customers were learned from.
        remarks: What a reader should know, in words.
    """

    parameters: Mapping[str, float]
    log_likelihood: float
    standard_errors: Mapping[str, float]
    covariance: tuple[tuple[float, ...], ...]
    converged: bool
    gradient: float
    starts: int
    agreeing: int
    customers: float
    remarks: tuple[Text, ...] = ()


def given(names: Sequence[str], parameters: Mapping[str, float]) -> Fit:
    """A fit of parameters that were published or kept, and are taken as certain."""
    nothing = (0.0,) * len(names)
    return Fit(
        parameters=dict(parameters),
        log_likelihood=float("nan"),
        standard_errors=dict.fromkeys(names, 0.0),
        covariance=(nothing,) * len(names),
        converged=True,
        gradient=0.0,
        starts=0,
        agreeing=0,
        customers=0.0,
    )


def maximise(
    names: Sequence[str],
    likelihood: Likelihood,
    *,
    starts: Sequence[Array],
    units: Array,
    quick: Likelihood | None = None,
) -> Fit:
    """The parameters under which the data are likeliest.

    Args:
        names: Of the parameters.
        likelihood: To be maximised over positive parameters.
        starts: Parameters to start from.
        units: The natural size of each parameter; the search covers a hundred-thousandth to a hundred thousand of it.
        quick: The likelihood of a sample. All starts climb that, and the best of them then climb the whole.
    """
    rough_cost, cost = _Cost(quick or likelihood, units), _Cost(likelihood, units)
    rough = sorted((_climb(rough_cost, np.log(start / units)) for start in starts), key=itemgetter(0))
    agreeing = sum(height - rough[0][0] < _SAME / rough_cost.customers for height, _ in rough)
    point = rough[0][1]
    if quick is not None:
        promising = rough[: _POLISHED if agreeing < len(rough) else 1]
        point = min((_climb(cost, point) for _, point in promising), key=itemgetter(0))[1]
    return _fit(names, cost, _newton(cost, point), starts=len(starts), agreeing=agreeing)


class _Cost:
    """Minus the log-likelihood of one customer, over logarithms of parameters in their units."""

    def __init__(self, likelihood: Likelihood, units: Array) -> None:
        self._likelihood = likelihood
        self.units = units
        self.customers = likelihood.customers
        self.fixed = likelihood.fixed

    def __call__(self, point: Array) -> float:
        found = -self._likelihood.total(self.units * np.exp(point)) / self.customers
        return found if np.isfinite(found) else _IMPOSSIBLE

    def sloped(self, point: Array) -> tuple[float, Array]:
        """The same with its derivatives."""
        if self._likelihood.sloped is None:
            steps = np.eye(len(point)) * _SLOPE_STEP
            slope = np.array([(self(point + step) - self(point - step)) / (2 * _SLOPE_STEP) for step in steps])
            return self(point), slope
        theta = self.units * np.exp(point)
        total, slopes = self._likelihood.sloped(theta)
        slope = -slopes * theta / self.customers
        return (-total / self.customers, slope) if np.isfinite(total) else (_IMPOSSIBLE, np.zeros_like(point))

    def slope(self, point: Array) -> Array:
        """Its derivatives."""
        return self.sloped(point)[1]


def _climb(cost: _Cost, start: Array) -> tuple[float, Array]:
    found = optimize.minimize(
        cost.sloped,
        np.clip(start, -_EDGE, _EDGE),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-_EDGE, _EDGE)] * len(start),
        options={"maxiter": 300, "ftol": 1e-14, "gtol": 1e-7},
    )
    return float(found.fun), np.asarray(found.x, dtype=np.float64)


def _curvature(cost: _Cost, point: Array) -> Array:
    """The matrix of second derivatives."""
    steps = np.eye(len(point)) * _CURVATURE_STEP
    rows = np.array([cost.slope(point + step) - cost.slope(point - step) for step in steps]) / (2 * _CURVATURE_STEP)
    return (rows + rows.T) / 2


def _newton(cost: _Cost, point: Array) -> Array:
    """The last digits, where the search's own line steps see nothing but rounding."""
    for _ in range(_NEWTON_STEPS):
        slope = cost.slope(point)
        if np.abs(slope).max() < _LEVEL * 1e-2:
            return point
        curvature = _curvature(cost, point)
        if np.linalg.eigvalsh(curvature)[0] <= 0:
            return point
        nearer = point - np.linalg.solve(curvature, slope)
        if np.abs(nearer).max() >= _EDGE or cost(nearer) > cost(point):
            return point
        point = nearer
    return point


def _fit(names: Sequence[str], cost: _Cost, point: Array, *, starts: int, agreeing: int) -> Fit:
    gradient = float(np.abs(cost.slope(point)).max())
    covariance, settled = _covariance(_curvature(cost, point), cost.customers)
    edges = [name for name, each in zip(names, point, strict=True) if abs(each) > _EDGE * 0.99]
    values = cost.units * np.exp(point)
    errors = values * np.sqrt(np.diag(covariance)) if settled else np.full(len(names), np.inf)
    remarks = [text("models.at-the-edge", parameter=name) for name in edges]
    if not settled or (gradient > _LEVEL and not edges):
        remarks.append(text("models.not-settled"))
    return Fit(
        parameters=dict(zip(names, map(float, values), strict=True)),
        log_likelihood=-cost(point) * cost.customers + cost.fixed,
        standard_errors=dict(zip(names, map(float, errors), strict=True)),
        covariance=tuple(tuple(map(float, row)) for row in covariance),
        converged=not remarks,
        gradient=gradient,
        starts=starts,
        agreeing=agreeing,
        customers=cost.customers,
        remarks=tuple(remarks),
    )


def _covariance(curvature: Array, customers: float) -> tuple[Array, bool]:
    """The inverse of the information, and whether the data settle every direction.

    Along a ridge the variance is made very large and stays finite: what does not change along the ridge keeps
    an honest interval.
    """
    values, directions = np.linalg.eigh(curvature)
    floor = max(float(values[-1]) * 1e-9, _STEEPEST)
    settled = bool(values[0] > floor)
    information = np.maximum(values, floor) * customers
    return directions / information @ directions.T, settled
