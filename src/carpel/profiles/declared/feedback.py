"""What surveys and reviews say: recommendation, satisfaction, and where it is going."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count, finite, rank, ratio
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Moment, Pass

PASSES: Final = (Pass(name="feedback", table="feedback"),)

PROMOTER: Final = 9
"""Answers of 9 and 10 are promoters."""
DETRACTOR: Final = 6
"""Answers of 0 to 6 are detractors."""
NPS_SCALE: Final = 10


def _recommendation(rows: Any) -> Any:
    """An NPS answer: the question says so, or, where no question is known, the scale ends at ten."""
    by_scale = (
        (rows.scale_max == NPS_SCALE).fill_null(ibis.literal(value=False))
        if "scale_max" in rows.columns
        else ibis.literal(value=True)
    )
    if "question" not in rows.columns:
        return rows.score.notnull() & by_scale
    asked = rows.question.lower()
    by_question = asked.contains("nps") | asked.contains("recommend")
    return rows.score.notnull() & by_question.fill_null(by_scale)


def _nps(rows: Any, _: Moment) -> Any:
    asked = _recommendation(rows)
    promoters = count(rows, asked & (rows.score >= PROMOTER))
    detractors = count(rows, asked & (rows.score <= DETRACTOR))
    return ratio(100 * (promoters - detractors), count(rows, asked))


def _latest(rows: Any) -> Any:
    return rank({"given_at": rows.given_at, "feedback_id": rows.feedback_id}, unknown="given_at")


def _nps_last(rows: Any, _: Moment) -> Any:
    return rows.score.argmax(_latest(rows), where=_recommendation(rows))


def _nps_group(row: Any, _: Moment) -> Any:
    score = row.nps_last
    return ibis.cases(
        (score >= PROMOTER, "promoter"),
        (score <= DETRACTOR, "detractor"),
        (score.notnull(), "passive"),
        else_=ibis.null("string"),
    )


def _level(rows: Any) -> Any:
    """A score as a part of its scale."""
    return rows.score / rows.scale_max.nullif(0)


def _csat(rows: Any, _: Moment) -> Any:
    return finite(_level(rows).mean(where=~_recommendation(rows)))


def _last(rows: Any, _: Moment) -> Any:
    return _level(rows).argmax(_latest(rows), where=_level(rows).notnull())


def _trend(row: Any, _: Moment) -> Any:
    """The last answer less the mean of those before it; unknown with fewer than two."""
    earlier = (row[_SUM] - row.satisfaction_last) / (row[_ANSWERS] - 1).cast("float64").nullif(0)
    return finite(row.satisfaction_last - earlier)


_V, _U = ValueType, Unit
_ANSWERS, _SUM = "__scaled_answers", "__scaled_sum"
_SCALED: Final = ("feedback.score", "feedback.scale_max")


def _feedback(key: str, of: ValueType, unit: Unit, expression: Expression, *wants: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"reads": "feedback", "changeable": True} | more
    return Declaration(
        key=key, family=Family.FEEDBACK, type=of, unit=unit, wants=wants, expression=expression, **settings
    )


ATTRIBUTES: Final = (
    _feedback("feedback_count", _V.INTEGER, _U.COUNT, lambda rows, _: count(rows), empty=0),
    _feedback(
        "days_since_feedback",
        _V.INTEGER,
        _U.DAYS,
        lambda rows, moment: moment.days_since(rows.day.max()),
        "feedback.day",
    ),
    _feedback("nps", _V.NUMBER, _U.POINTS, _nps, "feedback.score"),
    _feedback("nps_last", _V.NUMBER, _U.POINTS, _nps_last, "feedback.score", "feedback.given_at"),
    _feedback(
        "nps_group",
        _V.CATEGORY,
        _U.NONE,
        _nps_group,
        reads=DERIVED,
        uses=("nps_last",),
        values=("promoter", "passive", "detractor"),
    ),
    _feedback("csat", _V.SHARE, _U.SHARE, _csat, *_SCALED),
    _feedback("satisfaction_last", _V.SHARE, _U.SHARE, _last, *_SCALED, "feedback.given_at"),
    _feedback(_ANSWERS, _V.INTEGER, _U.COUNT, lambda rows, _: _level(rows).count(), *_SCALED),
    _feedback(_SUM, _V.NUMBER, _U.NONE, lambda rows, _: finite(_level(rows).sum()), *_SCALED),
    _feedback(
        "satisfaction_trend",
        _V.NUMBER,
        _U.SHARE,
        _trend,
        reads=DERIVED,
        uses=("satisfaction_last", _SUM, _ANSWERS),
    ),
)
