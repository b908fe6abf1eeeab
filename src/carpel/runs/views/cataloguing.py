"""The catalogue's pages, from the run's own catalogue and its counted figures; they run no query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from carpel.kernel.texts import Labels, Text, text
from carpel.profiles import Attribute, Family, Unavailable
from carpel.runs.opening import Run
from carpel.runs.views.attributes import AttributeGroup, AttributePage, UnavailableAttribute, Use, UseKind
from carpel.runs.views.bars import distribution
from carpel.runs.views.distributions import Distribution
from carpel.runs.views.errors import known_attribute
from carpel.runs.views.figures import Figures
from carpel.runs.views.rules import bound_of
from carpel.runs.views.words import Listed
from carpel.schemes import Partition
from carpel.schemes.binding import Bound


@dataclass(frozen=True)
class AttributePages:
    """Writes the pages of one run's attributes.

    Attributes:
        run: The run.
        figures: Its figures.
    """

    run: Run
    figures: Figures

    def all(self) -> tuple[AttributeGroup, ...]:
        """Every attribute by family; families without any are left out."""
        groups = (self._group(family) for family in Family)
        return tuple(group for group in groups if group.available or group.unavailable)

    def one(self, attribute: str) -> AttributePage:
        """One attribute.

        Raises:
            NotThere: Profiles do not hold it.
        """
        return self._page(known_attribute(self.run, attribute))

    def _group(self, family: Family) -> AttributeGroup:
        catalogue = self.run.catalogue
        return AttributeGroup(
            family=family,
            available=tuple(self._page(each) for each in catalogue.available.values() if each.family is family),
            unavailable=tuple(
                _lacking(each) for each in catalogue.unavailable.values() if each.attribute.family is family
            ),
        )

    def _page(self, attribute: Attribute) -> AttributePage:
        return AttributePage(
            attribute=attribute,
            run=self.run.id,
            as_of=self.run.as_of.day,
            known=self.figures.known.get(attribute.key, 0),
            customers=self.run.manifest.rows["profiles"],
            distribution=self._distribution(attribute),
            freshest=self._freshest(attribute),
            tables=tuple(sorted(attribute.needs)),
            uses=tuple(self._uses(attribute.key)),
            notes=tuple(self._notes(attribute)),
        )

    def _distribution(self, attribute: Attribute) -> Distribution | None:
        counted, names = self.figures.counted.get(attribute.key), self.figures.names_of(attribute.key)
        if counted is None:
            return None
        return distribution(attribute, counted, self.run.currency, self.figures.base, names=names)

    def _freshest(self, attribute: Attribute) -> date | None:
        days = (self.figures.freshest.get(table) for table in attribute.needs)
        return max((day for day in days if day), default=None)

    def _notes(self, attribute: Attribute) -> Iterator[Text]:
        if attribute.personal:
            yield text("views.note-personal")
        if attribute.key in self.run.catalogue.as_known_today(self.run.as_of):
            yield text("views.note-as-known-today")

    def _uses(self, key: str) -> Iterator[Use]:
        scheme, bound = self.run.scheme, self._bound
        if scheme.base and key in bound.tree(scheme.base).names:
            yield Use(kind=UseKind.BASE, key=scheme.key, label=_called(scheme.label, scheme.key))
        reading = self._partitions_reading(key)
        for each in scheme.partitions:
            if each.key in reading:
                through = None if key in bound.named_by(each) else next(iter(bound.named_by(each) & reading), None)
                yield Use(kind=UseKind.PARTITION, key=each.key, label=_called(each.label, each.key), through=through)
        for _, segment in scheme.walk():
            names = bound.tree(segment.when).names if segment.when else frozenset[str]()
            between = next((each.key for each in scheme.partitions if each.key in names & reading), None)
            if key in names or between:
                through = None if key in names else between
                label = scheme.title(segment.key)
                yield Use(kind=UseKind.SEGMENT, key=segment.key, label=label, through=through)

    def _partitions_reading(self, key: str) -> frozenset[str]:
        """The partitions that read an attribute, themselves or through those before them."""
        found = frozenset[str]()
        for each in self._bound.scheme.partitions:
            if not self._reads(each).isdisjoint({key, *found}):
                found |= {each.key}
        return found

    def _reads(self, partition: Partition) -> frozenset[str]:
        return self._bound.named_by(partition)

    @cached_property
    def _bound(self) -> Bound:
        return bound_of(self.run)


def _called(label: Labels, key: str) -> Labels:
    return label if label.by_language else Labels({"en": key})


def _lacking(unavailable: Unavailable) -> UnavailableAttribute:
    said = text("views.unavailable", wants=Listed(unavailable.wants), count=len(unavailable.wants))
    return UnavailableAttribute(attribute=unavailable.attribute, wants=unavailable.wants, text=said)
