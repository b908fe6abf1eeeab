"""What sets some customers apart from others, attribute by attribute, the strongest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text, text
from carpel.profiles import Attribute, Catalogue
from carpel.runs.views.bars import Bars, distribution
from carpel.runs.views.distributions import (
    Difference,
    Distribution,
    Shape,
    chance_of_ordered,
    chance_of_words,
    ordered_distance,
    sets_distance,
    words_distance,
)
from carpel.runs.views.figures import Counted, Figures
from carpel.runs.views.words import Percentage

_MOSTLY_KNOWN: Final = 0.95
_TELLING: Final = 0.5
FEWEST: Final = 5
"""Of fewer known values nothing is said."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Customers of some leaves beside those of others.

    Attributes:
        figures: The run's figures.
        catalogue: Its attributes.
        currency: Of money.
        rows: The leaves' numbers.
        reference: The others' numbers; they may hold these too.
        versus: What people call the others.
        asked: Attributes that the rules ask for.
    """

    figures: Figures
    catalogue: Catalogue
    currency: Currency
    rows: Sequence[int]
    reference: Sequence[int]
    versus: Labels | Text
    asked: Collection[str] = ()

    def differences(self) -> tuple[Difference, ...]:
        """Every attribute that differs beyond chance, the strongest first."""
        return tuple(sorted(self._differences(), key=lambda each: (-each.strength, each.attribute.key)))

    def distribution(self, attribute: str) -> Distribution | None:
        """One attribute of both; None where profiles do not hold it, or nobody's is known."""
        counted = self.figures.counted.get(attribute)
        if counted is None:
            return None
        found = self._beside(self.catalogue.available[attribute], counted)
        return found if found.known else None

    def _differences(self) -> Iterator[Difference]:
        for key, counted in self.figures.counted.items():
            pair = _Pair.of(counted, self.rows, self.reference)
            strength = pair.strength()
            if strength <= 0 or key not in self.catalogue.available:
                continue
            attribute = self.catalogue.available[key]
            sentence, bins = self._said(attribute, pair)
            yield Difference(
                distribution=self._beside(attribute, counted),
                strength=strength,
                sentence=sentence,
                bins=bins,
                by_rule=key in self.asked,
            )

    def _beside(self, attribute: Attribute, counted: Counted) -> Distribution:
        names = self.figures.names_of(attribute.key)
        return distribution(attribute, counted, self.currency, self.rows, self.reference, names=names)

    def _said(self, attribute: Attribute, pair: _Pair) -> tuple[Text, tuple[str, ...]]:
        """The largest difference of shares in words, and the bars that it speaks of."""
        bars = Bars(attribute, pair.counted.bins, self.currency, self.figures.names_of(attribute.key))
        if pair.counted.bins.shape is Shape.ORDERED:
            return self._cut(attribute, pair, bars)
        bar = pair.widest()
        key = "views.is-among" if pair.counted.bins.shape is Shape.SETS else "views.is-only"
        return self._clause(attribute, pair, text(key, bound=bars.label(bar)), pair.shares([bar])), (str(bar),)

    def _cut(self, attribute: Attribute, pair: _Pair, bars: Bars) -> tuple[Text, tuple[str, ...]]:
        cut, count = pair.cut(), pair.counted.bins.count
        edge, lower = pair.counted.bins.edges[cut], range(cut + 1)
        shares = pair.shares(lower)
        if shares[0] >= shares[1]:
            return self._clause(attribute, pair, bars.below(edge), shares), tuple(map(str, lower))
        upper = range(cut + 1, count)
        return self._clause(attribute, pair, bars.above(edge), pair.shares(upper)), tuple(map(str, upper))

    def _clause(self, attribute: Attribute, pair: _Pair, holds: Text, shares: tuple[float, float]) -> Text:
        key = "views.differs" if pair.mostly_known else "views.differs-where-known"
        return text(
            key,
            attribute=attribute.label,
            holds=holds,
            share=Percentage(shares[0]),
            reference=Percentage(shares[1]),
            versus=self.versus,
        )


@dataclass(frozen=True)
class _Pair:
    """The counts of both groups."""

    counted: Counted
    own: Sequence[int]
    other: Sequence[int]

    @classmethod
    def of(cls, counted: Counted, rows: Sequence[int], reference: Sequence[int]) -> _Pair:
        return cls(counted, counted.of(rows).tolist(), counted.of(reference).tolist())

    @property
    def known(self) -> tuple[int, int]:
        """Of how many of each group the value is known."""
        if self.counted.bins.shape is Shape.SETS:
            return self.own[-2], self.other[-2]
        return sum(self.own[:-1]), sum(self.other[:-1])

    @property
    def mostly_known(self) -> bool:
        """Whether it is known of nearly everybody in both."""
        both = zip(self.known, (self.own[-1], self.other[-1]), strict=True)
        return all(known >= _MOSTLY_KNOWN * (known + unknown) for known, unknown in both)

    @property
    def bars(self) -> tuple[Sequence[int], Sequence[int]]:
        """Their counts by bar."""
        count = self.counted.bins.count
        return self.own[:count], self.other[:count]

    def strength(self) -> float:
        """How far apart they lie, beyond chance."""
        if min(self.known) < FEWEST:
            return 0.0
        match self.counted.bins.shape:
            case Shape.ORDERED:
                return ordered_distance(*self.bars) - chance_of_ordered(*self.known)
            case Shape.WORDS:
                shares = [each / self.known[1] for each in self.bars[1]]
                return words_distance(*self.bars) - chance_of_words(shares, *self.known)
            case Shape.SETS:
                return sets_distance(*self.bars, self.known) - chance_of_ordered(*self.known)

    def shares(self, bars: Sequence[int]) -> tuple[float, float]:
        """The part of each group that is in some bars."""
        own, other = (sum(side[bar] for bar in bars) for side in self.bars)
        return own / self.known[0], other / self.known[1]

    def widest(self) -> int:
        """The bar of a word whose share differs most; rather one that the group has more often than the others."""
        both = [self.shares([bar]) for bar in range(len(self.counted.bins.words))]
        apart = [own - other for own, other in both]
        more = max(range(len(apart)), key=lambda bar: (apart[bar], -bar))
        most = max(range(len(apart)), key=lambda bar: (abs(apart[bar]), -bar))
        return more if apart[more] >= _TELLING * abs(apart[most]) else most

    def cut(self) -> int:
        """The bound below which the shares differ most."""
        below, found = [0, 0], (0.0, 0)
        for bar in range(len(self.counted.bins.edges)):
            below = [sofar + side[bar] for sofar, side in zip(below, self.bars, strict=True)]
            found = max(found, (abs(below[0] / self.known[0] - below[1] / self.known[1]), -bar))
        return -found[1]
