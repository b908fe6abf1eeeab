"""Why a customer is worth what is said of them: their own rhythm, and what they have signed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from carpel.kernel.texts import Text, text
from carpel.models.reasons import Reason
from carpel.models.value.rhythms import Rhythm, Tenures

_WEEK = 7
_OVERDUE = 2.0
"""Usual gaps of silence, from which on it speaks against more purchases."""


def of_purchases(rhythm: Rhythm) -> Iterator[tuple[int, Reason]]:
    """For each customer who has bought, their number and what their rhythm says."""
    histories = rhythm.histories
    gaps = histories.recency / np.maximum(histories.frequency, 1)
    silences = histories.age - histories.recency
    for number, days, gap, silence in zip(rhythm.numbers, rhythm.days, gaps, silences, strict=True):
        said = _bought(int(days), round(gap * _WEEK), round(silence * _WEEK))
        steady = bool(days > 1 and silence <= _OVERDUE * gap)
        yield int(number), Reason(of="expected_orders_90d", said=said, supports=steady, weight=1.0)


def of_contracts(tenures: Tenures) -> Iterator[tuple[int, Reason]]:
    """For each customer with contracts, their number and how those have gone."""
    for number, running, renewed in zip(tenures.numbers, tenures.running, tenures.renewals, strict=True):
        key = "models.value-reason-contract" if running else "models.value-reason-contract-ended"
        said = text(key, count=int(renewed))
        yield int(number), Reason(of="renewal_probability", said=said, supports=bool(running), weight=1.0)


def _bought(days: int, gap: int, silence: int) -> Text:
    if days <= 1:
        return text("models.value-reason-once", count=silence)
    return text("models.value-reason-bought", count=days, gap=max(gap, 1), silence=silence)
