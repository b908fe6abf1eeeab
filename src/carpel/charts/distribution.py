"""How customers are distributed: a bar for each range or word, beside everyone's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carpel.charts.charts import Data, Drawing
from carpel.charts.elements import coloured, element, linked, words
from carpel.charts.measuring import fitted
from carpel.charts.notes import keyed, nothing, tied
from carpel.charts.numbers import Share, share
from carpel.kernel.texts import Rendered, Text, text

_ROW: Final = 26
_THICK: Final = 14
_FIGURE: Final = 54.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One range or word.

    Attributes:
        label: What people call it.
        customers: How many there are.
        share: Their part of those whose value is known, 0 to 1.
        reference: The same of those compared with; None where nobody is.
        href: Where a click leads: to the customers behind it.
        is_rest: Whether it holds all words that have no bar of their own.
    """

    label: Rendered
    customers: int
    share: float
    reference: float | None = None
    href: str | None = None
    is_rest: bool = False


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A distribution, perhaps beside another.

    Attributes:
        name: The attribute's name for people.
        bars: In their order.
        colour: The segment's number among the colours; None is grey.
        subject: Who is shown; with `reference` it makes a key below the bars.
        reference: Those compared with.
        of_orders: Whether the bars count purchases rather than customers.
        of_ranges: Whether the bars are ranges, which need not be equally wide: a wide one holds many for being wide.
    """

    name: Rendered
    bars: tuple[Bar, ...]
    colour: int | None = None
    subject: Rendered | None = None
    reference: Rendered | None = None
    of_orders: bool = False
    of_ranges: bool = False

    @property
    def caption(self) -> Text:
        """The bar with the most; or, beside others, the bar that differs most."""
        if not any(bar.customers for bar in self.bars):
            return text("charts.bars-nobody", name=self.name)
        compared = [bar for bar in self.bars if bar.reference is not None]
        if compared:
            most = max(compared, key=lambda bar: abs(bar.share - (bar.reference or 0.0)))
            shares = {"share": Share(most.share), "reference": Share(most.reference or 0.0)}
            return text("charts.bars-beside", name=self.name, bar=most.label, **shares)
        named = [bar for bar in self.bars if bar.customers and not bar.is_rest]
        if not named:
            return text("charts.bars-rest", name=self.name)
        most = max(named, key=lambda bar: bar.share)
        # Those that are written alike are alike to whoever reads them.
        others = sum(share(bar.share, "en") == share(most.share, "en") for bar in named) - 1
        return tied(
            "charts.bars-ranges" if self.of_ranges else "charts.bars",
            others,
            name=self.name,
            bar=most.label,
            share=Share(most.share),
        )

    def data(self, language: str) -> Data:
        """Every bar."""
        beside = any(bar.reference is not None for bar in self.bars)
        columns = (
            self.name,
            text("charts.orders") if self.of_orders else text("charts.customers"),
            text("charts.share"),
            *((self.reference or text("charts.everyone"),) if beside else ()),
        )
        rows = [
            (bar.label.render(language), bar.customers, bar.share, *((bar.reference,) if beside else ()))
            for bar in self.bars
        ]
        return Data(columns, tuple(rows))

    def drawn(self, language: str, width: int) -> Drawing:
        """A row for each bar; those compared with as an outline."""
        if not any(bar.customers or bar.reference for bar in self.bars):
            return nothing(self.caption, language, width)
        room = min(width * 0.38, 220.0)
        length = width - room - _FIGURE - 12
        most = max((max(bar.share, bar.reference or 0.0) for bar in self.bars), default=0.0) or 1.0
        rows = [self._row(bar, place, room, length / most, language) for place, bar in enumerate(self.bars)]
        drawing = Drawing(width, len(self.bars) * _ROW + 4, "".join(rows))
        if self.subject is None or self.reference is None:
            return drawing
        marks = (("chart-mark", coloured(self.colour), self.subject), ("chart-hollow", None, self.reference))
        return keyed(drawing, marks, language)

    def _row(self, bar: Bar, place: int, room: float, scale: float, language: str) -> str:
        y = place * _ROW + 4
        label, part = bar.label.render(language), share(bar.share, language)
        drawn = max(bar.share * scale, 1.5 if bar.customers else 0.0)
        parts = [
            words(fitted(label, room - 8), x=room - 6, y=y + 12, text_anchor="end"),
            element("rect", x=room, y=y, width=drawn, height=_THICK, rx=2, class_="chart-mark"),
        ]
        if bar.reference is not None:
            outline = element(
                "rect", x=room, y=y - 2, width=bar.reference * scale, height=_THICK + 4, rx=2, class_="chart-hollow"
            )
            parts.append(outline)
        end = room + max(drawn, (bar.reference or 0.0) * scale) + 6
        parts.append(words(part, x=end, y=y + 12, class_="chart-soft"))
        many = text("charts.purchases" if self.of_orders else "charts.people", count=bar.customers)
        said = text("charts.bar", bar=label, customers=many, share=part).render(language)
        return linked(bar.href, said, *parts, class_=coloured(self.colour))
