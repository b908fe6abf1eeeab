"""A segment's portrait, from the manifest, the runs before and the counted figures; it runs no query."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from math import ceil
from typing import Final

from carpel.kernel.texts import Labels, Parameter, Text, text
from carpel.runs.moves.comparing import Moves, SegmentMoves
from carpel.runs.planning.plans import Flow
from carpel.runs.records import RunStore
from carpel.runs.views.attention import attention
from carpel.runs.views.comparing import Comparison
from carpel.runs.views.distributions import Difference
from carpel.runs.views.earning import earnings
from carpel.runs.views.errors import known_segment
from carpel.runs.views.figures.counting import rows_of
from carpel.runs.views.forecasting import forecasts, offers
from carpel.runs.views.needing import needs
from carpel.runs.views.overview import Attention, SegmentLine
from carpel.runs.views.overviewing import Standing, looked
from carpel.runs.views.portrait import Movements, SegmentPart, SegmentPortrait
from carpel.runs.views.rules import asked, bound_of, rules, written
from carpel.runs.views.segments import SegmentRow
from carpel.runs.views.words import Amount, Percentage

_NAMED: Final = 3
"""Differences that the summary names."""
_MOSTLY: Final = 0.5
_NEARLY: Final = 0.75
_FAINT: Final = 0.25


def portrait(
    standing: Standing, store: RunStore, segment: str, *, versus: str | None = None, now: datetime
) -> SegmentPortrait:
    """One segment of the current run.

    Args:
        standing: The current run beside those before it.
        store: Knows the runs.
        segment: The segment's key.
        versus: The segment that it is compared with; None is everyone in the base.
        now: The present, with its zone.

    Raises:
        NotThere: The scheme has no such segment.
    """
    run, figures = standing.run, standing.figures
    found = run.scheme.segment(known_segment(run, segment))
    bound, lines = bound_of(run), standing.lines
    line = next(each for each in lines if each.row.key == segment)
    everyone = _beside(standing, segment, None, asked(bound, segment))
    compared = everyone if versus is None else _beside(standing, segment, known_segment(run, versus), everyone.asked)
    differences = everyone.differences()
    return SegmentPortrait(
        key=segment,
        title=run.scheme.title(segment),
        path=tuple(_part(standing.row(key)) for key in run.scheme.paths[segment]),
        parts=tuple(_part(standing.row(each.key)) for each in found.segments),
        is_leaf=line.row.is_leaf,
        run=run.id,
        as_of=run.as_of.day,
        currency=run.currency,
        owner=line.owner,
        team=line.team,
        playbook=line.playbook,
        urgent=found.urgent,
        rules=rules(run, bound, segment),
        yaml=written(run, segment),
        customers=line.customers,
        share=line.share,
        revenue=line.revenue,
        money_share=line.money_share,
        history=line.history,
        sentences=tuple(_sentences(standing, line, differences)),
        versus=versus,
        versus_title=compared.versus,
        apart=differences if versus is None else compared.differences(),
        needs=needs(everyone, segment),
        movements=_movements(standing.moves, _keys(standing, segment), segment),
        earnings=earnings(run, figures, rows_of(run.scheme, segment)),
        forecasts=forecasts(figures, run.catalogue, run.currency, rows_of(run.scheme, segment)),
        offers=offers(figures, rows_of(run.scheme, segment)),
        attention=_attention(standing, lines, store, _keys(standing, segment), now),
    )


def _beside(standing: Standing, segment: str, versus: str | None, asked_for: Collection[str]) -> Comparison:
    run = standing.run
    title: Labels | Text = text("views.everyone") if versus is None else run.scheme.title(versus)
    return Comparison(
        figures=standing.figures,
        catalogue=run.catalogue,
        currency=run.currency,
        rows=rows_of(run.scheme, segment),
        reference=standing.figures.base if versus is None else rows_of(run.scheme, versus),
        versus=title,
        asked=asked_for,
    )


def _part(row: SegmentRow) -> SegmentPart:
    return SegmentPart(key=row.key, label=row.label, customers=row.customers, revenue=row.revenue)


def _keys(standing: Standing, segment: str) -> frozenset[str]:
    """A segment with all its parts."""
    return frozenset(key for key, path in standing.run.scheme.paths.items() if segment in path)


def _attention(
    standing: Standing, lines: Sequence[SegmentLine], store: RunStore, keys: Collection[str], now: datetime
) -> tuple[Attention, ...]:
    """What is said of the segment and its parts alone."""
    inside = [line for line in lines if line.row.key in keys]
    items = attention(looked(standing, inside, store, now=now))
    return tuple(item for item in items if not set(keys).isdisjoint(item.segments))


def _movements(moves: Moves | None, keys: Collection[str], segment: str) -> Movements | None:
    """What crossed the segment's border; moves between its own parts are none."""
    if moves is None:
        return None
    came = tuple(flow for flow in moves.moved if flow.after in keys and flow.before not in keys)
    left = tuple(flow for flow in moves.moved if flow.before in keys and flow.after not in keys)
    return Movements(
        since=moves.start.day,
        segment=_crossing(moves.flows, came, left, keys, segment),
        came=came,
        left=left,
        same_rules=moves.start.logic == moves.end.logic,
    )


def _crossing(
    flows: Sequence[Flow], came: Sequence[Flow], left: Sequence[Flow], keys: Collection[str], segment: str
) -> SegmentMoves:
    entered = sum(flow.customers for flow in came if flow.before is None)
    exited = sum(flow.customers for flow in left if flow.after is None)
    return SegmentMoves(
        key=segment,
        before=sum(flow.customers for flow in flows if flow.before in keys),
        after=sum(flow.customers for flow in flows if flow.after in keys),
        came=sum(flow.customers for flow in came) - entered,
        entered=entered,
        left=sum(flow.customers for flow in left) - exited,
        exited=exited,
    )


def _sentences(standing: Standing, line: SegmentLine, differences: Sequence[Difference]) -> Iterator[Text]:
    yield _size(standing, line)
    named = _telling(differences)
    if named:
        clauses: dict[str, Parameter] = {f"part{number}": each.sentence for number, each in enumerate(named, start=1)}
        yield text(f"views.who-apart-{len(named)}", **clauses)
    yield from _buying(standing, line.row)


def _size(standing: Standing, line: SegmentLine) -> Text:
    row, title = line.row, standing.run.scheme.title(line.row.key)
    said: dict[str, Parameter] = {"segment": title, "count": row.customers, "share": Percentage(line.share)}
    if row.revenue is None or not row.customers:
        return text("views.who-size", **said)
    money = Amount(row.revenue, standing.run.currency, whole=True)
    return text("views.who-size-money", **said, money=money, money_share=Percentage(line.money_share or 0.0))


def _telling(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """The strongest that are known of most and that no rule asks for; different families and tables before others."""
    least = _FAINT * differences[0].strength if differences else 0.0
    known = [each for each in differences if each.distribution.known_share >= _MOSTLY and each.strength >= least]
    ranked = sorted(known, key=lambda each: each.by_rule)
    found: list[Difference] = []
    for is_new in (_says_anew, _is_of_another_family, _is_strong):
        for each in ranked:
            if len(found) < _NAMED and each not in found and is_new(each, found):
                found.append(each)
    return tuple(sorted(found, key=lambda each: (each.by_rule, -each.strength)))


def _says_anew(each: Difference, found: Sequence[Difference]) -> bool:
    tables = {table for other in found for table in other.attribute.needs}
    return _is_of_another_family(each, found) and tables.isdisjoint(each.attribute.needs)


def _is_of_another_family(each: Difference, found: Sequence[Difference]) -> bool:
    return each.attribute.family not in {other.attribute.family for other in found}


def _is_strong(each: Difference, found: Sequence[Difference]) -> bool:
    """Whether it says nearly as much as the first, and no rule asked for it."""
    return not each.by_rule and each.strength >= _NEARLY * found[0].strength


def _buying(standing: Standing, row: SegmentRow) -> Iterator[Text]:
    """How and when they buy, as far as purchases are known."""
    counted, medians = standing.figures.counted.get("recency_days"), standing.figures.medians
    if counted is None or not row.customers:
        return
    known = row.customers - int(counted.of(rows_of(standing.run.scheme, row.key))[-1])
    if not known:
        yield text("views.who-never-bought")
        return
    middle = {key: medians.get(key, {}).get(row.key) for key in ("frequency", "recency_days", "gap_median_days")}
    said: dict[str, Parameter] = {
        "share": Percentage(known / row.customers),
        "frequency": text("views.times", count=ceil(middle["frequency"] or 1)),
        "recency": text("views.unit-days", count=ceil(middle["recency_days"] or 0)),
    }
    gap = middle["gap_median_days"]
    if gap is None:
        yield text("views.who-buys", **said)
    else:
        yield text("views.who-buys-again", **said, gap=text("views.unit-days", count=round(gap)))
