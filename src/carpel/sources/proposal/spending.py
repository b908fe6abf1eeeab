"""In a table of customers alone: columns that hold what each has spent, added up as a custom attribute."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.texts import text
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.plan import AttributePlan, SourcePlan
from carpel.sources.proposal.vocabulary import words
from carpel.sources.proposal.words import is_chinese, squashed, tokens
from carpel.sources.staging.extras import identifier

_NAME: Final = re.compile(r"[^\W\d]\w*")
_KEYWORDS: Final = frozenset(
    {"or", "and", "not", "is", "in", "like", "between", "null", "true", "false", "distinct", "filter", "where"}
)
_LABELS: Final = {"en": "Total spend", "zh-Hans": "总消费", "zh-Hant": "總消費", "fil": "Kabuuang gastos"}


def spending_of(source: SourcePlan) -> AttributePlan | None:
    """The attribute that adds up what customers have spent; None where no column speaks of it."""
    spent = [each for each in source.seen.columns if _speaks_of_spending(each) and each.name not in source.used]
    chosen = _whole(spent) or _family(spent)
    if not chosen or any(identifier(each.name) in TABLES["customers"].names for each in chosen):
        return None
    return AttributePlan(
        key="total_spend",
        table="customers",
        value=" + ".join(_term(each) for each in chosen),
        labels=_LABELS,
        why=text("proposal.attribute-spend", count=len(chosen)),
    )


def named(name: str) -> str | None:
    """A column's name as the rule language writes it; None where it cannot."""
    if _NAME.fullmatch(name) and name.lower() not in _KEYWORDS:
        return name
    return None if "`" in name or "\n" in name else f"`{name}`"


def _term(column: SeenColumn) -> str:
    written = identifier(column.name)
    return f"coalesce({written}, 0)" if column.nulls else written


def _speaks_of_spending(column: SeenColumn) -> bool:
    varies = column.is_numeric and column.distinct > len((True, False))
    return varies and _says(column, "spent") and not _says(column, "rates")


def _says(column: SeenColumn, of: str) -> bool:
    """Whether a column's name holds one of a list's words."""
    if is_chinese(column.name):
        return any(word in squashed(column.name) for word in words(of) if is_chinese(word))
    return bool(words(of) & set(tokens(column.name)))


def _whole(spent: Sequence[SeenColumn]) -> list[SeenColumn]:
    """The one column that says it is the total."""
    return [each for each in spent if _says(each, "whole")][:1]


def _family(spent: Sequence[SeenColumn]) -> list[SeenColumn]:
    """Columns named alike, each a part of the whole; or the only one."""
    if len(spent) == 1:
        return list(spent)
    for place in (0, -1):
        heads = [tokens(each.name)[place] for each in spent]
        most = max(sorted(set(heads)), key=heads.count, default="")
        if heads.count(most) > 1 and (most in words("spent") or is_chinese(most)):
            return [each for each, head in zip(spent, heads, strict=True) if head == most]
    return []
