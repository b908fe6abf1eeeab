"""What all values of a column look like: two passes over the whole table, none over a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.shapes import shape_sql
from carpel.sources.reading.tables import Kind, RawColumn, RawTable

_MANY: Final = 20_000
_TOGETHER: Final = 40
_SMALL: Final = 1_000_000


@dataclass(frozen=True)
class Evidence:
    """A column before it is decided.

    Attributes:
        column: The column.
        rows: All rows.
        filled: Rows with a text.
        distinct: Different texts; unless counted exactly, to within some percent.
        longest: Characters of the longest text.
        shapes: How many values have each shape; for text only.
        free: Whether the shapes are so many that only a part of them was counted.
        samples: One value of each of the most frequent shapes, for text.
    """

    column: RawColumn
    rows: int
    filled: int
    distinct: int
    longest: int
    shapes: Mapping[str, int] = field(default_factory=dict)
    free: bool = False
    samples: tuple[str, ...] = ()


def gather(
    table: RawTable, scratch: Scratch, columns: Sequence[RawColumn], *, exact: bool = False
) -> tuple[Evidence, ...]:
    """Evidence of some columns of a table; `exact` counts different values exactly where they may be keys."""
    gathered: list[Evidence] = []
    for start in range(0, len(columns), _TOGETHER):
        gathered += _together(table, scratch, columns[start : start + _TOGETHER])
    if not exact:
        return tuple(gathered)
    return tuple(_exact(table, scratch, each) for each in gathered)


def _exact(table: RawTable, scratch: Scratch, evidence: Evidence) -> Evidence:
    """Different values counted exactly; in large tables only where nearly all may differ."""
    if table.rows > _SMALL and evidence.distinct * 5 < evidence.filled * 4:
        return evidence
    query = f"SELECT count(DISTINCT hash({evidence.column.text})) FROM {table.relation}"
    distinct = int(scratch.rows(query)[0][0]) - (evidence.filled < evidence.rows)
    return replace(evidence, distinct=distinct)


def _together(table: RawTable, scratch: Scratch, columns: Sequence[RawColumn]) -> list[Evidence]:
    measures = ", ".join(_measures(column) for column in columns)
    values = iter(scratch.rows(f"SELECT {measures} FROM {table.relation}")[0])
    return [_evidence(table, scratch, column, *(int(next(values) or 0) for _ in range(4))) for column in columns]


def _measures(column: RawColumn) -> str:
    text = column.text
    shapes = f"approx_count_distinct({shape_sql(text)})" if column.kind is Kind.TEXT else "0"
    return f"count({text}), approx_count_distinct({text}), {shapes}, max(length({text}))"


def _evidence(table: RawTable, scratch: Scratch, column: RawColumn, *counts: int) -> Evidence:
    filled, distinct, shapes, longest = counts
    free = shapes > _MANY
    found = _shapes(table, scratch, column, free=free) if column.kind is Kind.TEXT and filled else []
    return Evidence(
        column=column,
        rows=table.rows,
        filled=filled,
        distinct=min(distinct, filled),
        longest=longest,
        shapes={shape: count for shape, count, _ in found},
        free=free,
        samples=tuple(sample for _, _, sample in found[:5]),
    )


def _shapes(table: RawTable, scratch: Scratch, column: RawColumn, *, free: bool) -> list[tuple[str, int, str]]:
    """Shapes, the most frequent first, with their counts and an example; of free text, those that a hash picks."""
    picked = f"AND hash({column.text}) % 64 = 0" if free else ""
    return scratch.rows(
        f"SELECT {shape_sql(column.text)} AS shape, count(*), min(left({column.text}, 120)) FROM {table.relation} "
        f"WHERE {column.text} IS NOT NULL {picked} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MANY}"
    )
