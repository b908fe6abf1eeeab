"""What can be said of a scheme before any data; cheap and certain, one truth a function."""

from __future__ import annotations

from collections.abc import Iterator

from carpel.kernel.issues import Issue, Severity
from carpel.profiles import Catalogue
from carpel.schemes.analysis.reach import unreachable
from carpel.schemes.binding import bind, unreadable_rules
from carpel.schemes.checks.reaching import (
    impossible_rules,
    remainders_of_nobody,
    rules_against_those_above,
    rules_outside_the_base,
    shadowed_segments,
)
from carpel.schemes.checks.serving import more_segments_than_allowed, without_owner, without_playbook
from carpel.schemes.structure import structure
from carpel.schemes.values import Scheme

OF_REACH = (
    impossible_rules,
    rules_outside_the_base,
    rules_against_those_above,
    shadowed_segments,
    remainders_of_nobody,
)
"""What intervals and sets show of a scheme that can be read."""
OF_SERVICE = (more_segments_than_allowed, without_owner, without_playbook)
"""What the company's own limits and people say."""


def check(scheme: Scheme, catalogue: Catalogue, *, time_zone: str | None = None) -> tuple[Issue, ...]:
    """Everything that is found without data: errors first, then warnings, then notes.

    Args:
        scheme: The scheme.
        catalogue: The attributes that its rules may name.
        time_zone: Where a day that a rule writes begins; None leaves comparisons of moments unjudged.
    """
    broken = [*structure(scheme), *unreadable_rules(scheme, catalogue.symbols)]
    reached = [] if broken else _reaching(scheme, catalogue, time_zone)
    found = [*broken, *reached, *(issue for said in OF_SERVICE for issue in said(scheme))]
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    return tuple(sorted(found, key=lambda issue: ranks[issue.severity]))


def _reaching(scheme: Scheme, catalogue: Catalogue, time_zone: str | None) -> Iterator[Issue]:
    bound = bind(scheme, catalogue.symbols, time_zone=time_zone or "UTC")
    found = unreachable(bound, moments=time_zone is not None)
    yield from (issue for said in OF_REACH for issue in said(found))
