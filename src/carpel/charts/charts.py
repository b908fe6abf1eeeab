"""What every chart has: its picture, its sentence, its table."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from typing import Final, Protocol, TypeAlias

from carpel.charts.colours import standing_alone
from carpel.charts.elements import HATCH, clean, element, words
from carpel.charts.measuring import SIZE, wrapped
from carpel.kernel.texts import Rendered, Text

WIDE: Final = 760
NARROW: Final = 340
"""Widths in pixels for a laptop and a phone."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets of East Asia read the wide signs too."""
_LINK: Final = re.compile(r"""<a href=(?:"[^"]*"|'[^']*')""")
_MARGIN: Final = 16.0
_LINE: Final = 20.0

Cell: TypeAlias = "str | int | float | Decimal | None"
"""Words, a figure, or money in major units."""


@dataclass(frozen=True)
class Drawing:
    """What a chart has drawn.

    Attributes:
        width: In pixels.
        height: In pixels.
        body: SVG elements.
    """

    width: float
    height: float
    body: str


@dataclass(frozen=True)
class Data:
    """What a chart shows, as a table.

    Attributes:
        columns: The headings.
        rows: Plain values.
    """

    columns: tuple[Rendered, ...]
    rows: tuple[Sequence[Cell], ...]

    def csv(self, language: str) -> str:
        """As a file for a spreadsheet, which must not take a name for a formula."""
        to = StringIO()
        writer = csv.writer(to)
        writer.writerow([_written(each.render(language)) for each in self.columns])
        writer.writerows([[_written(cell) for cell in row] for row in self.rows])
        return to.getvalue()


class Chart(Protocol):
    """A picture to be drawn."""

    @property
    def caption(self) -> Text:
        """What it shows now, in one true sentence."""
        ...

    def drawn(self, language: str, width: int) -> Drawing:
        """The picture at a width in pixels."""
        ...

    def data(self, language: str) -> Data:
        """The same as a table; names in a language."""
        ...


def embedded(chart: Chart, language: str, *, width: int = WIDE, class_: str = "") -> str:
    """The picture for a page, whose style sheet colours it."""
    drawing, caption = chart.drawn(language, width), chart.caption.render(language)
    return _svg(drawing, caption, f"chart {class_}".rstrip())


def standalone(chart: Chart, language: str, *, width: int = WIDE) -> str:
    """The picture as a file of its own: with its caption and colours, and without links, which would lead nowhere."""
    drawing, caption = chart.drawn(language, width), chart.caption.render(language)
    lines = wrapped(caption, width)
    head = "".join(words(line, x=0, y=SIZE + place * _LINE) for place, line in enumerate(lines))
    below = element("g", _unlinked(drawing.body), transform=f"translate(0 {len(lines) * _LINE + 8:.0f})")
    placed = element("g", head, below, transform=f"translate({_MARGIN:.0f} {_MARGIN:.0f})")
    whole = Drawing(width + 2 * _MARGIN, drawing.height + len(lines) * _LINE + 8 + 2 * _MARGIN, placed)
    ground = element("rect", width="100%", height="100%", class_="chart-ground")
    return _svg(whole, caption, "chart", element("style", clean(standing_alone(drawing.body))), ground)


def _svg(drawing: Drawing, caption: str, class_: str, *before: str) -> str:
    # Several pictures share a page: each names its hatching by what it shows.
    name = f"hatch-{sha256((class_ + caption + drawing.body).encode(errors='replace')).hexdigest()[:10]}"
    # The links inside must stay reachable, so the picture is a group with a name, not one image.
    return element(
        "svg",
        *before,
        _hatching(name) if HATCH in drawing.body else "",
        drawing.body.replace(HATCH, f"url(#{name})"),
        xmlns="http://www.w3.org/2000/svg",
        class_=class_,
        viewBox=f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
        width=f"{drawing.width:.0f}",
        height=f"{drawing.height:.0f}",
        role="group",
        aria_label=caption,
    )


def _hatching(name: str) -> str:
    lines = element("path", d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", class_="chart-hatching")
    pattern = element("pattern", lines, id=name, width=6, height=6, patternUnits="userSpaceOnUse")
    return element("defs", pattern)


def _unlinked(body: str) -> str:
    """Groups in place of links; a label cannot look like one, for its brackets are escaped."""
    return _LINK.sub("<g", body).replace("</a>", "</g>")


def _written(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    # An exponent would be the sum of nothing that anybody knows.
    return f"{cell:f}" if isinstance(cell, Decimal) else cell
