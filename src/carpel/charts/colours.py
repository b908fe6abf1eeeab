"""The colours of segments and of charts, for page and picture alike."""

from __future__ import annotations

from functools import cache
from math import dist
from typing import Final, TypeAlias

_Parts: TypeAlias = tuple[float, float, float]
"""Red, green and blue, 0 to 255."""

PALETTE: Final = (
    ("#214a8d", "#6590d5"),
    ("#579316", "#a0d678"),
    ("#451a81", "#8160c8"),
    ("#82876c", "#dde1cb"),
    ("#003e49", "#4b7a85"),
    ("#a95eaa", "#ffbcfe"),
    ("#524205", "#948761"),
    ("#137988", "#84c4d0"),
    ("#7b1263", "#ce70b1"),
    ("#146d1e", "#6cb56d"),
    ("#6954ae", "#ac9af7"),
    ("#6a5257", "#b69da2"),
)
"""Each segment's colour on a light and on a dark ground.

Every two differ in lightness or hue also to those who see no red, no green or no blue. None is orange: that is for what
can be acted on.
"""

SLOTS: Final = len(PALETTE)
"""How many segments have a colour of their own; further ones begin again."""

SHADES: Final = (0.0, 0.55, 1.0, 0.27)
"""How far the colours of a segment's parts lie from its own, of the way that is left to them: towards white or black,
wherever there is more room, yet never so near the ground that they would not stand out.

The number of a colour is that of the segment, and for each step of shade `SLOTS` more.
"""
_FURTHEST: Final = 0.55
_LEAST_CONTRAST: Final = 3.0

INK: Final = ("#211d18", "#f2ede5")
SOFT: Final = ("#5f574b", "#b8ae9f")
FAINT: Final = ("#e4ded4", "#3a352e")
LINE: Final = ("#8c8375", "#857c6e")
GROUND: Final = ("#ffffff", "#211e1a")


_ROLES: Final = {"--ink": INK, "--ink-soft": SOFT, "--line": FAINT, "--line-strong": LINE, "--surface": GROUND}
_FACE: Final = "font-family: system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', sans-serif"
_SEGMENT: Final = "var(--segment, var(--ink-soft))"

_MARKS: Final = """\
.chart { display: block; max-width: 100%; height: auto; font-size: 13px; font-variant-numeric: tabular-nums; }
.chart text { fill: var(--ink); }
.chart .chart-soft { fill: var(--ink-soft); font-size: 12px; }
.chart .chart-big { font-size: 22px; font-weight: 650; }
.chart .chart-long { font-size: 17px; }
.chart .chart-mark { fill: var(--segment, var(--ink-soft)); }
.chart .chart-band { fill: var(--segment, var(--ink-soft)); opacity: 0.32; }
.chart .chart-hollow { fill: none; stroke: var(--ink-soft); stroke-width: 1.5; }
.chart .chart-hollow-mark { fill: var(--surface); stroke: var(--segment, var(--ink-soft)); stroke-width: 1.25; }
.chart .chart-stroke { fill: none; stroke: var(--segment, var(--ink-soft)); stroke-width: 1.75; }
.chart .chart-axis { fill: none; stroke: var(--line-strong); stroke-width: 1; }
.chart .chart-grid { fill: none; stroke: var(--line); stroke-width: 1; }
.chart .chart-ground { fill: var(--surface); }
.chart .chart-loss { stroke: var(--segment, var(--ink-soft)); stroke-width: 1.25; }
.chart .chart-hatching { fill: none; stroke: var(--ink-soft); stroke-width: 1.5; }
.chart a:hover .chart-band, .chart a:focus .chart-band { opacity: 0.6; }
.chart a:hover text, .chart a:focus text { text-decoration: underline; }"""
"""How marks look, by the roles of the page's own style sheet."""


def stylesheet() -> str:
    """For a page: each segment's colour as `--segment`, and how the marks of charts use it."""
    segments = (f".segment-{slot} {{ --segment: light-dark({', '.join(pair)}); }}" for slot, pair in _slots())
    return "\n".join((*segments, _MARKS))


def standing_alone(body: str = "") -> str:
    """For a picture of its own: the light colours written out, since what shows pictures may know no variables.

    Args:
        body: The picture; only the segments in it are coloured.
    """
    lines = [line for line in _MARKS.splitlines() if ":hover" not in line]
    common = [_light(line.replace(_SEGMENT, SOFT[0])) for line in lines]
    coloured = [
        _light(line.replace(".chart ", f".chart .segment-{slot} ", 1).replace(_SEGMENT, light))
        for slot, (light, _) in _slots()
        if f'segment-{slot}"' in body
        for line in lines
        if _SEGMENT in line
    ]
    return "\n".join((f"svg {{ {_FACE}; }}", *common, *coloured))


@cache
def _slots() -> tuple[tuple[int, tuple[str, str]], ...]:
    """Each colour's number with how it looks on a light and on a dark ground."""
    return tuple(
        (slot + step * SLOTS, (_shade(light, far, GROUND[0]), _shade(dark, far, GROUND[1])))
        for step, far in enumerate(SHADES)
        for slot, (light, dark) in enumerate(PALETTE, start=1)
    )


def _shade(colour: str, far: float, ground: str) -> str:
    """The colour, so far on its way to white or to black, whichever it can come further towards."""
    own = _parts(colour)
    ways = {goal: _room(own, goal, _parts(ground)) for goal in (255, 0)}
    goal = max(ways, key=lambda goal: ways[goal] * dist(own, (goal, goal, goal)))
    return "#" + "".join(f"{round(part):02x}" for part in _mixed(own, goal, far * ways[goal]))


def _room(own: _Parts, goal: int, ground: _Parts) -> float:
    """How far a colour can go and still stand out from its ground."""
    ways = (_FURTHEST * step / 20 for step in range(20, 0, -1))
    return next((way for way in ways if _contrast(_mixed(own, goal, way), ground) >= _LEAST_CONTRAST), 0.0)


def _mixed(own: _Parts, goal: int, far: float) -> _Parts:
    red, green, blue = (part + (goal - part) * far for part in own)
    return red, green, blue


def _parts(colour: str) -> _Parts:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _contrast(one: _Parts, other: _Parts) -> float:
    """As the Web Content Accessibility Guidelines define it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: _Parts) -> float:
    parts = (each / 255 for each in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004  the definition
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _light(line: str) -> str:
    for role, (light, _) in _ROLES.items():
        line = line.replace(f"var({role})", light)
    return line
