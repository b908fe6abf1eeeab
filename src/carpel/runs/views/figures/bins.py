"""Into which bars an attribute's values fall: numbers between bounds that people say, words as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import nextafter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.types import ValueType
from carpel.profiles import Attribute
from carpel.runs.views.distributions import Shape
from carpel.schemes.suggesting.rounding import bounds

MOST_BARS: Final = 12
MOST_ELEMENTS: Final = 400
"""Elements of a set that are counted; a page shows the most frequent."""

_PARTS: Final = tuple(part / 10 for part in range(1, 10))
_FREQUENT: Final = 0.03
_EPOCH: Final = date(1970, 1, 1)
_YEARS: Final = 3650
_MONTHS: Final = 120
Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Bins:
    """The bars of one attribute.

    Attributes:
        shape: How they stand to each other.
        edges: Bounds of numbers as stored, of days as days since 1970, ascending: the first bar lies below the first
            bound, the last from the last bound on.
        words: Of words and sets, one for each bar.
        others: Whether a last bar holds all other words.
        least: Of numbers the least that anybody has; None where nobody has any.
        most: The most.
    """

    shape: Shape
    edges: tuple[float, ...] = ()
    words: tuple[str | bool, ...] = ()
    others: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def count(self) -> int:
        """How many bars there are."""
        return len(self.edges) + 1 if self.shape is Shape.ORDERED else len(self.words) + self.others

    @property
    def width(self) -> int:
        """Columns of its counts: the bars; of sets who has anything at all, for they may be in several; the unknown."""
        return self.count + (2 if self.shape is Shape.SETS else 1)

    def codes(self, column: pa.ChunkedArray) -> Codes:
        """For each value the number of its bar; of an unknown one the number after the last. Not for sets."""
        if self.shape is Shape.ORDERED:
            return self._between(numbers(column))
        return self._among(column)

    def elements(self, column: pa.ChunkedArray) -> tuple[Codes, Codes]:
        """Of sets: for each element that has a bar, the number of its row and of the bar."""
        lists = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        codes = self._among(pa.chunked_array([pc.list_flatten(lists)]))
        rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
        counted = codes < len(self.words)
        return rows[counted], codes[counted]

    def _between(self, values: Numbers) -> Codes:
        codes = np.zeros(len(values), dtype=np.uint8)
        for edge in self.edges:
            codes += values >= edge
        codes[np.isnan(values)] = self.count
        return codes

    def _among(self, column: pa.ChunkedArray) -> Codes:
        """Piece by piece, as each has a dictionary of its own."""
        places = {word: place for place, word in enumerate(self.words)}
        parts = [self._of_piece(piece, places) for piece in column.chunks]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def _of_piece(self, piece: Any, places: Mapping[str | bool, int]) -> Codes:
        encoded = piece if pa.types.is_dictionary(piece.type) else piece.dictionary_encode()
        words, other = encoded.dictionary.to_pylist(), len(self.words)
        table = np.array([*(places.get(word, other) for word in words), self.count], dtype=np.int64)
        found: Codes = table[encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)]
        return found


def numbers(column: pa.ChunkedArray) -> Numbers:
    """Numbers as floats, days and moments as days since 1970; unknown ones are not a number."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.date32(), safe=False) if len(column) else column.cast(pa.date32())
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    found: Numbers = column.cast(pa.float64(), safe=False).to_numpy()
    return found


def day_of(edge: float) -> date:
    """A bound of days as a day."""
    return _EPOCH + timedelta(days=int(edge))


def is_counted(attribute: Attribute) -> bool:
    """Whether an attribute has a distribution: ids, free text and what identifies a person have none."""
    return not attribute.personal and attribute.type not in {ValueType.ID, ValueType.TEXT}


def choose(attribute: Attribute, sample: pa.ChunkedArray, range_: tuple[float, float] | None, digits: int) -> Bins:
    """The bars that suit some of an attribute's values.

    Args:
        attribute: Whose.
        sample: Some values.
        range_: The least and the most of all values, where they are numbers.
        digits: Decimal places of the currency.
    """
    if attribute.type is ValueType.SET:
        return Bins(shape=Shape.SETS, words=_frequent(pc.list_flatten(sample.combine_chunks()), MOST_ELEMENTS))
    if attribute.type is ValueType.BOOLEAN:
        return Bins(shape=Shape.WORDS, words=(True, False))
    if attribute.type is ValueType.CATEGORY:
        words = attribute.values or _frequent(sample.cast(pa.string()), MOST_BARS)
        return Bins(shape=Shape.WORDS, words=tuple(words), others=True)
    known = numbers(sample)
    known = known[np.isfinite(known)]
    is_day = attribute.type in {ValueType.DATE, ValueType.INSTANT}
    edges = _days(known) if is_day else _edges(attribute, known, digits)
    least, most = range_ or (None, None)
    return Bins(shape=Shape.ORDERED, edges=edges, least=least, most=most)


def _frequent(words: Any, most: int) -> tuple[str, ...]:
    """The most frequent words, then by the alphabet."""
    counted = Counter({row["values"]: row["counts"] for row in pc.value_counts(words).to_pylist()})
    counted.pop(None, None)
    return tuple(sorted(counted, key=lambda word: (-counted[word], word))[:most])


def _edges(attribute: Attribute, known: Numbers, digits: int) -> tuple[float, ...]:
    if not len(known):
        return ()
    scale = 10**digits if attribute.type is ValueType.MONEY else 1
    whole = attribute.type in {ValueType.INTEGER, ValueType.MONEY}
    above = known[known > 0]
    quantiles = [*np.quantile(known, _PARTS), *(np.quantile(above, (0.25, 0.5, 0.75)) if len(above) else ())]
    found = {float(bound) * scale for bound in bounds(attribute, map(float, quantiles), digits)}
    for point in _points(attribute, known):
        found |= {point, point + 1.0 if whole else nextafter(point, np.inf)}
    return _few(sorted(edge for edge in found if known.min() < edge <= known.max()))


def _points(attribute: Attribute, known: Numbers) -> list[float]:
    """Values so frequent that each deserves a bar: nothing at all, everything."""
    points = (0.0, 1.0) if attribute.type is ValueType.SHARE else (0.0,)
    return [point for point in points if np.count_nonzero(known == point) > _FREQUENT * len(known)]


def _few(edges: Sequence[float]) -> tuple[float, ...]:
    """At most so many as there may be, evenly left out."""
    if len(edges) < MOST_BARS:
        return tuple(edges)
    kept = np.linspace(0, len(edges) - 1, MOST_BARS - 1).round().astype(int)
    return tuple(edges[place] for place in kept)


def _days(known: Numbers) -> tuple[float, ...]:
    if not len(known):
        return ()
    span = float(known.max() - known.min())
    found = {_rounded(day_of(float(each)), span) for each in np.quantile(known, _PARTS)}
    days = sorted((each - _EPOCH).days for each in found)
    return tuple(float(each) for each in days if known.min() < each <= known.max())


def _rounded(day: date, span: float) -> date:
    """To the first of a year or month, where the days reach over many."""
    if span > _YEARS:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if span > _MONTHS else day
