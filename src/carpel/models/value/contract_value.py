"""What customers under contract will renew, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Text
from carpel.models.rungs import Rung
from carpel.models.value.arrays import Array
from carpel.models.value.contracts import ShiftedBetaGeometric
from carpel.models.value.estimating import Estimates
from carpel.models.value.order_value import YEAR, fit_from_json, fit_to_json
from carpel.models.value.rhythms import Tenures

FOR_A_MODEL: Final = 50
"""Contracts that came to an end or were renewed, from which on a model is fitted."""
_TERM: Final = YEAR
_FORGOTTEN: Final = 40.0
_MOST_TERMS: Final = 1_000


@dataclass(frozen=True, kw_only=True, eq=False)
class ContractWorth:
    """What is in force, its renewal, and what that brings in minor units; NaN of who has nothing in force.

    Attributes:
        renewal: The probability that what is in force is renewed when it ends.
        year: What the next 12 months bring, seen from today.
        lifetime: What all months to come bring.
    """

    renewal: Estimates
    year: Estimates
    lifetime: Estimates


@dataclass(frozen=True, kw_only=True, eq=False)
class ContractValue:
    """What was learned of contracts.

    Attributes:
        rung: How much.
        model: How long they last; None below a model.
        rate: How many of those that came to their end were renewed; for the rungs below.
        term: How many weeks a contract lasts, the median.
        discount: What waiting a year costs.
    """

    rung: Rung
    model: ShiftedBetaGeometric | None
    rate: float
    term: float
    discount: float

    def worth(self, tenures: Tenures) -> ContractWorth:
        """What each customer under contract will do."""
        there = tenures.running > 0
        term = np.where(np.isfinite(tenures.term) & (tenures.term > 0), tenures.term, self.term)
        left = np.where(np.isfinite(tenures.weeks_left), tenures.weeks_left, term)
        weekly = tenures.yearly / YEAR
        renewal = self._renewal(tenures.renewals)
        year, life = (
            self._estimated(tenures.renewals, left, term, weekly, horizon) for horizon in (YEAR, _MOST_TERMS * YEAR)
        )
        renewal, year, life = (each.each(lambda ends: np.where(there, ends, np.nan)) for each in (renewal, year, life))
        return ContractWorth(renewal=renewal, year=year, lifetime=life)

    def _renewal(self, renewals: Array) -> Estimates:
        if self.model is None:
            rate = np.full_like(renewals, self.rate)
            return Estimates(rate, rate, rate, 0.95)
        return self.model.estimate(lambda each: each.renewal_probability(renewals), scale="probability")

    def _estimated(self, renewals: Array, left: Array, term: Array, weekly: Array, horizon: float) -> Estimates:
        if self.model is None:
            value = weekly * self._weeks(None, renewals, left, term, horizon)
            return Estimates(value, value, value, 0.95)
        weeks = self.model.estimate(lambda each: self._weeks(each, renewals, left, term, horizon))
        return Estimates(weeks.value * weekly, weeks.low * weekly, weeks.high * weekly, weeks.level)

    def _weeks(
        self, model: ShiftedBetaGeometric | None, renewals: Array, left: Array, term: Array, horizon: float
    ) -> Array:
        """Weeks to come within a horizon, each counting by how likely and how near it is."""
        rate = float(np.log1p(self.discount)) / YEAR
        end = min(horizon, _FORGOTTEN / rate) if rate else YEAR
        total, staying, begins = np.zeros_like(left), np.ones_like(left), np.zeros_like(left)
        stops, times = np.minimum(left, end), renewals.copy()
        for _ in range(_MOST_TERMS):
            total += staying * _discounted(begins, stops, rate)
            begins = stops
            staying = staying * (model.renewal_probability(times) if model else self.rate)
            times = times + 1
            stops = np.minimum(begins + term, end)
            if not (staying * (stops - begins) > 1e-9).any():  # noqa: PLR2004 (nothing is left)
                break
        return total

    def to_json(self) -> dict[str, Any]:
        """What was learned, in plain values."""
        kept = fit_to_json(self.model.result) if self.model else None
        numbers = {"rate": self.rate, "term": self.term, "discount": self.discount}
        return {"rung": self.rung.value, "model": kept, **numbers}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        model = ShiftedBetaGeometric().restored(fit_from_json(kept["model"])) if kept["model"] else None
        numbers = {name: kept[name] for name in ("rate", "term", "discount")}
        return cls(rung=Rung(kept["rung"]), model=model, **numbers)


def learn_contracts(tenures: Tenures, discount: float) -> tuple[ContractValue | None, tuple[Text, ...]]:
    """What contracts teach on the highest rung that they carry; None where none has come to an end yet."""
    renewed, ended = decided(tenures)
    remarks: tuple[Text, ...] = ()
    model = None
    if renewed + ended == 0:
        return None, ()
    if ended and renewed and renewed + ended >= FOR_A_MODEL:
        try:
            model = _fitted(tenures)
            remarks = model.result.remarks
        except CarpelError as error:
            remarks = (error.text,)
    known = tenures.term[np.isfinite(tenures.term) & (tenures.term > 0)]
    rung = Rung.POOLED if model is None else Rung.MODEL
    # One more of each than was seen: nothing is certain of a few.
    rate = (renewed + 1) / (renewed + ended + 2)
    term = float(np.median(known)) if len(known) else _TERM
    return ContractValue(rung=rung, model=model, rate=rate, term=term, discount=discount), remarks


def decided(tenures: Tenures) -> tuple[int, int]:
    """How many contracts that came to their end were renewed, and how many were not."""
    chains = tenures.running + tenures.ended
    return int((tenures.renewals * chains).sum()), int(tenures.ended.sum())


def _fitted(tenures: Tenures) -> ShiftedBetaGeometric:
    renewals = np.concatenate([tenures.renewals, tenures.renewals])
    over = np.concatenate([np.zeros_like(tenures.running), np.ones_like(tenures.ended)])
    weights = np.concatenate([tenures.running, tenures.ended])
    return ShiftedBetaGeometric().fit(renewals, over, weights)


def _discounted(begins: Array, stops: Array, rate: float) -> Array:
    """How much the time from one moment to another counts today."""
    if not rate:
        return stops - begins
    return np.asarray((np.exp(-rate * begins) - np.exp(-rate * stops)) / rate)
