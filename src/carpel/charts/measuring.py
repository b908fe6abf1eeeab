"""How wide a text is drawn, about, before anybody has drawn it."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, east_asian_width

SIZE: Final = 13.0
SMALL: Final = 12.0
"""Sizes of type in pixels: names, and the figures beside them."""

_FULL: Final = 1.0
_USUAL: Final = 0.6
_BY_CHARACTER: Final = {
    **dict.fromkeys("ijl.,:;'|!()[] ftrI·–-", 0.38),
    **dict.fromkeys("mwMW@%", 0.92),
    **dict.fromkeys("ABCDEFGHKNOPQRUVXYZ&₱", 0.7),
}
"""Parts of the type's size, on the broad side of common faces."""
_PIECES: Final = re.compile(
    r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\uffef]+|.", re.DOTALL
)
"""Where a line may end: at spaces, and beside every Chinese character."""


def width_of(said: str, size: float = SIZE) -> float:
    """About how wide a line of text is drawn."""
    return size * sum(map(_part, said))


def fitted(said: str, room: float, size: float = SIZE) -> str:
    """The text, its end cut off where it needs more room."""
    if width_of(said, size) <= room:
        return said
    kept = said
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(said: str, room: float, size: float = SIZE) -> list[str]:
    """The text on as many lines as it needs; a word that is wider than a line is cut off."""
    lines = [""]
    for piece in _PIECES.findall(said):
        if width_of(lines[-1] + piece.rstrip(), size) > room and lines[-1].strip():
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [fitted(line.rstrip(), room, size) for line in lines if line.strip()]


def _part(character: str) -> float:
    if category(character).startswith("M"):
        return 0.0
    if east_asian_width(character) in "WF":
        return _FULL
    return _BY_CHARACTER.get(character, _USUAL)
