"""What customers are compared by: attributes as numbers, categories and what sets hold; fixed when a model learns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.messages import parameter_from_json, parameter_to_json
from carpel.kernel.texts import Labels, Text
from carpel.kernel.types import ValueType
from carpel.models.clusters.points import Matrix
from carpel.models.frames.features import Feature, Kind, is_text
from carpel.models.frames.frame import Frame
from carpel.profiles import Attribute, Unit

LEVELS: Final = 8
"""The most values of a category that are told apart; the rarer ones are one."""
MEMBERS: Final = 10
"""The most things that a set may hold and that are looked at."""
KNOWN: Final = 0.5
"""Of how many customers an attribute must be known."""
_RARE: Final = 0.03
_ALIKE: Final = 0.97
"""An attribute that is the same for more customers than this tells nobody apart."""
_NAMED: Final = 0.6
"""How many customers the values that are told apart must have together; names of people never do."""


class Measure(StrEnum):
    """How a trait is measured."""

    NUMBER = "number"
    CATEGORY = "category"
    YES_OR_NO = "yes_or_no"


@dataclass(frozen=True, kw_only=True)
class Trait:
    """One thing by which customers are compared.

    Attributes:
        column: Its column in a table of traits.
        attribute: The attribute that it is taken from; None where no rule can name it.
        measure: How it is measured.
        type: The attribute's.
        unit: The attribute's.
        label: Its name.
        levels: With a category, the values that are told apart, most frequent first.
        words: What people call those values.
        member: With a set, the thing that it holds or does not hold; with a share of spend, the category.
        changeable: Whether the company's own action can change it.
    """

    column: str
    attribute: str | None
    measure: Measure
    type: ValueType
    unit: Unit = Unit.NONE
    label: Text | Labels
    levels: tuple[str, ...] = ()
    words: tuple[Text | Labels | str, ...] = ()
    member: str | None = None
    changeable: bool = False

    @property
    def size(self) -> int:
        """How many values it has: those told apart, any other, and unknown; 0 for a number."""
        return {Measure.NUMBER: 0, Measure.YES_OR_NO: 3, Measure.CATEGORY: len(self.levels) + 2}[self.measure]

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "column": self.column,
            "attribute": self.attribute,
            "measure": self.measure.value,
            "type": self.type.value,
            "unit": self.unit.value,
            "label": parameter_to_json(self.label),
            "levels": list(self.levels),
            "words": [parameter_to_json(each) for each in self.words],
            "member": self.member,
            "changeable": self.changeable,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Trait:
        """What `to_json` gave."""
        words: Any = tuple(parameter_from_json(each) for each in kept["words"])
        label: Any = parameter_from_json(kept["label"])
        return cls(
            **dict(kept)
            | {
                "measure": Measure(kept["measure"]),
                "type": ValueType(kept["type"]),
                "unit": Unit(kept["unit"]),
                "label": label,
                "levels": tuple(kept["levels"]),
                "words": words,
            }
        )


def traits_of(table: pa.Table, attributes: Iterable[Attribute]) -> tuple[Trait, ...]:
    """The traits that a table of customers has: attributes known of at least half of them, in which they differ."""
    found = (trait for each in attributes if each.key in table.column_names for trait in _traits(table[each.key], each))
    return tuple(found)


def measured(table: pa.Table, traits: Sequence[Trait]) -> Matrix:
    """Customers by traits: numbers as they are, a category's value by its place, yes and no as 1 and 0.

    Shape (customers, traits). The place after the last level is any other value; what is unknown is NaN. An amount of
    money is in minor units.

    Raises:
        CarpelError: A trait's column is missing, or holds another kind of value.
    """
    columns = {
        trait.column: _holds(table[trait.attribute or ""], trait.member)
        for trait in traits
        if trait.member is not None and trait.attribute in table.column_names
    }
    for name, column in columns.items():
        if name not in table.column_names:
            table = table.append_column(name, column)
    return Frame.of(table, [feature_of(each) for each in traits]).values


def feature_of(trait: Trait) -> Feature:
    """A trait as frames know it."""
    kind = Kind.CATEGORY if trait.measure is Measure.CATEGORY else Kind.NUMBER
    return Feature(key=trait.column, kind=kind, label=trait.label, levels=trait.levels)


def _traits(column: pa.ChunkedArray, attribute: Attribute) -> Iterator[Trait]:
    if attribute.type is ValueType.SET:
        yield from _members(column, attribute)
    elif len(column) and column.null_count <= (1 - KNOWN) * len(column):
        found = _category(column, attribute) if is_text(column.type) else _number(column, attribute)
        if found is not None:
            yield found


def _base(attribute: Attribute) -> dict[str, Any]:
    kept = {"attribute": attribute.key, "type": attribute.type, "unit": attribute.unit, "label": attribute.label}
    return {"column": attribute.key, "changeable": attribute.changeable} | kept


def _number(column: pa.ChunkedArray, attribute: Attribute) -> Trait | None:
    if not attribute.type.is_numeric and attribute.type is not ValueType.BOOLEAN:
        return None
    values = column.drop_null().to_numpy().astype(np.float64)
    values = values[np.isfinite(values)]
    _, counts = np.unique(values, return_counts=True)
    if len(counts) < 2 or counts.max() > _ALIKE * len(values):  # noqa: PLR2004 (one value is no difference)
        return None
    measure = Measure.YES_OR_NO if attribute.type is ValueType.BOOLEAN else Measure.NUMBER
    return Trait(**_base(attribute), measure=measure)


def _category(column: pa.ChunkedArray, attribute: Attribute) -> Trait | None:
    counts = _counted(column)
    rows = len(column)
    levels = [value for value, many in counts[:LEVELS] if many >= _RARE * rows]
    named = sum(many for value, many in counts if value in levels)
    if not counts or counts[0][1] > _ALIKE * rows or named < _NAMED * (rows - column.null_count):
        return None
    if len(levels) + bool(column.null_count) + (named < rows - column.null_count) < 2:  # noqa: PLR2004
        return None
    words = tuple(attribute.word(each) for each in levels)
    return Trait(**_base(attribute), measure=Measure.CATEGORY, levels=tuple(levels), words=words)


def _members(column: pa.ChunkedArray, attribute: Attribute) -> Iterator[Trait]:
    known = len(column) - column.null_count
    if not known or known < KNOWN * len(column):
        return
    counts = _counted(pa.chunked_array([pc.list_flatten(column.combine_chunks())]))
    least, most = _RARE * known, (1 - _RARE) * known
    for value, _ in [each for each in counts if least <= each[1] <= most][:MEMBERS]:
        base = _base(attribute) | {"column": f"{attribute.key}: {value}", "member": value}
        word = attribute.word(value)
        yield Trait(**base, measure=Measure.YES_OR_NO, words=(word,))


def _counted(column: pa.ChunkedArray) -> list[tuple[str, int]]:
    """Each known value with how often it occurs; the most frequent first, equals by name."""
    plain = column.cast(pa.string())
    counted = plain.drop_null().value_counts().to_pylist()
    return sorted(((row["values"], row["counts"]) for row in counted), key=lambda row: (-row[1], row[0]))


def _holds(column: pa.ChunkedArray, member: str | None) -> pa.Array:
    """Whether each set holds a thing; unknown of a set that is unknown."""
    whole = column.combine_chunks()
    parents = pc.list_parent_indices(whole)
    inside = pc.fill_null(pc.equal(pc.list_flatten(whole), member), fill_value=False)
    held = np.zeros(len(whole), dtype=np.float64)
    held[parents.filter(inside).to_numpy()] = 1
    return pa.array(held, mask=whole.is_null().to_numpy(zero_copy_only=False))
