"""A segment's colour, the same on every page: each whole has a hue, and its parts have shades of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from carpel import charts
from carpel.charts.colours import PALETTE
from carpel.runs.views.segments import SegmentTable

_SHADES: Final = ((0.0, 0.0), (0.36, -0.34), (-0.3, 0.36), (0.2, -0.18))
"""How far a part's colour lies from that of the whole, towards white or, below 0, black; on light and dark ground."""


def colours(table: SegmentTable) -> Mapping[str, int]:
    """The number of each segment's colour: that of its hue, and beyond the hues that of a shade."""
    found: dict[str, int] = {}
    leaves: dict[int, int] = {}
    for row in table.rows:
        if row.parent is None:
            hue = len(leaves) % charts.SLOTS + 1
            leaves[len(leaves)] = 0
        whole = len(leaves) - 1
        shade = leaves[whole] % len(_SHADES) if row.parent and row.is_leaf else 0
        leaves[whole] += bool(row.parent and row.is_leaf)
        found[row.key] = hue + shade * charts.SLOTS
    return found


def stylesheet() -> str:
    """Hues and marks as the charts have them, then the shades."""
    return "\n".join((charts.stylesheet(), *_shades()))


def _shades() -> Iterator[str]:
    for shade, (on_light, on_dark) in enumerate(_SHADES[1:], start=1):
        for hue, (light, dark) in enumerate(PALETTE, start=1):
            pair = f"light-dark({_mixed(light, on_light)}, {_mixed(dark, on_dark)})"
            yield f".segment-{hue + shade * charts.SLOTS} {{ --segment: {pair}; }}"


def _mixed(colour: str, towards: float) -> str:
    goal = 255 if towards > 0 else 0
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (goal - part) * abs(towards)):02x}" for part in parts)
