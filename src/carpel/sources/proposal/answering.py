"""What answers change in a source: how it is read, and what its discount is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from carpel.kernel.texts import text
from carpel.sources.proposal.asking import Answers, ambiguous, decimal_mark, speaks_of_decimals
from carpel.sources.proposal.discounts import with_answered_discount
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.plan import SourcePlan, TablePlan

_DATE_ORDERS: Final = ("D/M/Y", "M/D/Y", "Y/M/D")


def as_answered(source: SourcePlan, answers: Answers) -> SourcePlan:
    """The source read, and its discount taken, as a person said."""
    changed = with_answered_discount(source, answers.get(f"discount.{source.seen.name}"))
    for key, columns in ambiguous(source).items():
        if key in answers:
            changed = _read_as(changed, columns, answers[key])
    return changed


def _read_as(source: SourcePlan, columns: Sequence[SeenColumn], form: str) -> SourcePlan:
    names = {column.name for column in columns}
    tables = tuple(_with_reason(table, names, form) for table in source.tables)
    return replace(source, tables=tables, read=_merged(source, columns, form))


def _merged(source: SourcePlan, columns: Sequence[SeenColumn], form: str) -> Mapping[str, object]:
    if form in _DATE_ORDERS:
        return {**source.read, "dates": form}
    if speaks_of_decimals(columns[0], form):
        return {**source.read, "decimal": decimal_mark(form)}
    before = source.read.get("types")
    known = dict(before) if isinstance(before, Mapping) else dict(source.seen.dataset.read.types)
    return {**source.read, "types": {**known, **dict.fromkeys(sorted(column.name for column in columns), form)}}


def _with_reason(table: TablePlan, columns: Collection[str], form: str) -> TablePlan:
    """What was seen was seen in the other reading; it no longer speaks for this one."""
    why = text("proposal.why-written", form=form)
    return replace(
        table,
        columns=tuple(replace(each, why=why) if set(each.columns) & set(columns) else each for each in table.columns),
    )
