"""`carpel scheme preview [FILE]`: how a scheme would divide the current customers; changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from babel.numbers import format_decimal, format_percent

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.kernel.money import Currency
from carpel.kernel.texts import locale_of
from carpel.schemes.previewing import Counts, SegmentCount
from carpel.workspace import open as open_workspace


@click.command(name="preview", cls=Command, within="scheme")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@common_options
def command(file: Path | None) -> None:
    """See help.scheme.preview."""
    with open_workspace(workspace_folder()) as workspace:
        counts = workspace.schemes.preview(file)
        currency = workspace.current.currency
    if wants_json():
        print_json(record(counts, currency))
    else:
        show(counts, currency)


def record(counts: Counts, currency: Currency) -> dict[str, Any]:
    """The preview for scripts; leaves add up to the base."""
    summary = counts.summary
    return {
        "currency": currency.code,
        "base": summary.base,
        "outside_base": summary.outside_base,
        "outside_revenue": _major(summary.outside_revenue, currency),
        "segments": [_record(each, counts, currency) for each in counts.segments],
    }


def _record(segment: SegmentCount, counts: Counts, currency: Currency) -> dict[str, Any]:
    return {
        "key": segment.key,
        "parent": segment.parent,
        "label": segment.label,
        "customers": segment.customers,
        "share": counts.share(segment),
        "revenue": _major(segment.revenue, currency),
        "remainder": segment.is_remainder,
    }


def _major(minor: int | None, currency: Currency) -> Any:
    return None if minor is None else currency.major(minor)


def show(counts: Counts, currency: Currency) -> None:
    """The segments as a tree, then who is outside the base."""
    summary = counts.summary
    head = say(
        "preview.head", customers=summary.base, segments=sum(s.is_leaf and not s.is_idle for s in counts.segments)
    )
    out().print(head if summary.base else say("preview.nobody"), style="bold", markup=False)
    grid = Grid([say("segments.segment"), ">" + say("segments.customers"), ">" + say("segments.share")])
    if summary.revenue is not None:
        grid.heads = [*grid.heads, ">" + say("segments.revenue")]
    for each in (segment for segment in counts.segments if not segment.is_idle):
        name = "  " * each.depth + each.label.render(reader_language())
        share = str(format_percent(counts.share(each), "#,##0.0%", locale=locale_of(reader_language())))
        grid.rows.append([name, _number(each.customers), share, *_shown(each.revenue, currency)])
    if summary.outside_base:
        money = _shown(summary.outside_revenue, currency)
        grid.rows.append([say("segments.rest.outside_base"), _number(summary.outside_base), "", *money])
    grid.show()


def _number(value: int) -> str:
    return str(format_decimal(value, locale=locale_of(reader_language())))


def _shown(minor: int | None, currency: Currency) -> list[str]:
    return [] if minor is None else [currency.shown(minor, reader_language(), whole=True)]
