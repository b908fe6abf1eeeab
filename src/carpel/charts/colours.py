"""The colours of segments and of charts, for page and picture alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

PALETTE: Final = (
    ("#2468a8", "#74b3ec"),
    ("#0c7a72", "#4fc4ba"),
    ("#6d49ad", "#b79cea"),
    ("#55782a", "#9fc86c"),
    ("#a8337c", "#ec93c8"),
    ("#55646f", "#a9b7c2"),
    ("#7d6400", "#dcc052"),
    ("#33429a", "#97a5f2"),
    ("#9a3f45", "#eb9c9f"),
    ("#12789c", "#66c8ea"),
    ("#6a3a5e", "#cf98c2"),
    ("#3f6b52", "#93c7a8"),
)
"""Each segment's colour on a light and on a dark ground. None is orange: that is for what can be acted on."""

SLOTS: Final = len(PALETTE)
"""How many segments have a colour of their own; further ones begin again."""

INK: Final = ("#211d18", "#f2ede5")
SOFT: Final = ("#5f574b", "#b8ae9f")
LINE: Final = ("#8c8375", "#857c6e")
GROUND: Final = ("#ffffff", "#211e1a")


def stylesheet() -> str:
    """For a page: each segment's colour as `--segment`, and how the marks of charts use it."""
    return "\n".join((*_segments(), _MARKS))


def standing_alone() -> str:
    """For a picture of its own: the same with the light colours written out."""
    plain = {"--segment": "", **{f"var({name})": pair[0] for name, pair in _ROLES.items()}}
    marks = _MARKS
    for name, value in plain.items():
        marks = marks.replace(name, value) if value else marks
    segments = [f".segment-{slot} {{ --segment: {light}; }}" for slot, (light, _) in enumerate(PALETTE, 1)]
    return "\n".join((*segments, "svg { font-family: system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif; }", marks))


_ROLES: Final = {"--ink": INK, "--ink-soft": SOFT, "--line-strong": LINE, "--surface": GROUND}

_MARKS: Final = """\
.chart { display: block; max-width: 100%; height: auto; font-size: 13px; font-variant-numeric: tabular-nums; }
.chart text { fill: var(--ink); }
.chart .chart-soft { fill: var(--ink-soft); font-size: 12px; }
.chart .chart-big { font-size: 22px; font-weight: 650; }
.chart .chart-mark { fill: var(--segment, var(--ink-soft)); }
.chart .chart-band { fill: var(--segment, var(--ink-soft)); opacity: 0.32; }
.chart .chart-hollow { fill: none; stroke: var(--ink-soft); stroke-width: 1.5; }
.chart .chart-stroke { fill: none; stroke: var(--segment, var(--ink-soft)); stroke-width: 1.5; }
.chart .chart-axis { fill: none; stroke: var(--line-strong); stroke-width: 1; }
.chart .chart-loss { fill: url(#chart-hatch); stroke: var(--segment, var(--ink-soft)); stroke-width: 1; }
.chart .chart-hatching { stroke: var(--ink-soft); stroke-width: 2; }
.chart .chart-widened { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; }
.chart a:hover .chart-band, .chart a:focus .chart-band { opacity: 0.6; }
.chart a:hover text, .chart a:focus text { text-decoration: underline; }"""


def _segments() -> Iterator[str]:
    for slot, (light, dark) in enumerate(PALETTE, 1):
        yield f".segment-{slot} {{ --segment: light-dark({light}, {dark}); }}"
