"""What somebody should look at in how a scheme divides the customers that there are; one truth a function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Parameter, text
from carpel.schemes.findings.values import Findings
from carpel.schemes.values import Scheme, Segment

LARGE_PART: Final = 0.5
"""Of those whom a rule describes: more than this taken by earlier ones is said."""
TINY: Final = 0.001
"""Of the base."""
MISSED: Final = 0.05
"""Of the customers to whom a rule is put."""
MOVED: Final = Decimal("0.5")
"""Of a segment's share, where the scheme's limits do not say; then only of segments of some size."""
_SOME: Final = 100
_FEW: Final = 5


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is looked at.

    Attributes:
        scheme: The scheme.
        findings: What it does with the customers.
        sizes: How many customers each leaf has, those held there included.
        earlier: The same of the run before, each with the customers of its base; None where there was none.
    """

    scheme: Scheme
    findings: Findings
    sizes: Mapping[str, int]
    earlier: Mapping[str, tuple[int, int]] | None = None


def rules_that_lose_most(seen: Seen) -> Iterator[Issue]:
    """A rule most of whose customers earlier rules take before it is asked."""
    found = seen.findings
    lost: Counter[str] = Counter()
    for each in found.overlaps:
        lost[each.loser] += each.customers
    for key, count in lost.items():
        segment = seen.scheme.segment(key)
        described = count + sum(found.customers[leaf.key] for leaf in segment.leaves)
        if count <= LARGE_PART * described:
            continue
        most = max((each for each in found.overlaps if each.loser == key), key=lambda each: each.customers)
        params: dict[str, Parameter] = {
            "lost": count,
            "described": described,
            "taker": most.taker,
            "taken": most.customers,
            "example": most.example,
        }
        yield _note(segment, "schemes.loses-most", count, (most.example,), **params)


def empty_segments(seen: Seen) -> Iterator[Issue]:
    """A segment without customers."""
    # With `limits: {customers: …}` it is below them, and a warning says so.
    if seen.findings.base and seen.scheme.limits.customers is None:
        empty = [leaf for leaf in seen.scheme.leaves if not seen.sizes[leaf.key] and not leaf.left_over]
        yield from _few(seen, "schemes.empty", empty)


def tiny_segments(seen: Seen) -> Iterator[Issue]:
    """A segment of so few customers that serving it apart is hardly worth it: under 0.1 % where no limit is set."""
    if seen.scheme.limits.customers is None:
        few = TINY * sum(seen.sizes.values())
        yield from _few(seen, "schemes.tiny", [leaf for leaf in seen.scheme.leaves if 0 < seen.sizes[leaf.key] < few])


def alike_siblings(seen: Seen) -> Iterator[Issue]:
    """Siblings that differ in nothing that matters, beyond what their own rules ask for."""
    for each in seen.findings.alike:
        params: dict[str, Parameter] = {
            "one": each.one,
            "other": each.other,
            "compared": each.compared,
            "attribute": each.attribute,
            "effect": Decimal(f"{each.effect:.2f}"),
        }
        yield _note(seen.scheme.segment(each.other), "schemes.alike", None, (each.one, each.other), **params)


def moved_shares(seen: Seen) -> Iterator[Issue]:
    """A segment whose share of the base moved beyond its bounds since the run before."""
    bound = seen.scheme.limits.moved
    for leaf in seen.scheme.leaves:
        before, base_before = (seen.earlier or {}).get(leaf.key, (0, 0))
        now, base = seen.sizes[leaf.key], sum(seen.sizes.values())
        if not base_before or not base or (bound is None and max(before, now) < _SOME):
            continue
        limit = MOVED if bound is None else bound
        # In whole numbers, so that exactly the bound is never beyond it.
        if abs(now * base_before - before * base) > limit * before * base:
            shares = {"before": _percent(before, base_before), "now": _percent(now, base), "limit": _percent(limit)}
            said = text("schemes.moved", name=leaf.key, **shares)
            yield Issue(severity=Severity.WARNING, text=said, place=leaf.key, count=abs(now - before))


def rules_missing_the_unknown(seen: Seen) -> Iterator[Issue]:
    """A rule that more than 5 % of those to whom it is put fail only because a value is unknown."""
    for key, missed in seen.findings.missed.items():
        came = seen.findings.came[key]
        if missed > MISSED * came:
            segment = seen.scheme.segment(key)
            rule = " ".join(segment.when.source.split()) if segment.when else ""
            yield _note(segment, "schemes.missed", missed, missed=missed, came=came, rule=rule)


CHECKS: Final = (
    rules_that_lose_most,
    empty_segments,
    tiny_segments,
    alike_siblings,
    moved_shares,
    rules_missing_the_unknown,
)
"""What is checked on data."""


def judge(seen: Seen) -> tuple[Issue, ...]:
    """Everything that somebody should look at."""
    return tuple(issue for each in CHECKS for issue in each(seen))


def _few(seen: Seen, key: str, leaves: Sequence[Segment]) -> Iterator[Issue]:
    if not leaves:
        return
    names = tuple(leaf.key for leaf in leaves[:_FEW])
    more = ", …" if len(leaves) > _FEW else ""
    said = text(key, count=len(leaves), names=", ".join(names) + more, base=sum(seen.sizes.values()))
    yield Issue(severity=Severity.NOTE, text=said, place=names[0], count=len(leaves), examples=names)


def _note(segment: Segment, key: str, count: int | None, examples: tuple[str, ...] = (), **params: Parameter) -> Issue:
    said = text(key, name=segment.key, **params)
    return Issue(severity=Severity.NOTE, text=said, place=segment.key, count=count, examples=examples)


def _percent(part: Decimal | int, whole: int = 1) -> Decimal:
    return round(Decimal(part) * 100 / whole, 1).normalize() + 0
