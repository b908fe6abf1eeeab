"""What interactions say: who contacted whom, how, how long ago, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, finite
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Expression, Moment, Pass

_YEAR: Final = 365


def _answers(rows: Any) -> Any:
    """A follow-up, or anything from the company to the customer."""
    follow_up = rows.kind == "follow_up"
    if "direction" not in rows.columns:
        return follow_up
    return follow_up | (rows.direction == "out").fill_null(ibis.literal(value=False))


def _with_last_answer(rows: Any, _: Moment, __: Callable[[str], Any]) -> Any:
    """Consultations from the customer with the moment of the last answer to that customer."""
    answered_at = _answers(rows).ifelse(rows.happened_at, None)
    rows = rows.mutate(last_answer=answered_at.max().over(ibis.window(group_by=rows.customer_no)))
    return rows.filter((rows.kind == "consultation") & ~_answers(rows))


PASSES: Final = (
    Pass(name="interactions", table="interactions"),
    Pass(name="consultations_answered", table="interactions", rows=_with_last_answer),
)


def _unanswered(rows: Any, _: Moment) -> Any:
    waits = rows.last_answer.isnull() | (rows.last_answer < rows.happened_at)
    return count(rows, waits & rows.outcome.isnull() if "outcome" in rows.columns else waits)


def _of_kind(kind: str) -> Expression:
    return lambda rows, _: count(rows, rows.kind == kind)


def _towards(direction: str) -> Expression:
    return lambda rows, _: count(rows, rows.direction == direction)


def _interaction(key: str, expression: Expression, *wants: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {
        "family": Family.RELATIONSHIP,
        "type": ValueType.INTEGER,
        "unit": Unit.COUNT,
        "reads": "interactions",
        "changeable": True,
    } | more
    empty = 0 if settings["unit"] is Unit.COUNT else None
    return Declaration(key=key, wants=wants, expression=expression, empty=empty, **settings)


_KINDS: Final = {
    "consultations": "consultation",
    "follow_ups": "follow_up",
    "calls": "call",
    "visits": "visit",
    "complaints": "complaint",
    "clicks": "click",
}

ATTRIBUTES: Final = (
    _interaction("interactions_count", lambda rows, _: count(rows)),
    _interaction(
        "interactions_90d",
        lambda rows, moment: count(rows, moment.within(rows, 90)),
        "interactions.day",
    ),
    *(_interaction(key, _of_kind(kind), "interactions.kind") for key, kind in _KINDS.items()),
    _interaction(
        "complaints_365d",
        lambda rows, moment: count(rows, (rows.kind == "complaint") & moment.within(rows, _YEAR)),
        "interactions.kind",
        "interactions.day",
        family=Family.FEEDBACK,
    ),
    _interaction("interactions_in", _towards("in"), "interactions.direction"),
    _interaction("interactions_out", _towards("out"), "interactions.direction"),
    _interaction(
        "days_since_contact",
        lambda rows, moment: moment.days_since(rows.day.max()),
        "interactions.day",
        unit=Unit.DAYS,
    ),
    _interaction("unanswered_consultations", _unanswered, "interactions.kind", reads="consultations_answered"),
    _interaction(
        "contact_minutes_365d",
        lambda rows, moment: finite(rows.minutes.sum(where=moment.within(rows, _YEAR)).fill_null(0)),
        "interactions.minutes",
        "interactions.day",
        type=ValueType.NUMBER,
    ),
    _interaction(
        "next_contact_at",
        lambda rows, moment: rows.next_at.min(where=rows.next_at >= moment.instant),
        "interactions.next_at",
        type=ValueType.INSTANT,
        unit=Unit.NONE,
    ),
)
