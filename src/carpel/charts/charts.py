"""What every chart has: its picture, its sentence, its table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final, Protocol

from carpel.charts.colours import standing_alone
from carpel.charts.elements import clean, element
from carpel.kernel.texts import Rendered, Text

WIDE: Final = 760
NARROW: Final = 340
"""Widths in pixels for a laptop and a phone."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


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
    rows: tuple[Sequence[str | int | float | None], ...]

    def csv(self, language: str) -> str:
        """As a file for a spreadsheet, which must not take a name for a formula."""
        to = StringIO()
        writer = csv.writer(to)
        writer.writerow([each.render(language) for each in self.columns])
        writer.writerows([[_harmless(cell) for cell in row] for row in self.rows])
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
    return _svg(chart, language, width, class_=f"chart {class_}".rstrip(), style="")


def standalone(chart: Chart, language: str, *, width: int = WIDE) -> str:
    """The picture as a file of its own."""
    return _svg(chart, language, width, class_="chart", style=element("style", clean(standing_alone())))


def _svg(chart: Chart, language: str, width: int, *, class_: str, style: str) -> str:
    drawing, caption = chart.drawn(language, width), chart.caption.render(language)
    hatch = element(
        "pattern",
        element("path", d="M0,6 L6,0", class_="chart-hatching"),
        id="chart-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    # The links inside must stay reachable, so the picture is a group with a name, not one image.
    return element(
        "svg",
        style,
        element("defs", hatch) if "chart-loss" in drawing.body else "",
        drawing.body,
        xmlns="http://www.w3.org/2000/svg",
        class_=class_,
        viewBox=f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
        width=f"{drawing.width:.0f}",
        height=f"{drawing.height:.0f}",
        role="group",
        aria_label=caption,
    )


def _harmless(cell: str | float | None) -> str | int | float | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
