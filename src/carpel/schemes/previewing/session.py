"""A session over the profiles of one moment: each rule is asked once, whatever schemes it stands in.

The engine answers a rule by the same compiler that a run uses; the answers, one bit per customer, are put together
here in the scheme's order. A changed rule therefore costs one query over the columns that it names.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.engine import Engine, Step
from carpel.kernel.texts import text
from carpel.profiles import Profiles
from carpel.schemes.binding import Bound, bind
from carpel.schemes.compiling import Compiler
from carpel.schemes.cuts import TierCuts
from carpel.schemes.fitting import fit_tiers
from carpel.schemes.partitions import Rule, Tiers
from carpel.schemes.previewing.answers import Answers, Bits
from carpel.schemes.previewing.counts import Counts
from carpel.schemes.previewing.identities import Identities, Identity, needed
from carpel.schemes.summary import summarise
from carpel.schemes.values import Scheme, Segment

NUMBER: Final = "customer_no"
VALUE: Final = "monetary_value"
_AT_ONCE: Final = 32
"""How many rules one query asks: what is in memory at a time is bounded by them."""
_FITTED: Final = 256


class Preview:
    """Counts schemes over one run's profiles, by their rules: nobody is held where they were.

    Args:
        profiles: One row per customer; they must not change while the session lasts.
        engine: Where rules are asked.
    """

    def __init__(self, profiles: Profiles, engine: Engine) -> None:
        self._profiles = profiles
        self._engine = engine
        self._answers = Answers()
        self._fitted: OrderedDict[Identity, TierCuts] = OrderedDict()

    def count(self, scheme: Scheme) -> Counts:
        """Customers and money of every segment.

        Raises:
            CarpelError: A rule cannot be read against the attributes of the profiles.
        """
        profiles = self._profiles
        bound = bind(scheme, profiles.catalogue.symbols, time_zone=profiles.as_of.time_zone)
        identities, cuts = self._settled(bound)
        rules = [*_rules(scheme.segments), *((scheme.base,) if scheme.base else ())]
        bits = self._bits(bound, cuts, {identities.rule(rule): rule for rule in rules})
        leaves = self._leaves(scheme, {rule.source: bits[identities.rule(rule)] for rule in rules})
        return Counts.of(scheme, summarise(scheme, self._totals(scheme, leaves), valued=self._valued))

    def _settled(self, bound: Bound) -> tuple[Identities, Mapping[str, TierCuts]]:
        """The scheme's partitions with their cut points, those fitted that were never fitted before."""
        identities, cuts = Identities(bound), dict[str, TierCuts]()
        for partition in bound.scheme.partitions:
            if isinstance(partition, Tiers):
                wanted = identities.fitted(partition)
                if wanted not in self._fitted:
                    self._fit(bound, cuts, wanted, partition.key)
                self._fitted.move_to_end(wanted)
                cuts[partition.key] = self._fitted[wanted]
            identities.add(partition, cuts.get(partition.key))
        return identities, cuts

    def _fit(self, bound: Bound, before: Mapping[str, TierCuts], wanted: Identity, key: str) -> None:
        places = [each.key for each in bound.scheme.partitions]
        up_to = replace(bound.scheme, partitions=bound.scheme.partitions[: places.index(key) + 1])
        self._fitted[wanted] = fit_tiers(replace(bound, scheme=up_to), self._profiles, self._engine, before)[key]
        while len(self._fitted) > _FITTED:
            self._fitted.popitem(last=False)

    def _bits(self, bound: Bound, cuts: Mapping[str, TierCuts], rules: Mapping[Identity, Rule]) -> dict[Identity, Bits]:
        found = self._answers.known(rules)
        missing = [each for each in rules if each not in found]
        for start in range(0, len(missing), _AT_ONCE):
            some = {each: rules[each] for each in missing[start : start + _AT_ONCE]}
            asked = self._ask(bound, cuts, some)
            self._answers.keep(asked)
            found |= asked
        return found

    def _ask(self, bound: Bound, cuts: Mapping[str, TierCuts], rules: Mapping[Identity, Rule]) -> dict[Identity, Bits]:
        compiler = _Asking(bound, self._profiles.unbound(), digits=self._profiles.digits)
        steps, used = [compiler.known()], needed(bound, rules)
        for partition in bound.scheme.partitions:
            if partition.key in used:
                steps.append(compiler.labelled(steps[-1], partition, cuts.get(partition.key)))
        row = steps[-1].unbound()
        answers = {f"rule_{number}": compiler.holds(rule, row) for number, rule in enumerate(rules.values())}
        asked = Step("answers", text("schemes.step-answers"), row.select(row[NUMBER], **answers))
        found = self._engine.read((*steps, asked), self._profiles.bindings)
        columns = (self._in_order(found, f"rule_{number}") for number in range(len(rules)))
        return {each: np.packbits(column) for each, column in zip(rules, columns, strict=True)}

    def _in_order(self, table: pa.Table, name: str) -> npt.NDArray[Any]:
        """A column in customer order, which an engine need not keep."""
        numbers: npt.NDArray[np.int64] = table[NUMBER].to_numpy()
        column: npt.NDArray[Any] = table[name].to_numpy()
        return column if bool(np.all(numbers[:-1] < numbers[1:])) else column[np.argsort(numbers)]

    def _leaves(self, scheme: Scheme, bits: Mapping[str, Bits]) -> npt.NDArray[np.uint32]:
        """For each customer the place of their leaf among the leaves; one beyond the last outside the base."""
        order = {leaf.key: place for place, leaf in enumerate(scheme.leaves)}
        found = np.full(self._profiles.rows, len(order), np.uint32)
        everyone = np.packbits(np.ones(self._profiles.rows, np.bool_))
        base = bits[scheme.base.source] if scheme.base else everyone
        for leaf, inside in _divided(scheme.segments, base, bits):
            found[np.unpackbits(inside, count=len(found)).view(np.bool_)] = order[leaf.key]
        return found

    def _totals(self, scheme: Scheme, leaves: npt.NDArray[np.uint32]) -> pa.Table:
        """What `totals` gives of a run."""
        keys = [*(leaf.key for leaf in scheme.leaves), None]
        money = np.zeros(len(keys), np.int64)
        np.add.at(money, leaves, self._money)
        return pa.table(
            {
                "segment": pa.array(keys, pa.string()),
                "customers": pa.array(np.bincount(leaves, minlength=len(keys)), pa.int64()),
                "revenue": pa.array(money if self._valued else [None] * len(keys), pa.int64()),
            }
        )

    @property
    def _valued(self) -> bool:
        return VALUE in self._profiles.catalogue.available

    @cached_property
    def _money(self) -> npt.NDArray[np.int64] | np.int64:
        """Each customer's money."""
        if not self._valued:
            return np.int64(0)
        table = self._profiles.unbound()
        query = table.select(table[NUMBER], **{VALUE: table[VALUE].fill_null(0).cast("int64")})
        return self._in_order(self._engine.read(query, self._profiles.bindings), VALUE)


class _Asking(Compiler):
    """Compiles single rules."""

    def holds(self, rule: Rule, row: Any) -> Any:
        """Whether a rule is true of a customer; one that is unknown is not."""
        return self._surely(rule, row)


def _rules(segments: Sequence[Segment]) -> Iterator[Rule]:
    for segment in segments:
        if segment.when:
            yield segment.when
        yield from _rules(segment.segments)


def _divided(segments: Sequence[Segment], inside: Bits, bits: Mapping[str, Bits]) -> Iterator[tuple[Segment, Bits]]:
    """Each leaf with those who come to it: the first segment of a level takes whom its rule describes."""
    for segment in segments:
        taken = inside & bits[segment.when.source] if segment.when else inside
        inside = inside & ~taken
        if segment.segments:
            yield from _divided(segment.segments, taken, bits)
        else:
            yield segment, taken
