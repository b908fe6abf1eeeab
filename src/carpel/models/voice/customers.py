"""What each customer's entries say together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from carpel.models.voice.sentiment import Mood

SCHEMA: Final = pa.schema(
    [
        ("customer_no", pa.int64()),
        ("entries", pa.int64()),
        ("positive", pa.int64()),
        ("negative", pa.int64()),
        ("sentiment", pa.float64()),
        ("last_mood", pa.string()),
        ("last_confidence", pa.float64()),
        ("last_day", pa.date32()),
    ]
)
"""`sentiment` is praise less blame as a share of entries of which something is said: from -1 to 1, else null."""


@dataclass
class _Heard:
    entries: int = 0
    by_mood: dict[Mood, int] = field(default_factory=lambda: dict.fromkeys(Mood, 0))
    last_day: date | None = None
    last_mood: Mood | None = None
    last_confidence: float | None = None

    def add(self, mood: Mood | None, day: date | None, confidence: float | None) -> None:
        self.entries += 1
        if mood is None:
            return
        self.by_mood[mood] += 1
        if day is None:
            return
        if self.last_day is None or day > self.last_day:
            self.last_day, self.last_mood, self.last_confidence = day, mood, confidence
        elif day == self.last_day and mood is not self.last_mood:
            # A day on which both were said is mixed, in whichever order they come.
            self.last_mood = Mood.MIXED
        if day == self.last_day and confidence is not None:
            self.last_confidence = min(confidence, self.last_confidence or confidence)

    def row(self, customer: int) -> tuple[Any, ...]:
        said = sum(self.by_mood.values())
        positive, negative = self.by_mood[Mood.POSITIVE], self.by_mood[Mood.NEGATIVE]
        level = (positive - negative) / said if said else None
        return customer, self.entries, positive, negative, level, self.last_mood, self.last_confidence, self.last_day


class Heard:
    """Adds up scored entries, batch by batch; memory grows with customers, not with entries."""

    def __init__(self) -> None:
        self._customers: dict[int, _Heard] = {}

    def add(self, entries: pa.RecordBatch, scored: pa.RecordBatch) -> None:
        """Entries with `customer_no` and `day`, and what `Voices.score` said of them; those of nobody do not count."""
        columns = (entries.column("customer_no"), entries.column("day"), *map(scored.column, ("mood", "confidence")))
        for customer, day, mood, confidence in zip(*(each.to_pylist() for each in columns), strict=True):
            if customer is not None:
                self._customers.setdefault(customer, _Heard()).add(Mood(mood) if mood else None, day, confidence)

    def table(self) -> pa.Table:
        """By `SCHEMA`, one row for each customer who said anything, in order."""
        rows = [self._customers[each].row(each) for each in sorted(self._customers)]
        columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
        arrays = [pa.array(list(each), kind.type) for each, kind in zip(columns, SCHEMA, strict=True)]
        return pa.Table.from_arrays(arrays, schema=SCHEMA)


def aligned(table: pa.Table, customers: pa.Array) -> dict[str, pa.Array]:
    """A table's columns for some customers, in their order; unknown of those who are not in it.

    Args:
        table: One row for each customer, with `customer_no`.
        customers: Their numbers.
    """
    rows = pc.index_in(customers, value_set=table.column("customer_no").combine_chunks())
    names = [name for name in table.column_names if name != "customer_no"]
    return {name: table.column(name).combine_chunks().take(rows) for name in names}
