"""SVG elements as text: everything that comes from outside is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

HATCH: Final = "url(#hatch)"
"""The fill of what is less than nothing; a picture puts its own pattern's name in its place."""
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | float | None


def element(name: str, *children: str, **attributes: Value) -> str:
    """One element; `class_` gives `class` and `stroke_width` gives `stroke-width`. Children are elements already."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_plain(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def words(said: str, **attributes: Value) -> str:
    """A text; what it says is escaped."""
    return element("text", clean(said), **attributes)


def clean(said: str) -> str:
    """As it may stand between tags."""
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", said))


def linked(href: str | None, said: str, *children: str, class_: str | None = None) -> str:
    """Marks that lead somewhere and say what they are when pointed at."""
    title = element("title", clean(said))
    if href is None:
        return element("g", title, *children, class_=class_)
    return element("a", title, *children, href=href, aria_label=said, class_=class_)


def coloured(colour: int | None) -> str | None:
    """The class of a segment's colour; None is grey."""
    return f"segment-{colour}" if colour else None


def path(steps: Iterable[str | tuple[float, ...]], **attributes: Value) -> str:
    """A path from letters and the numbers that follow them."""
    drawn = " ".join(each if isinstance(each, str) else ",".join(map(_plain, each)) for each in steps)
    return element("path", d=drawn, **attributes)


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
