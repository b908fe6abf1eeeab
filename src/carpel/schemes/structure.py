"""What makes a scheme a partition; checked before any data, one truth a function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import Part, Rules
from carpel.schemes.values import Scheme, Segment


def structure(scheme: Scheme) -> Iterator[Issue]:
    """Everything that keeps a scheme from giving each customer exactly one segment."""
    yield from duplicate_keys(scheme)
    for siblings, place in _levels(scheme):
        yield from missing_remainder(siblings, place)
        yield from unreachable(siblings)


def require_sound(scheme: Scheme) -> None:
    """Raise the first structural error, if there is one."""
    for issue in structure(scheme):
        raise SchemeError(issue.text.key, place=issue.place, **issue.text.params)


def duplicate_keys(scheme: Scheme) -> Iterator[Issue]:
    """A key names one segment of the whole scheme, whatever its parent."""
    seen: set[str] = set()
    for _, segment in scheme.walk():
        if segment.key in seen:
            yield _error("schemes.duplicate-key", segment.place or segment.key, key=segment.key)
        seen.add(segment.key)
    partitions: set[str] = set()
    for partition in scheme.partitions:
        if partition.key in partitions:
            yield _error("schemes.duplicate-key", partition.place or partition.key, key=partition.key)
        partitions.add(partition.key)
        yield from _duplicate_labels(partition.key, partition.labels, partition.place)


def missing_remainder(siblings: Sequence[Segment | Part], place: str) -> Iterator[Issue]:
    """Without a last part that takes everyone left, some customers would be in no segment."""
    if not any(each.when is None for each in siblings):
        last = siblings[-1].key if siblings else ""
        yield _error("schemes.no-remainder", place, last=last)


def unreachable(siblings: Sequence[Segment | Part]) -> Iterator[Issue]:
    """A segment listed after the remainder can never receive a customer."""
    remainder: str | None = None
    for each in siblings:
        if remainder is not None:
            yield _error("schemes.after-remainder", each.place or each.key, key=each.key, remainder=remainder)
        elif each.when is None:
            remainder = each.key


def _levels(scheme: Scheme) -> Iterator[tuple[Sequence[Segment | Part], str]]:
    yield scheme.segments, scheme.name or scheme.key
    for _, segment in scheme.walk():
        if segment.segments:
            yield segment.segments, segment.place or segment.key
    for partition in scheme.partitions:
        if isinstance(partition, Rules):
            yield partition.parts, partition.place or partition.key


def _duplicate_labels(key: str, labels: Sequence[str], place: str) -> Iterator[Issue]:
    if len(set(labels)) < len(labels):
        label = next(each for index, each in enumerate(labels) if each in labels[:index])
        yield _error("schemes.duplicate-label", place or key, label=label)


def _error(message: str, place: str, **params: str) -> Issue:
    return Issue(severity=Severity.ERROR, text=text(message, **params), place=place)
