"""What a scheme's rules speak of, in words: attributes, partitions, and the values of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from carpel.kernel.language import sentence
from carpel.kernel.texts import Labels, Text, text
from carpel.profiles import Catalogue
from carpel.schemes.binding import Bound
from carpel.schemes.partitions import Partition, Tiers, name_of
from carpel.schemes.values import Scheme

_COMMON: Final = {
    "top": "schemes.label-top",
    "high": "schemes.label-high",
    "large": "schemes.label-large",
    "medium": "schemes.label-medium",
    "middle": "schemes.label-middle",
    "small": "schemes.label-small",
    "low": "schemes.label-low",
    "unknown": "schemes.label-unknown",
    "unranked": "schemes.label-unranked",
}
"""Labels of tiers that everybody writes and nobody translates."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of one scheme over one catalogue.

    Attributes:
        bound: The scheme with its rules read.
        catalogue: Says what attributes and their values are called.
    """

    bound: Bound
    catalogue: Catalogue

    @property
    def _scheme(self) -> Scheme:
        return self.bound.scheme

    @cached_property
    def _partitions(self) -> Mapping[str, Partition]:
        return {each.key: each for each in self._scheme.partitions}

    @cached_property
    def labels(self) -> Mapping[str, Text | Labels]:
        """What every name that a rule may use is called."""
        attributes = {key: each.label for key, each in self.catalogue.available.items()}
        return {**{key: self._named(each, attributes) for key, each in self._partitions.items()}, **attributes}

    def _named(self, partition: Partition, attributes: Mapping[str, Text | Labels]) -> Text | Labels:
        """A partition that its owner gave no label goes by what it cuts, else by its key as words."""
        if partition.label.by_language:
            return partition.label
        if isinstance(partition, Tiers):
            return text("schemes.tier-by", of=sentence(self.bound.tree(partition.of), attributes))
        words = partition.key.replace("_", " ").replace("-", " ")
        return Labels({"en": words[:1].upper() + words[1:]})

    def word(self, name: str, value: str) -> Text | Labels | str:
        """What people call a value of an attribute or a label of a partition."""
        partition = self._partitions.get(name)
        if partition is None:
            attribute = self.catalogue.available.get(name)
            return attribute.word(value) if attribute else value
        if value in _COMMON and not dict(partition.names).get(value):
            return text(_COMMON[value])
        return name_of(partition, value)
