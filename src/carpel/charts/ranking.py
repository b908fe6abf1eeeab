"""A ranking: one figure of several, as bars beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import HATCH, coloured, element, linked, words
from carpel.charts.measuring import SMALL, fitted, width_of
from carpel.charts.notes import nothing, tied
from carpel.charts.numbers import Brief, Share, brief, whole
from carpel.charts.placing import Scale
from carpel.kernel.money import Currency
from carpel.kernel.texts import Rendered, Text, text

_ROW: Final = 26.0
_THICK: Final = 14.0
_THIN: Final = 1.5


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One bar.

    Attributes:
        label: What people call it.
        value: The figure; money in minor units.
        colour: Its number among the colours; None is grey.
        href: Where a click leads.
    """

    label: Rendered
    value: int
    colour: int | None = None
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """One figure of several.

    Attributes:
        name: What the figure is.
        bars: In the order in which they are drawn.
        currency: Where the figure is money in minor units.
    """

    name: Rendered
    bars: tuple[Ranked, ...]
    currency: Currency | None = None

    @property
    def total(self) -> int | None:
        """All together; None where one is less than nothing, so that nothing is a part of it."""
        return None if any(bar.value < 0 for bar in self.bars) else sum(bar.value for bar in self.bars)

    @property
    def caption(self) -> Text:
        """Which has the most."""
        if not any(bar.value for bar in self.bars):
            return text("charts.nothing")
        most = max(self.bars, key=lambda bar: bar.value)
        said = {"name": self.name, "label": most.label, "value": Brief(most.value, self.currency)}
        if self.total:
            others = sum(bar.value == most.value for bar in self.bars) - 1
            return tied("charts.ranking", others, **said, share=Share(most.value / self.total))
        least = min(self.bars, key=lambda bar: bar.value)
        return text("charts.ranking-loss", **said, lowest=least.label, least=Brief(least.value, self.currency))

    def data(self, language: str) -> Data:
        """Every bar, with its part of all."""
        total = self.total
        columns = (text("charts.name"), self.name, *((text("charts.share"),) if total else ()))
        rows = [
            (bar.label.render(language), self._plain(bar.value), *((bar.value / total,) if total else ()))
            for bar in self.bars
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """A row for each, from nothing to the right, or hatched to the left."""
        if not any(bar.value for bar in self.bars):
            return nothing(self.caption, language, width)
        room = min(width * 0.38, 220.0)
        figures = max(width_of(self._told(bar, language), SMALL) for bar in self.bars)
        values = [bar.value for bar in self.bars]
        # Figures stand at the outer end of their bar, so a loss needs room for its own at the left.
        before = figures + 8 if min(values) < 0 else 0.0
        scale = Scale(min(0, *values, 0), max(0, *values, 0), room + before, width - figures - 10)
        rows = [self._row(bar, place * _ROW + 4, room, scale, language) for place, bar in enumerate(self.bars)]
        zero = scale.at(0)
        axis = element("line", x1=zero, y1=0, x2=zero, y2=len(self.bars) * _ROW, class_="chart-axis")
        return Drawing(width, len(self.bars) * _ROW + 4, "".join((*rows, axis)))

    def _row(self, bar: Ranked, y: float, room: float, scale: Scale, language: str) -> str:
        label, zero, end = bar.label.render(language), scale.at(0), scale.at(bar.value)
        length, is_loss = max(abs(end - zero), _THIN if bar.value else 0.0), bar.value < 0
        drawn = element(
            "rect",
            x=zero - length if is_loss else zero,
            y=y,
            width=length,
            height=_THICK,
            class_="chart-loss" if is_loss else "chart-mark",
            fill=HATCH if is_loss else None,
        )
        figure = words(
            self._told(bar, language),
            x=zero - length - 6 if is_loss else zero + length + 6,
            y=y + 12,
            text_anchor="end" if is_loss else "start",
            class_="chart-soft",
        )
        name = words(fitted(label, room - 8), x=room - 8, y=y + 12, text_anchor="end")
        said = text("charts.ranked", label=label, value=whole(bar.value, self.currency, language)).render(language)
        return linked(bar.href, said, name, drawn, figure, class_=coloured(bar.colour))

    def _told(self, bar: Ranked, language: str) -> str:
        value = brief(bar.value, self.currency, language)
        return f"{value} · {Share(bar.value / self.total).render(language)}" if self.total else value

    def _plain(self, value: int) -> int | Decimal:
        return value if self.currency is None else self.currency.major(value)
