"""Every rule of a customer's path tried on them, those after the one that took them too: one pass over profiles.

A customer comes down the scheme past some rules and is taken by others. Of the rules passed it counts whether they were
unknown; of those that come after the one that took, whether they would have held. Both go into one number of which each
rule is a bit, and customers with equal numbers are counted together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis

from carpel.kernel.engine import Engine, Step
from carpel.kernel.language import to_ibis
from carpel.kernel.texts import text
from carpel.profiles import Profiles
from carpel.schemes.binding import Bound
from carpel.schemes.compiling import Compiler
from carpel.schemes.findings.layout import Ruled, ruled
from carpel.schemes.findings.values import Overlap
from carpel.schemes.values import Scheme

LEAF: Final = "__leaf"
_BITS: Final = 60
"""Rules in one number of 64 bits."""
_TRIED: Final = "__rule_{}"
_NUMBERS: Final = "__met_"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of it.

    Attributes:
        customers: By leaf.
        came: By segment with a rule: to how many it was put.
        missed: By segment with a rule: of how many of them it is unknown.
        overlaps: What each rule takes from those after it.
    """

    customers: Mapping[str, int]
    came: Mapping[str, int]
    missed: Mapping[str, int]
    overlaps: tuple[Overlap, ...]


def placed(scheme: Scheme, compiler: Compiler, row: Any) -> Step:
    """Each customer with the number of their leaf; null outside the base."""
    numbers = {leaf.key: number for number, leaf in enumerate(scheme.leaves)}
    leaf = compiler.segment(row, lambda each: ibis.literal(numbers[each.key], "int64"), ibis.null("int64"))
    return Step("placed", text("schemes.step-placed"), row.mutate(**{LEAF: leaf}))


def try_rules(bound: Bound, steps: tuple[Step, ...], profiles: Profiles, engine: Engine) -> Tried:
    """Try the rules.

    Args:
        bound: The scheme.
        steps: Up to `placed`.
        profiles: The customers.
        engine: Where it runs.
    """
    rules = ruled(bound.scheme)
    row = steps[-1].unbound()
    inside = row.filter(row[LEAF].notnull())
    trees = {_TRIED.format(n): bound.tree(each.rule) for n, each in enumerate(rules)}
    holds = {name: to_ibis(tree, inside, digits=profiles.digits).cast("boolean") for name, tree in trees.items()}
    tried = Step("tried", text("schemes.step-tried"), inside.select("customer_id", LEAF, **holds))
    numbers = _numbers(rules, tried.unbound())
    met = Step("met", text("schemes.step-met"), tried.unbound().select("customer_id", LEAF, **numbers))
    grouped = met.unbound().group_by([LEAF, *numbers]).agg(customers=ibis._.count(), example=ibis._.customer_id.min())
    counted = Step("counted", text("schemes.step-counted"), grouped)
    groups = engine.read((*steps, tried, met, counted), profiles.bindings).to_pylist()
    return _read(bound.scheme, rules, groups)


def _numbers(rules: Sequence[Ruled], row: Any) -> dict[str, Any]:
    """For each depth, and each sixty rules of a level: a number in which each rule is a bit."""
    found: dict[str, Any] = {}
    for number, each in enumerate(rules):
        holds, leaf = row[_TRIED.format(number)], row[LEAF]
        passed = (leaf > each.leaves.last) & (leaf <= each.level.last) & holds.isnull()
        taken = (leaf < each.leaves.first) & (leaf >= each.level.first) & holds.fill_null(ibis.or_())
        name, bit = _bit(each)
        value = (passed | taken).ifelse(ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
        found[name] = found[name] + value if name in found else value
    return found


def _bit(rule: Ruled) -> tuple[str, int]:
    return f"{_NUMBERS}{rule.depth}_{rule.position // _BITS}", rule.position % _BITS


def _read(scheme: Scheme, rules: Sequence[Ruled], groups: Sequence[Mapping[str, Any]]) -> Tried:
    leaves = [0] * len(scheme.leaves)
    missed: Counter[str] = Counter()
    overlaps: dict[tuple[str, str], tuple[int, str]] = {}
    by_bit = _by_bit(rules)
    for group in groups:
        leaf, customers = int(group[LEAF]), int(group["customers"])
        leaves[leaf] += customers
        for rule in _met(by_bit, group):
            if leaf > rule.leaves.last:
                missed[rule.key] += customers
                continue
            pair = scheme.paths[scheme.leaves[leaf].key][rule.depth], rule.key
            before, example = overlaps.get(pair, (0, group["example"]))
            overlaps[pair] = before + customers, min(example, group["example"])
    return Tried(
        customers={leaf.key: count for leaf, count in zip(scheme.leaves, leaves, strict=True)},
        came={each.key: sum(leaves[each.leaves.first : each.level.last + 1]) for each in rules},
        missed={each.key: missed[each.key] for each in rules},
        overlaps=tuple(_in_order(scheme, overlaps)),
    )


def _by_bit(rules: Sequence[Ruled]) -> Mapping[tuple[str, int], Sequence[Ruled]]:
    """The rules that share a bit: they stand on levels of which a customer goes through one."""
    found: dict[tuple[str, int], list[Ruled]] = {}
    for rule in rules:
        found.setdefault(_bit(rule), []).append(rule)
    return found


def _met(by_bit: Mapping[tuple[str, int], Sequence[Ruled]], group: Mapping[str, Any]) -> Iterator[Ruled]:
    """The rules whose bit a group of customers has, on the levels that they went through."""
    for name in (column for column in group if column.startswith(_NUMBERS)):
        left = int(group[name])
        while left:
            bit = left.bit_length() - 1
            left ^= 1 << bit
            yield next(rule for rule in by_bit[name, bit] if group[LEAF] in rule.level)


def _in_order(scheme: Scheme, found: Mapping[tuple[str, str], tuple[int, str]]) -> Iterator[Overlap]:
    order = {key: number for number, key in enumerate(scheme.paths)}
    for taker, loser in sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]])):
        customers, example = found[taker, loser]
        yield Overlap(taker=taker, loser=loser, customers=customers, example=example)
