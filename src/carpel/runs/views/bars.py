"""Counted figures as a distribution that people read: each bar with its label and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf, nextafter
from typing import Final

from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Parameter, Text, text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute
from carpel.runs.views.distributions import Bin, Distribution, Shape
from carpel.runs.views.figures import Bins, Counted
from carpel.runs.views.figures.bins import day_of
from carpel.runs.views.words import label, said, shown

MOST_SHOWN: Final = 12
"""Elements of a set that are shown, the most frequent."""

_DAYS: Final = frozenset({ValueType.DATE, ValueType.INSTANT})
_WHOLE: Final = frozenset({ValueType.INTEGER, ValueType.MONEY})


@dataclass(frozen=True)
class Bars:
    """Says an attribute's bars in words.

    Attributes:
        attribute: Which.
        bins: How its values were divided.
        currency: Of money.
        names: What ids are called.
    """

    attribute: Attribute
    bins: Bins
    currency: Currency
    names: Mapping[str, str] = field(default_factory=dict)

    def label(self, bar: int) -> Text | Labels:
        """What people call a bar."""
        if self.bins.shape is Shape.ORDERED:
            return self._between(bar)
        if bar == len(self.bins.words):
            return text("views.bin-others")
        word = self.bins.words[bar]
        if isinstance(word, bool):
            return text(f"kernel.value-{str(word).lower()}")
        return label(self.names.get(word) or self.attribute.word(word))

    def low(self, bar: int) -> float | date | None:
        """From which value on; None from the least."""
        return self._bound(self.bins.edges[bar - 1]) if self.bins.shape is Shape.ORDERED and bar else None

    def high(self, bar: int) -> float | date | None:
        """Below which value; None to the most."""
        inner = self.bins.shape is Shape.ORDERED and bar < len(self.bins.edges)
        return self._bound(self.bins.edges[bar]) if inner else None

    def word(self, bar: int) -> str | bool | None:
        """The word of a bar; None of numbers and of all others."""
        return self.bins.words[bar] if bar < len(self.bins.words) else None

    def below(self, edge: float) -> Text:
        """That a value lies below a bound, as a sentence takes it."""
        if self._is_day:
            return text("views.is-before", bound=day_of(edge))
        point = edge - 1 if self.attribute.type is ValueType.INTEGER else self._after_point(edge)
        if point is None:
            return text("views.is-under", bound=self._counted(edge))
        return text("views.is-only" if point == self.bins.least else "views.is-at-most", bound=self._counted(point))

    def above(self, edge: float) -> Text:
        """That a value is a bound or more, as a sentence takes it."""
        if self._is_day:
            return text("views.is-from", bound=day_of(edge))
        point = None if self.attribute.type is ValueType.INTEGER else self._after_point(edge)
        if point is None:
            return text("views.is-or-more", bound=self._counted(edge))
        return text("views.is-over", bound=self._counted(point))

    def _between(self, bar: int) -> Text:
        edges = self.bins.edges
        low = edges[bar - 1] if bar else self.bins.least
        high = edges[bar] if bar < len(edges) else None
        if low is not None and high is not None and self._is_one_value(low, high):
            return text("views.bin-single", value=self._said(low))
        if not bar:
            return self._first(high)
        if high is None:
            return self._last(edges[-1])
        return self._inner(edges[bar - 1], high)

    def _first(self, high: float | None) -> Text:
        if high is None:
            return text("views.bin-all")
        return text("views.bin-before" if self._is_day else "views.bin-under", high=self._said(high))

    def _last(self, low: float) -> Text:
        point = self._after_point(low)
        if point is not None:
            return text("views.bin-over", low=self._said(point))
        if low == self.bins.most:
            return text("views.bin-single", value=self._said(low))
        return text("views.bin-since" if self._is_day else "views.bin-from", low=self._said(low))

    def _inner(self, low: float, high: float) -> Text:
        point = self._after_point(low)
        if point is not None:
            return text("views.bin-over-to", low=self._said(point), high=self._said(high))
        if self.attribute.type is ValueType.INTEGER:
            return text("views.bin-whole", low=self._said(low), high=self._said(high - 1))
        return text(
            "views.bin-days" if self._is_day else "views.bin-from-to", low=self._said(low), high=self._said(high)
        )

    @property
    def _is_day(self) -> bool:
        return self.attribute.type in _DAYS

    def _is_one_value(self, low: float, high: float) -> bool:
        return high == low + 1 if self.attribute.type in _WHOLE else high == nextafter(low, inf)

    def _after_point(self, edge: float) -> float | None:
        """The value that has a bar of its own just below a bound; None where there is none."""
        if self.attribute.type is ValueType.MONEY:
            return 0.0 if edge == 1.0 else None
        if self.attribute.type in _WHOLE or self._is_day:
            return None
        below = nextafter(edge, -inf)
        return below if below in {0.0, 1.0} and edge not in {0.0, 1.0} else None

    def _said(self, edge: float) -> Parameter:
        return day_of(edge) if self._is_day else said(self.attribute, edge, self.currency)

    def _counted(self, edge: float) -> Parameter:
        """With its unit."""
        return shown(self.attribute, edge, self.currency)

    def _bound(self, edge: float) -> float | date:
        return day_of(edge) if self._is_day else edge


def distribution(
    attribute: Attribute,
    counted: Counted,
    currency: Currency,
    rows: Sequence[int],
    reference: Sequence[int] | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> Distribution:
    """An attribute among the customers of some leaves, beside those of others.

    Args:
        attribute: Which.
        counted: How customers fall into its bars.
        currency: Of money.
        rows: The leaves' numbers.
        reference: The others' numbers.
        names: What ids are called.
    """
    own = [int(each) for each in counted.of(rows)]
    other = [int(each) for each in counted.of(reference)] if reference is not None else None
    sizes = _sizes(counted, own), _sizes(counted, other) if other else None
    bars = Bars(attribute, counted.bins, currency, names or {})
    bins = tuple(_bin(bars, bar, own, other, sizes) for bar in _shown(counted.bins, own, other))
    return Distribution(
        attribute=attribute,
        shape=counted.bins.shape,
        bins=bins,
        customers=sum(sizes[0]),
        known=sizes[0][0],
        reference_customers=sum(sizes[1]) if sizes[1] else None,
        reference_known=sizes[1][0] if sizes[1] else None,
    )


def _sizes(counted: Counted, counts: Sequence[int]) -> tuple[int, int]:
    """Of how many customers the value is known, and of how many not."""
    return counts[-2] if counted.bins.shape is Shape.SETS else sum(counts[:-1]), counts[-1]


def _shown(bins: Bins, own: Sequence[int], other: Sequence[int] | None) -> Sequence[int]:
    """The bars that are shown: of sets the most frequent, of words those that occur."""
    if bins.shape is Shape.ORDERED:
        return range(bins.count)
    both = [own[bar] + (other[bar] if other else 0) for bar in range(bins.count)]
    if bins.shape is Shape.WORDS:
        return [bar for bar in range(bins.count) if both[bar]]
    ranked = sorted(range(len(bins.words)), key=lambda bar: (-max(own[bar], other[bar] if other else 0), bar))
    return [bar for bar in ranked if both[bar]][:MOST_SHOWN]


def _bin(
    bars: Bars,
    bar: int,
    own: Sequence[int],
    other: Sequence[int] | None,
    sizes: tuple[tuple[int, int], tuple[int, int] | None],
) -> Bin:
    known, reference = sizes[0][0], sizes[1][0] if sizes[1] else 0
    return Bin(
        key=str(bar),
        label=bars.label(bar),
        customers=own[bar],
        share=own[bar] / known if known else 0.0,
        reference=(other[bar] / reference if reference else 0.0) if other else None,
        low=bars.low(bar),
        high=bars.high(bar),
        value=bars.word(bar),
    )
