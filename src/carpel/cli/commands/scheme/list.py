"""`carpel scheme list`: every version, newest first."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.commands.scheme.showing import record
from carpel.cli.output import Grid, out, print_issues, print_json, wants_json
from carpel.governance import SchemeVersion, between
from carpel.workspace import open as open_workspace


@click.command(name="list", cls=Command, within="scheme")
@common_options
def command() -> None:
    """See help.scheme.list."""
    with open_workspace(workspace_folder()) as workspace:
        versions, differs = workspace.schemes.list(), workspace.schemes.differs()
    if wants_json():
        print_json([record(each) for each in versions])
        return
    if not versions:
        out().print(say("scheme.no-version"))
        return
    grid = Grid([">" + say("scheme.number"), *(say(f"scheme.{name}") for name in ("state", "author", "at", "comment"))])
    for each in versions:
        state, at = say(f"scheme.state.{each.state}"), each.at.strftime("%Y-%m-%d %H:%M")
        grid.rows.append([str(each.number), state, each.author, at, each.comment or _remark(each, versions)])
    grid.show()
    print_issues(differs)


def _remark(version: SchemeVersion, versions: tuple[SchemeVersion, ...]) -> str:
    """What can be said of a version on which its author said nothing."""
    if version.number == 1:
        return say("scheme.first")
    earlier = [each for each in versions if each.number < version.number]
    same = next((each for each in earlier if each.text == version.text), None)
    if same:
        return say("scheme.same-text", number=same.number)
    base = next((each for each in earlier if each.number == version.base), None)
    return between(base, version).summary.render(reader_language()) if base else ""
