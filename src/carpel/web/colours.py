"""A segment's colour, the same on every page: parts of a segment share the hue of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carpel.runs.views.segments import SegmentTable

_HUES: Final = (
    ("#c24a0a", "#ff9d4d"),
    ("#2b6cb0", "#7fb5ee"),
    ("#2f7d4f", "#7ccf9c"),
    ("#8a4fa3", "#cf9fe4"),
    ("#a8772a", "#e6c060"),
    ("#1f7f86", "#6fcbd1"),
    ("#b0355f", "#f590b2"),
    ("#5c6b2f", "#b5c777"),
    ("#5a5fb8", "#a6aaf2"),
    ("#7a5a45", "#c9a58c"),
    ("#4a6572", "#a0bcc9"),
    ("#8c3f2b", "#e2937d"),
)


def colours(table: SegmentTable) -> Mapping[str, int]:
    """The number of each segment's colour."""
    wholes: dict[str, int] = {}
    found: dict[str, int] = {}
    for row in table.rows:
        found[row.key] = found[row.parent] if row.parent else wholes.setdefault(row.key, len(wholes) % len(_HUES) + 1)
    return found


def stylesheet() -> str:
    """A class for each colour, in both themes."""
    return "\n".join(
        f".segment-{number} {{ --segment: light-dark({light}, {dark}); }}"
        for number, (light, dark) in enumerate(_HUES, start=1)
    )
