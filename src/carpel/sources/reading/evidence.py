"""What all values of a column look like: two passes over the whole table, none over a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.shapes import shape_sql
from carpel.sources.reading.tables import Kind, RawColumn, RawTable

_MANY: Final = 20_000
_TOGETHER: Final = 40
_SMALL: Final = 1_000_000
_HELD: Final = 2_000_000
_Shapes: TypeAlias = "Sequence[tuple[str, int, str]]"


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
    return _counted(table, scratch, gathered) if exact else tuple(gathered)


def _counted(table: RawTable, scratch: Scratch, gathered: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Different values counted exactly, as many columns at once as memory holds with ease."""
    asked = [each for each in gathered if _worth_counting(table, each)]
    exact: dict[str, int] = {}
    for start in range(0, len(asked), _at_once(table)):
        some = asked[start : start + _at_once(table)]
        counts = ", ".join(f"count(DISTINCT hash({each.column.text}))" for each in some)
        found = scratch.rows(f"SELECT {counts} FROM {table.relation}")[0]
        exact |= {each.column.name: int(count) for each, count in zip(some, found, strict=True)}
    return tuple(_exactly(each, exact.get(each.column.name)) for each in gathered)


def _worth_counting(table: RawTable, evidence: Evidence) -> bool:
    """In large tables only where nearly all may differ."""
    return table.rows <= _SMALL or evidence.distinct * 5 >= evidence.filled * 4


def _exactly(evidence: Evidence, hashes: int | None) -> Evidence:
    """The hash of nothing is one of those counted."""
    return evidence if hashes is None else replace(evidence, distinct=hashes - (evidence.filled < evidence.rows))


def _together(table: RawTable, scratch: Scratch, columns: Sequence[RawColumn]) -> list[Evidence]:
    measures = ", ".join(_measures(column) for column in columns)
    values = iter(scratch.rows(f"SELECT {measures} FROM {table.relation}")[0])
    counts = [[int(next(values) or 0) for _ in range(4)] for _ in columns]
    asked = list(_asked_for_shapes(columns, counts))
    shapes: dict[str, _Shapes] = {}
    for start in range(0, len(asked), _at_once(table)):
        shapes |= _shapes(table, scratch, asked[start : start + _at_once(table)])
    return [
        _evidence(table, column, each, shapes.get(column.name, ()))
        for column, each in zip(columns, counts, strict=True)
    ]


def _at_once(table: RawTable) -> int:
    """How many columns' values are held together; memory holds them with ease."""
    return min(_TOGETHER, max(1, _HELD // max(1, table.rows)))


def _measures(column: RawColumn) -> str:
    text = column.text
    shapes = f"approx_count_distinct({shape_sql(text)})" if column.kind is Kind.TEXT else "0"
    return f"count({text}), approx_count_distinct({text}), {shapes}, max(length({text}))"


def _asked_for_shapes(
    columns: Sequence[RawColumn], counts: Sequence[Sequence[int]]
) -> Iterator[tuple[RawColumn, bool]]:
    """Columns of text with their values, and whether their shapes are so many that a part must do."""
    for column, (filled, _, shapes, _) in zip(columns, counts, strict=True):
        if column.kind is Kind.TEXT and filled:
            yield column, shapes > _MANY


def _evidence(table: RawTable, column: RawColumn, counts: Sequence[int], found: _Shapes) -> Evidence:
    filled, distinct, shapes, longest = counts
    return Evidence(
        column=column,
        rows=table.rows,
        filled=filled,
        distinct=min(distinct, filled),
        longest=longest,
        shapes={shape: count for shape, count, _ in found},
        free=shapes > _MANY,
        samples=tuple(sample for _, _, sample in found[:5]),
    )


def _shapes(table: RawTable, scratch: Scratch, asked: Sequence[tuple[RawColumn, bool]]) -> dict[str, _Shapes]:
    """Each column's shapes, the most frequent first, with their counts and an example."""
    found: dict[str, list[tuple[str, int, str]]] = {column.name: [] for column, _ in asked}
    texts = ", ".join(f"{column.text} AS v{at}" for at, (column, _) in enumerate(asked))
    parts = " UNION ALL ".join(_shapes_of(f"v{at}", at, free=free) for at, (_, free) in enumerate(asked))
    for at, shape, count, sample in scratch.rows(f"WITH asked AS (SELECT {texts} FROM {table.relation}) {parts}"):
        found[asked[at][0].name].append((shape, count, sample))
    return {name: sorted(shapes, key=lambda each: (-each[1], each[0])) for name, shapes in found.items()}


def _shapes_of(text: str, at: int, *, free: bool) -> str:
    """SQL of one column's shapes; of free text, those that a hash picks."""
    picked = f"AND hash({text}) % 64 = 0" if free else ""
    return (
        f"(SELECT {at}, {shape_sql(text)} AS shape, count(*) AS times, min(left({text}, 120)) FROM asked "
        f"WHERE {text} IS NOT NULL {picked} GROUP BY shape ORDER BY times DESC, shape LIMIT {_MANY})"
    )
