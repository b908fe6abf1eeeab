"""In which ways a segment could be divided by one attribute: rules that people can say and see.

Options of one attribute are made of cells, such as the customers between two bounds, so that sums over cells give
the sums of every option.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from carpel.kernel.texts import Labels, Text, text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Family, Unit
from carpel.schemes.suggesting.sums import Sums, together

MOST_VALUES: Final = 12
"""Of a category, the most frequent values that are looked at."""
A_FEW: Final = 4
"""The most values that one rule lists."""

_NEVER: Final = frozenset({ValueType.ID, ValueType.DATE, ValueType.INSTANT})
_NAME: Final = re.compile(r"[^\W\d]\w*")
_WORDS: Final = frozenset({"and", "or", "not", "in", "is", "like", "between", "null", "true", "false"})


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way to divide a segment in two: those for whom a rule holds, and the others.

    Attributes:
        attribute: What the rule reads.
        rule: The rule.
        says: What the rule says, for a label.
        slug: The same, for a key.
        cells: The cells for which it holds.
    """

    attribute: Attribute
    rule: str
    says: Text
    slug: str
    cells: frozenset[Any]

    def holds(self, sums: Mapping[Any, Sums]) -> Sums:
        """Those for whom the rule holds, of the sums of all cells."""
        return together(each for cell, each in sums.items() if cell in self.cells)


def visible(catalogue: Catalogue, hidden: Iterable[str]) -> tuple[Attribute, ...]:
    """The attributes by which a colleague could divide a segment.

    Not one that names a person, an id, a date (a bound on it would age), a model's output, or one that has no label;
    nor one that is hidden, because what it said at the earlier moment is not known.
    """
    kept = set(hidden)
    return tuple(each for each in catalogue.available.values() if each.key not in kept and _can_be_said(each))


def _can_be_said(attribute: Attribute) -> bool:
    if attribute.personal or attribute.type in _NEVER or attribute.family is Family.MODEL:
        return False
    return bool(attribute.label.render().strip())


def by_bounds(attribute: Attribute, bounds: Sequence[Decimal]) -> tuple[Option, ...]:
    """At least a bound, or less or unknown; cell i holds those who reach i of the bounds."""
    return tuple(
        Option(
            attribute=attribute,
            rule=f"{_name(attribute)} >= {bound:f}",
            says=text("schemes.suggest-at-least", attribute=_label(attribute), bound=_shown(attribute, bound)),
            slug=f"{bound:f}-or-more",
            cells=frozenset(range(index + 1, len(bounds) + 1)),
        )
        for index, bound in enumerate(bounds)
    )


def by_values(attribute: Attribute, values: Sequence[str]) -> tuple[Option, ...]:
    """One of a category's values against all others."""
    return tuple(_listed(attribute, (value,)) for value in values)


def by_best_values(attribute: Attribute, sums: Mapping[Any, Sums]) -> tuple[Option, ...]:
    """The few values whose customers bring most, against all others; two of them, three, four."""
    known = sorted((value for value in sums if value is not None), key=lambda value: (-sums[value].mean, value))
    return tuple(_listed(attribute, tuple(known[:few])) for few in range(2, min(A_FEW, len(known) - 1) + 1))


def by_truth(attribute: Attribute) -> tuple[Option, ...]:
    """Yes, or no or unknown."""
    says = text("schemes.suggest-true", attribute=_label(attribute))
    rule = f"{_name(attribute)} = true"
    return (Option(attribute=attribute, rule=rule, says=says, slug="yes", cells=frozenset({True})),)


def by_member(attribute: Attribute, element: str) -> Option:
    """A set holds something, or not."""
    return Option(
        attribute=attribute,
        rule=f"{_quoted(element)} in {_name(attribute)}",
        says=text("schemes.suggest-member", attribute=_label(attribute), element=element),
        slug=element,
        cells=frozenset({True}),
    )


def _listed(attribute: Attribute, values: tuple[str, ...]) -> Option:
    written = ", ".join(_quoted(each) for each in values)
    one = len(values) == 1
    return Option(
        attribute=attribute,
        rule=f"{_name(attribute)} = {written}" if one else f"{_name(attribute)} in ({written})",
        says=text("schemes.suggest-value", attribute=_label(attribute), value=_words(attribute, values)),
        slug="-".join(values),
        cells=frozenset(values),
    )


def _words(attribute: Attribute, values: Sequence[str]) -> Text | Labels | str:
    """The values as a list that each language says in its own words."""
    first, *others = (attribute.word(value) for value in values)
    for other in others:
        first = text("language.says-list", first=first, last=other)
    return first


def _name(attribute: Attribute) -> str:
    plain = _NAME.fullmatch(attribute.key) and attribute.key.casefold() not in _WORDS
    return attribute.key if plain else f"`{attribute.key}`"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _label(attribute: Attribute) -> Any:
    return attribute.label


def _shown(attribute: Attribute, bound: Decimal) -> Text | Decimal:
    if attribute.type is ValueType.SHARE or attribute.unit is Unit.SHARE:
        return text("schemes.suggest-percent", bound=bound * 100)
    return bound
