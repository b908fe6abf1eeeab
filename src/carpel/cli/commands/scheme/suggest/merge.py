"""`carpel scheme suggest merge`: siblings that behave alike."""

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
from carpel.schemes.suggesting.merging import Merge, Side
from carpel.workspace import open as open_workspace
from carpel.workspace.refining import MergeSuggestions, suggest_merge


@click.command(name="merge", cls=Command, within="scheme.suggest")
@shared_options
@common_options
def command(days: int | None, cost: Decimal | None, pick: int | None, write: bool) -> None:  # noqa: FBT001
    """See help.scheme.suggest.merge."""
    with open_workspace(workspace_folder()) as workspace:
        with TerminalProgress() as progress:
            found = suggest_merge(workspace, days=days, cost=cost, progress=progress)
        at = picked(found.changes, pick, 0 if found.advice.merges else None)
        if wants_json():
            print_json(record(found))
        else:
            show(found, at)
        if write:
            write_change(workspace, found.changes, at)


def record(found: MergeSuggestions) -> dict[str, Any]:
    """Every pair, for scripts; amounts are of one period."""
    advice, currency = found.advice, found.currency
    return {
        "from": advice.period.start.day,
        "to": advice.period.end.day,
        "days": advice.period.days,
        "pairs": advice.pairs,
        "cost": major(advice.cost, currency),
        "cost_known": advice.cost_known,
        "issues": [issue_record(issue) for issue in found.issues],
        "merges": [_record(merge, change.yaml, change.problem, currency) for merge, change in found.merges],
    }


def _record(merge: Merge, yaml: str | None, problem: Any, currency: Currency) -> dict[str, Any]:
    return {
        "segments": [_side(side, currency) for side in merge.sides],
        "low": major(merge.low, currency),
        "high": major(merge.high, currency),
        "bound": major(merge.bound, currency),
        "effects": {name: round(value, 4) for name, value in merge.effects.items()},
        "misplaced": major(merge.misplaced, currency),
        "yaml": yaml,
        "problem": problem,
    }


def _side(side: Side, currency: Currency) -> dict[str, Any]:
    return {
        "key": side.key,
        "customers": side.customers,
        "revenue": None if side.revenue is None else currency.major(side.revenue),
        "next_money": major(side.next_money, currency),
    }


def show(found: MergeSuggestions, at: int | None) -> None:
    """The pairs as a table, then the change that one of them is."""
    advice, currency = found.advice, found.currency
    out().print(say("suggest.merge-head", count=advice.pairs), style="bold", markup=False)
    print_issues(found.issues)
    out().print(say("suggest.merge-judged", days=advice.period.days, start=advice.period.start.day), markup=False)
    show_cost(advice.cost, currency, known=advice.cost_known)
    if not advice.merges:
        out().print(say("suggest.merge-nothing"), markup=False)
        return
    _grid(found, currency).show()
    out().print(say("suggest.merge-misplaced"), style="dim")
    if at is not None:
        show_change(found.changes, at)


def _grid(found: MergeSuggestions, currency: Currency) -> Grid:
    language = reader_language()
    customers, next_money = say("segments.customers"), say("suggest.next-money")
    heads = ["", say("segments.segment"), f">{customers}", f">{next_money}", f">{say('suggest.apart')}"]
    grid = Grid([*heads, f">{say('suggest.misplaced')}"], lesser=(4, 2))
    for place, merge in enumerate(found.advice.merges):
        one, other = merge.sides
        names = (found.advice.scheme.segment(side.key).name.render(language) for side in merge.sides)
        grid.rows.append(
            [
                f"{place + 1}",
                " + ".join(names),
                f"{number(one.customers)} / {number(other.customers)}",
                f"{money(one.next_money, currency)} / {money(other.next_money, currency)}",
                f"{money(merge.low, currency)} – {money(merge.high, currency)}",
                money(merge.misplaced, currency),
            ]
        )
    return grid
