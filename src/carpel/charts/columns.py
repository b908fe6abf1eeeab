"""Money over time: a column for each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import HATCH, coloured, element, linked, words
from carpel.charts.notes import nothing, tied
from carpel.charts.numbers import Brief, Month, brief, month
from carpel.kernel.money import Currency
from carpel.kernel.texts import Parameter, Text, text

_HEIGHT: Final = 190.0
_TOP: Final = 24.0
_FOOT: Final = 24.0


@dataclass(frozen=True)
class Column:
    """One month.

    Attributes:
        month: Its first day.
        money: In minor units; more may have been returned than bought.
        href: Where a click leads.
        is_whole: Whether all of the month is known.
    """

    month: date
    money: int
    href: str | None = None
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Money by month.

    Attributes:
        columns: The oldest first.
        currency: Of the money.
        colour: The segment's number among the colours; None is grey.
    """

    columns: tuple[Column, ...]
    currency: Currency
    colour: int | None = None

    @property
    def caption(self) -> Text:
        """The best month, beside the mean of whole months."""
        if not any(each.money for each in self.columns):
            return text("charts.columns-nothing")
        best = max(self.columns, key=lambda each: each.money)
        said: dict[str, Parameter] = {"month": Month(best.month), "best": Brief(best.money, self.currency)}
        whole = [each.money for each in self.columns if each.is_whole]
        if not whole:
            return text("charts.columns-not-whole", **said)
        others = sum(each.money == best.money for each in self.columns) - 1
        return tied("charts.columns", others, **said, mean=Brief(round(sum(whole) / len(whole)), self.currency))

    def data(self, language: str) -> Data:  # noqa: ARG002  as every chart has it
        """Every month."""
        columns = (text("charts.month"), text("charts.money", currency=self.currency.code))
        return Data(columns, tuple((f"{each.month:%Y-%m}", self.currency.major(each.money)) for each in self.columns))

    def drawn(self, language: str, width: int) -> Drawing:
        """Columns on a line at nothing; what is below it is hatched."""
        if not self.columns:
            return nothing(self.caption, language, width)
        most = max(0, *(each.money for each in self.columns))
        least = min(0, *(each.money for each in self.columns))
        scale = (_HEIGHT - _TOP - _FOOT) / ((most - least) or 1)
        zero, step = _TOP + most * scale, width / len(self.columns)
        parts = [self._column(each, place, step, zero, scale, language) for place, each in enumerate(self.columns)]
        parts.append(element("line", x1=0, y1=zero, x2=width, y2=zero, class_="chart-axis"))
        best = max(range(len(self.columns)), key=lambda place: self.columns[place].money)
        x = min(max((best + 0.5) * step, 40.0), width - 40.0)
        if most:
            parts.append(words(brief(most, self.currency, language), x=x, y=_TOP - 6, text_anchor="middle"))
        ends = ((self.columns[0].month, 0.0, "start"), (self.columns[-1].month, float(width), "end"))
        for day, at, anchor in ends if len(self.columns) > 1 else ends[:1]:
            parts.append(words(month(day, language), x=at, y=_HEIGHT - 6, text_anchor=anchor, class_="chart-soft"))
        return Drawing(width, _HEIGHT, element("g", *parts, class_=coloured(self.colour)))

    def _column(self, each: Column, place: int, step: float, zero: float, scale: float, language: str) -> str:
        height = abs(each.money) * scale
        drawn = element(
            "rect",
            x=place * step + step * 0.12,
            y=zero - height if each.money >= 0 else zero,
            width=step * 0.76,
            height=height,
            class_="chart-mark" if each.money >= 0 else "chart-loss",
            fill=None if each.money >= 0 else HATCH,
        )
        money = self.currency.shown(each.money, language, whole=True)
        return linked(each.href, f"{month(each.month, language)}: {money}", drawn)
