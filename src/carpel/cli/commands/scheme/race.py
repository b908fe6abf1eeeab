"""`carpel scheme race A B`: which of two schemes says more of later money."""

from __future__ import annotations

from typing import Any

import click
from babel.numbers import format_percent

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.commands.scheme.suggest.showing import days_option
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.kernel.texts import locale_of
from carpel.runs.refining.racing import RaceReport
from carpel.schemes.racing import Lane
from carpel.workspace import open as open_workspace
from carpel.workspace.refining import race


@click.command(name="race", cls=Command, within="scheme")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@days_option
@common_options
def command(one: str, other: str, days: int | None) -> None:
    """See help.scheme.race."""
    with open_workspace(workspace_folder()) as workspace, TerminalProgress() as progress:
        report = race(workspace, one, other, days=days, progress=progress)
    if wants_json():
        print_json(record(report))
    else:
        show(report)


def record(report: RaceReport) -> dict[str, Any]:
    """The race for scripts; shares are 0 to 1."""
    found = report.race
    periods = zip(report.periods, report.customers, strict=True)
    return {
        "periods": [
            {"from": each.start.day, "to": each.end.day, "customers": customers} for each, customers in periods
        ],
        "schemes": [_record(lane) for lane in found.lanes],
        "difference": {"explained": found.difference, "low": found.low, "high": found.high},
        "winner": found.winner.name if found.winner else None,
        "verdict": found.verdict,
        "cautions": found.cautions,
    }


def _record(lane: Lane) -> dict[str, Any]:
    sizes = {"segments": lane.segments, "smallest": lane.smallest, "largest": lane.largest, "empty": lane.empty}
    return {
        "scheme": lane.name,
        "explained": lane.explained,
        "best_share": lane.best_share,
        "stays": lane.stays,
        **sizes,
    }


def show(report: RaceReport) -> None:
    """The two side by side, then the verdict."""
    first = report.periods[0]
    head = say("race.head", count=len(report.periods), days=first.days, start=first.start.day)
    out().print(head, style="bold", markup=False)
    lanes = report.race.lanes
    grid = Grid(["", *(f">{lane.name}" for lane in lanes)])
    grid.rows.append([say("race.explained"), *(_percent(lane.explained) for lane in lanes)])
    grid.rows.append([say("race.best-share"), *(_percent(lane.best_share) for lane in lanes)])
    grid.rows.append([say("race.stays"), *("–" if lane.stays is None else _percent(lane.stays) for lane in lanes)])
    grid.rows.append([say("race.segments"), *(str(lane.segments) for lane in lanes)])
    grid.rows.append([say("race.smallest"), *(_percent(lane.smallest) for lane in lanes)])
    grid.rows.append([say("race.largest"), *(_percent(lane.largest) for lane in lanes)])
    grid.rows.append([say("race.empty"), *(str(lane.empty) for lane in lanes)])
    grid.show()
    for said in (report.race.verdict, *report.race.cautions):
        out().print(said.render(reader_language()), markup=False)


def _percent(share: float) -> str:
    return str(format_percent(share, "#,##0.0%", locale=locale_of(reader_language())))
