"""Fit a scheme's cut points: the only part of it that looks across customers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import ibis

from carpel.kernel.engine import Bindings, Engine, Step
from carpel.kernel.texts import text
from carpel.profiles import Catalogue, Profiles
from carpel.schemes.binding import Bound, bind
from carpel.schemes.compiling import IN_BASE, Compiler
from carpel.schemes.cuts import Cuts, TierCount, TierCuts
from carpel.schemes.fingerprints import logic_fingerprint
from carpel.schemes.partitions import Order, Quantiles, Shares, Thresholds, Tiers
from carpel.schemes.values import Scheme

_LARGEST: Final = 1.7976931348623157e308


def fit_cuts(scheme: Scheme, profiles: Profiles, engine: Engine) -> Cuts:
    """Where the tiers of a scheme are cut, given everyone in its base.

    Raises:
        CarpelError: A rule cannot be read against the attributes that the profiles have.
    """
    bound = bind(scheme, profiles.catalogue.symbols, time_zone=profiles.as_of.time_zone)
    return Cuts(
        logic=logic_fingerprint(scheme),
        digits=profiles.digits,
        time_zone=profiles.as_of.time_zone,
        known_through=profiles.as_of.instant.isoformat(),
        symbols=tuple(profiles.catalogue.symbols[name] for name in bound.names),
        tiers=fit_tiers(bound, profiles, engine),
        scales=_scales(bound, profiles, engine),
    )


def fit_tiers(
    bound: Bound, profiles: Profiles, engine: Engine, known: Mapping[str, TierCuts] | None = None
) -> Mapping[str, TierCuts]:
    """Cut points by partition; those that are known already are not fitted again."""
    return _Fit(bound, profiles, engine).tiers(known or {})


@dataclass(frozen=True)
class _Value:
    """One distinct value: how many customers have it, and how many have it or less."""

    value: float
    customers: int
    up_to: int


class _Fit:
    """Fits one partition after the other, as a later one may read the labels of those before."""

    def __init__(self, bound: Bound, profiles: Profiles, engine: Engine) -> None:
        self._bound = bound
        self._compiler = Compiler(bound, profiles.unbound(), digits=profiles.digits)
        self._bindings: Bindings = profiles.bindings
        self._engine = engine

    def tiers(self, known: Mapping[str, TierCuts]) -> dict[str, TierCuts]:
        """Cut points by partition."""
        found: dict[str, TierCuts] = {}
        steps = [self._compiler.known()]
        for partition in self._bound.scheme.partitions:
            if isinstance(partition, Tiers):
                found[partition.key] = known.get(partition.key) or self._cut(partition, steps)
            steps.append(self._compiler.labelled(steps[-1], partition, found.get(partition.key)))
        return found

    def _cut(self, tiers: Tiers, steps: Sequence[Step]) -> TierCuts:
        if isinstance(tiers.cut, Thresholds):
            return _of_thresholds(tiers.cut)
        row = steps[-1].unbound()
        values = row.filter(self._compiler.ranked(tiers, row)).select(value=self._compiler.value(tiers.of, row))
        distinct = values.filter(values.value.notnull()).group_by("value").agg(customers=ibis._.count())
        counted = Step("distinct_values", text("schemes.step-distinct", of=tiers.of.source), distinct)
        customers = self._customers((*steps, counted))
        if not customers:
            return TierCuts(labels=_low_to_high(tiers.cut.labels, tiers.cut.order), bounds=None)
        ranks = _ranks(tiers.cut, customers)
        at = self._at((*steps, counted), ranks)
        if isinstance(tiers.cut, Shares):
            return _of_shares(tiers.cut, customers, at)
        return _of_quantiles(tiers.cut, customers, at)

    def _customers(self, steps: tuple[Step, ...]) -> int:
        total = steps[-1].unbound().agg(customers=ibis._.customers.sum().cast("decimal(38,0)").cast("int64"))
        table = self._engine.read((*steps, Step("ranked", text("schemes.step-ranked"), total)), self._bindings)
        return int(table["customers"][0].as_py() or 0)

    def _at(self, steps: tuple[Step, ...], ranks: Iterable[int]) -> _Order:
        """The values at some ranks, counted from 1 at the lowest."""
        distinct = steps[-1].unbound()
        so_far = ibis.cumulative_window(order_by=distinct.value)
        up_to = distinct.customers.sum().over(so_far).cast("decimal(38,0)").cast("int64")
        running = Step("running_count", text("schemes.step-running"), distinct.mutate(up_to=up_to))
        row = running.unbound()
        wanted = [(row.up_to >= rank) & (row.up_to - row.customers < rank) for rank in sorted(set(ranks))]
        found = Step("values_at_ranks", text("schemes.step-ranks"), row.filter(ibis.or_(*wanted)))
        rows = self._engine.read((*steps, running, found), self._bindings).to_pylist()
        return _Order(sorted((_Value(**each) for each in rows), key=lambda each: each.up_to))


class _Order:
    """Some of the values in ascending order, found by rank."""

    def __init__(self, values: Sequence[_Value]) -> None:
        self._values = values

    def __getitem__(self, rank: int) -> _Value:
        return next(each for each in self._values if each.up_to >= rank)


def _ranks(cut: Shares | Quantiles, customers: int) -> list[int]:
    if isinstance(cut, Shares):
        return [_rank(cut.order, count, customers) for count in _counts(cut, customers)]
    positions = [_position(cut, index, customers) for index in range(1, len(cut.labels))]
    return [rank for position in positions for rank in (math.floor(position) + 1, math.ceil(position) + 1)]


def _of_shares(cut: Shares, customers: int, at: _Order) -> TierCuts:
    """The better tier ends at the value of its last customer, and takes all who have that value."""
    counts = _counts(cut, customers)
    last = [at[_rank(cut.order, count, customers)] for count in counts]
    if cut.order is Order.DESCENDING:
        given = [customers - each.up_to + each.customers for each in last]
        bounds = [each.value for each in reversed(last)]
    else:
        given = [each.up_to for each in last]
        bounds = [_above(each.value) for each in last]
    return TierCuts(
        labels=_low_to_high(cut.labels, cut.order),
        bounds=tuple(bounds),
        ranked=customers,
        counts=_tier_counts(cut.labels, [*counts, customers], [*given, customers]),
    )


def _of_quantiles(cut: Quantiles, customers: int, at: _Order) -> TierCuts:
    bounds = []
    for index in range(1, len(cut.labels)):
        position = _position(cut, index, customers)
        below, above = (Fraction(at[rank + 1].value) for rank in (math.floor(position), math.ceil(position)))
        quantile = below + (position - math.floor(position)) * (above - below)
        bounds.append(_above(float(quantile)) if cut.margin is None else float(quantile + Fraction(cut.margin)))
    return TierCuts(labels=_low_to_high(cut.labels, cut.order), bounds=tuple(bounds), ranked=customers)


def _of_thresholds(cut: Thresholds) -> TierCuts:
    numbers = [float(bound) for _, bound in cut.parts]
    bounds = reversed(numbers) if cut.order is Order.DESCENDING else (_above(number) for number in numbers)
    return TierCuts(labels=_low_to_high(cut.labels, cut.order), bounds=tuple(bounds))


def _counts(cut: Shares, customers: int) -> list[int]:
    """How many customers the first label has, the first two, and so on, without the last; rounded up."""
    shares = [share for _, share in cut.parts]
    return [math.ceil(sum(shares[:index], Decimal(0)) * customers) for index in range(1, len(shares))]


def _rank(order: Order, count: int, customers: int) -> int:
    return customers - count + 1 if order is Order.DESCENDING else count


def _position(cut: Quantiles, index: int, customers: int) -> Fraction:
    """Where a quantile of type 7 lies among the customers, counted from 0 (Hyndman and Fan 1996)."""
    return Fraction(index * (customers - 1), len(cut.labels))


def _tier_counts(labels: Sequence[str], wanted: Sequence[int], given: Sequence[int]) -> tuple[TierCount, ...]:
    own_wanted = (after - before for before, after in zip((0, *wanted), wanted, strict=False))
    own_given = (after - before for before, after in zip((0, *given), given, strict=False))
    return tuple(
        TierCount(label=label, wanted=one, given=other)
        for label, one, other in zip(labels, own_wanted, own_given, strict=True)
    )


def _low_to_high(labels: Sequence[str], order: Order) -> tuple[str, ...]:
    return tuple(labels) if order is Order.ASCENDING else tuple(reversed(labels))


def _above(value: float) -> float:
    return min(math.nextafter(value, math.inf), _LARGEST)


def _scales(bound: Bound, profiles: Profiles, engine: Engine) -> Mapping[str, float]:
    """The interquartile range of each changeable number that the scheme reads; 1 where half the values are equal."""
    names = changeable_numbers(bound, profiles.catalogue)
    if not names:
        return {}
    compiler = Compiler(bound, profiles.unbound(), digits=profiles.digits)
    base = compiler.known()
    row = base.unbound()
    row = row.filter(row[IN_BASE])
    quartiles = {f"{name}_{q}": row[name].cast("float64").quantile(q / 4) for name in names for q in (1, 3)}
    step = Step("quartiles", text("schemes.step-quartiles"), row.agg(**quartiles))
    found: dict[str, Any] = engine.read((base, step), profiles.bindings).to_pylist()[0]
    return {name: _range(found[f"{name}_1"], found[f"{name}_3"]) for name in names}


def changeable_numbers(bound: Bound, catalogue: Catalogue) -> list[str]:
    """The numbers among the attributes that a scheme reads which the company's action can change."""
    attributes = [catalogue.available[name] for name in bound.names]
    return [each.key for each in attributes if each.changeable and each.type.is_numeric]


def _range(lower: float | None, upper: float | None) -> float:
    return (upper - lower) or 1.0 if lower is not None and upper is not None else 1.0
