"""How long a silence each customer's own rhythm allows."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.models.frames import purchased
from carpel.models.frames.features import measured
from carpel.models.frames.moments import NUMBER, sampled
from carpel.models.learning import Ground

CYCLES: Final = 2.0
"""Usual gaps of silence after which a customer counts as lost."""
SHORTEST, LONGEST = 30, 180
"""Days."""
NEEDS: Final = frozenset({"cycle_days", "recency_days", "frequency"})
"""The attributes that say what is usual, and how long the silence is."""

Days = npt.NDArray[np.float64]


def fair_times(profiles: pa.Table, most: int = LONGEST) -> Days:
    """Twice the customer's own cycle in whole days, within bounds; the longest where no cycle is known."""
    cycle = column(profiles, "cycle_days")
    return np.clip(np.rint(np.nan_to_num(cycle * CYCLES, nan=LONGEST)), SHORTEST, min(LONGEST, most))


def fell_silent(ground: Ground, table: pa.Table, start: AsOf, end: AsOf) -> Days:
    """1 for those who bought nothing within their fair time after a moment; it must lie before the end."""
    rows = purchased(ground.facts, start, end)
    next_day: Any = rows.group_by(NUMBER).agg(next=rows.day.min())
    found = ground.engine.read(next_day, ground.facts.bindings(sampled(ground.facts)))
    days = {row[NUMBER]: (row["next"] - start.day).days for row in found.to_pylist()}
    waits = np.array([days.get(number, np.inf) for number in table[NUMBER].to_pylist()])
    return (waits >= fair_times(table, (end.day - start.day).days)).astype(np.float64)


def lost_days(profiles: pa.Table, at: AsOf) -> list[date | None]:
    """When the silence of those who are lost outgrew their fair time; None of the others."""
    silence, fair = column(profiles, "recency_days"), fair_times(profiles)
    lost = silence > fair
    since = at.day.toordinal() - silence + fair
    return [date.fromordinal(int(day)) if is_lost else None for day, is_lost in zip(since, lost, strict=True)]


def column(profiles: pa.Table, key: str) -> Days:
    """An attribute as numbers, NaN where it is unknown."""
    return np.asarray(measured(profiles[key]).to_numpy(zero_copy_only=False), dtype=np.float64)
