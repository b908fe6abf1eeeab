"""What was decided about a column that is not certain: each as an issue, so that no guess is silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.sources.reading.candidates import Rival
from carpel.sources.reading.dates import OR, ORDERS
from carpel.sources.reading.judging import Verdict
from carpel.sources.reading.readings import AsDate, AsNumber
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.tables import RawTable
from carpel.sources.reading.values import ColumnDecision, ReadOptions

_TIMES: Final = frozenset({ValueType.DATE, ValueType.INSTANT})
_MARKS: Final = {".": "point", ",": "comma"}


def about(
    decision: ColumnDecision, verdict: Verdict, table: RawTable, scratch: Scratch, options: ReadOptions, place: str
) -> Iterator[Issue]:
    """The doubts about one column."""
    where = f"{place}:{decision.name}"
    if decision.unread:
        yield _unread(decision, verdict, table, scratch, where)
    yield from _ambiguous(decision, verdict, options, where)
    yield from _dates(verdict, decision, where)
    yield from _null_words(verdict, where)
    yield from _units(verdict, where)


def _issue(message: Text, where: str, severity: Severity = Severity.NOTE, count: int | None = None) -> Issue:
    return Issue(severity=severity, text=message, place=where, count=count)


def _unread(decision: ColumnDecision, verdict: Verdict, table: RawTable, scratch: Scratch, where: str) -> Issue:
    """Values that do not fit: set to null, their text kept."""
    value = verdict.trial.rival.reading.sql(verdict.text)
    query = (
        f"SELECT left({verdict.text}, 80), count(*) FROM {table.relation} "
        f"WHERE {verdict.text} IS NOT NULL AND {value} IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5"
    )
    return Issue(
        severity=Severity.WARNING,
        text=text("reading.unread", count=decision.unread, type=_type(decision.type)),
        place=where,
        count=decision.unread,
        examples=tuple(str(each) for each, _ in scratch.rows(query)),
    )


def _ambiguous(decision: ColumnDecision, verdict: Verdict, options: ReadOptions, where: str) -> Iterator[Issue]:
    others = [each.rival for each in verdict.equals]
    chosen = verdict.trial.rival
    if chosen.order in ORDERS and others and not (options.dates or decision.name in options.types):
        words = ", ".join(each.words for each in others)
        message = text("reading.ambiguous-dates", chosen=chosen.words, others=words)
        yield _issue(message, where, Severity.WARNING, decision.rows - decision.nulls)
    elif others and chosen.order in _MARKS and not (options.decimal or decision.name in options.types):
        # There are two marks, so the other one is the only one.
        message = text("reading.ambiguous-decimals", chosen=_mark(chosen), other=_mark(others[0]))
        yield _issue(message, where, Severity.WARNING, decision.rows - decision.nulls)
    elif decision.type in _TIMES and "instant" not in verdict.group.also:
        for other in verdict.group.also:
            message = text("reading.could-also-be", type=_type(decision.type), other=_type(ValueType(other)))
            yield _issue(message, where)


def _dates(verdict: Verdict, decision: ColumnDecision, where: str) -> Iterator[Issue]:
    reading = verdict.trial.rival.reading
    if not isinstance(reading, AsDate):
        return
    forms = (reading.form or "").split(OR)
    if len(forms) > 1:
        yield _issue(text("reading.mixed-dates", forms=", ".join(forms)), where, Severity.WARNING)
    if any("%y" in pattern for pattern in (*reading.patterns, *reading.zoned)):
        yield _issue(text("reading.short-years", first=str(decision.minimum), last=str(decision.maximum)), where)
    if reading.zoned and reading.patterns:
        yield _issue(text("reading.mixed-zones"), where, Severity.WARNING)


def _units(verdict: Verdict, where: str) -> Iterator[Issue]:
    """Amounts in several currencies are no one column of money."""
    reading = verdict.trial.rival.reading
    units = [affix for affix in reading.affixes if affix.strip()] if isinstance(reading, AsNumber) else []
    if len(units) > 1:
        yield _issue(text("reading.mixed-units", units=", ".join(units)), where, Severity.WARNING)


def _null_words(verdict: Verdict, where: str) -> Iterator[Issue]:
    if not verdict.nulls or verdict.field is None:
        return
    evidence = verdict.field.evidence
    count = evidence.filled - verdict.valued
    if count:
        listed = ", ".join(word for word in verdict.nulls if evidence.free or word in evidence.shapes)
        yield _issue(text("reading.null-words", count=count, words=listed), where, count=count)


def _mark(rival: Rival) -> Text:
    return text(f"reading.decimal-{_MARKS[rival.order]}")


def _type(kind: ValueType) -> Text:
    return text(f"reading.type-{kind.value}")
