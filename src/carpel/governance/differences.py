"""What lies between two texts of a scheme: line by line, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from typing import Final

from carpel.governance.versions import SchemeVersion
from carpel.kernel.texts import Text, text
from carpel.schemes import Partition, Scheme, Segment, logic_fingerprint


class ChangeKind(StrEnum):
    """What was changed."""

    SEGMENT_ADDED = "segment-added"
    SEGMENT_REMOVED = "segment-removed"
    SEGMENT_MOVED = "segment-moved"
    """It refines another segment than before."""
    SEGMENT_ORDER = "segment-order"
    """The rules of one level are tried in another order."""
    SEGMENT_RULE = "segment-rule"
    SEGMENT_URGENT = "segment-urgent"
    SEGMENT_LABEL = "segment-label"
    SEGMENT_OWNER = "segment-owner"
    SEGMENT_TEAM = "segment-team"
    SEGMENT_PLAYBOOK = "segment-playbook"
    PARTITION_ADDED = "partition-added"
    PARTITION_REMOVED = "partition-removed"
    PARTITION_RULE = "partition-rule"
    """It gives somebody another label, or may."""
    PARTITION_LABEL = "partition-label"
    PARTITION_ORDER = "partition-order"
    BASE = "base"
    HOLD = "hold"
    SPONSOR = "sponsor"
    LIMITS = "limits"
    LABEL = "label"
    KEY = "key"


_RESPONSIBLE: Final = {
    "owner": ChangeKind.SEGMENT_OWNER,
    "team": ChangeKind.SEGMENT_TEAM,
    "playbook": ChangeKind.SEGMENT_PLAYBOOK,
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs.

    Attributes:
        kind: What was changed.
        subject: The key of the segment, partition or scheme.
        before: What it was, as it is written; None where there was nothing.
        after: What it is.
    """

    kind: ChangeKind
    subject: str
    before: str | None = None
    after: str | None = None

    @property
    def text(self) -> Text:
        """The change in a sentence."""
        nothing = text("governance.nothing")
        before, after = (nothing if each is None else each for each in (self.before, self.after))
        return text(f"governance.change-{self.kind}", subject=self.subject, before=before, after=after)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What lies between two texts of a scheme.

    Attributes:
        lines: The difference line by line, as `diff -u` writes it.
        changes: What it means.
        logic: Whether somebody may be placed differently.
    """

    lines: tuple[str, ...]
    changes: tuple[Change, ...]
    logic: bool

    @property
    def summary(self) -> Text:
        """The first change and how many more there are; that only the writing differs where nothing means anything."""
        if not self.changes:
            return text("governance.same-meaning") if self.lines else text("governance.same-text")
        more = len(self.changes) - 1
        return text(
            "governance.first-change" if more else "governance.only-change", first=self.changes[0].text, more=more
        )

    def of(self, *kinds: ChangeKind) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(each for each in self.changes if each.kind in kinds)


def difference(before: Scheme, after: Scheme, texts: tuple[str, str]) -> Difference:
    """What lies between two schemes and the texts that they were read from."""
    names = before.name or before.key, after.name or after.key
    lines = unified_diff(texts[0].splitlines(), texts[1].splitlines(), *names, lineterm="")
    logic = logic_fingerprint(before) != logic_fingerprint(after)
    return Difference(lines=tuple(lines), changes=tuple(_changes(before, after)), logic=logic)


def between(before: SchemeVersion, after: SchemeVersion) -> Difference:
    """What lies between two versions."""
    return difference(before.read, after.read, (before.text, after.text))


def _changes(before: Scheme, after: Scheme) -> Iterator[Change]:
    yield from _of_scheme(before, after)
    yield from _of_partitions(before, after)
    yield from _of_segments(before, after)


def _of_scheme(before: Scheme, after: Scheme) -> Iterator[Change]:
    pairs = {
        ChangeKind.KEY: (before.key, after.key),
        ChangeKind.LABEL: (_label(before.label.by_language), _label(after.label.by_language)),
        ChangeKind.BASE: (_source(before.base), _source(after.base)),
        ChangeKind.HOLD: (f"{before.hold.days} days", f"{after.hold.days} days"),
        ChangeKind.SPONSOR: (before.sponsor, after.sponsor),
        ChangeKind.LIMITS: (_limits(before), _limits(after)),
    }
    for kind, pair in pairs.items():
        yield from _changed(kind, after.key, *pair)


def _of_partitions(before: Scheme, after: Scheme) -> Iterator[Change]:
    old, new = ({each.key: each for each in scheme.partitions} for scheme in (before, after))
    yield from _appeared(old, new, ChangeKind.PARTITION_ADDED, ChangeKind.PARTITION_REMOVED)
    for key in (key for key in new if key in old):
        if _logic(old[key]) != _logic(new[key]):
            yield Change(kind=ChangeKind.PARTITION_RULE, subject=key)
        elif _called(old[key]) != _called(new[key]):
            yield Change(kind=ChangeKind.PARTITION_LABEL, subject=key)
    if _reordered(list(old), list(new)):
        yield Change(kind=ChangeKind.PARTITION_ORDER, subject=after.key, before=", ".join(old), after=", ".join(new))


def _of_segments(before: Scheme, after: Scheme) -> Iterator[Change]:
    old, new = ({segment.key: segment for _, segment in scheme.walk()} for scheme in (before, after))
    yield from _appeared(old, new, ChangeKind.SEGMENT_ADDED, ChangeKind.SEGMENT_REMOVED)
    for key in (key for key in new if key in old):
        above = (_above(scheme, key) for scheme in (before, after))
        yield from _changed(ChangeKind.SEGMENT_MOVED, key, *above)
        yield from _of_segment(old[key], new[key])
    for level, (earlier, later) in _levels(before, after).items():
        if _reordered(earlier, later):
            order = (", ".join(earlier), ", ".join(later))
            yield Change(kind=ChangeKind.SEGMENT_ORDER, subject=level or after.key, before=order[0], after=order[1])


def _of_segment(old: Segment, new: Segment) -> Iterator[Change]:
    yield from _changed(ChangeKind.SEGMENT_RULE, new.key, _source(old.when), _source(new.when))
    yield from _changed(ChangeKind.SEGMENT_LABEL, new.key, _label(old.name.by_language), _label(new.name.by_language))
    yield from _changed(ChangeKind.SEGMENT_URGENT, new.key, str(old.urgent).lower(), str(new.urgent).lower())
    for attribute, kind in _RESPONSIBLE.items():
        yield from _changed(kind, new.key, getattr(old, attribute), getattr(new, attribute))


def _changed(kind: ChangeKind, subject: str, before: str | None, after: str | None) -> Iterator[Change]:
    if before != after:
        yield Change(kind=kind, subject=subject, before=before, after=after)


def _appeared(
    old: Mapping[str, object], new: Mapping[str, object], added: ChangeKind, removed: ChangeKind
) -> Iterator[Change]:
    yield from (Change(kind=added, subject=key) for key in new if key not in old)
    yield from (Change(kind=removed, subject=key) for key in old if key not in new)


def _levels(before: Scheme, after: Scheme) -> dict[str | None, tuple[list[str], list[str]]]:
    """The keys of each level that both have, by the segment that it refines; None is the top."""
    old, new = _siblings(before), _siblings(after)
    return {key: (old[key], new[key]) for key in new if key in old}


def _siblings(scheme: Scheme) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {None: [each.key for each in scheme.segments]}
    found |= {segment.key: [each.key for each in segment.segments] for _, segment in scheme.walk() if segment.segments}
    return found


def _reordered(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether those that are in both stand in another order."""
    return [key for key in before if key in set(after)] != [key for key in after if key in set(before)]


def _above(scheme: Scheme, key: str) -> str | None:
    path = scheme.paths[key]
    return path[-2] if len(path) > 1 else None


def _logic(partition: Partition) -> str:
    return logic_fingerprint(Scheme(key="", segments=(), partitions=(partition,)))


def _called(partition: Partition) -> object:
    return partition.label, partition.names


def _source(rule: object) -> str | None:
    return getattr(rule, "source", None)


def _label(labels: Mapping[str, str]) -> str | None:
    return ", ".join(f"{language}: {label}" for language, label in sorted(labels.items())) or None


def _limits(scheme: Scheme) -> str | None:
    limits = scheme.limits
    pairs = {"segments": limits.segments, "customers": limits.customers, "moved": limits.moved}
    return ", ".join(f"{name}: {value}" for name, value in pairs.items() if value is not None) or None
