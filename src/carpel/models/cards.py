"""What is told of a model: what it asks, what it had, how good it was on what came later, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Self, TypeVar

from carpel.kernel.dates import AsOf
from carpel.kernel.messages import parameter_from_json, parameter_to_json
from carpel.kernel.texts import Labels, Text, text
from carpel.models.rungs import Rung

T = TypeVar("T")

LOG_LIKELIHOOD: Final = text("models.measure-log-likelihood")
"""What models that give probabilities are judged by."""


@dataclass(frozen=True, kw_only=True)
class Supply:
    """How much of something a model had.

    Attributes:
        of: What.
        had: How much there was.
        needed: How much a model needs.
    """

    of: Text
    had: int
    needed: int

    @property
    def suffices(self) -> bool:
        """Whether it was enough."""
        return self.had >= self.needed


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A way to answer that was tried on what came later.

    Attributes:
        name: What the literature calls it.
        score: How good it was, in the measure of the card; the higher the better.
        behind: How much less that is than the best one's.
        low: The lower end of a 95 % interval of that.
        high: The upper end; where the interval holds 0, chance alone may have decided.
        error: Its calibration error, where it gives probabilities.
        auc: How well it ranks, where it gives probabilities.
    """

    name: str
    score: float
    behind: float
    low: float
    high: float
    error: float | None = None
    auc: float | None = None


@dataclass(frozen=True, kw_only=True)
class Band:
    """Customers of like expectation, and what came of it.

    Attributes:
        of: Who.
        customers: How many.
        expected: What the model expected of each on average.
        actual: What happened on average.
    """

    of: Text
    customers: int
    expected: float
    actual: float


@dataclass(frozen=True, kw_only=True)
class Weight:
    """How much an attribute counts in a model.

    Attributes:
        key: The attribute.
        label: Its name.
        weight: Its part of all that the model goes by, 0 to 1.
        drift: How much it has changed since training, as a population stability index; None where it is not measured.
    """

    key: str
    label: Text | Labels
    weight: float
    drift: float | None = None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What goes with an outcome, and by how much, all else that is known being equal.

    Attributes:
        key: The attribute.
        label: Its name.
        of: Who is compared with whom.
        effect: By how much the outcome's probability differs between them.
        low: The lower end of a 95 % interval of that.
        high: The upper end; where the interval holds 0, chance alone may have made it.
    """

    key: str
    label: Text | Labels
    of: Text
    effect: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is told of a model.

    Attributes:
        key: The model.
        asks: Its question, in words.
        as_of: Nothing at or after this moment had a part in it.
        rung: How much could be learned.
        wanted: What the next rung needs; None on the last.
        method: What answers, by its name in the literature; None below a model.
        supplies: What it had, and what it needs.
        baseline: What it is compared with.
        measure: What the gain and the contenders' scores are measured in.
        gain: How much better it was than the baseline; None where nothing later could judge it.
        gain_low: The lower end of a 95 % interval of that.
        gain_high: The upper end.
        judged_from: The first day of what judged it.
        judged_until: The day after the last.
        contenders: All that were tried, best first.
        bands: Expected against actual, on what judged it.
        counted: What expected and actual count.
        weights: What it goes by, strongest first; empty where it goes by the rhythm of orders alone.
        effects: What goes with the outcome, strongest first.
        parameters: What it learned, by the names of the literature, where that is a handful of numbers.
        customers: How many it learned from.
        remarks: What else a reader should know.
    """

    key: str
    asks: Text
    as_of: AsOf
    rung: Rung
    wanted: Text | None
    method: str | None
    supplies: tuple[Supply, ...]
    baseline: Text | None = None
    measure: Text = LOG_LIKELIHOOD
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None
    judged_from: date | None = None
    judged_until: date | None = None
    contenders: tuple[Contender, ...] = ()
    bands: tuple[Band, ...] = ()
    counted: Text | None = None
    weights: tuple[Weight, ...] = ()
    effects: tuple[Effect, ...] = ()
    parameters: Mapping[str, float] | None = None
    customers: int = 0
    remarks: tuple[Text, ...] = ()

    @property
    def is_better(self) -> bool | None:
        """Whether it tells more than the baseline, by more than chance; None where nothing later could judge it."""
        return None if self.gain_low is None else self.gain_low > 0

    def recorded(self) -> dict[str, Any]:
        """As plain values and texts, for faces to say in a reader's language."""
        plain = {each.name: _recorded(getattr(self, each.name)) for each in fields(self)}
        return plain | {"as_of": self.as_of.day, "parameters": dict(self.parameters) if self.parameters else None}

    def to_json(self) -> dict[str, Any]:
        """As plain values, texts as keys with parameters."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: _to_json(value) for name, value in plain.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        found: dict[str, Any] = {name: parameter_from_json(value) for name, value in kept.items()}
        return cls(
            **found
            | {
                "as_of": AsOf.from_json(kept["as_of"]),
                "rung": Rung(kept["rung"]),
                "supplies": _each(Supply, kept["supplies"]),
                "contenders": _each(Contender, kept["contenders"]),
                "bands": _each(Band, kept["bands"]),
                "weights": _each(Weight, kept["weights"]),
                "effects": _each(Effect, kept.get("effects", [])),
                "remarks": tuple(parameter_from_json(each) for each in kept["remarks"]),
            }
        )


def _recorded(value: Any) -> Any:
    match value:
        case Rung():
            return value.value
        case tuple():
            return [_recorded(each) for each in value]
        case Supply() | Contender() | Band() | Weight() | Effect():
            return {each.name: getattr(value, each.name) for each in fields(value)}
        case _:
            return value


def _to_json(value: Any) -> Any:
    match value:
        case AsOf():
            return value.to_json()
        case Rung():
            return value.value
        case tuple():
            return [_to_json(each) for each in value]
        case Supply() | Contender() | Band() | Weight() | Effect():
            return {each.name: parameter_to_json(getattr(value, each.name)) for each in fields(value)}
        case _:
            return parameter_to_json(value)


def _each(of: type[T], kept: list[Mapping[str, Any]]) -> tuple[T, ...]:
    return tuple(of(**{name: parameter_from_json(value) for name, value in each.items()}) for each in kept)
