"""Colours: each stands out from its ground, from the others to everyone, and from what can be acted on."""

import re
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

import carpel.web
from carpel.charts.colours import GROUND, PALETTE, SHADES, SLOTS, stylesheet

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

LOOKS: dict[str, Matrix] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    # Machado, Oliveira and Fernandes 2009, severity 1.
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
THEMES = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])


def linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def times(matrix: Matrix, colour: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return one, two, three


def perceived(colour: Triple) -> Triple:
    """In OKLab (Ottosson 2020), where equal distances look about equally large."""
    clipped = tuple(min(max(part, 0.0), 1.0) for part in colour)
    cones = times(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        (clipped[0], clipped[1], clipped[2]),
    )
    return times(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        (cones[0] ** (1 / 3), cones[1] ** (1 / 3), cones[2] ** (1 / 3)),
    )


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@THEMES
def test_every_colour_stands_out_from_its_ground(theme: int) -> None:
    """Those of a segment's parts too."""
    ground = luminance(GROUND[theme])
    pairs = re.findall(r"--segment: light-dark\((#\w+), (#\w+)\)", stylesheet())
    assert len(pairs) == SLOTS * len(SHADES)
    assert pairs[:SLOTS] == list(PALETTE)
    for pair in pairs:
        light, dark = sorted((luminance(pair[theme]), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 2.99


@THEMES
def test_the_parts_of_a_segment_differ(theme: int) -> None:
    pairs = re.findall(r"--segment: light-dark\((#\w+), (#\w+)\)", stylesheet())
    for slot in range(SLOTS):
        seen = [perceived(linear(pair[theme])) for pair in pairs[slot::SLOTS]]
        assert min(dist(one, other) for one, other in combinations(seen, 2)) > 0.03


@THEMES
@pytest.mark.parametrize("look", LOOKS)
def test_no_two_colours_look_the_same_to_anybody(theme: int, look: str) -> None:
    seen = [perceived(times(LOOKS[look], linear(pair[theme]))) for pair in PALETTE]
    assert min(dist(one, other) for one, other in combinations(seen, 2)) > 0.05


@THEMES
@pytest.mark.parametrize("look", LOOKS)
def test_neighbours_differ_most(theme: int, look: str) -> None:
    seen = [perceived(times(LOOKS[look], linear(pair[theme]))) for pair in PALETTE]
    assert min(dist(one, other) for one, other in zip(seen, [*seen[1:], seen[0]], strict=True)) > 0.06


@THEMES
def test_no_colour_is_taken_for_the_accent(theme: int) -> None:
    tokens = (Path(carpel.web.__file__).parent / "static" / "tokens.css").read_text(encoding="utf-8")
    accent = tokens.split("--accent: light-dark(")[1].split(")")[0].split(", ")[theme]
    assert min(dist(perceived(linear(pair[theme])), perceived(linear(accent))) for pair in PALETTE) > 0.1
