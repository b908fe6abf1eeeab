"""A cluster's name and portrait, from what sets it apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from carpel.kernel.messages import parameter_from_json, parameter_to_json
from carpel.kernel.texts import Text, text
from carpel.models.clusters.effects import Effect, effects
from carpel.models.clusters.points import Points
from carpel.models.clusters.ruling import Rules
from carpel.models.clusters.scaling import Space
from carpel.models.clusters.traits import Measure
from carpel.models.frames.frame import Rows

_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """Who the customers of a cluster are.

    Attributes:
        key: The cluster's.
        name: What it may be called.
        sentences: How many they are; what sets them apart; what rule finds them.
        customers: How many of those learned from.
        share: Their part of these.
        rule: In the scheme language; None where no rule tells them from others.
    """

    key: str
    name: Text
    sentences: tuple[Text, ...]
    customers: int
    share: float
    rule: str | None

    def to_json(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "key": self.key,
            "name": parameter_to_json(self.name),
            "sentences": [parameter_to_json(each) for each in self.sentences],
            "customers": self.customers,
            "share": self.share,
            "rule": self.rule,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Portrait:
        """What `to_json` gave."""
        name: Any = parameter_from_json(kept["name"])
        sentences: Any = tuple(parameter_from_json(each) for each in kept["sentences"])
        return cls(**dict(kept) | {"name": name, "sentences": sentences})


def portraits(space: Space, points: Points, found: Rows, clusters: int, rules: Rules) -> tuple[Portrait, ...]:
    """One for each cluster, in their order."""
    return tuple(_portrait(space, points, found, cluster, rules) for cluster in range(clusters))


def _portrait(space: Space, points: Points, found: Rows, cluster: int, rules: Rules) -> Portrait:
    inside = found == cluster
    customers, share = int(inside.sum()), float(inside.mean())
    told = [_said(space, each) for each in effects(space, points, inside)[:_NAMED]]
    apart = {f"part{number}": each for number, each in enumerate(told, start=1)}
    rule = rules.by_cluster[cluster]
    size = text("models.clusters-size", count=customers, share=round(100 * share))
    differs = text(f"models.clusters-apart-{len(told)}", **apart)
    agreed = round(100 * rules.agreement)
    how = text("models.clusters-rule", agreement=agreed) if rule else text("models.clusters-no-rule")
    name = text("models.clusters-name", **{key: apart[key] for key in list(apart)[:2]}) if len(told) > 1 else told[0]
    return Portrait(
        key=f"c{cluster + 1}", name=name, sentences=(size, differs, how), customers=customers, share=share, rule=rule
    )


def _said(space: Space, effect: Effect) -> Text:
    trait = space.traits[effect.trait]
    if trait.measure is Measure.NUMBER:
        return text(f"models.clusters-{'high' if effect.size > 0 else 'low'}", trait=trait.label)
    if trait.measure is Measure.YES_OR_NO:
        word = trait.words[0] if trait.words else trait.label
        return text(f"models.clusters-{'with' if effect.size > 0 else 'without'}", trait=trait.label, value=word)
    words: Sequence[Any] = trait.words
    word = words[effect.level or 0] if (effect.level or 0) < len(words) else text("models.clusters-others")
    return text(f"models.clusters-{'more' if effect.size > 0 else 'fewer'}", trait=trait.label, value=word)


def order_by_size(found: Rows, clusters: int) -> Rows:
    """The clusters, the largest first."""
    return np.argsort(-np.bincount(found, minlength=clusters), kind="stable")
