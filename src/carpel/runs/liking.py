"""Leads of a run who are most like the customers of one of its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.kernel.engine import Engine
from carpel.kernel.texts import text
from carpel.models import Card
from carpel.models.likeness import Alike, Reach, alike
from carpel.runs.fingerprints import NUMBER
from carpel.runs.opening import Run
from carpel.runs.views.errors import known_segment

TOLD: Final = 200
"""Leads of whom reasons are told at most."""


@dataclass(frozen=True, kw_only=True)
class LikeSegment:
    """How like a segment's customers leads are.

    Attributes:
        segment: The segment's key.
        card: What is told of it.
        leads: The most alike first, by id.
        reach: How many leads each tenth of them reaches.
    """

    segment: str
    card: Card
    leads: tuple[tuple[str, Alike], ...]
    reach: tuple[Reach, ...]


def like(run: Run, engine: Engine, segment: str, most: int) -> LikeSegment:
    """The leads who are most like the customers of a segment, or of its parts.

    Args:
        run: The run that says who is where.
        engine: Where expressions run.
        segment: The segment's key.
        most: How many leads to give.

    Raises:
        NotThere: The scheme has no such segment.
        CarpelError: The run's facts are no longer kept.
    """
    known_segment(run, segment)
    inside = [key for key, path in run.scheme.paths.items() if segment in path]
    asks = text("models.question-likeness", segment=run.scheme.title(segment))
    found = alike(run.basis.ground(engine), _members(run, inside), asks, most=min(most, TOLD))
    ids = _ids(run, {each.number for each in found.leads[:most]})
    leads = tuple((ids[each.number], each) for each in found.leads[:most])
    return LikeSegment(segment=segment, card=found.card, leads=leads, reach=found.reach)


def _members(run: Run, leaves: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The numbers of the customers of some leaves."""
    parts = [pq.read_table(file, columns=[NUMBER, "segment"]) for file in run.assignments.files]
    table = pa.concat_tables(parts)
    chosen = np.isin(np.array(table["segment"].to_pylist(), dtype=object), leaves)
    return np.asarray(table[NUMBER], dtype=np.int64)[chosen]


def _ids(run: Run, numbers: set[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for file in run.assignments.files:
        table = pq.read_table(file, columns=[NUMBER, "customer_id"])
        rows = zip(table[NUMBER].to_pylist(), table["customer_id"].to_pylist(), strict=True)
        found |= {number: customer for number, customer in rows if number in numbers}
    return found
