"""What a run asks of a scheme: everyone's segment, how the segments add up, whom rules missed."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.engine import Step
from carpel.kernel.texts import text
from carpel.profiles import Profiles
from carpel.schemes.compiling import IN_BASE, Compiler, labelled_steps
from carpel.schemes.cuts import Cuts
from carpel.schemes.holding import HOME, Previous, with_holds
from carpel.schemes.placing import bound_to
from carpel.schemes.values import Scheme

COLUMNS: Final = (
    *("customer_no", "customer_id", "in_base", "segment_by_rule", "segment", "held_until"),
    *("previous_segment", "previous_held_until"),
)
"""What assignments hold of each customer, before the labels of partitions."""


def assign(scheme: Scheme, profiles: Profiles, cuts: Cuts, previous: Previous | None = None) -> tuple[Step, ...]:
    """Each customer's segment, in steps of which the last gives one row per customer.

    Its columns: `customer_no, customer_id, in_base, segment_by_rule, segment, held_until, previous_segment,
    previous_held_until`, then each partition's label. Outside the base, segment and labels are null. The last step
    reads the table `previous` where there is one, which `previous.bindings` binds.

    Raises:
        CarpelError: The scheme cannot be read against the profiles, or the parameters are of another logic.
    """
    compiler, steps = _labelled(scheme, profiles, cuts)
    row = steps[-1].unbound()
    leaf = compiler.segment(row, lambda segment: ibis.literal(segment.key), ibis.null("string"))
    ruled = Step("ruled", text("schemes.step-ruled"), row.mutate(segment_by_rule=leaf, in_base=row[IN_BASE]))
    before = _beside(ruled.unbound(), previous)
    if previous is not None:
        before = before.mutate(**{HOME: compiler.home(before)})
    placed = with_holds(scheme, before, profiles.as_of, looks_back=previous is not None)
    labels = (partition.key for partition in scheme.partitions)
    # Joining may leave them in any order, and whoever reads the files counts on that of customers.
    rows = placed.select(*COLUMNS, *labels).order_by("customer_no")
    return (*steps, ruled, Step("assignments", text("schemes.step-assign"), rows))


def _beside(row: Any, previous: Previous | None) -> Any:
    """The rows with the segment that each customer was in before."""
    if previous is None:
        return row.mutate(previous_segment=ibis.null("string"), previous_held_until=ibis.null("date"))
    before = previous.unbound()
    return row.left_join(before, "customer_id").drop("customer_id_right")


def totals(scheme: Scheme, profiles: Profiles, cuts: Cuts) -> tuple[Step, ...]:
    """Customers and revenue of each segment: `segment, customers, revenue`; segment null is outside the base.

    Revenue is the sum of `monetary_value` in minor units; null where profiles have none.
    """
    valued = "monetary_value" in profiles.catalogue.available
    compiler, steps = _labelled(scheme, profiles, cuts, also=("monetary_value",) if valued else ())
    row = steps[-1].unbound()
    leaf = compiler.segment(row, lambda segment: ibis.literal(segment.key), ibis.null("string"))
    money = row.monetary_value.fill_null(0) if valued else ibis.null("int64")
    query = row.select(segment=leaf, money=money).group_by("segment")
    revenue = ibis._.money.sum().cast("decimal(38,0)").cast("int64")
    summed = query.agg(customers=ibis._.count(), revenue=revenue)
    return (*steps, Step("totals", text("schemes.step-totals"), summed))


def _labelled(
    scheme: Scheme, profiles: Profiles, cuts: Cuts, also: tuple[str, ...] = ()
) -> tuple[Compiler, tuple[Step, ...]]:
    bound = bound_to(scheme, cuts)
    compiler = Compiler(bound, profiles.unbound(), digits=cuts.digits)
    return compiler, labelled_steps(compiler, bound, cuts.tiers, also)
