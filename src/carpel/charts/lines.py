"""Lines over time: how one figure, or the same figure of several segments, went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date

from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import coloured, element, linked, words
from carpel.charts.measuring import SMALL, fitted, width_of
from carpel.charts.notes import keyed, nothing
from carpel.charts.numbers import Brief, brief, whole
from carpel.charts.placing import Scale, apart, ticks
from carpel.kernel.money import Currency
from carpel.kernel.texts import Rendered, Text, locale_of, text

_HEIGHT: Final = 220.0
_TOP: Final = 14.0
_FOOT: Final = 28.0
_NAMES: Final = (90.0, 230.0)
"""What names beside the lines take at least, and at most."""
_NARROW: Final = 520
_LINE: Final = 17.0
_DOTS: Final = 60
"""Up to so many points of a line have a dot each to point at."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure over time.

    Attributes:
        label: What people call it.
        points: Days with the figure, the oldest first; None where it was not known, which breaks the line.
        colour: Its number among the colours; None is grey.
        href: Where a click leads.
    """

    label: Rendered
    points: tuple[tuple[date, float | None], ...]
    colour: int | None = None
    href: str | None = None

    @property
    def known(self) -> tuple[tuple[date, float], ...]:
        """The days on which the figure was known."""
        return tuple((day, value) for day, value in self.points if value is not None)

    @property
    def change(self) -> float:
        """By how much the figure grew from the first day to the last."""
        return self.known[-1][1] - self.known[0][1] if self.known else 0.0


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The same figure of one or several over time.

    Attributes:
        name: What the figure is.
        lines: In the scheme's order.
        currency: Where the figure is money in minor units.
    """

    name: Rendered
    lines: tuple[Line, ...]
    currency: Currency | None = None

    @property
    def caption(self) -> Text:
        """Where the line that changed most began and where it is."""
        drawn = self._drawn
        if not drawn:
            return text("charts.nothing")
        most = max(drawn, key=lambda line: abs(line.change))
        (start, first), (end, last) = most.known[0], most.known[-1]
        said: dict[str, Rendered | date] = {
            "name": self.name,
            "label": most.label,
            "last": Brief(last, self.currency),
            "end": end,
        }
        if len(most.known) == 1:
            return text("charts.lines-once", **said)
        if not most.change:
            return text("charts.lines-same", **said, start=start)
        key = "charts.lines-rose" if most.change > 0 else "charts.lines-fell"
        return text(key, **said, first=Brief(first, self.currency), start=start)

    def data(self, language: str) -> Data:
        """Every day of every line."""
        columns = (text("charts.series"), text("charts.day"), self.name)
        rows = [
            (line.label.render(language), day.isoformat(), self._plain(value))
            for line in self.lines
            for day, value in line.points
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """Lines over a grid; their names at their ends, or below where that is too narrow."""
        drawn = self._drawn
        if not drawn:
            return nothing(self.caption, language, width)
        field = _Field.of(drawn, self.currency, language, width)
        parts = [*field.grid(), *(self._line(line, field) for line in drawn)]
        if width >= _NARROW:
            return Drawing(width, _HEIGHT, "".join([*parts, *_names(drawn, field)]))
        marks = [("chart-mark", coloured(line.colour), line.label) for line in drawn]
        return keyed(Drawing(width, _HEIGHT, "".join(parts)), marks, language)

    @property
    def _drawn(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.known)

    def _plain(self, value: float | None) -> float | Decimal | None:
        if value is None or self.currency is None:
            return value
        return self.currency.major(round(value))

    def _line(self, line: Line, field: _Field) -> str:
        label = line.label.render(field.language)
        dots = line.known if len(line.known) <= _DOTS else line.known[-1:]
        parts = [element("polyline", points=points, class_="chart-stroke") for points in _pieces(line, field)]
        parts += [self._dot(label, day, value, field, is_last=day == line.known[-1][0]) for day, value in dots]
        return linked(
            line.href, self._point(label, *line.known[-1], field.language), *parts, class_=coloured(line.colour)
        )

    def _dot(self, label: str, day: date, value: float, field: _Field, *, is_last: bool) -> str:
        x, y = field.at(day, value)
        dot = element("circle", cx=x, cy=y, r=4.0 if is_last else 2.5, class_="chart-mark")
        return linked(None, self._point(label, day, value, field.language), dot)

    def _point(self, label: str, day: date, value: float, language: str) -> str:
        return text("charts.point", label=label, day=day, value=whole(value, self.currency, language)).render(language)


@dataclass(frozen=True)
class _Field:
    """Where lines are drawn: days across, values upwards."""

    across: Scale
    upwards: Scale
    values: tuple[float, ...]
    days: tuple[date, ...]
    currency: Currency | None
    language: str
    width: int

    @classmethod
    def of(cls, lines: Sequence[Line], currency: Currency | None, language: str, width: int) -> _Field:
        known = [point for line in lines for point in line.known]
        values = [value for _, value in known]
        # What starts at nothing shows how much things are, not only how they differ.
        marks = ticks(min(0.0, *values, 0.0), max(0.0, *values, 0.0))
        start = 8 + max(width_of(brief(mark, currency, language), SMALL) for mark in marks)
        end = width - (_names_take(lines, language) if width >= _NARROW else 10.0)
        days = sorted({day for day, _ in known})
        across = Scale(days[0].toordinal(), days[-1].toordinal(), start, end)
        upwards = Scale(marks[0], marks[-1], _HEIGHT - _FOOT, _TOP)
        return cls(across, upwards, marks, _few(days, end - start), currency, language, width)

    def at(self, day: date, value: float) -> tuple[float, float]:
        """Where a point lies."""
        return (self.across.at(day.toordinal()), self.upwards.at(value))

    def grid(self) -> Iterator[str]:
        """Level lines with their values, and some days below."""
        for mark in self.values:
            y = self.upwards.at(mark)
            class_ = "chart-axis" if mark == 0 else "chart-grid"
            yield element("line", x1=self.across.start, y1=y, x2=self.across.end, y2=y, class_=class_)
            said = brief(mark, self.currency, self.language)
            yield words(said, x=self.across.start - 6, y=y + 4, text_anchor="end", class_="chart-soft")
        for day in self.days:
            said = str(format_date(day, "medium", locale=locale_of(self.language)))
            half = width_of(said, SMALL) / 2
            x = min(max(self.across.at(day.toordinal()), half), self.width - half)
            yield words(said, x=x, y=_HEIGHT - 8, text_anchor="middle", class_="chart-soft")


def _names_take(lines: Sequence[Line], language: str) -> float:
    least, most = _NAMES
    return min(max(16 + max(width_of(line.label.render(language)) for line in lines), least), most)


def _few(days: Sequence[date], room: float) -> tuple[date, ...]:
    """As many of the days as there is room to write them, evenly chosen, the first and the last among them."""
    most = max(2, min(5, int(room // 110)))
    if len(days) <= most:
        wanted = list(days)
    else:
        wanted = [days[round(place * (len(days) - 1) / (most - 1))] for place in range(most)]
    span = max((days[-1] - days[0]).days, 1)
    found: list[date] = []
    for day in reversed(wanted):
        if not found or (found[-1] - day).days / span * room >= 90:  # noqa: PLR2004  the width of a date
            found.append(day)
    return tuple(reversed(found))


def _pieces(line: Line, field: _Field) -> Iterator[str]:
    """The runs of days on which the figure is known."""
    piece: list[str] = []
    for day, value in (*line.points, (date.max, None)):
        if value is not None:
            x, y = field.at(day, value)
            piece.append(f"{x:.1f},{y:.1f}")
        elif piece:
            yield " ".join(piece)
            piece = []


def _names(lines: Sequence[Line], field: _Field) -> Iterator[str]:
    """Each line's name beside its last point, none over another."""
    ends = sorted(((field.at(*line.known[-1])[1], line) for line in lines), key=lambda each: each[0])
    levels = apart([y for y, _ in ends], _LINE, max(_HEIGHT - _FOOT + _LINE, len(ends) * _LINE))
    x = field.across.end + 12
    for (_, line), y in zip(ends, levels, strict=True):
        label = line.label.render(field.language)
        yield words(fitted(label, field.width - x), x=x, y=y + 4)
