"""What a scheme does with the customers that there are: what rules take from each other, and what to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from carpel.kernel.engine import Engine
from carpel.profiles import Profiles
from carpel.schemes.binding import Bound
from carpel.schemes.compiling import Compiler, labelled_steps
from carpel.schemes.cuts import Cuts
from carpel.schemes.findings.judging import Seen, judge
from carpel.schemes.findings.likeness import alike, compared
from carpel.schemes.findings.trying import placed, try_rules
from carpel.schemes.findings.values import Alike, Findings, Overlap
from carpel.schemes.placing import bound_to
from carpel.schemes.values import Scheme

__all__ = ["Alike", "Findings", "Overlap", "find"]


def find(
    scheme: Scheme,
    profiles: Profiles,
    cuts: Cuts,
    engine: Engine,
    earlier: Mapping[str, tuple[int, int]] | None = None,
    *,
    sizes: Mapping[str, int] | None = None,
) -> Findings:
    """Look at how a scheme divides its customers, in two passes over their profiles.

    Args:
        scheme: The scheme.
        profiles: The customers.
        cuts: Its parameters.
        engine: Where it runs.
        earlier: Of the run before, for each segment: its customers, and those of the whole base.
        sizes: How many customers each leaf has, where that is not as the rules say: some may be held.

    Raises:
        CarpelError: The parameters belong to another logic.
    """
    found = _found(bound_to(scheme, cuts), profiles, cuts, engine)
    held = dict.fromkeys(found.customers, 0) | dict(sizes or found.customers)
    return replace(found, issues=judge(Seen(scheme=scheme, findings=found, sizes=held, earlier=earlier)))


def _found(bound: Bound, profiles: Profiles, cuts: Cuts, engine: Engine) -> Findings:
    compiler = Compiler(bound, profiles.unbound(), digits=cuts.digits)
    steps = labelled_steps(compiler, bound, cuts.tiers, tuple(each.key for each in compared(profiles.catalogue)))
    steps = (*steps, placed(bound.scheme, compiler, steps[-1].unbound()))
    tried = try_rules(bound, steps, profiles, engine)
    return Findings(
        customers=tried.customers,
        came=tried.came,
        missed=tried.missed,
        overlaps=tried.overlaps,
        alike=alike(bound, steps, profiles, tried.customers, engine),
    )
