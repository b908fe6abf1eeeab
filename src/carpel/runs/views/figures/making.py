"""All figures of one run, from what it has written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.profiles import Profiles
from carpel.runs.making import Assignments
from carpel.runs.moves.comparing import Moment, Moves
from carpel.runs.moves.expecting import Expectation, earlier_movements, expectation
from carpel.runs.moves.log import LoggedRun
from carpel.runs.opening import Run
from carpel.runs.planning.plans import Flow
from carpel.runs.tally import MONEY
from carpel.runs.views.figures.counting import Columns, count, foretold, known, leaf_places, medians, wanted
from carpel.runs.views.figures.earning import Buying, freshest, product_names
from carpel.runs.views.figures.values import Figures
from carpel.schemes import Scheme, logic_fingerprint

_BEFORE = "previous_segment"


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a run has written, and what it looked back to.

    Attributes:
        scheme: What divided the customers.
        profiles: The customers.
        assignments: Where they are.
        facts: What the sources gave; None where it is no longer kept.
        as_of: The moment that the run knows up to.
        before: The run whose assignments it looked back to; None where there is none.
        logged: The logged runs up to that one.
    """

    scheme: Scheme
    profiles: Profiles
    assignments: Assignments
    facts: Facts | None
    as_of: AsOf
    before: Run | None = None
    logged: Sequence[LoggedRun] = ()


def make_figures(made: Made, engine: Engine) -> Figures:
    """Count everything that pages show."""
    scheme = made.scheme
    leaves = tuple(leaf.key for leaf in scheme.leaves)
    places = leaf_places(made.assignments, scheme)
    flows = _flows(made) if made.before else None
    counted = count(made.profiles, places, len(leaves))
    figures = Figures(
        leaves=leaves,
        counted=counted,
        known=known(made.profiles, counted),
        medians=medians(made.profiles, places, scheme),
        foretold=foretold(made.profiles, places, len(leaves)),
        wanted=wanted(made.profiles, places),
        flows=flows,
        expected=_expected(made, flows, engine) if flows is not None else None,
    )
    return _with_facts(figures, made, made.facts, engine) if made.facts else figures


def made_of(run: Run, before: Run | None = None, logged: Sequence[LoggedRun] = ()) -> Made:
    """What a finished run has written."""
    try:
        facts: Facts | None = run.facts
    except CarpelError:
        facts = None
    return Made(
        scheme=run.scheme,
        profiles=run.profiles,
        assignments=run.assignments,
        facts=facts,
        as_of=run.as_of,
        before=before,
        logged=logged,
    )


def moves_of(flows: tuple[Flow, ...], before: Run, as_of: AsOf, run: str | None, logic: str) -> Moves:
    """Flows since the run before, as moves between two dates."""
    start = Moment(day=before.as_of.day, run=before.id, logic=before.manifest.logic)
    return Moves(start=start, end=Moment(day=as_of.day, run=run, logic=logic), flows=flows)


def _with_facts(figures: Figures, made: Made, facts: Facts, engine: Engine) -> Figures:
    buying = Buying(facts, made.assignments, made.as_of, figures.places, engine)
    return replace(
        figures,
        sold=buying.sold(),
        lines=buying.lines(),
        products=product_names(facts),
        freshest=freshest(facts, made.as_of),
    )


def _flows(made: Made) -> tuple[Flow, ...] | None:
    """From each segment to each, staying included; those who are no customers any more leave the base."""
    if made.before is None or _BEFORE not in made.assignments.columns:
        return None
    counted = _counted(made)
    for size in made.before.manifest.segments:
        stay = sum(customers for (old, _), (customers, _) in counted.items() if old == size.key)
        if size.customers > stay:
            customers, revenue = counted.get((size.key, None), (0, None))
            counted[size.key, None] = (customers + size.customers - stay, revenue)
    pairs = sorted(counted.items(), key=lambda pair: (pair[0][0] or "", pair[0][1] or ""))
    return tuple(
        Flow(before=old, after=new, customers=customers, revenue=revenue)
        for (old, new), (customers, revenue) in pairs
        if old is not None or new is not None
    )


def _counted(made: Made) -> dict[tuple[str | None, str | None], tuple[int, int | None]]:
    placed = Columns.of(made.assignments.files).read([_BEFORE, "segment"])
    valued = MONEY in made.profiles.catalogue.available
    money: Any = Columns.of(made.profiles.files).read([MONEY])[MONEY] if valued else None
    if money is None:
        money = pa.nulls(placed.num_rows, pa.int64())
    table = placed.append_column("money", money).append_column("one", pa.array(np.ones(placed.num_rows, np.int64)))
    summed = table.group_by([_BEFORE, "segment"]).aggregate([("money", "sum"), ("one", "sum")]).to_pylist()
    return {
        (row[_BEFORE], row["segment"]): (row["one_sum"], (row["money_sum"] or 0) if valued else None) for row in summed
    }


def _expected(made: Made, flows: tuple[Flow, ...], engine: Engine) -> Expectation | None:
    if made.before is None or not made.logged:
        return None
    moves = moves_of(flows, made.before, made.as_of, None, logic_fingerprint(made.scheme))
    return expectation(moves, earlier_movements(made.logged, moves.start.day, moves.start.logic, engine))
