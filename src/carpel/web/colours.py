"""A segment's colour, the same on every page: each whole has a hue, and its parts have shades of it."""

from __future__ import annotations

from collections.abc import Mapping

from carpel.charts import SLOTS
from carpel.charts.colours import SHADES
from carpel.runs.views.segments import SegmentTable


def colours(table: SegmentTable) -> Mapping[str, int]:
    """The number of each segment's colour, as the charts count them."""
    found: dict[str, int] = {}
    parts: list[int] = []
    for row in table.rows:
        if row.parent is None:
            parts.append(0)
        is_part = row.parent is not None and row.is_leaf
        shade = parts[-1] % len(SHADES) if is_part else 0
        parts[-1] += is_part
        found[row.key] = (len(parts) - 1) % SLOTS + 1 + shade * SLOTS
    return found
