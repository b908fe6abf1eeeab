"""Which siblings of a run's scheme behave alike: past outcomes of every segment, summed up by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from carpel.kernel.engine import Engine
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import text
from carpel.runs.opening import Run
from carpel.runs.past import FOLDER, past
from carpel.runs.refining.outcomes import Period, bucket_bindings, outcomes, periods
from carpel.runs.refining.suggesting import SEED, segment_cost
from carpel.schemes import Scheme, Segment
from carpel.schemes.holding import urgent
from carpel.schemes.suggesting.joining import joined, siblings
from carpel.schemes.suggesting.merging import Behaviour, Merge, Side, compare
from carpel.schemes.suggesting.refining import with_children
from carpel.schemes.suggesting.sums import Sums, together


@dataclass(frozen=True, kw_only=True)
class MergeAdvice:
    """Which siblings could be one.

    Attributes:
        scheme: Whose.
        period: The time whose behaviour counts.
        pairs: How many pairs were compared.
        cost: What one segment costs in such a period, in minor units.
        cost_known: Whether that was given or found in the facts, rather than taken to be nothing.
        merges: Pairs that behave alike, those first that misplace least.
    """

    scheme: Scheme
    period: Period
    pairs: int
    cost: int
    cost_known: bool
    merges: tuple[Merge, ...]


def suggest_merge(
    run: Run, engine: Engine, *, days: int | None = None, cost: int | None = None, progress: Progress | None = None
) -> MergeAdvice:
    """Which siblings of a run's scheme behave alike.

    Args:
        run: Whose scheme, facts and present sizes count.
        engine: Where expressions run.
        days: How long the judging period is; None: a quarter of the history, 30 to 180 days.
        cost: Of serving one segment for such a period, in minor units; None: what costs by segment say, else 0.
        progress: Is told each stage.

    Raises:
        CarpelError: Nothing has money, or the history is too short.
    """
    scheme, period = run.scheme, periods(run, days, 1)[0]
    priced = cost if cost is not None else segment_cost(run, engine, period)
    done = _behaviours(run, engine, period, progress)
    everyone = together(each.money for each in done.values())
    pairs = [pair for _, parts in siblings(scheme) for pair in combinations(parts, 2) if _may_join(pair, done, scheme)]
    found = (_compared(run, pair, done, everyone.mean, priced or 0) for pair in pairs)
    return MergeAdvice(
        scheme=scheme,
        period=period,
        pairs=len(pairs),
        cost=priced or 0,
        cost_known=priced is not None,
        merges=tuple(sorted((each for each in found if each), key=lambda each: (each.misplaced, each.sides[0].key))),
    )


def _may_join(pair: tuple[Segment, Segment], done: Mapping[str, Behaviour], scheme: Scheme) -> bool:
    """Both are leaves with customers, and a hold treats them and the two as one alike."""
    if any(each.segments or each.key not in done for each in pair):
        return False
    both = joined(scheme, pair[0].key, pair[1].key) if scheme.hold else None
    if both is None:
        return True
    hurried = urgent(with_children(scheme, both.parent, both.children))
    return len({both.kept in hurried, *(each.key in urgent(scheme) for each in pair)}) == 1


def _compared(
    run: Run, pair: tuple[Segment, Segment], done: Mapping[str, Behaviour], base: float, cost: int
) -> Merge | None:
    sizes = {each.key: each for each in run.manifest.segments}
    one, other = (
        Side(
            key=each.key,
            customers=sizes[each.key].customers,
            revenue=sizes[each.key].revenue,
            next_money=done[each.key].money.mean,
        )
        for each in pair
    )
    return compare((one, other), (done[one.key], done[other.key]), base=base, cost=cost)


def _behaviours(run: Run, engine: Engine, period: Period, progress: Progress | None) -> dict[str, Behaviour]:
    before = past(run, engine, run.scheme, period.start, run.workspace / FOLDER, progress=progress)
    rows = outcomes(before, run.profiles, seed=SEED)
    query = _summed(rows)
    (progress or Silent()).stage(text("runs.stage-comparing"))
    found: dict[str, Behaviour] = {}
    for bucket in range(len(before.profiles.files)):
        for row in engine.read(query, bucket_bindings(before, run.profiles, bucket)).to_pylist():
            one = _behaviour(row)
            found[row["segment"]] = _both(found[row["segment"]], one) if row["segment"] in found else one
    return found


def _summed(rows: Any) -> Any:
    bought = (rows["__money"] > 0).cast("int64")
    rows = rows.select(segment=rows["__segment"], money=rows["__money"], orders=rows["__orders"], bought=bought)
    return rows.group_by("segment").agg(
        customers=rows.count(),
        money=rows.money.sum(),
        money_squares=(rows.money * rows.money).sum(),
        orders=rows.orders.sum(),
        orders_squares=(rows.orders * rows.orders).sum(),
        bought=rows.bought.sum().cast("float64"),
    )


def _behaviour(row: Mapping[str, Any]) -> Behaviour:
    customers = row["customers"]
    told = row["orders"] is not None
    return Behaviour(
        money=Sums(customers, row["money"], row["money_squares"]),
        orders=Sums(customers, row["orders"], row["orders_squares"]) if told else None,
        bought=Sums(customers, row["bought"], row["bought"]),
    )


def _both(one: Behaviour, other: Behaviour) -> Behaviour:
    orders = one.orders + other.orders if one.orders and other.orders else None
    return Behaviour(money=one.money + other.money, orders=orders, bought=one.bought + other.bought)
