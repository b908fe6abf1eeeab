"""`carpel segments`: the current segments with their customers and money."""

from __future__ import annotations

from typing import Any

import click
from babel.numbers import format_decimal, format_percent

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.kernel.money import Currency
from carpel.kernel.texts import Text, locale_of, text
from carpel.workspace import SegmentRow, SegmentTable
from carpel.workspace import open as open_workspace


@click.command(name="segments", cls=Command)
@common_options
def command() -> None:
    """See help.segments."""
    with open_workspace(workspace_folder()) as workspace:
        segments = workspace.segments()
    if wants_json():
        print_json(record(segments))
    else:
        show(segments, reader_language())


def record(segments: SegmentTable) -> dict[str, Any]:
    """As DESIGN fixes it for scripts; leaves add up to the base."""
    return {
        "as_of": segments.as_of,
        "run": segments.run,
        "currency": segments.currency.code,
        "base": segments.base,
        "outside_base": segments.outside_base,
        "segments": [_segment(row, segments) for row in segments.rows],
        "rests": {name: segments.currency.major(amount) for name, amount in segments.rests.items()},
    }


def _segment(row: SegmentRow, segments: SegmentTable) -> dict[str, Any]:
    return {
        "key": row.key,
        "parent": row.parent,
        "label": row.label,
        "customers": row.customers,
        "share": segments.share(row),
        "revenue": None if row.revenue is None else segments.currency.major(row.revenue),
    }


def show(segments: SegmentTable, language: str) -> None:
    """The segments as a tree, then what belongs to none of them."""
    head = say("segments.head", **counts(segments), day=segments.as_of)
    out().print(head, style="bold")
    grid = Grid([say("segments.segment"), ">" + say("segments.customers"), ">" + say("segments.share"), ""])
    # The bar first, then shares; customers last.
    grid.lesser = (3, 5, 2, 4, 1)
    if segments.has_money:
        grid.heads = [*grid.heads, ">" + say("segments.revenue"), ">" + say("segments.revenue-share")]
    for row in segments.rows:
        if not row.is_idle:
            grid.rows.append(_cells(row, segments, language))
    total = [say("segments.total"), _number(segments.base, language), "", ""]
    grid.rows.append([*total, _money(segments.revenue, segments.currency, language)] if segments.has_money else total)
    if segments.outside_base:
        outside = [say("segments.rest.outside_base"), _number(segments.outside_base, language), "", ""]
        grid.rows.append(outside)
    grid.show()
    _show_rests(segments, language)


def _cells(row: SegmentRow, segments: SegmentTable, language: str) -> list[str]:
    share = segments.share(row)
    bar = "█" * round(share * 12) if row.is_leaf else ""
    name = "  " * row.depth + row.label.render(language)
    cells = [name, _number(row.customers, language), _percent(share, language), bar]
    if segments.has_money:
        part = (row.revenue or 0) / segments.revenue if segments.revenue else 0.0
        cells += [_money(row.revenue or 0, segments.currency, language), _percent(part, language)]
    return cells


def _show_rests(segments: SegmentTable, language: str) -> None:
    rests = {name: amount for name, amount in segments.rests.items() if amount}
    if not rests:
        return
    grid = Grid(["", ">"])
    for name, amount in rests.items():
        grid.rows.append([say(f"segments.rest.{name}"), segments.currency.shown(amount, language)])
    total = segments.revenue + sum(rests.values())
    grid.rows.append([say("segments.rest.source"), segments.currency.shown(total, language)])
    grid.show()


def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=locale_of(language)))


def _percent(value: float, language: str) -> str:
    return str(format_percent(value, "#,##0.0%", locale=locale_of(language)))


def _money(minor: int, currency: Currency, language: str) -> str:
    return currency.shown(minor, language, whole=True)


def counts(segments: SegmentTable) -> dict[str, Text]:
    """How many customers are in how many segments, each as a sentence takes it."""
    return {
        "customers": text("cli.segments.so-many-customers", count=segments.base),
        "segments": text("cli.segments.so-many-segments", count=len(segments.leaves)),
    }
