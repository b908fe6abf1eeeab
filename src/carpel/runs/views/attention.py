"""What needs attention: each check yields items; its docstring says when it speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from carpel.kernel.dates import AsOf
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Labels, Text, text
from carpel.runs.knowing import OLD
from carpel.runs.moves.comparing import Moves
from carpel.runs.moves.expecting import Arrow, Expectation
from carpel.runs.opening import Run
from carpel.runs.records import RunRecord, RunState
from carpel.runs.views.overview import Attention, AttentionKind, Destination, SegmentLine

_FAILED: Final = frozenset({RunState.FAILED, RunState.REFUSED, RunState.ABANDONED})
_TOLD_OTHERWISE: Final = frozenset({"schemes.no-owner", "schemes.no-playbook", "schemes.too-small"})
_OF_DATA: Final = frozenset({"sources", "reading"})
_SEVERITIES: Final = tuple(Severity)
_KINDS: Final = tuple(AttentionKind)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What is looked at.

    Attributes:
        run: The current run.
        lines: Its segments.
        records: Runs, newest first.
        moves: Who went where since the run before.
        expected: What was expected of that.
        last_event: The moment of the latest event, UTC without zone; None where nothing is dated or facts are gone.
        now: The present.
    """

    run: Run
    lines: Sequence[SegmentLine]
    records: Sequence[RunRecord]
    moves: Moves | None
    expected: Expectation | None
    last_event: datetime | None
    now: datetime


def attention(looked: Looked) -> tuple[Attention, ...]:
    """Everything that somebody should look at, the most urgent first."""
    found = [item for check in CHECKS for item in check(looked)]
    return tuple(sorted(found, key=lambda item: (_SEVERITIES.index(item.severity), _KINDS.index(item.kind))))


def failed_run(looked: Looked) -> Iterator[Attention]:
    """The last run failed its checks, could not be made or was stopped, so older figures are shown."""
    last = next((each for each in looked.records if each.state is not RunState.RUNNING), None)
    if last is None or last.state not in _FAILED:
        return
    started = AsOf.at(last.started, looked.run.as_of.time_zone).day
    problem: Text | Labels = last.problem or Labels({})
    said = text(f"views.attention-run-{last.state}", started=started, problem=problem, as_of=looked.run.as_of.day)
    yield Attention(kind=AttentionKind.FAILED_RUN, severity=Severity.ERROR, text=said, goes_to=Destination.RUNS)


def findings_of_checks(looked: Looked) -> Iterator[Attention]:
    """A check that every run must pass found something to look at."""
    for found in looked.run.manifest.checks.values():
        for issue in found:
            if issue.severity is not Severity.NOTE:
                yield _item(AttentionKind.CHECK, issue, Destination.RUNS, issue.text)


def stale(looked: Looked) -> Iterator[Attention]:
    """The latest event is over 30 days past: nothing new has come in, or the run is old."""
    latest, today = _latest(looked), AsOf.at(looked.now, looked.run.as_of.time_zone).day
    if latest and today - latest > OLD:
        said = text("views.attention-stale", latest=latest, count=(today - latest).days)
        yield Attention(kind=AttentionKind.STALE, severity=Severity.WARNING, text=said, goes_to=Destination.DATA)


def shrinking(looked: Looked) -> Iterator[Attention]:
    """A segment lost customers on balance, and to one other segment more than earlier movement would suggest."""
    if not looked.expected or not looked.moves:
        return
    net = {each.key: each.net for each in looked.moves.segments}
    worst: dict[str, Arrow] = {}
    for arrow in looked.expected.exceeding:
        known = worst.get(arrow.before)
        if net.get(arrow.before, 0) < 0 and (known is None or arrow.customers > known.customers):
            worst[arrow.before] = arrow
    for segment, arrow in worst.items():
        yield _shrinks(looked, segment, arrow, -net[segment])


def without_customers(looked: Looked) -> Iterator[Attention]:
    """A segment that nobody is in, though it is not only for those whom a partition cannot place."""
    empty = [line for line in _leaves(looked) if not line.row.customers and not line.row.is_idle]
    yield from _together(AttentionKind.EMPTY, Severity.NOTE, empty, looked)


def tiny(looked: Looked) -> Iterator[Attention]:
    """A segment with fewer customers than the scheme's own limit."""
    fewest = looked.run.scheme.limits.customers
    small = [line for line in _leaves(looked) if fewest is not None and 0 < line.row.customers < fewest]
    yield from _together(AttentionKind.TINY, Severity.WARNING, small, looked, {"limit": fewest or 0})


def unowned(looked: Looked) -> Iterator[Attention]:
    """A segment that nobody answers for, neither itself nor a segment above it."""
    yield from _together(AttentionKind.NO_OWNER, Severity.NOTE, _without(looked, "owner"), looked)


def unserved(looked: Looked) -> Iterator[Attention]:
    """A segment whose staff are told neither what to offer nor what to say."""
    yield from _together(AttentionKind.NO_PLAYBOOK, Severity.NOTE, _without(looked, "playbook"), looked)


def found_on_the_way(looked: Looked) -> Iterator[Attention]:
    """Errors and warnings that reading the sources and dividing the customers gave."""
    for issue in looked.run.manifest.issues:
        if issue.severity is Severity.NOTE or issue.code in _TOLD_OTHERWISE:
            continue
        if issue.code.partition(".")[0] in _OF_DATA:
            place = shortened(issue.place, looked.run)
            said = text("views.attention-quality", place=place, problem=issue.text)
            yield _item(AttentionKind.QUALITY, issue, Destination.DATA, said)
        else:
            segment = issue.place if issue.place in looked.run.scheme.paths else None
            yield _item(AttentionKind.SCHEME, issue, Destination.SCHEME, issue.text, segment)


CHECKS: Final = (
    failed_run,
    findings_of_checks,
    stale,
    shrinking,
    without_customers,
    tiny,
    unowned,
    unserved,
    found_on_the_way,
)


def shortened(place: str, run: Run) -> str:
    """A place as seen from the workspace."""
    return place.removeprefix(f"{run.workspace.resolve()}/").removeprefix(f"{run.workspace}/")


def _shrinks(looked: Looked, segment: str, arrow: Arrow, lost: int) -> Attention:
    after = _title(arrow.after, looked)
    said = text(
        "views.attention-shrinking",
        segment=_title(segment, looked),
        count=lost,
        customers=arrow.customers,
        after=after,
        high=arrow.high,
        since=looked.moves.start.day if looked.moves else None,
    )
    return Attention(
        kind=AttentionKind.SHRINKING,
        severity=Severity.WARNING,
        text=said,
        segment=segment,
        segments=(segment,),
        goes_to=Destination.MOVES,
    )


def _title(segment: str | None, looked: Looked) -> Labels | Text:
    if segment is None:
        return text("views.outside")
    scheme = looked.run.scheme
    return scheme.title(segment) if segment in scheme.paths else Labels({"en": segment})


def _latest(looked: Looked) -> date | None:
    if looked.last_event is None:
        return None
    return AsOf.at(looked.last_event.replace(tzinfo=UTC), looked.run.as_of.time_zone).day


def _leaves(looked: Looked) -> Iterator[SegmentLine]:
    return (line for line in looked.lines if line.row.is_leaf)


def _without(looked: Looked, what: str) -> list[SegmentLine]:
    return [line for line in _leaves(looked) if getattr(line, what) is None and not line.row.is_idle]


def _together(
    kind: AttentionKind,
    severity: Severity,
    lines: Sequence[SegmentLine],
    looked: Looked,
    params: Mapping[str, int] | None = None,
) -> Iterator[Attention]:
    """One item for all segments of which the same is so."""
    if not lines:
        return
    keys = tuple(line.row.key for line in lines)
    first = looked.run.scheme.title(keys[0])
    yield Attention(
        kind=kind,
        severity=severity,
        text=text(f"views.attention-{kind}", first=first, count=len(keys), more=len(keys) - 1, **(params or {})),
        segment=keys[0] if len(keys) == 1 else None,
        segments=keys,
        goes_to=Destination.SEGMENT if len(keys) == 1 else Destination.SCHEME,
    )


def _item(kind: AttentionKind, issue: Issue, goes_to: Destination, said: Text, segment: str | None = None) -> Attention:
    segments = (segment,) if segment else ()
    return Attention(kind=kind, severity=issue.severity, text=said, goes_to=goes_to, segment=segment, segments=segments)
