"""A line as small as a word: how a figure went over past runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import coloured, element, words
from carpel.charts.placing import Scale
from carpel.kernel.texts import Text, text

_HEIGHT: Final = 26
_EDGE: Final = 4.0


@dataclass(frozen=True, kw_only=True)
class Sparkline:
    """A figure over time.

    Attributes:
        points: Days with the figure, the oldest first.
        colour: Its number among the colours; None is grey.
    """

    points: tuple[tuple[date, int], ...]
    colour: int | None = None

    @property
    def caption(self) -> Text:
        """Where it began and where it is."""
        if not self.points:
            return text("charts.nothing")
        (start, first), (end, last) = self.points[0], self.points[-1]
        return text("charts.sparkline", start=start, first=first, end=end, last=last)

    def data(self, language: str) -> Data:  # noqa: ARG002  as every chart has it
        """Every day with its figure."""
        columns = (text("charts.day"), text("charts.customers"))
        return Data(columns, tuple((day.isoformat(), value) for day, value in self.points))

    def drawn(self, language: str, width: int) -> Drawing:  # noqa: ARG002  as every chart has it
        """A line from the first day to the last, which has a dot; a dash where there is nothing."""
        if not self.points:
            dash = words("–", x=width / 2, y=_HEIGHT / 2 + 4, text_anchor="middle", class_="chart-soft")
            return Drawing(width, _HEIGHT, dash)
        days, values = [day.toordinal() for day, _ in self.points], [value for _, value in self.points]
        across = Scale(min(days), max(days), _EDGE, width - _EDGE)
        # A line that is level lies in the middle.
        upwards = Scale(min(values), max(values), _HEIGHT - _EDGE, _EDGE)
        at = [(across.at(day), upwards.at(value)) for day, value in zip(days, values, strict=True)]
        line = element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in at), class_="chart-stroke")
        dot = element("circle", cx=at[-1][0], cy=at[-1][1], r=2.5, class_="chart-mark")
        return Drawing(width, _HEIGHT, element("g", line, dot, class_=coloured(self.colour)))
