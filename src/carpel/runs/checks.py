"""What must be true of a run before it may become current. Each check's docstring is what a person reads of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from carpel.crm import Facts
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.money import Currency
from carpel.kernel.texts import Parameter, text
from carpel.runs.tally import Tally
from carpel.schemes import Scheme


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the checks look at.

    Attributes:
        facts: What the sources gave.
        scheme: What divides the customers.
        tally: What the run has written.
    """

    facts: Facts
    scheme: Scheme
    tally: Tally


def somebody_to_divide(evidence: Evidence) -> Iterator[Issue]:
    """There are customers, and the scheme's base is not empty by mistake."""
    if not evidence.facts.customers:
        yield _error("runs.nobody", "customers")
    elif not any(in_base for in_base, _ in evidence.tally.customers):
        said = text("runs.nobody-in-base", customers=evidence.facts.customers)
        yield Issue(severity=Severity.WARNING, text=said, place="base")


def one_row_per_customer(evidence: Evidence) -> Iterator[Issue]:
    """Every customer has exactly one row, in profiles and in assignments."""
    wanted = evidence.facts.customers
    rows = {"profiles": evidence.tally.profile_rows, "assignments": evidence.tally.assignment_rows}
    for table, found in rows.items():
        if found != wanted:
            yield _error("runs.check-rows", table, table=table, found=found, wanted=wanted)
    if evidence.tally.strays:
        yield _error("runs.check-repeated", "assignments", table="assignments", count=evidence.tally.strays)


def exactly_one_segment(evidence: Evidence) -> Iterator[Issue]:
    """Every customer of the base is in exactly one segment of the scheme, and nobody else is in any."""
    leaves = {leaf.key for leaf in evidence.scheme.leaves}
    for (in_base, segment), count in evidence.tally.customers.items():
        if in_base and segment is None:
            yield _error("runs.check-unassigned", "assignments", count=count)
        elif not in_base and segment is not None:
            yield _error("runs.check-outside-assigned", segment, count=count)
        elif segment is not None and segment not in leaves:
            yield _error("runs.check-unknown-segment", segment, segment=segment, count=count)


def base_and_outside_are_everyone(evidence: Evidence) -> Iterator[Issue]:
    """The customers of the base and those outside it are all customers."""
    sizes = evidence.tally.customers
    base = sum(count for (in_base, _), count in sizes.items() if in_base)
    outside = sum(sizes.values()) - base
    if base + outside != evidence.facts.customers:
        customers = evidence.facts.customers
        yield _error("runs.check-not-everyone", "assignments", base=base, outside=outside, customers=customers)


def money_adds_up(evidence: Evidence) -> Iterator[Issue]:
    """The money of segments and of the stated rests is all the source's money, to the minor unit."""
    ledger = evidence.facts.ledger
    if ledger is None:
        return
    found = sum((evidence.tally.revenue or {}).values()) + sum(rests(evidence.facts, evidence.tally).values())
    if found != ledger.source:
        money = Currency(evidence.facts.currency).money
        amounts = {"found": found, "source": ledger.source, "difference": found - ledger.source}
        yield _error("runs.check-money", ledger.table, **{name: money(each) for name, each in amounts.items()})


CHECKS: Final[tuple[Callable[[Evidence], Iterator[Issue]], ...]] = (
    somebody_to_divide,
    one_row_per_customer,
    exactly_one_segment,
    base_and_outside_are_everyone,
    money_adds_up,
)


def rests(facts: Facts, tally: Tally) -> dict[str, int]:
    """The source's money that is in no profile, in minor units, by why; empty where nothing has money."""
    if facts.ledger is None:
        return {}
    return {
        "without_customer": facts.ledger.without_customer,
        "quarantine": facts.ledger.quarantine,
        "left_out": facts.ledger.left_out,
        "rounding": facts.ledger.rounding,
        "after_as_of": tally.after_as_of,
    }


def findings(evidence: Evidence) -> dict[str, tuple[Issue, ...]]:
    """What each check found, by its name; nothing found is good."""
    return {check.__name__: tuple(check(evidence)) for check in CHECKS}


def _error(key: str, place: str, **params: Parameter) -> Issue:
    count = params.get("count")
    amount = count if isinstance(count, int) else None
    return Issue(severity=Severity.ERROR, text=text(key, **params), place=place, count=amount)
