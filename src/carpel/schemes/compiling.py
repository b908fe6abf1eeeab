"""A scheme as one expression over profiles: the first rule that holds gives the segment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Final

import ibis

from carpel.kernel.engine import Step
from carpel.kernel.language import to_ibis
from carpel.kernel.language.tree import Name
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.schemes.binding import Bound
from carpel.schemes.cuts import TierCuts
from carpel.schemes.partitions import (
    SEPARATOR,
    UNKNOWN,
    UNRANKED,
    Categories,
    Cross,
    Part,
    Partition,
    Refined,
    Rule,
    Rules,
    Tiers,
)
from carpel.schemes.values import Segment

IN_BASE: Final = "__in_base"
_FLOATS: Final = frozenset({ValueType.NUMBER, ValueType.SHARE})


class Compiler:
    """Builds the steps of one scheme, one after the other."""

    def __init__(self, bound: Bound, profiles: Any, *, digits: int) -> None:
        self._bound = bound
        self._profiles = profiles
        self._digits = digits

    def known(self, also: Sequence[str] = ()) -> Step:
        """The attributes that the scheme names, and who is in the base."""
        columns = dict.fromkeys(("customer_no", "customer_id", *also, *self._bound.names))
        row = self._profiles.select(**{name: self._clean(name) for name in columns})
        base = self._bound.scheme.base
        inside = self._surely(base, row) if base else ibis.and_()
        query = row.mutate(**{IN_BASE: inside})
        return Step("scheme_base", text("schemes.step-base"), query)

    def labelled(self, before: Step, partition: Partition, cuts: TierCuts | None) -> Step:
        """The step before, with one partition's label."""
        row = before.unbound()
        label, sentence = self._label(partition, cuts, row)
        labelled = row.mutate(**{partition.key: self._inside(row, label, ibis.null("string"))})
        return Step(f"partition_{partition.key}", sentence, labelled.select(*before.query.columns, partition.key))

    def segment(self, row: Any, leaf: Callable[[Segment], Any], outside: Any) -> Any:
        """One value for each customer, by the leaf that they are in."""
        return self._inside(row, self._segment(self._bound.scheme.segments, row, leaf), outside)

    def home(self, row: Any) -> Any:
        """The leaf of who stays in `previous_segment`: it, or the part that the rules give where it is divided."""
        every = [self._bound.scheme.segment(key) for key in self._bound.scheme.paths]
        leaves = [each.key for each in every if not each.segments]
        parts = [(each.key, self._segment(each.segments, row, _key)) for each in every if each.segments]
        before = row.previous_segment
        divided = [(before == key, part) for key, part in parts]
        return ibis.cases((before.isin(leaves), before), *divided, else_=ibis.null("string"))

    def undecided(self, rule: Rule, row: Any) -> Any:
        """Whether a rule is neither true nor false."""
        # `(NOT x) IS NULL` reaches the engine as `NOT x IS NULL`, which is another question; a cast keeps them apart.
        return self._holds(rule, row).cast("int32").isnull()

    def value(self, rule: Rule, row: Any) -> Any:
        """A formula as a number; null where it is unknown or no number."""
        tree = self._bound.tree(rule)
        value = to_ibis(tree, row, digits=self._digits).cast("float64")
        return value if isinstance(tree.root, Name) else _finite(value)

    def ranked(self, tiers: Tiers, row: Any) -> Any:
        """Whether a customer takes part in the tiers."""
        return row[IN_BASE] & self._surely(tiers.over, row) if tiers.over else row[IN_BASE]

    def _holds(self, rule: Rule, row: Any) -> Any:
        return to_ibis(self._bound.tree(rule), row, digits=self._digits).cast("boolean")

    def _surely(self, rule: Rule, row: Any) -> Any:
        """Whether a rule is true: false, not null, where it is unknown."""
        return self._holds(rule, row).fill_null(ibis.or_())

    def _clean(self, name: str) -> Any:
        """Not a number and infinities are unknown, here as in Python."""
        column = self._profiles[name]
        symbol = self._bound.symbols.get(name)
        return _finite(column) if symbol and symbol.type in _FLOATS else column

    def _label(self, partition: Partition, cuts: TierCuts | None, row: Any) -> tuple[Any, Text]:
        """Each customer's label, and the sentence that says where it is from."""
        match partition:
            case Rules():
                label = self._first(partition.parts, row, lambda part: ibis.literal(part.key))
                return label, text("schemes.step-rules", partition=partition.key)
            case Tiers():
                fitted = cuts or TierCuts(labels=partition.cut.labels, bounds=None)
                sentence = text("schemes.step-tiers", partition=partition.key, of=partition.of.source)
                return self._tier(partition, fitted, row), sentence
            case Categories():
                sentence = text("schemes.step-categories", partition=partition.key, of=partition.of.source)
                return self._category(partition, row), sentence
            case Cross():
                of = " \N{MULTIPLICATION SIGN} ".join(each.key for each in partition.of)
                return _crossed(partition, row), text("schemes.step-cross", partition=partition.key, of=of)
            case Refined():
                sentence = text("schemes.step-refined", partition=partition.key, of=partition.of.key)
                return _refined(partition, row), sentence

    def _category(self, categories: Categories, row: Any) -> Any:
        value = to_ibis(self._bound.tree(categories.of), row, digits=self._digits)
        listed = [(value.isin(values), ibis.literal(label)) for label, values in categories.values]
        # A null is in no list, and would fall through into the rest.
        unknown = (value.isnull(), ibis.literal(UNKNOWN))
        return ibis.cases(unknown, *listed, else_=ibis.literal(categories.rest))

    def _tier(self, tiers: Tiers, cuts: TierCuts, row: Any) -> Any:
        value = self.value(tiers.of, row)
        unranked = [(~self._surely(tiers.over, row), ibis.literal(UNRANKED))] if tiers.over else []
        unknown = (value.isnull(), ibis.literal(UNKNOWN))
        if cuts.bounds is None:
            return ibis.cases(*unranked, unknown, else_=ibis.literal(UNRANKED))
        # A null would fall through every comparison into the last tier, so it is asked for first.
        from_the_top = zip(reversed(cuts.bounds), reversed(cuts.labels), strict=False)
        reached = [(value >= bound, ibis.literal(label)) for bound, label in from_the_top]
        return ibis.cases(*unranked, unknown, *reached, else_=ibis.literal(cuts.labels[0]))

    def _inside(self, row: Any, value: Any, outside: Any) -> Any:
        return ibis.ifelse(row[IN_BASE], value, outside) if self._bound.scheme.base else value

    def _first(self, parts: Sequence[Part], row: Any, value: Callable[[Part], Any]) -> Any:
        branches = [(self._holds(part.when, row), value(part)) for part in parts if part.when]
        return ibis.cases(*branches, else_=value(parts[-1])) if branches else value(parts[-1])

    def _segment(self, segments: Sequence[Segment], row: Any, leaf: Callable[[Segment], Any]) -> Any:
        def inside(segment: Segment) -> Any:
            return self._segment(segment.segments, row, leaf) if segment.segments else leaf(segment)

        branches = [(self._holds(each.when, row), inside(each)) for each in segments if each.when]
        remainder = inside(segments[-1])
        return ibis.cases(*branches, else_=remainder) if branches else remainder


def labelled_steps(
    compiler: Compiler, bound: Bound, cuts: Mapping[str, TierCuts], also: Sequence[str] = ()
) -> tuple[Step, ...]:
    """The base and every partition's label, step by step."""
    steps = [compiler.known(also)]
    for partition in bound.scheme.partitions:
        steps.append(compiler.labelled(steps[-1], partition, cuts.get(partition.key)))
    return tuple(steps)


def _crossed(cross: Cross, row: Any) -> Any:
    first, *others = (row[each.key] for each in cross.of)
    return reduce(_joined, others, first)


def _refined(refined: Refined, row: Any) -> Any:
    whole = row[refined.of.key]
    parts = [(whole == label, _joined(whole, row[part.key])) for label, part in refined.parts]
    return ibis.cases(*parts, else_=whole)


def _joined(label: Any, part: Any) -> Any:
    return label + SEPARATOR + part


def _key(segment: Segment) -> Any:
    return ibis.literal(segment.key)


def _finite(number: Any) -> Any:
    odd = number.isnan() | number.isinf()
    return ibis.ifelse(odd, ibis.null("float64"), number)
