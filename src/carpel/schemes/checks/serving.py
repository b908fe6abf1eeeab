"""Whether the company can serve what a scheme divides: not too many segments, each with an owner and a playbook."""

from __future__ import annotations

from collections.abc import Iterator

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.schemes.values import Scheme


def more_segments_than_allowed(scheme: Scheme) -> Iterator[Issue]:
    """More segments than the company said that it can serve."""
    most = scheme.limits.segments
    if most is not None and len(scheme.leaves) > most:
        found = text("schemes.over-limit", count=len(scheme.leaves), limit=most)
        yield Issue(severity=Severity.ERROR, text=found, place=scheme.name or scheme.key, count=len(scheme.leaves))


def without_owner(scheme: Scheme) -> Iterator[Issue]:
    """A segment that nobody answers for; a parent's owner answers for its parts."""
    yield from _without(scheme, "owner", "schemes.no-owner")


def without_playbook(scheme: Scheme) -> Iterator[Issue]:
    """A segment whose staff are told neither what to offer nor what to say; parts inherit their parent's playbook."""
    yield from _without(scheme, "playbook", "schemes.no-playbook")


def _without(scheme: Scheme, attribute: str, key: str) -> Iterator[Issue]:
    lacking = [
        leaf
        for leaf in scheme.leaves
        if not any(getattr(scheme.segment(above), attribute) for above in scheme.paths[leaf.key])
    ]
    if lacking:
        yield Issue(
            severity=Severity.NOTE,
            text=text(key, count=len(lacking), first=lacking[0].key),
            place=lacking[0].place or lacking[0].key,
            count=len(lacking),
            examples=tuple(leaf.key for leaf in lacking[:5]),
        )
