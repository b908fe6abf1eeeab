"""Whether customers can reach each segment, and each label of a partition by rules, at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Parameter, text
from carpel.schemes.analysis.reach import Asked, Cause, Unreachable

_FEW = 5


def impossible_rules(found: Iterable[Unreachable]) -> Iterator[Issue]:
    """A rule that can never hold, because it asks for things that exclude each other."""
    for each in _of(found, Cause.CONTRADICTS_ITSELF):
        if each.asked.is_base:
            yield _issue(each, "schemes.base-of-nobody")
        elif each.parts:
            one, other = each.parts
            yield _issue(each, "schemes.impossible-pair", one=one, other=other)
        else:
            yield _issue(each, "schemes.impossible")


def rules_outside_the_base(found: Iterable[Unreachable]) -> Iterator[Issue]:
    """A rule that asks for customers whom the base leaves out."""
    for each in _of(found, Cause.OUTSIDE_BASE):
        yield _issue(each, "schemes.outside-the-base", other=_written(each.others[0]))


def rules_against_those_above(found: Iterable[Unreachable]) -> Iterator[Issue]:
    """A part of a segment whose rule contradicts that of the segment."""
    for each in _of(found, Cause.CONTRADICTS_PARENT):
        if len(each.others) == 1:
            above = each.others[0]
            yield _issue(each, "schemes.against-above", above=above.name, other=_written(above))
        else:
            yield _issue(each, "schemes.against-all-above", others=_listed(each.others))


def shadowed_segments(found: Iterable[Unreachable]) -> Iterator[Issue]:
    """A segment everyone of whom earlier segments take, so that it never receives a customer."""
    for each in _of(found, Cause.SHADOWED):
        if len(each.others) == 1:
            by = each.others[0]
            yield _issue(each, "schemes.shadowed", by=by.name, other=_written(by))
        else:
            yield _issue(each, "schemes.shadowed-by-several", others=_listed(each.others))


def remainders_of_nobody(found: Iterable[Unreachable]) -> Iterator[Issue]:
    """A remainder for which earlier rules leave nobody, unknown values included."""
    for each in _of(found, Cause.NOBODY_LEFT):
        said = text("schemes.nobody-left", name=each.asked.name, others=_listed(each.others))
        yield Issue(severity=Severity.NOTE, text=said, place=each.asked.place, examples=_names(each.others))


def _of(found: Iterable[Unreachable], cause: Cause) -> Iterator[Unreachable]:
    return (each for each in found if each.cause is cause)


def _issue(found: Unreachable, key: str, **params: Parameter) -> Issue:
    said = text(key, name=found.asked.name, rule=_written(found.asked), **params)
    # Nobody wrote the rule of a label, and nobody can take it away: the partition has it.
    severity = Severity.NOTE if found.asked.is_label else Severity.WARNING
    return Issue(severity=severity, text=said, place=found.asked.place, examples=_names(found.others))


def _written(asked: Asked) -> str:
    return " ".join(asked.rule.source.split()) if asked.rule else ""


def _names(others: Iterable[Asked]) -> tuple[str, ...]:
    return tuple(each.name for each in others)[:_FEW]


def _listed(others: tuple[Asked, ...]) -> str:
    more = ", …" if len(others) > _FEW else ""
    return ", ".join(_names(others)) + more
