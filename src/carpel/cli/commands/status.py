"""`carpel status`: what is current, and the latest runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.commands.segments import counts
from carpel.cli.output import Grid, issue_record, out, print_issues, print_json, wants_json
from carpel.kernel.dates import zone
from carpel.kernel.issues import Issue, Severity
from carpel.workspace import RunRecord
from carpel.workspace import open as open_workspace


@click.command(name="status", cls=Command)
@common_options
def command() -> None:
    """See help.status."""
    with open_workspace(workspace_folder()) as workspace:
        runs = workspace.runs.list()
        current = workspace.runs.current()
        differs = workspace.schemes.differs()
        segments = workspace.segments() if current else None
        zone_of_days = zone(workspace.settings.time_zone)
    if wants_json():
        print_json(
            {
                "workspace": workspace.name,
                "current": current and current.id,
                "runs": [_record(row) for row in runs],
                "issues": [issue_record(issue) for issue in (*differs, *(current.issues if current else ()))],
            }
        )
        return
    if current is None or segments is None:
        out().print(say("status.none"))
    else:
        out().print(say("status.current", run=current.id, day=current.as_of.day, **counts(segments)), style="bold")
        print_issues([issue for issue in current.issues if issue.severity is not Severity.NOTE], limit=8)
        print_issues(differs)
        _count_notes(current.issues)
    _show_runs(runs, zone_of_days)


def _count_notes(issues: Sequence[Issue]) -> None:
    notes = sum(issue.severity is Severity.NOTE for issue in issues)
    if notes:
        out().print(say("status.notes", count=notes), style="dim")


def _record(row: RunRecord) -> dict[str, Any]:
    day = row.as_of.day if row.as_of else None
    return {"run": row.id, "as_of": day, "state": row.state, "started": row.started, "seconds": row.seconds}


def _show_runs(runs: tuple[RunRecord, ...], here: ZoneInfo) -> None:
    if not runs:
        return
    heads = [say(f"status.{name}") for name in ("run", "as-of", "state", "started")]
    grid = Grid([*heads, ">" + say("status.seconds")], lesser=(4, 3, 1))
    for row in runs[:10]:
        day = row.as_of.day.isoformat() if row.as_of else ""
        seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
        started = row.started.astimezone(here).strftime("%Y-%m-%d %H:%M")
        grid.rows.append([row.id, day, say(f"state.{row.state}"), started, seconds])
    out().print()
    grid.show()
    if runs[0].problem:
        problem = runs[0].problem.render(reader_language())
        out().print(say("status.latest-problem", run=runs[0].id, problem=problem), markup=False)
