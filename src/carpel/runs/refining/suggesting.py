"""Which divisions of a segment pay, as past outcomes say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.crm import TABLES
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.language import parse_condition, to_ibis
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.temporary import TemporaryFolder
from carpel.profiles import Attribute, Profiles
from carpel.runs.fingerprints import TABLE
from carpel.runs.folders import disk
from carpel.runs.opening import Run
from carpel.runs.past import FOLDER, Past, past
from carpel.runs.refining.looking import ROWS, Looking
from carpel.runs.refining.outcomes import MONEY, Period, outcomes, periods, write_outcomes
from carpel.schemes import Scheme
from carpel.schemes.suggesting.options import Option, visible
from carpel.schemes.suggesting.splitting import FEWEST, Split, judge, promising, ranked

SEED: Final = 1


@dataclass(frozen=True, kw_only=True)
class SplitAdvice:
    """How a segment could be divided.

    Attributes:
        segment: Its key.
        scheme: The scheme that it is a leaf of.
        period: The time whose money judges; the segment is that of its beginning.
        customers: How many were in the segment then.
        attributes: How many attributes were looked at.
        cost: What one more segment costs in such a period, in minor units.
        cost_known: Whether that was given or found in the facts, rather than taken to be nothing.
        splits: Divisions, the best first.
    """

    segment: str
    scheme: Scheme
    period: Period
    customers: int
    attributes: int
    cost: int
    cost_known: bool
    splits: tuple[Split, ...]

    @property
    def worthwhile(self) -> tuple[Split, ...]:
        """Those that pay even at the lower end of their interval."""
        return tuple(each for each in self.splits if each.worthwhile)


def suggest_split(
    run: Run,
    engine: Engine,
    segment: str,
    *,
    days: int | None = None,
    cost: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
) -> SplitAdvice:
    """How one leaf of a run's scheme could be divided, the best way first.

    Args:
        run: Whose scheme, facts and present sizes count.
        engine: Where expressions run.
        segment: The leaf's key.
        days: How long the judging period is; None: a quarter of the history, 30 to 180 days.
        cost: Of serving one more segment for such a period, in minor units; None: what costs by segment say, else 0.
        seed: Which customers choose and which judge.
        progress: Is told each stage.

    Raises:
        CarpelError: No such leaf, no room for one more segment, no money, or too short a history.
    """
    scheme = run.scheme
    _refuse_segment(scheme, segment)
    period = periods(run, days, 1)[0]
    before = past(run, engine, scheme, period.start, run.workspace / FOLDER, progress=progress)
    priced = cost if cost is not None else segment_cost(run, engine, period)
    with disk(run.folder), TemporaryFolder("suggest-", beside=run.workspace / FOLDER) as folder:
        looking = _looking(run, engine, before, _segment_rows(before, run.profiles, segment, seed), folder)
        chosen, looked = looking.all(_seen(run, before), progress or Silent())
        known = looking.customers()
    best = promising(chosen)
    now = _now(run, engine, segment, [each.option for each in best])
    judged = (judge(each, now[each.option.rule], looks=len(best), cost=priced or 0) for each in best)
    return SplitAdvice(
        segment=segment,
        scheme=scheme,
        period=period,
        customers=known,
        attributes=looked,
        cost=priced or 0,
        cost_known=priced is not None,
        splits=ranked(judged, fewest=_fewest(scheme)),
    )


def _refuse_segment(scheme: Scheme, segment: str) -> None:
    leaves = [leaf.key for leaf in scheme.leaves]
    if segment not in leaves:
        key = "runs.suggest-not-a-leaf" if segment in scheme.paths else "runs.suggest-no-segment"
        near = leaves if segment in scheme.paths else tuple(scheme.paths)
        raise CarpelError(key, place=scheme.name, segment=segment, hint=nearest(segment, near))
    most = scheme.limits.segments
    if most is not None and len(leaves) >= most:
        raise CarpelError("runs.suggest-no-room", place=scheme.name, count=len(leaves), limit=most)


def _seen(run: Run, before: Past) -> tuple[Attribute, ...]:
    """What a colleague sees today and what was truly known then."""
    then = before.profiles.catalogue
    hidden = {*then.as_known_today(before.at), *(key for key in then.available if key not in run.catalogue.available)}
    return visible(then, hidden)


def _fewest(scheme: Scheme) -> int:
    return scheme.limits.customers or FEWEST


def _looking(run: Run, engine: Engine, before: Past, rows: Any, folder: Path) -> Looking:
    """Over the segment's rows of then, written once."""
    files = write_outcomes(rows, before, run.profiles, folder, engine)
    return Looking(rows.schema(), {ROWS: files}, engine, before.profiles, _fewest(run.scheme) // 2)


def _segment_rows(before: Past, after: Profiles, segment: str, seed: int) -> Any:
    rows = outcomes(before, after, seed=seed)
    return rows.filter(rows["__segment"] == segment)


def segment_cost(run: Run, engine: Engine, period: Period) -> int | None:
    """What a segment cost on average in a period, in minor units, where costs name segments; None where none does."""
    table = run.facts.tables.get("costs")
    time = TABLES["costs"].time
    if table is None or not {"segment", "amount", time} <= table.columns.keys():
        return None
    rows = table.unbound()
    rows = rows.filter(rows.segment.notnull() & (rows[time] >= period.start.stored) & (rows[time] < period.end.stored))
    spent = rows.group_by("segment").agg(amount=rows.amount.sum().cast("decimal(38,0)").cast("int64"))
    files = (*table.buckets, *([table.without_customer] if table.without_customer else []))
    found = [row["amount"] for row in engine.read(spent, {table.name: files}).to_pylist() if row["amount"]]
    return round(sum(found) / len(found)) if found else None


def _now(
    run: Run, engine: Engine, segment: str, options: Sequence[Option]
) -> Mapping[str, Mapping[bool, tuple[int, int]]]:
    """For each rule: by whether it holds, customers of the segment today and their money."""
    if not options:
        return {}
    profiles, placed = run.profiles.unbound(), run.assignments.unbound()
    inside = placed.filter(placed.segment == segment).select("customer_no")
    rows = profiles.inner_join(inside, "customer_no")
    money = rows[MONEY].fill_null(0)
    parts: dict[str, Any] = {}
    for number, option in enumerate(options):
        tree = parse_condition(option.rule, run.catalogue.symbols, place=option.attribute.key)
        holds = to_ibis(tree, rows, digits=run.profiles.digits).fill_null(ibis.or_())
        for name, of in ((f"yes_{number}", holds), (f"no_{number}", ~holds)):
            parts[name] = of.cast("int64").sum()
            parts[f"{name}_money"] = money.sum(where=of)
    whole = {name: value.cast("decimal(38,0)").cast("int64").fill_null(0) for name, value in parts.items()}
    sums = _added(engine, rows.agg(**whole), run)
    return {
        option.rule: {
            True: (sums[f"yes_{number}"], sums[f"yes_{number}_money"]),
            False: (sums[f"no_{number}"], sums[f"no_{number}_money"]),
        }
        for number, option in enumerate(options)
    }


def _added(engine: Engine, query: Any, run: Run) -> dict[str, int]:
    """One row of sums, added up over the buckets."""
    total: dict[str, int] = {}
    for profiles, placed in zip(run.profiles.files, run.assignments.files, strict=True):
        row = engine.read(query, {"profiles": (profiles,), TABLE: (placed,)}).to_pylist()[0]
        total = {name: total.get(name, 0) + int(value) for name, value in row.items()}
    return total
