"""How a cluster's customers differ from the others in one trait, in figures that people know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from carpel.kernel.money import Currency
from carpel.kernel.texts import Parameter, Text, text
from carpel.kernel.types import ValueType
from carpel.models.clusters.effects import Effect
from carpel.models.clusters.points import Matrix
from carpel.models.clusters.traits import Measure, Trait
from carpel.profiles import Unit

_WHOLE: Final = 10
"""From here on a number is said without decimals."""

Inside = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What sets a cluster's customers apart.

    Attributes:
        trait: Its place among the traits that were looked at.
        size: The size of the effect; more is positive.
        level: With a category, the place of the value; with yes or no, 1.
        inside: Of the cluster's customers the median (the mean where medians are equal), or the share with the value.
        outside: The same of all others.
    """

    trait: int
    size: float
    level: int | None
    inside: float
    outside: float

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Mark:
        """What `to_json` gave."""
        return cls(**kept)

    def holds(self, values: Matrix) -> Inside:
        """Of which customers it holds as it does of the cluster's, by their values of the trait."""
        if self.level is not None:
            return np.asarray((values == self.level) == (self.size > 0))
        middle = (self.inside + self.outside) / 2
        return np.asarray(values > middle if self.inside > self.outside else values < middle)


def marks(
    traits: Sequence[Trait], values: Matrix, inside: Inside, found: Sequence[Effect], least: float
) -> Iterator[Mark]:
    """The effects that are at least so large, with their figures."""
    for each in found:
        if each.size and abs(each.size) >= least:
            column, level = values[:, each.trait], each.level
            if traits[each.trait].measure is not Measure.NUMBER and level is not None:
                of = [_share(column[rows], level) for rows in (inside, ~inside)]
            else:
                of = _middles(column[inside], column[~inside])
            if of[0] != of[1]:
                yield Mark(trait=each.trait, size=each.size, level=level, inside=of[0], outside=of[1])


def _share(column: Matrix, level: int) -> float:
    """Of those of whom it is known."""
    known = column[np.isfinite(column)]
    return float((known == level).mean()) if len(known) else 0.0


def _middles(these: Matrix, those: Matrix) -> list[float]:
    known = [column[np.isfinite(column)] for column in (these, those)]
    if not all(map(len, known)):
        return [0.0, 0.0]
    medians = [float(np.median(each)) for each in known]
    return medians if medians[0] != medians[1] else [float(each.mean()) for each in known]


def said(trait: Trait, mark: Mark, currency: Currency) -> Text:
    """What sets them apart, as `Frequency 12 (others 3)` or `Kind Business 61% (others 20%)`."""
    inside, outside = (
        shown(trait, each, currency, of_value=mark.level is not None) for each in (mark.inside, mark.outside)
    )
    if mark.level is None:
        return text("models.clusters-part", trait=trait.label, inside=inside, outside=outside)
    return text(
        "models.clusters-part-value", trait=trait.label, value=word(trait, mark.level), inside=inside, outside=outside
    )


def figures_of(traits: Sequence[Trait], values: Matrix, inside: Inside, currency: Currency) -> list[Text]:
    """The middle of each trait of a cluster's customers, or the most frequent value, beside that of the others."""
    found = []
    for place, trait in enumerate(traits):
        column = values[:, place]
        if trait.measure is Measure.NUMBER:
            of = _middles(column[inside], column[~inside])
            mark = Mark(trait=place, size=0.0, level=None, inside=of[0], outside=of[1])
        else:
            level = _most_frequent(column[inside])
            shares = [_share(column[rows], level) for rows in (inside, ~inside)]
            mark = Mark(trait=place, size=0.0, level=level, inside=shares[0], outside=shares[1])
        found.append(said(trait, mark, currency))
    return found


def _most_frequent(column: Matrix) -> int:
    known = column[np.isfinite(column)].astype(np.intp)
    return int(np.bincount(known).argmax()) if len(known) else 0


def reason(trait: Trait, mark: Mark, value: float, currency: Currency) -> Text:
    """By what a customer is like the others of the cluster."""
    inside, outside = (
        shown(trait, each, currency, of_value=mark.level is not None) for each in (mark.inside, mark.outside)
    )
    if mark.level is None:
        own = shown(trait, value, currency)
        return text("models.reason-cluster", trait=trait.label, own=own, inside=inside, outside=outside)
    key = "models.reason-cluster-value" if mark.size > 0 else "models.reason-cluster-without"
    return text(key, trait=trait.label, value=word(trait, mark.level), inside=inside, outside=outside)


def word(trait: Trait, level: int) -> Parameter:
    """A value as people say it."""
    if trait.measure is Measure.YES_OR_NO:
        return trait.words[0] if trait.words else text("kernel.value-true")
    return trait.words[level] if level < len(trait.words) else text("models.clusters-others")


def shown(trait: Trait, value: float, currency: Currency, *, of_value: bool = False) -> Parameter:
    """A figure with its unit; of a value of a category, how many have it."""
    if of_value or trait.unit is Unit.SHARE:
        return f"{100 * value:.0f}%"
    if trait.type is ValueType.MONEY:
        return currency.money(round(value))
    return round(value) if abs(value) >= _WHOLE or value == round(value) else round(value, 1)
