"""From verdicts to decisions: what each column holds, in words that carpel.yaml and a person understand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from carpel.kernel.issues import Issue
from carpel.kernel.types import ValueType
from carpel.sources.reading import doubts, words
from carpel.sources.reading.candidates import field, groups
from carpel.sources.reading.dates import ORDERS
from carpel.sources.reading.evidence import Evidence, gather
from carpel.sources.reading.judging import Case, Trial, Verdict, judge
from carpel.sources.reading.natives import native_groups
from carpel.sources.reading.readings import AsDate, AsEpoch, Native
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.shapes import LONG
from carpel.sources.reading.tables import Kind, RawTable
from carpel.sources.reading.values import ColumnDecision, ReadOptions
from carpel.sources.reading.wishes import COMMA, wish_for

_MOST_CATEGORIES: Final = 100
_LONGEST_CATEGORY: Final = 60
_LONGEST_KEY: Final = 40
_NEARLY_ALL: Final = 0.95
_TEXTS: Final = frozenset({ValueType.ID, ValueType.TEXT, ValueType.CATEGORY})


@dataclass(frozen=True)
class Decided:
    """A column with its decision and the reading that carries it out."""

    decision: ColumnDecision
    verdict: Verdict


def decide(
    table: RawTable,
    options: ReadOptions,
    wanted: Mapping[str, ValueType],
    scratch: Scratch,
    *,
    place: str,
    excel: bool = False,
    exact: bool = False,
) -> tuple[tuple[Decided, ...], tuple[Issue, ...]]:
    """Decide every column over all rows; the issues say what was decided that is not certain."""
    evidence = gather(table, scratch, table.columns, exact=exact)
    cases = [_case(each, options, wanted, place, excel=excel) for each in evidence]
    verdicts = judge(table, cases, scratch, dates=options.dates, decimal=options.decimal)
    decided = tuple(
        Decided(_decision(v, e, fixed=v.column.name in wanted), v) for v, e in zip(verdicts, evidence, strict=True)
    )
    issues = [
        issue for each in decided for issue in doubts.about(each.decision, each.verdict, table, scratch, options, place)
    ]
    return decided, tuple(issues)


def learnt(decided: Sequence[Decided], read: ReadOptions) -> ReadOptions:
    """What of the decisions belongs into carpel.yaml, so that they stand when the data grows."""
    orders = {each.decision.name: each.verdict.trial.rival.order for each in decided}
    usual = Counter(order for order in orders.values() if order in ORDERS)
    dates = min(usual, key=lambda order: (-usual[order], order)) if usual else None
    comma = any(each.verdict.trial.rival.words == COMMA and each.decision.type is ValueType.NUMBER for each in decided)
    others = {name: order for name, order in orders.items() if order in ORDERS and order != dates}
    return replace(
        read,
        dates=read.dates or dates,
        decimal=read.decimal or ("," if comma else None),
        types={**others, **read.types},
    )


def _case(
    evidence: Evidence, options: ReadOptions, wanted: Mapping[str, ValueType], place: str, *, excel: bool
) -> Case:
    column = evidence.column
    wish = wish_for(column.name, options, wanted, place)
    if column.kind is not Kind.TEXT:
        return Case(column, None, native_groups(column, wish), evidence.filled)
    seen = field(evidence, options.nulls, excel=excel)
    return Case(column, seen, groups(seen, wish), evidence.filled)


def _decision(verdict: Verdict, evidence: Evidence, *, fixed: bool) -> ColumnDecision:
    trial = verdict.trial
    reading = trial.rival.reading
    days = reading.type is ValueType.INSTANT and trial.read and trial.midnight == trial.read and not _zoned(trial)
    kind = reading.type
    if not fixed and kind is ValueType.TEXT:
        kind = _kind_of_text(verdict, evidence)
    elif days and not fixed:
        kind = ValueType.DATE
    minimum, maximum = (_bound(each, kind) for each in (trial.minimum, trial.maximum))
    return ColumnDecision(
        name=verdict.column.name,
        type=kind,
        format=reading.form,
        rows=evidence.rows,
        nulls=evidence.rows - verdict.valued,
        distinct=min(evidence.distinct, verdict.valued),
        samples=_samples(verdict, evidence),
        minimum=minimum,
        maximum=maximum,
        unread=max(verdict.valued - trial.read, 0),
        alternatives=tuple(_alternatives(verdict, kind)),
        zoned=_zoned(trial),
        unique=0 < verdict.valued == evidence.distinct,
    )


def _zoned(trial: Trial) -> bool:
    reading = trial.rival.reading
    if isinstance(reading, AsDate):
        return bool(reading.zoned)
    return isinstance(reading, AsEpoch) or (isinstance(reading, Native) and reading.zoned)


def _bound(value: Any, kind: ValueType) -> Any:
    return value.date() if kind is ValueType.DATE and hasattr(value, "date") else value


def _samples(verdict: Verdict, evidence: Evidence) -> tuple[str, ...]:
    if verdict.field is not None:
        return tuple(each for each in evidence.samples if each not in verdict.nulls)
    ends = (verdict.trial.minimum, verdict.trial.maximum)
    return tuple(dict.fromkeys(_written(each) for each in ends if each is not None))


def _written(value: Any) -> str:
    """As a person writes it: 9.8 and not 9.800000."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _kind_of_text(verdict: Verdict, evidence: Evidence) -> ValueType:
    """A key, a category or free text: by the name, by how often values repeat, and by how long they are."""
    if not verdict.valued:
        return ValueType.TEXT
    compact = evidence.longest <= _LONGEST_KEY and LONG not in evidence.shapes
    few = evidence.distinct <= _MOST_CATEGORIES and evidence.distinct * 2 <= verdict.valued
    named = words.hints_id(evidence.column.name) and (not few or _worded(evidence) >= _NEARLY_ALL)
    if compact and (named or _like_keys(verdict, evidence)):
        return ValueType.ID
    return ValueType.CATEGORY if few and evidence.longest <= _LONGEST_CATEGORY else ValueType.TEXT


def _like_keys(verdict: Verdict, evidence: Evidence) -> bool:
    """Nearly all different, each one word with a digit."""
    if evidence.distinct * 10 < verdict.valued * 9:
        return False
    return _worded(evidence) >= _NEARLY_ALL


def _worded(evidence: Evidence) -> float:
    """The share of values that are one word with a digit."""
    worded = sum(count for shape, count in evidence.shapes.items() if " " not in shape and "9" in shape)
    return worded / sum(evidence.shapes.values())


def _alternatives(verdict: Verdict, kind: ValueType) -> Iterator[str]:
    yield from (each.rival.words for each in verdict.equals)
    yield from verdict.group.also
    if kind is ValueType.INTEGER and verdict.trial.minimum in {0, 1} and verdict.trial.maximum == 1:
        yield "boolean"
    if kind is ValueType.DATE and verdict.trial.rival.reading.type is ValueType.INSTANT:
        yield "instant"
