"""The values have the last word: each candidate reading is tried on all of them, and the first that fits is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from carpel.kernel.types import ValueType
from carpel.sources.reading.candidates import Field, Group, Rival
from carpel.sources.reading.scratch import Scratch, literal
from carpel.sources.reading.tables import RawColumn, RawTable

_TOGETHER: Final = 20


@dataclass(frozen=True)
class Trial:
    """A reading tried on all values.

    Attributes:
        rival: The reading.
        read: Values that it understands.
        minimum: The smallest of them.
        maximum: The largest of them.
        midnight: For moments, how many are at midnight.
        tested: Values that the group's test understands; the same as `read` where it has none.
    """

    rival: Rival
    read: int
    minimum: Any
    maximum: Any
    midnight: int
    tested: int


@dataclass(frozen=True)
class Verdict:
    """A column decided.

    Attributes:
        column: The column.
        field: Its text as its shapes tell it; None for columns that the file has typed.
        trial: The reading chosen.
        equals: Readings of the same kind that fit as many values.
        group: The group it was chosen from.
        text: SQL of the column's text with null words taken out.
        nulls: The null words that were taken out.
        valued: Values that are neither blank nor null words.
    """

    column: RawColumn
    field: Field | None
    trial: Trial
    equals: tuple[Trial, ...]
    group: Group
    text: str
    nulls: tuple[str, ...]
    valued: int


@dataclass(frozen=True)
class Case:
    """A column to be decided, with the groups to try in turn."""

    column: RawColumn
    field: Field | None
    groups: tuple[Group, ...]
    filled: int


@dataclass(frozen=True)
class _Tried:
    case: Case
    trials: tuple[tuple[Trial, ...], ...]
    valued: int
    soft: int


def judge(
    table: RawTable, cases: Sequence[Case], scratch: Scratch, *, dates: str | None, decimal: str | None
) -> tuple[Verdict, ...]:
    """Decide each column.

    Args:
        table: The rows.
        cases: The columns.
        scratch: Where to compute.
        dates: The order of day, month and year to prefer where a column leaves it open.
        decimal: The decimal mark to prefer where a column leaves it open.
    """
    tried: list[_Tried] = []
    for start in range(0, len(cases), _TOGETHER):
        tried += _try(table, cases[start : start + _TOGETHER], scratch)
    preferred = {dates or _usual_order(tried), decimal or _usual_mark(tried)}
    return tuple(_choose(each, preferred) for each in tried)


def without(text: str, words: Sequence[str]) -> str:
    """SQL of a text with some words made null."""
    if not words:
        return text
    return f"CASE WHEN {text} IN ({', '.join(map(literal, words))}) THEN NULL ELSE {text} END"


def _try(table: RawTable, cases: Sequence[Case], scratch: Scratch) -> Iterator[_Tried]:
    measures = [measure for case in cases for measure in _measures(case)]
    values = iter(scratch.rows(f"SELECT {', '.join(measures)} FROM {table.relation}")[0])
    for case in cases:
        valued, soft = int(next(values)), int(next(values))
        trials = tuple(
            tuple(_trial(rival, [next(values) for _ in range(5)]) for rival in group.rivals) for group in case.groups
        )
        yield _Tried(case, trials, valued, soft)


def _measures(case: Case) -> Iterator[str]:
    hard, soft = _texts(case)
    yield f"count({hard})"
    yield f"count({soft})"
    for group in case.groups:
        for rival in group.rivals:
            typed = rival.reading.type not in {ValueType.ID, ValueType.TEXT, ValueType.CATEGORY}
            text = soft if typed else hard
            value = rival.reading.sql(text)
            yield f"count({value})"
            yield _bound("min", value, rival)
            yield _bound("max", value, rival)
            instant = rival.reading.type is ValueType.INSTANT
            yield f"count(*) FILTER ({value} = date_trunc('day', {value}))" if instant else "0"
            yield f"count({group.test.sql(soft)})" if group.test else f"count({value})"


def _bound(which: str, value: str, rival: Rival) -> str:
    if rival.reading.type in {ValueType.ID, ValueType.TEXT, ValueType.CATEGORY}:
        return f"{which}(left({value}, 200))"
    return f"{which}({value})"


def _texts(case: Case) -> tuple[str, str]:
    text = case.column.text
    if case.field is None:
        return text, text
    return without(text, case.field.nulls), without(text, (*case.field.nulls, *case.field.soft_nulls))


def _trial(rival: Rival, values: list[Any]) -> Trial:
    read, minimum, maximum, midnight, tested = values
    return Trial(rival, int(read), minimum, maximum, int(midnight), int(tested))


def _usual_order(tried: Sequence[_Tried]) -> str:
    """The order that the columns which leave no choice have; day first where none says anything."""
    votes: Counter[str] = Counter()
    for trials in (trials for each in tried for trials in each.trials):
        best = _leaders(trials)
        if len(trials) > 1 and len(best) == 1 and best[0].rival.order:
            votes[best[0].rival.order] += 1
    return min(votes, key=lambda order: (-votes[order], order)) if votes else ""


def _usual_mark(tried: Sequence[_Tried]) -> str:
    """The decimal mark of the columns whose shapes leave no choice."""
    sole = [trials[0].rival for each in tried for trials in each.trials if len(trials) == 1]
    commas = sum(rival.order == "," for rival in sole)
    points = sum(rival.order == "." and rival.reading.type is ValueType.NUMBER for rival in sole)
    return "," if commas > points else "."


def _leaders(trials: Sequence[Trial]) -> list[Trial]:
    most = max(trial.read for trial in trials)
    return [trial for trial in trials if trial.read == most]


def _choose(tried: _Tried, preferred: set[str]) -> Verdict:
    case = tried.case
    for group, trials in zip(case.groups, tried.trials, strict=True):
        leaders = _leaders(trials)
        best = next((trial for trial in leaders if trial.rival.order in preferred), leaders[0])
        text, valued, nulls = _basis(case, best, tried)
        if _accepted(group, best, valued):
            equals = tuple(trial for trial in leaders if trial is not best and best.read)
            return Verdict(case.column, case.field, best, equals, group, text, nulls, valued)
    message = "the last group always fits"
    raise AssertionError(message)


def _basis(case: Case, trial: Trial, tried: _Tried) -> tuple[str, int, tuple[str, ...]]:
    hard, soft = _texts(case)
    field = case.field
    if field is None:
        return hard, tried.valued, ()
    if trial.rival.reading.type in {ValueType.ID, ValueType.TEXT, ValueType.CATEGORY}:
        return hard, tried.valued, field.nulls
    return soft, tried.soft, (*field.nulls, *field.soft_nulls)


def _accepted(group: Group, trial: Trial, valued: int) -> bool:
    if group.share == 0:
        return True
    enough = min(trial.read, trial.tested) >= group.share * valued - 1e-6
    return enough and trial.read > 0 and _plausible(group, trial)


def _plausible(group: Group, trial: Trial) -> bool:
    low, high = _year(trial.minimum), _year(trial.maximum)
    return (group.earliest is None or low >= group.earliest) and (group.latest is None or high <= group.latest)


def _year(moment: Any) -> int:
    return moment.year if isinstance(moment, date | datetime) else 0
