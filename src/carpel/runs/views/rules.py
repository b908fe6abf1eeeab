"""The way into a segment: its rules in words and as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

from carpel.kernel.language import sentence
from carpel.kernel.texts import text
from carpel.runs.opening import Run
from carpel.runs.views.portrait import Part, RuleStep
from carpel.schemes.binding import Bound, bind
from carpel.schemes.findings.likeness import asked_for
from carpel.schemes.wording import Vocabulary

_PLACE = re.compile(r":(\d+)(:\d+)?$")


def bound_of(run: Run) -> Bound:
    """The run's scheme with its rules read."""
    return bind(run.scheme, run.catalogue.symbols, time_zone=run.as_of.time_zone)


def rules(run: Run, bound: Bound, segment: str) -> tuple[RuleStep, ...]:
    """Each step from the top down to a segment."""
    return tuple(_steps(run, bound, segment))


def asked(bound: Bound, segment: str) -> frozenset[str]:
    """The attributes that the rules on the way into a segment ask for, those of its siblings too."""
    scheme, level, found = bound.scheme, bound.scheme.segments, frozenset[str]()
    for key in scheme.paths[segment]:
        found |= asked_for(bound, level)
        level = scheme.segment(key).segments
    return found


def written(run: Run, segment: str) -> str:
    """The lines of the scheme's text that say a segment; nothing where it has none of its own."""
    found = _PLACE.search(run.scheme.segment(segment).place)
    lines = run.manifest.scheme.splitlines()
    if not found or int(found.group(1)) > len(lines):
        return ""
    start = int(found.group(1)) - 1
    own = [lines[start], *_inside(lines[start + 1 :], _indent(lines[start]))]
    while own and (not own[-1].strip() or own[-1].lstrip().startswith("#")):
        own.pop()
    return dedent("\n".join(own))


def _steps(run: Run, bound: Bound, segment: str) -> Iterator[RuleStep]:
    words = Vocabulary(bound, run.catalogue)
    for key in run.scheme.paths[segment]:
        found = run.scheme.segment(key)
        if found.when is None:
            said, part = text("views.rule-otherwise"), Part.OTHERWISE
        else:
            tree = bound.tree(found.when)
            said = sentence(tree, words.labels, word=words.word, digits=run.currency.digits, currency=run.currency)
            part = Part.WHEN
        rule = " ".join(found.when.source.split()) if found.when else None
        yield RuleStep(segment=key, label=found.name, part=part, sentence=said, rule=rule)


def _inside(lines: list[str], indent: int) -> Iterator[str]:
    """The lines that follow and stand further in."""
    for line in lines:
        if line.strip() and not line.lstrip().startswith("#") and _indent(line) <= indent:
            return
        yield line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
