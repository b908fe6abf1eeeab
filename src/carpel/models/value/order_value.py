"""What customers who buy will order, and what that is worth: learned from all purchases, said of each customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Text, text
from carpel.models.cards import Band, Contender
from carpel.models.rungs import Rung
from carpel.models.value.arrays import Array
from carpel.models.value.bg_nbd import BGNBD
from carpel.models.value.choosing import Choice, choose
from carpel.models.value.cnbd import MBGCNBD
from carpel.models.value.estimating import Estimates
from carpel.models.value.fitting import Fit
from carpel.models.value.histories import Histories
from carpel.models.value.lifetime import product
from carpel.models.value.mbg_nbd import MBGNBD
from carpel.models.value.nbd import NBD
from carpel.models.value.ordering import OrderModel
from carpel.models.value.pareto_nbd import ParetoNBD
from carpel.models.value.quadrature import graded_times
from carpel.models.value.rhythms import Rhythm
from carpel.models.value.spending import GammaGamma

CANDIDATES: Final[Mapping[str, Callable[[], OrderModel]]] = {
    each.title: each for each in (NBD, BGNBD, MBGNBD, ParetoNBD, MBGCNBD)
}
"""Models of orders by name; the first, in which nobody ever leaves, is what the others are compared with."""
BASELINE: Final = NBD.title
QUARTER: Final = 90 / 7
YEAR: Final = 365 / 7
_LATER: Final = 5 * YEAR
_BANDS: Final = 10
_YEAR_TIMES: Final = 6
_FORGOTTEN: Final = 40.0
_SMALLEST: Final = 1e-300
FOR_A_MODEL: Final = 100
"""Customers who have bought, from whom on a model is fitted."""
RETURNED: Final = 30
"""Of those, how many must have bought again."""
_STRENGTH: Final = 5.0
"""How many purchase days a customer's own margin must have to count as much as the company's."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Worth:
    """What each of some customers will do, and what it brings in minor units; with the ends of 95 % intervals.

    Attributes:
        alive: The probability that they have not left; NaN where nothing says.
        orders: Purchase days to expect within 90 days.
        year: What those of the next 12 months are worth today.
        lifetime: What all to come are worth today.
        margin: The share of it that is margin; NaN where no costs are known.
    """

    alive: Estimates
    orders: Estimates
    year: Estimates
    lifetime: Estimates
    margin: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class OrderValue:
    """What was learned of orders.

    Attributes:
        rung: How much.
        model: How often customers order; None on the lowest rung.
        spend: What an order is worth; None where amounts are unknown or too few.
        typical: The mean value of a purchase day over customers, in minor units; NaN without amounts.
        rate: Purchase days of a customer in a week, over all customers; for the lowest rung.
        margin: The share of what was paid that is margin; NaN where no costs are known.
        discount: What waiting a year costs, as 0.1 for 10 %.
    """

    rung: Rung
    model: OrderModel | None
    spend: GammaGamma | None
    typical: float
    rate: float
    margin: float
    discount: float

    def worth(self, rhythm: Rhythm) -> Worth:
        """What each customer will do."""
        alive, orders, year, lifetime = self._orders(rhythm.histories)
        value = self._value(rhythm)
        return Worth(
            alive=alive,
            orders=orders,
            year=product(year, value),
            lifetime=product(lifetime, value),
            margin=self._margin(rhythm),
        )

    def _orders(self, histories: Histories) -> tuple[Estimates, Estimates, Estimates, Estimates]:
        known = histories.frequency, histories.recency, histories.age
        model, weekly = self.model, float(np.log1p(self.discount)) / YEAR
        if model is None:
            return self._by_rule(histories, weekly)
        plan = _Plan.of(weekly)
        expected = model.orders_within(plan.horizons, *known)
        reach = model.estimate(lambda each: each.orders_within((QUARTER, YEAR, _LATER), *known).ravel())
        # How uncertain a sum of discounted orders is, is taken from the orders within about the same time.
        quantities = expected[:, 0], plan.year(expected), plan.lifetime(expected)
        orders, year, lifetime = (_scaled(reach, place, value) for place, value in enumerate(quantities))
        return self._alive(model, known), orders, year, lifetime

    def _alive(self, model: OrderModel, known: tuple[Array, Array, Array]) -> Estimates:
        alive = model.estimate(lambda each: each.alive_probability(*known), scale="probability")
        if not isinstance(model, BGNBD):
            return alive
        # That model takes everybody who bought once for alive, whatever happened since: it says nothing.
        silent = known[0] == 0
        return alive.each(lambda ends: np.where(silent, np.nan, ends))

    def _by_rule(self, histories: Histories, weekly: float) -> tuple[Estimates, Estimates, Estimates, Estimates]:
        """Everybody goes on at the company's rate, pulled to their own; whether they have left, nothing says."""
        week = 1 / max(self.rate, 1e-9)
        own = (histories.frequency + 1) / (histories.age + week)
        unknown = np.full_like(own, np.nan)
        year = -np.expm1(-weekly * YEAR) / weekly if weekly else YEAR
        sums = (QUARTER, year, 1 / weekly if weekly else np.nan)
        orders, year, lifetime = (_certain(own * each) for each in sums)
        return _certain(unknown), orders, year, lifetime

    def _value(self, rhythm: Rhythm) -> Estimates:
        """The value of each customer's purchase days to come."""
        mean = rhythm.mean_value
        if self.spend is None:
            own = np.where(np.isfinite(rhythm.spent), np.maximum(mean, 0.0), np.nan)
            pulled = (rhythm.days * own + self.typical) / (rhythm.days + 1)
            return _certain(pulled)
        return self.spend.estimate(lambda each: each.expected_spend(rhythm.days, mean))

    def _margin(self, rhythm: Rhythm) -> Array:
        """Each customer's own share of margin, pulled to the company's."""
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.where(rhythm.costed > 0, rhythm.margin / rhythm.costed, self.margin)
        return (rhythm.days * own + _STRENGTH * self.margin) / (rhythm.days + _STRENGTH)

    def to_json(self) -> dict[str, Any]:
        """What was learned, in plain values."""
        return {
            "rung": self.rung.value,
            "model": self.model.title if self.model else None,
            "orders": fit_to_json(self.model.result) if self.model else None,
            "spend": fit_to_json(self.spend.result) if self.spend else None,
            **{name: _kept(getattr(self, name)) for name in ("typical", "rate", "margin", "discount")},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        typical = _read(kept["typical"])
        model = CANDIDATES[kept["model"]]().restored(fit_from_json(kept["orders"])) if kept["model"] else None
        spend = GammaGamma(typical=typical).restored(fit_from_json(kept["spend"])) if kept["spend"] else None
        numbers = {name: _read(kept[name]) for name in ("rate", "margin", "discount")}
        return cls(rung=Rung(kept["rung"]), model=model, spend=spend, typical=typical, **numbers)


@dataclass(frozen=True)
class _Plan:
    """For how far orders are foretold, and how sums of discounted orders follow; see `discounted_orders`."""

    horizons: tuple[float, ...]
    weekly: float
    year_weights: Array
    life_weights: Array

    @classmethod
    def of(cls, weekly: float) -> _Plan:
        end = _FORGOTTEN / weekly if weekly else YEAR
        (near, near_weights), (far, far_weights) = graded_times(YEAR, _YEAR_TIMES), graded_times(end)
        return cls(
            (QUARTER, *map(float, near), YEAR, *map(float, far), end),
            weekly,
            np.append(weekly * near_weights * np.exp(-weekly * near), np.exp(-weekly * YEAR)),
            np.append(weekly * far_weights * np.exp(-weekly * far), np.exp(-weekly * end)),
        )

    def year(self, expected: Array) -> Array:
        return np.asarray(expected[:, 1 : 1 + len(self.year_weights)] @ self.year_weights)

    def lifetime(self, expected: Array) -> Array:
        """Nothing that never ends can be added up without a discount."""
        if not self.weekly:
            return np.full(len(expected), np.nan)
        return np.asarray(expected[:, -len(self.life_weights) :] @ self.life_weights)


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """How models of orders did on what came later.

    Attributes:
        choice: All of them, best first.
        baseline: The one in which nobody leaves.
        bands: Expected against actual of the best.
    """

    choice: Choice
    baseline: Contender
    contenders: tuple[Contender, ...]
    bands: tuple[Band, ...]


def learn_orders(rhythm: Rhythm, trial: Trial | None, discount: float) -> tuple[OrderValue, tuple[Text, ...]]:
    """What orders teach on the highest rung that they carry, with what a reader should know.

    Args:
        rhythm: Everybody to learn from, up to now.
        trial: What came of a trial on the past; None where there was no time for one.
        discount: What waiting a year costs.
    """
    histories, remarks = rhythm.histories, list[Text]()
    model: OrderModel | None = None
    title = trial.choice.scores[0].model if trial else MBGNBD.title
    enough = histories.customers >= FOR_A_MODEL and int((histories.frequency > 0).sum()) >= RETURNED
    try:
        model = CANDIDATES[title]().fit_histories(histories) if enough else None
    except CarpelError as error:
        remarks.append(error.text)
    if model:
        remarks += model.result.remarks
    spend, said = _spend(rhythm)
    rung = Rung.RULE if model is None else Rung.MODEL if trial else Rung.POOLED
    found = OrderValue(
        rung=rung,
        model=model,
        spend=spend,
        typical=_mean(rhythm.mean_value[np.isfinite(rhythm.spent)]),
        rate=float(rhythm.days.sum() / max(float((histories.age + 1).sum()), 1.0)),
        margin=_share(rhythm.margin, rhythm.costed),
        discount=discount,
    )
    return found, (*remarks, *said)


def _spend(rhythm: Rhythm) -> tuple[GammaGamma | None, tuple[Text, ...]]:
    if not np.isfinite(rhythm.spent).any():
        return None, (text("models.value-without-amounts"),)
    try:
        spend = GammaGamma().fit(rhythm.days, rhythm.mean_value)
    except CarpelError as error:
        return None, (error.text,)
    return spend, spend.result.remarks


def tried(before: Rhythm, whole: Rhythm) -> Trial | None:
    """Let what came later decide between models; None where the earlier time taught too little.

    Args:
        before: Customers up to a day.
        whole: The same and others up to a later one.
    """
    both = np.isin(whole.numbers, before.numbers)
    later = whole.take(np.flatnonzero(both)).histories
    known = before.histories
    if len(later.frequency) != len(known.frequency) or known.customers < FOR_A_MODEL:
        return None
    if int((known.frequency > 0).sum()) < RETURNED:
        return None
    try:
        choice = choose([make() for make in CANDIDATES.values()], known, later)
    except CarpelError:
        return None
    contenders = tuple(_contender(each, known.customers) for each in choice.scores)
    baseline = next((each for each in contenders if each.name == BASELINE), contenders[-1])
    return Trial(choice=choice, baseline=baseline, contenders=contenders, bands=_bands(choice.model, known, later))


def _contender(score: Any, customers: float) -> Contender:
    return Contender(
        name=score.model,
        score=score.log_likelihood / customers,
        behind=score.behind / customers,
        low=score.low / customers,
        high=score.high / customers,
    )


def _bands(model: OrderModel, known: Histories, later: Histories) -> tuple[Band, ...]:
    """Tenths of the customers by what was expected of them."""
    weeks = float((later.age - known.age).max())
    expected = model.conditional_orders(weeks, known.frequency, known.recency, known.age)
    actual = later.frequency - known.frequency
    order = np.argsort(-expected, kind="stable")
    return tuple(
        Band(
            of=text("models.band-tenth", number=number + 1),
            customers=len(rows),
            expected=float(expected[rows].mean()),
            actual=float(actual[rows].mean()),
        )
        for number, rows in enumerate(np.array_split(order, _BANDS))
        if len(rows)
    )


def fit_to_json(fit: Fit) -> dict[str, Any]:
    """Parameters and how they vary together; nothing of the way there."""
    covariance = np.array(fit.covariance)
    return {
        "parameters": dict(fit.parameters),
        "covariance": covariance.tolist() if np.isfinite(covariance).all() else np.zeros_like(covariance).tolist(),
    }


def fit_from_json(kept: Mapping[str, Any]) -> Fit:
    """What `fit_to_json` gave."""
    covariance = tuple(map(tuple, kept["covariance"]))
    names = list(kept["parameters"])[: len(covariance)]
    return Fit(
        parameters=dict(kept["parameters"]),
        log_likelihood=float("nan"),
        standard_errors=dict.fromkeys(names, 0.0),
        covariance=covariance,
        converged=True,
        gradient=0.0,
        starts=0,
        agreeing=0,
        customers=0.0,
    )


def _scaled(reach: Estimates, place: int, value: Array) -> Estimates:
    """A value with the relative interval of one of three quantities beside it."""
    middle = np.maximum(reach.value.reshape(-1, 3)[:, place], _SMALLEST)
    low, high = (ends.reshape(-1, 3)[:, place] / middle for ends in (reach.low, reach.high))
    return Estimates(value, value * np.minimum(low, 1.0), value * np.maximum(high, 1.0), reach.level)


def _certain(value: Array) -> Estimates:
    return Estimates(value, value, value, 0.95)


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _share(part: Array, whole: Array) -> float:
    sold = float(np.nansum(whole))
    return float(np.nansum(part)) / sold if sold > 0 else float("nan")


def _kept(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _read(value: float | None) -> float:
    return float("nan") if value is None else value
