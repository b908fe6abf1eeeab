"""`carpel scheme suggest split SEGMENT`: how one segment could be divided, and what that is worth."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.commands.scheme.suggest.showing import (
    major,
    money,
    number,
    picked,
    shared_options,
    show_change,
    show_cost,
    write_change,
)
from carpel.cli.output import Grid, issue_record, out, print_issues, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.kernel.money import Currency
from carpel.schemes.suggesting.splitting import Part, Split
from carpel.workspace import open as open_workspace
from carpel.workspace.refining import SplitSuggestions, suggest_split


@click.command(name="split", cls=Command, within="scheme.suggest")
@click.argument("segment", metavar="SEGMENT")
@shared_options
@common_options
def command(segment: str, days: int | None, cost: Decimal | None, pick: int | None, write: bool) -> None:  # noqa: FBT001
    """See help.scheme.suggest.split."""
    with open_workspace(workspace_folder()) as workspace:
        with TerminalProgress() as progress:
            found = suggest_split(workspace, segment, days=days, cost=cost, progress=progress)
        at = picked(found.changes, pick, 0 if found.advice.worthwhile else None)
        if wants_json():
            print_json(record(found))
        else:
            show(found, at)
        if write:
            write_change(workspace, found.changes, at)


def record(found: SplitSuggestions) -> dict[str, Any]:
    """Every division, for scripts; amounts are of one period."""
    advice, currency = found.advice, found.currency
    return {
        "segment": advice.segment,
        "from": advice.period.start.day,
        "to": advice.period.end.day,
        "days": advice.period.days,
        "customers_then": advice.customers,
        "attributes": advice.attributes,
        "cost": major(advice.cost, currency),
        "cost_known": advice.cost_known,
        "issues": [issue_record(issue) for issue in found.issues],
        "splits": [_record(split, change.yaml, change.problem, currency) for split, change in found.splits],
    }


def _record(split: Split, yaml: str | None, problem: Any, currency: Currency) -> dict[str, Any]:
    return {
        "attribute": split.option.attribute.key,
        "says": split.option.says,
        "rule": split.option.rule,
        "worthwhile": split.worthwhile,
        "worth": major(split.worth, currency),
        "low": major(split.low, currency),
        "high": major(split.high, currency),
        "gain": major(split.gain, currency),
        "parts": [_part(part, currency) for part in split.parts],
        "yaml": yaml,
        "problem": problem,
    }


def _part(part: Part, currency: Currency) -> dict[str, Any]:
    return {
        "rule": part.rule,
        "customers": part.customers,
        "revenue": currency.major(part.revenue),
        "next_money": major(part.next_money, currency),
    }


def show(found: SplitSuggestions, at: int | None) -> None:
    """The divisions as a table, then the change that one of them is."""
    advice, currency = found.advice, found.currency
    label = advice.scheme.segment(advice.segment).name
    out().print(say("suggest.split-head", segment=label, count=advice.customers), style="bold", markup=False)
    print_issues(found.issues)
    out().print(say("suggest.split-judged", days=advice.period.days, start=advice.period.start.day), markup=False)
    show_cost(advice.cost, currency, known=advice.cost_known)
    if advice.splits:
        _grid(found, currency).show()
        out().print(say("suggest.split-worth"), style="dim")
    if not advice.worthwhile:
        out().print(say("suggest.split-nothing", count=advice.attributes), markup=False)
    if at is not None:
        show_change(found.changes, at)


def _grid(found: SplitSuggestions, currency: Currency) -> Grid:
    customers, next_money = say("segments.customers"), say("suggest.next-money")
    heads = ["", say("suggest.by"), f">{customers}", f">{next_money}", f">{say('suggest.worth')}"]
    grid = Grid([*heads, f">{say('suggest.interval')}", f">{say('suggest.gain')}"], lesser=(6, 2))
    for place, split in enumerate(found.advice.splits):
        mark = "✓" if split.worthwhile else " "
        one, other = split.parts
        grid.rows.append(
            [
                f"{mark} {place + 1}",
                split.option.says.render(reader_language()),
                f"{number(one.customers)} / {number(other.customers)}",
                f"{money(one.next_money, currency)} / {money(other.next_money, currency)}",
                money(split.worth, currency),
                f"{money(split.low, currency)} – {money(split.high, currency)}",
                money(split.gain, currency),
            ]
        )
    return grid
