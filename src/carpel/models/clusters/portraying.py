"""A cluster's name and portrait: who its customers are, what they buy, and what sets them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from carpel.kernel.messages import parameter_from_json, parameter_to_json
from carpel.kernel.money import Currency
from carpel.kernel.texts import Text, text
from carpel.models.clusters.comparing import Compared
from carpel.models.clusters.effects import effects
from carpel.models.clusters.figures import Inside, Mark, figures_of, marks, said, word
from carpel.models.clusters.ruling import Rules
from carpel.models.clusters.scaling import Space
from carpel.models.clusters.traits import Measure, Trait
from carpel.models.frames.frame import Rows

_MARKS: Final = 3
_WHO: Final = 2
_NOTABLE: Final = 0.2
"""Below this an effect is not worth saying: Cohen (1988), small."""


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """Who the customers of a cluster are.

    Attributes:
        key: The cluster's.
        name: What it may be called.
        sentences: Who they are, what they buy, and what sets them apart.
        customers: How many of those learned from.
        share: Their part of these.
        rule: In the language of schemes; None where no rule tells them from others.
        agreement: How many of them the rule finds, of those that no rule was learned from.
        stability: How like it the likest cluster of customers drawn anew is: mean Jaccard similarity.
        marks: What sets them apart, in figures; traits are those of the space.
    """

    key: str
    name: Text
    sentences: tuple[Text, ...]
    customers: int
    share: float
    rule: str | None
    agreement: float
    stability: float
    marks: tuple[Mark, ...]

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "key": self.key,
            "name": parameter_to_json(self.name),
            "sentences": [parameter_to_json(each) for each in self.sentences],
            "customers": self.customers,
            "share": self.share,
            "rule": self.rule,
            "agreement": self.agreement,
            "stability": self.stability,
            "marks": [each.to_json() for each in self.marks],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Portrait:
        """What `to_json` gave."""
        name: Any = parameter_from_json(kept["name"])
        sentences: Any = tuple(parameter_from_json(each) for each in kept["sentences"])
        of = tuple(Mark.from_json(each) for each in kept["marks"])
        return cls(**dict(kept) | {"name": name, "sentences": sentences, "marks": of})


def portraits(
    compared: Compared, space: Space, found: Rows, stability: Sequence[float], rules: Rules, currency: Currency
) -> tuple[Portrait, ...]:
    """One for each cluster, in their order.

    Args:
        compared: All that is known of the customers.
        space: By what they were compared.
        found: The cluster of each.
        stability: Of each cluster.
        rules: Who is in which.
        currency: That of amounts.
    """
    who = Space.of(compared.who, compared.of(compared.who))
    return tuple(
        _portrait(compared, space, who, found == cluster, cluster, stable, rules, currency)
        for cluster, stable in enumerate(stability)
    )


def _portrait(
    compared: Compared,
    space: Space,
    who: Space,
    inside: Inside,
    cluster: int,
    stability: float,
    rules: Rules,
    currency: Currency,
) -> Portrait:
    apart, described = _marks(compared, space, inside, 0.0), _marks(compared, who, inside, _NOTABLE)
    told = [said(space.traits[each.trait], each, currency) for each in apart[:_MARKS]]
    of_whom = [said(who.traits[each.trait], each, currency) for each in described[:_WHO]]
    bought = figures_of(compared.buys, compared.of(compared.buys), inside, currency)
    return Portrait(
        key=f"c{cluster + 1}",
        name=_name([_called(space.traits[each.trait], each) for each in apart[:2]]),
        sentences=(
            _sentence("who", of_whom) if of_whom else text("models.clusters-who-like-others"),
            _sentence("buys", bought) if bought else text("models.clusters-buys-unknown"),
            _sentence("apart", told),
        ),
        customers=int(inside.sum()),
        share=float(inside.mean()),
        rule=rules.by_cluster[cluster],
        agreement=rules.found[cluster],
        stability=stability,
        marks=tuple(apart[:_MARKS]),
    )


def _marks(compared: Compared, space: Space, inside: Inside, least: float) -> list[Mark]:
    values = compared.of(space.traits)
    return list(marks(space.traits, values, inside, effects(space, space.points(values), inside), least))


def _sentence(of: str, parts: Sequence[Text]) -> Text:
    return text(f"models.clusters-{of}-{len(parts)}", **{f"part{number}": each for number, each in enumerate(parts, 1)})


def _name(parts: Sequence[Text]) -> Text:
    return text("models.clusters-name", part1=parts[0], part2=parts[1]) if len(parts) > 1 else parts[0]


def _called(trait: Trait, mark: Mark) -> Text:
    """A mark in two or three words."""
    more = mark.size > 0
    if mark.level is None:
        return text(f"models.clusters-{'high' if more else 'low'}", trait=trait.label)
    if trait.measure is Measure.YES_OR_NO:
        return text(
            f"models.clusters-{'with' if more else 'without'}", trait=trait.label, value=word(trait, mark.level)
        )
    return text(f"models.clusters-{'more' if more else 'fewer'}", trait=trait.label, value=word(trait, mark.level))


def order_by_size(found: Rows, clusters: int) -> Rows:
    """The clusters, the largest first."""
    return np.argsort(-np.bincount(found, minlength=clusters), kind="stable")
