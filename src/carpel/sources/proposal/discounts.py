"""Whether a discount is an amount or a part of the price."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from carpel.kernel.texts import text
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.plan import ColumnPlan, SourcePlan, TablePlan

_SHARE_WORDS: Final = ("%", "pct", "percent", "rate", "share", "率")
_PERCENT: Final = 100
_FEW: Final = 25


def is_share(column: SeenColumn) -> bool:
    """Whether a discount is a part of the price: by its name, by values of 0 to 1, or by a few round ones."""
    _, high = _bounds(column)
    return _can_be_share(column) and (high <= 1 or _is_named_so(column) or looks_like_percent(column))


def looks_like_percent(column: SeenColumn) -> bool:
    """Whether values are few whole numbers up to 100, as percentages are and amounts are not."""
    whole = all(float(value).is_integer() for value, _ in column.values if _is_number(value))
    return 0 < len(column.values) <= _FEW and whole and _can_be_share(column)


def as_share(column: SeenColumn) -> str:
    """How a part of the price is written: 0 to 1, or in percent."""
    return "share" if _bounds(column)[1] <= 1 else "percent"


def doubtful_discounts(source: SourcePlan) -> tuple[SeenColumn, ...]:
    """Discounts that may be either, with values above 1 and no name that says which."""
    found = [
        source.seen.by_name[plan.columns[0]]
        for table in source.tables
        if (plan := table.column("discount")) is not None and plan.columns and table.table == "order_lines"
    ]
    return tuple(each for each in found if _can_be_share(each) and _bounds(each)[1] > 1 and not _is_named_so(each))


def with_answered_discount(source: SourcePlan, answer: str | None) -> SourcePlan:
    """The source with its lines' discount taken as a person said."""
    if answer is None:
        return source
    return replace(source, tables=tuple(_answered(table, answer) for table in source.tables))


def _answered(table: TablePlan, answer: str) -> TablePlan:
    if table.table != "order_lines":
        return table
    return replace(
        table, columns=tuple(_formed(each, answer) if each.name == "discount" else each for each in table.columns)
    )


def _formed(plan: ColumnPlan, answer: str) -> ColumnPlan:
    column = plan.columns[0]
    if answer != "percent":
        return replace(plan, form=column)
    return replace(plan, form={"column": column, "as": "percent"}, why=text("proposal.why-percent"))


def _can_be_share(column: SeenColumn) -> bool:
    low, high = _bounds(column)
    return low >= 0 and 0 < high <= _PERCENT


def _is_named_so(column: SeenColumn) -> bool:
    return any(word in column.name.casefold() for word in _SHARE_WORDS)


def _bounds(column: SeenColumn) -> tuple[float, float]:
    low, high = str(column.decision.minimum), str(column.decision.maximum)
    return (float(low), float(high)) if _is_number(low) and _is_number(high) else (0.0, 0.0)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
