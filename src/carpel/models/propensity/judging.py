"""How good probabilities are, on customers whom nobody has learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import stats  # type: ignore[import-untyped]

from carpel.models.frames.frame import Column

BINS: Final = 10
Prints: TypeAlias = npt.NDArray[np.uint64]
_SMALLEST: Final = 1e-12


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How good probabilities are.

    Attributes:
        customers: Of how many.
        outcomes: To how many of them it happened.
        auc: The chance that somebody to whom it happened has the higher probability of two, ties counting half;
            None where it happened to all or to none.
        auc_low: The lower end of a 95 % interval (Hanley and McNeil 1982).
        auc_high: The upper end.
        brier: The mean squared error of the probabilities.
        log_loss: Minus the mean log probability of what happened.
        calibration_error: The expected calibration error: over tenths of equally many customers by probability, the
            mean distance between the mean probability and how often it happened.
        mean: The mean probability.
        rate: How often it happened.
    """

    customers: int
    outcomes: int
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    brier: float
    log_loss: float
    calibration_error: float
    mean: float
    rate: float


@dataclass(frozen=True, kw_only=True)
class Decile:
    """A tenth of the customers, by probability.

    Attributes:
        number: 1 is the tenth with the highest.
        customers: How many.
        mean: Their mean probability.
        rate: How often it happened to them.
        lift: How much more often than to everybody; None where it happened to nobody.
        reached: The share of all to whom it happened who are in this tenth or a higher one.
    """

    number: int
    customers: int
    mean: float
    rate: float
    lift: float | None
    reached: float | None


def judge(probability: Column, outcome: Column, fingerprints: Prints | None = None) -> Judgement:
    """How good probabilities are; of at least one customer.

    Args:
        probability: Of each customer.
        outcome: 1 where it happened, else 0.
        fingerprints: What orders customers of equal probability; None takes the order of rows.
    """
    auc, low, high = _auc(probability, outcome)
    return Judgement(
        customers=len(outcome),
        outcomes=int(outcome.sum()),
        auc=auc,
        auc_low=low,
        auc_high=high,
        brier=float(np.mean((probability - outcome) ** 2)),
        log_loss=float(losses(probability, outcome).mean()),
        calibration_error=_calibration_error(probability, outcome, fingerprints),
        mean=float(probability.mean()),
        rate=float(outcome.mean()),
    )


def losses(probability: Column, outcome: Column) -> Column:
    """Minus the log probability of what happened, for each customer."""
    bounded = np.clip(probability, _SMALLEST, 1 - _SMALLEST)
    return np.asarray(-np.log(np.where(outcome > 0, bounded, 1 - bounded)), dtype=np.float64)


def gain(better: Column, worse: Column, outcome: Column) -> tuple[float, float, float]:
    """By how much one set of probabilities tells more than another, in log loss, with its 95 % interval."""
    each = losses(worse, outcome) - losses(better, outcome)
    reach = 1.96 * float(each.std()) / np.sqrt(len(each))
    return float(each.mean()), float(each.mean() - reach), float(each.mean() + reach)


def deciles(probability: Column, outcome: Column, fingerprints: Prints | None = None) -> tuple[Decile, ...]:
    """Tenths by probability, the highest first; the arguments are those of `judge`."""
    order = _order(-probability, fingerprints)
    whole, seen, found = float(outcome.sum()), 0.0, []
    rate = float(outcome.mean())
    for number, rows in enumerate(np.array_split(order, BINS), start=1):
        if not len(rows):
            continue
        seen += float(outcome[rows].sum())
        each = float(outcome[rows].mean())
        found.append(
            Decile(
                number=number,
                customers=len(rows),
                mean=float(probability[rows].mean()),
                rate=each,
                lift=each / rate if rate else None,
                reached=seen / whole if whole else None,
            )
        )
    return tuple(found)


def _order(values: Column, fingerprints: Prints | None) -> npt.NDArray[np.intp]:
    """Ascending; of equals by their fingerprints, so that the order in which rows come means nothing."""
    if fingerprints is None:
        return np.argsort(values, kind="stable")
    return np.lexsort((fingerprints, values))


def _calibration_error(probability: Column, outcome: Column, fingerprints: Prints | None) -> float:
    order = _order(probability, fingerprints)
    parts = [rows for rows in np.array_split(order, BINS) if len(rows)]
    apart = [len(rows) * abs(probability[rows].mean() - outcome[rows].mean()) for rows in parts]
    return float(sum(apart) / len(order))


def _auc(probability: Column, outcome: Column) -> tuple[float | None, float | None, float | None]:
    there = int(outcome.sum())
    absent = len(outcome) - there
    if not there or not absent:
        return None, None, None
    ranks = stats.rankdata(probability)
    auc = float((ranks[outcome > 0].sum() - there * (there + 1) / 2) / (there * absent))
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    square = auc**2
    variance = (auc * (1 - auc) + (there - 1) * (first - square) + (absent - 1) * (second - square)) / (there * absent)
    reach = 1.96 * float(np.sqrt(max(variance, 0.0)))
    return auc, max(0.0, auc - reach), min(1.0, auc + reach)
