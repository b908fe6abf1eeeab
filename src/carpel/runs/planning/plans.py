"""What publishing a draft would change: who moves from where to where, and what of the company that touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from carpel.governance import Difference
from carpel.kernel.issues import Issue
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels
from carpel.schemes import Scheme

RESPONSIBLE: Final = ("owner", "team", "playbook")
"""What a segment says of those who serve it; its parts inherit it. A playbook is what a worklist works from."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Customers who are in one segment and would be in another, or in the same.

    Attributes:
        before: The leaf that they are in; None outside the base.
        after: The leaf that they would be in; None outside the base.
        customers: How many.
        revenue: Their monetary value in minor units; None where nothing has money.
    """

    before: str | None
    after: str | None
    customers: int
    revenue: int | None


@dataclass(frozen=True, kw_only=True)
class Resize:
    """A leaf's size before and after.

    Attributes:
        key: The segment; None for those outside the base.
        label: What people call it.
        customers_before: How many are in it; None where it is new.
        customers_after: How many would be; None where it goes.
        revenue_before: Their money in minor units; None where nothing has money, or the segment is new.
        revenue_after: Likewise.
    """

    key: str | None
    label: Labels
    customers_before: int | None
    customers_after: int | None
    revenue_before: int | None
    revenue_after: int | None


@dataclass(frozen=True, kw_only=True)
class Touched:
    """Somebody, or a playbook, whose customers would change.

    Attributes:
        kind: `owner`, `team` or `playbook`.
        name: Who or which.
        gains: Customers who would come to them.
        loses: Customers who would leave them.
        revenue: The money that would come, less what would leave, in minor units; None where nothing has money.
    """

    kind: str
    name: str
    gains: int
    loses: int
    revenue: int | None


@dataclass(frozen=True, kw_only=True)
class BudgetTouched:
    """Money planned for a segment that would change or go.

    Attributes:
        segment: The segment's key.
        from_month: The first month that has not ended.
        amount: What is planned from then on, in minor units.
        goes: Whether the segment would be no more.
        gains: Customers who would come to it.
        loses: Customers who would leave it.
    """

    segment: str
    from_month: date
    amount: int
    goes: bool
    gains: int
    loses: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What publishing a draft would change. Nothing has been changed.

    Attributes:
        scheme: The scheme's name.
        version: The published version; None where nothing is published.
        run: The run on whose profiles it was computed.
        as_of: The day that the run knows up to.
        currency: The reporting currency.
        before: The scheme by which customers are where they are.
        after: The draft.
        difference: What lies between what is published and the draft.
        flows: Everyone, by where they are and where they would be.
        budgets: Budgets that name a segment which would change.
        issues: What can be said of the draft.
    """

    scheme: str
    version: int | None
    run: str
    as_of: date
    currency: Currency
    before: Scheme
    after: Scheme
    difference: Difference
    flows: tuple[Flow, ...]
    budgets: tuple[BudgetTouched, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def moves(self) -> tuple[Flow, ...]:
        """The flows from one segment to another; the most customers first."""
        moving = (each for each in self.flows if each.before != each.after)
        return tuple(sorted(moving, key=lambda each: (-each.customers, each.before or "", each.after or "")))

    @property
    def moving(self) -> int:
        """How many customers would move."""
        return sum(each.customers for each in self.moves)

    @property
    def staying(self) -> int:
        """How many would stay where they are."""
        return sum(each.customers for each in self.flows) - self.moving

    @property
    def divided(self) -> int:
        """How many of those who move would be in a part of the segment that they are in: it is refined."""
        return sum(each.customers for each in self.moves if self.refines(each.before) and self._inside(each))

    def refines(self, segment: str | None) -> bool:
        """Whether a leaf of now would have parts."""
        return segment in self.after.paths and bool(self.after.segment(str(segment)).segments)

    def _inside(self, flow: Flow) -> bool:
        return flow.before in self.after.paths.get(flow.after or "", ())

    def label(self, segment: str | None) -> Labels:
        """What people call a segment, as the draft has it; nothing outside the base."""
        if segment is None:
            return Labels({})
        return (self.after if segment in self.after.paths else self.before).title(segment)

    @property
    def sizes(self) -> tuple[Resize, ...]:
        """Every leaf of the draft in its order, a refined one before its parts; those that go; outside the base."""
        old, new = ({leaf.key for leaf in scheme.leaves} for scheme in (self.before, self.after))
        stay = [segment.key for _, segment in self.after.walk() if segment.key in old | new]
        gone = [leaf.key for leaf in self.before.leaves if leaf.key not in stay]
        keys = (*stay, *gone, None)
        return tuple(
            self._resize(key, was=key is None or key in old, will_be=key is None or key in new) for key in keys
        )

    def _resize(self, key: str | None, *, was: bool, will_be: bool) -> Resize:
        before = _sum(self.flows, "before", key) if was else (None, None)
        after = _sum(self.flows, "after", key) if will_be else (None, None)
        return Resize(
            key=key,
            label=self.label(key),
            customers_before=before[0],
            customers_after=after[0],
            revenue_before=before[1],
            revenue_after=after[1],
        )

    @property
    def touched(self) -> tuple[Touched, ...]:
        """Owners, teams and playbooks whose customers would change, whether these move or are given to another."""
        return tuple(each for kind in RESPONSIBLE for each in _touched(self, kind))


def responsible(scheme: Scheme, segment: str | None, kind: str) -> str | None:
    """Who or what serves a segment: its own, else that of the nearest segment above."""
    above = reversed(scheme.paths.get(segment or "", ()))
    return next((found for key in above if (found := getattr(scheme.segment(key), kind))), None)


def crossing(plan: Plan, segment: str) -> tuple[int, int]:
    """How many customers would come to a segment of any level, and how many would leave it."""
    gains = loses = 0
    for flow in plan.moves:
        was = segment in plan.before.paths.get(flow.before or "", ())
        would_be = segment in plan.after.paths.get(flow.after or "", ())
        gains += flow.customers if would_be and not was else 0
        loses += flow.customers if was and not would_be else 0
    return gains, loses


def _sum(flows: tuple[Flow, ...], side: str, key: str | None) -> tuple[int, int | None]:
    chosen = [each for each in flows if getattr(each, side) == key]
    valued = any(each.revenue is not None for each in flows)
    return sum(each.customers for each in chosen), sum(each.revenue or 0 for each in chosen) if valued else None


def _touched(plan: Plan, kind: str) -> Iterator[Touched]:
    gains, loses, revenue = dict[str, int](), dict[str, int](), dict[str, int]()
    for flow in plan.flows:
        before, after = responsible(plan.before, flow.before, kind), responsible(plan.after, flow.after, kind)
        if before == after:
            continue
        for name, count, sign in ((before, loses, -1), (after, gains, 1)):
            if name:
                count[name] = count.get(name, 0) + flow.customers
                revenue[name] = revenue.get(name, 0) + sign * (flow.revenue or 0)
    valued = any(each.revenue is not None for each in plan.flows)
    for name in sorted({*gains, *loses}):
        money = revenue[name] if valued else None
        yield Touched(kind=kind, name=name, gains=gains.get(name, 0), loses=loses.get(name, 0), revenue=money)
